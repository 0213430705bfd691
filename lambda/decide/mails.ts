/** Personal mails: at least once each, paced, and never in the way of an answer. */
import { peopleOf, type Person } from '../../contract/policy';
import { classify, Failed } from '../aws/failure';
import { errorName, log } from '../aws/log';
import type { Mail } from '../aws/mailer';
import type { MailPurpose } from '../aws/invitation-store';
import { breakers, whyNoVoter } from '../domain/break-glass';
import { nameOf } from '../domain/count-votes';
import { isFollowedUp } from '../domain/follow-up';
import { resendReview } from './review-mails';
import { eligibility } from '../domain/eligibility';
import { heldMail, type HeldUntil } from '../domain/held-mail';
import { MAIL_CLAIM, MAILS_PER_SECOND } from '../domain/limits';
import {
  type AnswerLink,
  emergencyMail,
  escalationMail,
  furtherMail,
  outcomeMail,
  reminderMail,
  requestMail,
} from '../domain/mail-text';
import type { Facts } from '../domain/facts';
import { isEnded, isKnown, type Request, type Waiting } from '../domain/request';
import type { RequestRecords } from '../domain/rows';
import { signInMail } from '../domain/sign-in';
import { plus } from '../domain/time';
import type { Invitation } from '../domain/vote';
import { newSeed, publicKeyOf } from '../signing/link-key';
import { consoleLink } from './console-only';
import { holdBack } from './hold-back';
import type { Ports } from './ports';

const LONGEST_PAUSE_SECONDS = 20;

/** Invites those who have no mail yet. Answers when to look again, if another look has a mail in hand. */
export async function invite(
  ports: Ports,
  facts: Facts,
  approvers: readonly string[],
  now: string,
): Promise<string | undefined> {
  const { request } = facts;
  return forEach(peopleAmong(facts, approvers), now, async (person) => {
    const { id, mail, name, shared, until } = person;
    const invitation = {
      approver: id,
      mail,
      shared,
      keys: [],
      ...(name === undefined ? {} : { name }),
      ...(until === undefined ? {} : { until }),
    };
    await ports.invitations.add(request.id, invitation, now);
    return once(ports, request, id, 'sentAt', now, async () => {
      const mailbox = await ports.mailer.mailbox({ id, mail });
      await ports.invitations.mark(request.id, id, { mailbox });
      if (mailbox === 'pending' || mailbox === 'missing') {
        log('WARN', 'an approver cannot be reached by mail', { requestId: request.id, approver: id, reason: mailbox });
        return false;
      }
      const queuedUntil = wasHeldBack(facts, id)
        ? undefined
        : await holdBack(ports, request, person, { kind: 'REQUEST' }, now);
      if (queuedUntil !== undefined) {
        await ports.invitations.mark(request.id, id, { queuedUntil });
        return false;
      }
      const sending = await sendLink(ports, request, person, isFurther(request, id) ? furtherMail : requestMail, now);
      if (sending === 'REFUSED') {
        await ports.invitations.mark(request.id, id, { mailbox: 'missing' });
      }
      return sending === 'SENT';
    });
  });
}

/** Once for each reminder, of which one person may get several. */
export async function remind(
  ports: Ports,
  facts: Facts,
  { approvers, due }: { readonly approvers: readonly string[]; readonly due: string },
  now: string,
): Promise<string | undefined> {
  const { request } = facts;
  return forEach(peopleAmong(facts, approvers), now, (person) => {
    const work = async (): Promise<boolean> => {
      if ((await holdBack(ports, request, person, { kind: 'REMINDER', due }, now)) === undefined) {
        await sendLink(ports, request, person, reminderMail, now);
      }
      return true;
    };
    return once(ports, request, person.id, 'remindedAt', now, work, due);
  });
}

/** Those who were asked first learn who was asked since: the answer may come from them. */
export async function tellEscalation(
  ports: Ports,
  facts: Facts,
  { approvers, further }: { readonly approvers: readonly string[]; readonly further: readonly string[] },
  now: string,
): Promise<string | undefined> {
  const { request } = facts;
  const names = peopleAmong(facts, further).map(nameOf);
  return forEach(peopleAmong(facts, approvers), now, (person) =>
    once(ports, request, person.id, 'toldEscalationAt', now, async () => {
      const mail = { kind: 'ESCALATION' } as const;
      if (request.phase === 'WAITING' && (await holdBack(ports, request, person, mail, now)) === undefined) {
        await send(ports, request, person, escalationMail(request, person, names, ports), now);
      }
      return true;
    }),
  );
}

/** Those who approved learn when it goes ahead, by a link that lets them take it back. */
export async function tellHeld(
  ports: Ports,
  facts: Facts,
  { approvers, held }: { readonly approvers: readonly string[]; readonly held: HeldUntil },
  now: string,
): Promise<string | undefined> {
  const { request } = facts;
  return forEach(peopleAmong(facts, approvers), now, (person) =>
    once(ports, request, person.id, 'toldHeldAt', now, async () => {
      await sendLink(ports, request, person, (...asked) => heldMail(...asked, held), now);
      return true;
    }),
  );
}

/** Everyone who was asked, whoever answered. What is kept before a mail goes out counts, too: another look may have that mail in hand. */
export async function tellOutcome(
  ports: Ports,
  request: Request,
  invitations: readonly Invitation[],
  now: string,
): Promise<string | undefined> {
  const asked = invitations.filter(
    ({ keys, sentAt, askedAt, toldAt }) =>
      (sentAt !== undefined || askedAt !== undefined || keys.length > 0) && toldAt === undefined,
  );
  return forEach(asked, now, (invitation) =>
    once(ports, request, invitation.approver, 'toldAt', now, async () => {
      if (isEnded(request) && isKnown(request)) {
        const recipient = { id: invitation.approver, mail: invitation.mail };
        if ((await holdBack(ports, request, recipient, { kind: 'OUTCOME' }, now)) === undefined) {
          await send(ports, request, recipient, outcomeMail(request, invitation), now);
        }
      }
      return true;
    }),
  );
}

/** A digest was to ask this person and is long overdue: a mail of its own asks now. */
function wasHeldBack(facts: Facts, id: string): boolean {
  const invitations = 'invitations' in facts ? facts.invitations : [];
  return invitations.some(({ approver, queuedUntil }) => approver === id && queuedUntil !== undefined);
}

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
    const { id, mail, name, shared } = person;
    const excluded = whyNoVote(request, person, now);
    await ports.invitations.add(
      request.id,
      {
        approver: id,
        mail,
        shared,
        keys: [],
        ...(name === undefined ? {} : { name }),
        ...(excluded === undefined ? {} : { excluded }),
      },
      now,
    );
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

/** A link that signs in at the dashboard. */
export async function sendSignIn(ports: Ports, person: Person, seed: string, now: string): Promise<void> {
  if (ports.answers.way === 'BY_LINK') {
    const link = personalLink(ports.answers, '/dashboard/sign-in', person, seed);
    await sendNews(ports, person, signInMail(person, link), now);
  }
}

/** A mail that is about no request. */
export async function sendNews(ports: Ports, person: Person, text: Mail, now: string): Promise<void> {
  const mailbox = await ports.mailer.mailbox(person);
  if (mailbox === 'pending' || mailbox === 'missing') {
    log('WARN', 'somebody cannot be reached by mail', { approver: person.id, reason: mailbox });
    return;
  }
  await send(ports, {}, person, text, now);
}

/** Whether somebody is asked because the others have not answered. */
export function isFurther(request: Request, id: string): boolean {
  return request.phase === 'WAITING' && request.run.escalation?.ids.includes(id) === true;
}

function peopleAmong(facts: Facts, approvers: readonly string[]): readonly Person[] {
  return 'people' in facts ? facts.people.filter(({ id }) => approvers.includes(id)) : [];
}

/**
 * One mail of a kind to one person, by one look. Answers whether it is done, as far as this look can do it.
 *
 * @param work answers whether the mail was sent, so that it is never sent again
 * @param due one that was sent before is another mail of this kind
 */
export async function once(
  ports: Ports,
  request: Request,
  approver: string,
  purpose: MailPurpose,
  now: string,
  work: () => Promise<boolean>,
  due?: string,
): Promise<boolean> {
  if (!(await ports.invitations.claimMail(request.id, approver, purpose, now, due))) {
    return false;
  }
  let sent = false;
  try {
    sent = await work();
    if (sent) {
      await ports.invitations.mark(request.id, approver, { [purpose]: now });
    }
    return true;
  } finally {
    if (!sent) {
      await ports.invitations.releaseMail(request.id, approver, purpose);
    }
  }
}

type Sending = 'SENT' | 'REFUSED' | 'OVER';

/** Whoever ends the request tells everybody whom `prepareLink` has noted by then: after that nobody is asked any more. */
async function sendLink(
  ports: Ports,
  request: Request,
  person: Person,
  write: typeof requestMail,
  now: string,
): Promise<Sending> {
  if (request.phase !== 'WAITING') {
    return 'OVER';
  }
  const link = await prepareLink(ports, request, person, now);
  if ((await ports.store.load(request.id))?.request.phase !== 'WAITING') {
    return 'OVER';
  }
  const sent = await send(ports, request, person, write(request, person, link, ports), now);
  return sent ? 'SENT' : 'REFUSED';
}

/** The seed of a personal link is in the mail alone; what is kept verifies and cannot sign. */
export async function prepareLink(ports: Ports, request: Waiting, person: Person, now: string): Promise<AnswerLink> {
  if (ports.answers.way === 'IN_CONSOLE') {
    await ports.invitations.mark(request.id, person.id, { askedAt: now });
    return { leadsTo: 'CONSOLE', url: consoleLink(ports.region, request.asked.pipeline) };
  }
  const seed = newSeed();
  await ports.invitations.addKey(request.id, person.id, publicKeyOf(seed));
  return { leadsTo: 'PAGE', url: personalLink(ports.answers, `/r/${request.id}`, person, seed) };
}

/** The secret stands in the query alone: access logs hold routes. */
export function personalLink(
  { reviewUrl }: Extract<Ports['answers'], { readonly way: 'BY_LINK' }>,
  path: string,
  { id }: Person,
  seed: string,
): string {
  return `${reviewUrl.replace(/\/+$/, '')}${path}?by=${id}&key=${seed}`;
}

/** False when this mailbox refuses for good; throws when trying again may help. */
export async function send(
  ports: Ports,
  { id: requestId }: { readonly id?: string },
  { id, mail }: Pick<Person, 'id' | 'mail'>,
  text: Mail,
  now: string,
): Promise<boolean> {
  const begun = await ports.invitations.countMail(id, `${now.slice(0, 19)}Z`);
  const wait = Math.min(Math.floor((begun - 1) / MAILS_PER_SECOND), LONGEST_PAUSE_SECONDS);
  if (wait > 0) {
    await ports.pause(wait * 1000);
  }
  try {
    await ports.mailer.send({ id, mail }, text);
    return true;
  } catch (error) {
    if (classify(error) !== 'REFUSED') {
      throw error;
    }
    log('ERROR', 'a mail was refused', { requestId, approver: id, error: errorName(error) });
    return false;
  }
}

/**
 * One failing mailbox does not keep the others from their mail. Answers when to look again for mails that another look has in
 * hand: it may have crashed with them.
 */
export async function forEach<T>(
  items: readonly T[],
  now: string,
  work: (item: T) => Promise<boolean>,
): Promise<string | undefined> {
  const failures: unknown[] = [];
  let inHand = false;
  for (const item of items) {
    try {
      inHand = !(await work(item)) || inHand;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new Failed('mail could not be sent', failures[0]);
  }
  return inHand ? plus(now, MAIL_CLAIM) : undefined;
}
