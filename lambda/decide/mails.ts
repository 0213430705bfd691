/** Personal mails: at least once each, paced, and never in the way of an answer. */
import type { Person } from '../../contract/policy';
import { classify, Failed } from '../aws/failure';
import { errorName, log } from '../aws/log';
import type { Mail } from '../aws/mailer';
import type { MailPurpose } from '../aws/invitation-store';
import { nameOf } from '../domain/count-votes';
import { heldMail, type HeldUntil } from '../domain/held-mail';
import { MAIL_CLAIM, MAILS_PER_SECOND } from '../domain/limits';
import {
  type AnswerLink,
  escalationMail,
  furtherMail,
  outcomeMail,
  reminderMail,
  requestMail,
} from '../domain/mail-text';
import type { Facts } from '../domain/facts';
import { isEnded, isKnown, type Request, type Waiting } from '../domain/request';
import { signInMail } from '../domain/sign-in';
import { plus } from '../domain/time';
import { invitationOf, type Invitation } from '../domain/vote';
import { newSeed, publicKeyOf } from '../signing/link-key';
import { consoleLink } from './console-only';
import { holdBack } from './hold-back';
import type { Ports } from './ports';

type ByLink = Extract<Ports['answers'], { readonly way: 'BY_LINK' }>;

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
    const { id, mail } = person;
    await ports.invitations.add(request.id, invitationOf(person), now);
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
        const write: typeof requestMail = (asked, to, link, sender) => escalationMail(asked, to, link, names, sender);
        await sendLink(ports, request, person, write, now);
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

/** The digest that was to ask this person is long overdue, so an email of its own asks now. */
function wasHeldBack(facts: Facts, id: string): boolean {
  const invitations = 'invitations' in facts ? facts.invitations : [];
  return invitations.some(({ approver, queuedUntil }) => approver === id && queuedUntil !== undefined);
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
export async function sendLink(
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
  return { leadsTo: 'PAGE', url: await pageLink(ports, ports.answers, request, person) };
}

/** A link to the page of a request, with a key of its own. */
export async function pageLink(
  { invitations }: Ports,
  answers: ByLink,
  { id }: Pick<Request, 'id'>,
  person: Person,
): Promise<string> {
  const seed = newSeed();
  await invitations.addKey(id, person.id, publicKeyOf(seed));
  return personalLink(answers, `/r/${id}`, person, seed);
}

/** The secret stands in the query alone: access logs hold routes. */
function personalLink(answers: ByLink, path: string, { id }: Person, seed: string): string {
  return `${urlOf(answers, path)}?by=${id}&key=${seed}`;
}

/** A page that the review function serves. */
export function urlOf({ reviewUrl }: ByLink, path: string): string {
  return `${reviewUrl.replace(/\/+$/, '')}${path}`;
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
