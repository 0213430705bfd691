/**
 * Emails to one person, gathered. The first one goes out at once and begins a quiet time; what follows within it is held back and
 * sent as one at its end. What is held back names a request and nothing else: its link is made when the digest is sent.
 */
import { TIMES_LEFT } from '../../contract/digest';
import type { Person } from '../../contract/policy';
import { escalationTime } from './escalation';
import { Patience } from './limits';
import { oneOf, optionalText, parsed, text, type Fields, type Parsed } from './parsed';
import { hasAnswered } from './reminders';
import {
  endingOf,
  isEnded,
  isKnown,
  type Ended,
  type KnownRequest,
  type Outcome,
  type Request,
  type Waiting,
} from './request';
import type { RequestRecords } from './rows';
import { elapsed, isBefore, plus, soonest } from './time';
import { REQUEST_ID, type Invitation } from './vote';

/** What a mail about a request is for. */
const OWED_KINDS = ['REQUEST', 'REMINDER', 'ESCALATION', 'OUTCOME'] as const;
export type OwedKind = (typeof OWED_KINDS)[number];

/** A mail that somebody is owed. */
export interface OwedMail {
  readonly request: string;
  readonly kind: OwedKind;
  /** Of a reminder: when it became due. There may be several. */
  readonly due?: string;
}

/** Names a mail among all that one person may get. */
export function mailKey({ request, kind, due }: OwedMail): string {
  return [request, kind, ...(due === undefined ? [] : [due])].join('#');
}

export function parseOwedMail(row: Fields): Parsed<OwedMail> {
  return parsed('mail that is held back', () => {
    const due = optionalText(row, 'due');
    return {
      request: text(row, 'request', REQUEST_ID),
      kind: oneOf(row, 'kind', OWED_KINDS),
      ...(due === undefined ? {} : { due }),
    };
  });
}

/** Whether an approver has to be mailed the question now: it was not sent, and no digest is expected to ask it. */
export function isToBeAsked(invitation: Pick<Invitation, 'sentAt' | 'queuedUntil'> | undefined, now: string): boolean {
  return invitation?.sentAt === undefined && lateFrom(invitation, now) === undefined;
}

/** From this time on, an email of its own asks instead of the digest, which is overdue. Undefined where no digest is expected. */
export function lateFrom(
  invitation: Pick<Invitation, 'sentAt' | 'queuedUntil'> | undefined,
  now: string,
): string | undefined {
  if (invitation?.queuedUntil === undefined || invitation.sentAt !== undefined) {
    return undefined;
  }
  const late = plus(invitation.queuedUntil, Patience.DIGEST);
  return isBefore(now, late) ? late : undefined;
}

/** Opened by one person alone, or by somebody whom the policy does not name: people have to hear of it while they can still act. */
const TOLD_AT_ONCE: readonly Outcome['by'][] = ['BREAK_GLASS', 'BYPASS'];

/** Whether a mail is in time if it waits for a digest. */
export function mayWait(request: Request, { until }: Pick<Person, 'until'>, every: number, now: string): boolean {
  if (request.phase !== 'WAITING') {
    return !(isEnded(request) && TOLD_AT_ONCE.includes(endingOf(request).by));
  }
  const { run, asking } = request;
  const inTime = soonest(run.deadline, until, escalationTime({ run, asking: asking ?? { since: now } }));
  return elapsed(now, inTime) >= TIMES_LEFT * every;
}

/** What a digest says about one request. */
export type DigestTopic =
  /** It waits for this person, who was not asked yet, or is reminded, or told that others were asked as well. */
  | { readonly kind: 'WAITS'; readonly because: 'ASKED' | 'REMINDED' | 'OTHERS_ASKED'; readonly request: Waiting }
  | { readonly kind: 'ENDED'; readonly request: Ended & KnownRequest };

/**
 * What is left to say about a request of which somebody is owed these mails; undefined where nothing is: they have answered, have
 * no vote any more, or never heard of it before it ended.
 *
 * @param person undefined when nobody declares them any more
 */
export function topicOf(
  kinds: readonly OwedKind[],
  { request, invitations, votes }: RequestRecords,
  approver: string,
  person: Pick<Person, 'until'> | undefined,
  now: string,
): DigestTopic | undefined {
  const invitation = invitations.find((one) => one.approver === approver);
  if (invitation === undefined || !isKnown(request)) {
    return undefined;
  }
  if (isEnded(request)) {
    return kinds.includes('OUTCOME') ? { kind: 'ENDED', request } : undefined;
  }
  const inTime = isBefore(now, soonest(request.run.deadline, person?.until));
  if (person === undefined || invitation.excluded !== undefined || request.held !== undefined || !inTime) {
    return undefined;
  }
  if (kinds.includes('REQUEST') && invitation.sentAt === undefined) {
    return { kind: 'WAITS', because: 'ASKED', request };
  }
  if (hasAnswered(approver, votes)) {
    return undefined;
  }
  const because = kinds.includes('REMINDER') ? 'REMINDED' : kinds.includes('ESCALATION') ? 'OTHERS_ASKED' : undefined;
  return because === undefined ? undefined : { kind: 'WAITS', because, request };
}
