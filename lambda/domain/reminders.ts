/** When those who have not answered are reminded: at shares of the time from asking until the deadline. */
import { DEFAULT_REMINDERS, REMINDER_FROM } from './limits';
import type { Waiting } from './request';
import { elapsed, isBefore, MINUTE, plus } from './time';
import type { Invitation, Vote } from './vote';

export interface Reminders {
  /** The latest one whose time has come: a look that comes late sends no earlier one. */
  readonly due?: string;
  readonly next?: string;
}

/** Short approvals have none. */
export function remindersOf(
  { asked, asking, run }: Pick<Waiting, 'asked' | 'asking' | 'run'>,
  shares: readonly number[] = DEFAULT_REMINDERS,
  now: string,
): Reminders {
  // Deadlines are known to the minute: one of exactly an hour may seem to be a little less.
  if (asking === undefined || elapsed(asked.at, run.deadline) < REMINDER_FROM - MINUTE) {
    return {};
  }
  const time = elapsed(asking.since, run.deadline);
  const times = shares.map((share) => plus(asking.since, time * share));
  const due = times.findLast((at) => !isBefore(now, at));
  const next = times.find((at) => isBefore(now, at));
  return { ...(due === undefined ? {} : { due }), ...(next === undefined ? {} : { next }) };
}

/** Whether this person had no mail since the reminder became due. Who is not invited yet is not reminded. */
export function isOwed({ sentAt, remindedAt }: Pick<Invitation, 'sentAt' | 'remindedAt'>, due: string): boolean {
  return sentAt !== undefined && isBefore(remindedAt ?? sentAt, due);
}

/** An approval of something that has changed since is no answer any more. */
export function hasAnswered(approver: string, votes: readonly Vote[]): boolean {
  return votes.some((vote) => vote.approver === approver && (vote.verdict === 'REJECT' || vote.current));
}
