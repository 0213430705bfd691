/** An authorizer of the API has let somebody in. What it says of them has to name a person who is declared. */
import type { AuthorizedAccess } from '../../../contract/dashboard';
import type { Person } from '../../../contract/policy';
import { authorizedAddress, viewerWith } from '../../domain/authorized-address';
import type { Call } from '../call';
import type { Answer } from '../reply';
import { signOutLink, strangerPage } from './authorized-pages';
import { viewerWish } from './errand-row';
import type { DashboardStore } from './store';
import type { Admission, Entrance } from './viewer';

export class AuthorizedEntrance implements Entrance {
  constructor(
    private readonly store: DashboardStore,
    private readonly call: Call,
    private readonly access: AuthorizedAccess,
  ) {}

  async admit(): Promise<Admission> {
    const { call, access } = this;
    const found = authorizedAddress(call.authorizer, access);
    if (found.kind !== 'ADDRESS') {
      return refused(call.authorizer === undefined ? 401 : 403, found.kind, access);
    }
    const people = await this.peopleFor(found.address);
    const me = viewerWith(people, found.address);
    if (me === undefined) {
      return refused(403, 'STRANGER', access);
    }
    return {
      kind: 'VIEWER',
      viewer: {
        me,
        people,
        exit: signOutLink(access.signOutUrl),
        asks: (wish, about) => viewerWish(me.id, wish, about, call.now),
      },
    };
  }

  /**
   * Strangers cost no read, or anybody with an account at the provider could use up what Systems Manager answers to the whole AWS account
   * (40 reads a second, https://docs.aws.amazon.com/general/latest/gr/ssm.html), and `decide` needs it. Whoever is declared is looked up
   * each time: a removal acts at once.
   */
  private async peopleFor(address: string): Promise<readonly Person[]> {
    const { now } = this.call;
    const lately = this.store.peopleLately(now);
    return lately !== undefined && viewerWith(lately, address) === undefined ? lately : this.store.people(now);
  }

  answer(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

function refused(
  status: Answer['status'],
  why: 'NONE' | 'UNVERIFIED' | 'STRANGER',
  { claim, signOutUrl }: AuthorizedAccess,
): Admission {
  return { kind: 'REFUSED', answer: { status, page: strangerPage(why, claim, signOutUrl) } };
}
