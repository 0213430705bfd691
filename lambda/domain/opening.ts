/** Whether an approval may go to CodePipeline now, and what people read where it may not. */
import type { WindowRule } from '../../contract/deployment-window';
import { Patience } from './limits';
import type { Held, Outcome, RunKind } from './request';
import { isProvenRollback } from './ruling';
import { startInWords, type Start } from './start-later';
import { elapsed, isBefore, latestOf, millis, plus } from './time';
import { localTime } from './plain-time';
import { firstOpen } from './window';

export type Opening = { readonly kind: 'OPEN' } | Closed;

export interface Closed {
  readonly kind: 'CLOSED';
  /** `its deployment window is closed` */
  readonly why: string;
  /** When it opens; absent = not before the deadline, as far as anybody can tell. */
  readonly opensAt?: string;
  /** When to find out again. */
  readonly next?: string;
  /** Nobody can tell whether it is closed. */
  readonly unreadable?: true;
}

export const OPEN: Opening = { kind: 'OPEN' };

/** @param start what the approvals that count ask for */
export function openingOf(window: WindowRule | undefined, now: string, deadline: string, start?: Start): Opening {
  const from = latestOf(now, start?.at);
  // A deadline that is over makes no open window closed.
  const limit = latestOf(deadline, plus(now, 1));
  const anyTime = isBefore(from, limit) ? from : undefined;
  const opensAt = window === undefined ? anyTime : firstOpen(window, from, limit);
  if (opensAt !== undefined && !isBefore(now, opensAt)) {
    return OPEN;
  }
  const isChosen =
    start !== undefined && (opensAt === undefined ? !isBefore(start.at, limit) : millis(opensAt) === millis(start.at));
  const why = isChosen ? `it is to start ${startInWords(start)}` : 'its deployment window is closed';
  return { kind: 'CLOSED', why, ...(opensAt === undefined ? {} : { opensAt, next: opensAt }) };
}

/**
 * What holds this outcome back. Never a rejection, nor a rollback that needs nobody's yes, nor an emergency: all of them end what does
 * harm.
 */
export function closedFor(
  { kind, by }: Pick<Outcome, 'kind'> & Partial<Pick<Outcome, 'by'>>,
  run: RunKind,
  opening: Opening,
): Closed | undefined {
  const waits = kind === 'APPROVED' && by !== 'BREAK_GLASS' && !isProvenRollback(run);
  return opening.kind === 'CLOSED' && waits ? opening : undefined;
}

/** @param before what was said of it so far */
export function heldBy({ why, opensAt }: Closed, { summary }: Outcome, before: Held | undefined, now: string): Held {
  const since = before?.why === why ? before.since : now;
  return { summary, why, since, ...(opensAt === undefined ? {} : { opensAt }) };
}

/** Why only the console opens the gate, if so: it stays closed too long, or has been unreadable for too long. */
export function neverOpens({ why, opensAt, unreadable }: Closed, since: string, now: string): string | undefined {
  if (unreadable === true) {
    return elapsed(since, now) < Patience.PARAMETER ? undefined : why;
  }
  return opensAt === undefined ? `${why}, and does not open before the deadline` : undefined;
}

/** `Approved by Ana. It goes ahead on Monday 30 November 2026, 09:00 in Europe/Berlin (08:00 UTC).` */
export function heldInWords({ summary, why, opensAt }: Held, timeZone: string | undefined): string {
  const sentence = /[.!?]$/.test(summary) ? summary : `${summary}.`;
  return opensAt === undefined
    ? `${sentence} It is held back: ${why}.`
    : `${sentence} It goes ahead on ${localTime(opensAt, timeZone)}.`;
}

/** Once it opens, the next look sends it on, and moments later nothing is held back any more. */
export function isStillHeld({ opensAt }: Held, now: string): boolean {
  return opensAt === undefined || isBefore(now, opensAt);
}
