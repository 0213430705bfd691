/** Somebody signs in by a link that is emailed to them; from then on a session speaks for them. */
import { html } from 'hono/html';
import { delegatesAmong } from '../../domain/absence';
import { APPROVER_ID, SEED } from '../../domain/vote';
import { approverIdOf, newSeed, publicKeyOf } from '../../signing/link-key';
import type { Call } from '../call';
import { NOTHING } from '../markup';
import { seeOther, type Answer } from '../reply';
import { absenceAnswer } from './away';
import { linkUsed, linkWanted, sessionWish } from './errand-row';
import { ROOT } from './places';
import { noSessionCookie, sessionCookie, signedIn, type SignedIn } from './session';
import { linkSentPage, signInPage, signingInPage, useLinkPage, type SignInLinkFields } from './sign-in-page';
import type { DashboardStore } from './store';
import type { Admission, Entrance, Viewer } from './viewer';

/** The browser asks so often whether it is signed in by now. */
const MOST_TURNS = 12;

const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,255}$/;

const INCOMPLETE = 'That link is incomplete. Use the whole link of the email, or ask for another one.';

export class EmailedEntrance implements Entrance {
  constructor(
    private readonly store: DashboardStore,
    private readonly call: Call,
  ) {}

  async admit(): Promise<Admission> {
    const found = await this.signedIn();
    if (found === undefined) {
      return { kind: 'REFUSED', answer: this.notSignedIn() };
    }
    return { kind: 'VIEWER', viewer: this.viewerOf(found) };
  }

  async answer(route: string): Promise<Answer | undefined> {
    switch (route) {
      case 'GET /sign-in':
        return this.offerSignIn();
      case 'POST /sign-in':
        return this.sendLink();
      case 'POST /session':
        return this.signIn();
      case 'POST /sign-out':
        return this.signOut();
      case 'GET /away':
      case 'POST /away':
      case 'POST /back':
        return this.absence(route);
      default:
        return undefined;
    }
  }

  /** By an address; whether it is declared, only its mailbox learns. */
  private async sendLink(): Promise<Answer> {
    const address = (this.call.form.get('mail') ?? '').trim().toLowerCase();
    if (!ADDRESS.test(address)) {
      return { status: 422, page: signInPage('Type an email address, like ana@example.com.') };
    }
    const approver = approverIdOf(address);
    await this.store.put(linkWanted(approver, this.call.now));
    return { status: 200, page: linkSentPage() };
  }

  /** Opening the link signs nobody in: programs open links of emails, too. */
  private offerSignIn(): Answer {
    const link = linkIn(this.call.query);
    if (link !== undefined) {
      return { status: 200, page: useLinkPage(link) };
    }
    return { status: 401, page: signInPage(this.call.query.size === 0 ? undefined : INCOMPLETE) };
  }

  private async signIn(): Promise<Answer> {
    const link = linkIn(this.call.form);
    if (link === undefined) {
      return { status: 401, page: signInPage(INCOMPLETE) };
    }
    const seed = newSeed();
    await this.store.put(linkUsed(link.approver, link.seed, publicKeyOf(seed), this.call.now));
    return seeOther(`${ROOT}?turn=1`, [sessionCookie(seed)]);
  }

  private async signOut(): Promise<Answer> {
    const found = await this.signedIn();
    if (found === undefined) {
      return { status: 401, page: signInPage() };
    }
    await this.store.put(sessionWish(found, 'SIGN_OUT', '', this.call.now));
    return seeOther(ROOT, [noSessionCookie()]);
  }

  /** An absence hands a place over, so it is asked for by the signature of a session alone. */
  private async absence(route: 'GET /away' | 'POST /away' | 'POST /back'): Promise<Answer> {
    const found = await this.signedIn();
    return found === undefined
      ? { status: 401, page: signInPage() }
      : absenceAnswer(route, { store: this.store, call: this.call, found, viewer: this.viewerOf(found) });
  }

  private viewerOf(found: SignedIn): Viewer {
    const { me, people } = found;
    const away =
      delegatesAmong(people, me).length === 0 ? NOTHING : html`<a class="go" href="${ROOT}/away">Absence</a>`;
    return {
      me,
      people,
      exit: html`${away}
        <form method="post" action="${ROOT}/sign-out">
          <button class="plain small" type="submit">Sign out</button>
        </form>`,
      asks: (wish, about) => sessionWish(found, wish, about, this.call.now),
    };
  }

  /** The session may take moments to begin. */
  private notSignedIn(): Answer {
    const turn = Number(/^\d{1,2}$/.exec(this.call.query.get('turn') ?? '')?.[0] ?? 0);
    if (turn > 0 && turn < MOST_TURNS && this.call.session !== undefined) {
      return { status: 401, page: signingInPage(`${ROOT}?turn=${turn + 1}`) };
    }
    return { status: 401, page: signInPage(turn > 0 ? whyNot(this.call.session) : undefined) };
  }

  private signedIn(): Promise<SignedIn | undefined> {
    return signedIn(this.store, this.call.session, this.call.now);
  }
}

function whyNot(cookie: string | undefined): string {
  return cookie === undefined
    ? 'This browser keeps no cookie for this page, so it cannot stay signed in.'
    : 'That link did not sign you in: it was used already, or it is too old. Ask for another one.';
}

function linkIn(fields: URLSearchParams): SignInLinkFields | undefined {
  const [approver, seed] = [fields.get('by') ?? '', fields.get('key') ?? ''];
  return APPROVER_ID.test(approver) && SEED.test(seed) ? { approver, seed } : undefined;
}
