/** The link of a request once more, for somebody who is signed in and wants it. */
import { peopleOf, type Person } from '../../contract/policy';
import { breakers, whyNoVoter } from '../domain/break-glass';
import { eligibility } from '../domain/eligibility';
import { isFollowedUp } from '../domain/follow-up';
import { emergencyMail, requestMail } from '../domain/mail-text';
import type { Waiting } from '../domain/request';
import type { RequestRecords } from '../domain/rows';
import { invitationOf } from '../domain/vote';
import { sendLink } from './mails';
import type { Ports } from './ports';
import { resendReview } from './review-mails';

/**
 * Somebody who is signed in has lost the email with their link, or does not want to wait for the digest: the same question at once,
 * with a link of its own. Whoever may open the gate in an emergency gets a link although nobody asked them.
 */
export async function resend(
  ports: Ports,
  { request, invitations }: RequestRecords,
  person: Person,
  now: string,
): Promise<void> {
  const mine = invitations.find(({ approver }) => approver === person.id);
  const wasAsked = mine?.sentAt !== undefined || mine?.queuedUntil !== undefined;
  if (isFollowedUp(request)) {
    await resendReview(ports, request, person, now);
  } else if (wasAsked && mine.excluded === undefined) {
    const sending = await sendLink(ports, request, person, requestMail, now);
    if (sending === 'SENT' && mine.sentAt === undefined) {
      await ports.invitations.mark(request.id, person.id, { sentAt: now });
    }
  } else if (request.phase === 'WAITING' && mayOpenAlone(request, person)) {
    const excluded = whyNoVote(request, person, now);
    const invitation = { ...invitationOf(person), ...(excluded === undefined ? {} : { excluded }) };
    await ports.invitations.add(request.id, invitation, now);
    await sendLink(ports, request, person, emergencyMail, now);
  }
}

function mayOpenAlone({ run, shown }: Waiting, person: Person): boolean {
  return breakers(run, peopleOf(shown.policy.rule), [person]).length > 0;
}

function whyNoVote({ run, shown }: Waiting, person: Person, now: string): string | undefined {
  const [voter] = eligibility(run, peopleOf(shown.policy.rule), [person], now);
  return voter === undefined ? whyNoVoter(run, person.id) : voter.excluded;
}
