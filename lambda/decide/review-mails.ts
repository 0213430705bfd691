/** Mails that ask for the review of a gate that one person opened alone. Each has a personal link of its own. */
import { peopleOf, type Person } from '../../contract/policy';
import { log } from '../aws/log';
import type { Facts } from '../domain/facts';
import { isFollowedUp, reviewersOf, type FollowedUp } from '../domain/follow-up';
import { reviewMail } from '../domain/review-mail';
import { invitationOf } from '../domain/vote';
import { forEach, once, pageLink, send } from './mails';
import type { Ports } from './ports';

/** Once for each reminder. Whoever cannot be reached by mail is tried again when the next one is due. */
export async function askReview(
  ports: Ports,
  { request }: Facts,
  { reviewers, due }: { readonly reviewers: readonly Person[]; readonly due: string },
  now: string,
): Promise<string | undefined> {
  if (!isFollowedUp(request)) {
    return undefined;
  }
  return forEach(reviewers, now, async (person) => {
    await ports.invitations.add(request.id, invitationOf(person), now);
    const work = async (): Promise<boolean> => {
      const mailbox = await ports.mailer.mailbox(person);
      if (mailbox === 'pending' || mailbox === 'missing') {
        const keys = { requestId: request.id, approver: person.id, reason: mailbox };
        log('WARN', 'somebody who may close a follow-up cannot be reached by mail', keys);
      } else {
        await sendReview(ports, request, person, now);
      }
      return true;
    };
    return once(ports, request, person.id, 'reviewAskedAt', now, work, due);
  });
}

/** Somebody who is signed in wants their link again. Who may have it is judged by the policy as the request knew it last. */
export async function resendReview(ports: Ports, request: FollowedUp, person: Person, now: string): Promise<void> {
  const may = reviewersOf(request, peopleOf(request.shown.policy.rule), [person], now);
  if (may.length > 0) {
    await ports.invitations.add(request.id, invitationOf(person), now);
    await sendReview(ports, request, person, now);
  }
}

async function sendReview(ports: Ports, request: FollowedUp, person: Person, now: string): Promise<void> {
  if (ports.answers.way !== 'BY_LINK') {
    return;
  }
  const link = await pageLink(ports, ports.answers, request, person);
  await send(ports, request, person, reviewMail(request, person, link, ports.workflow), now);
}
