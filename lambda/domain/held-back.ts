/** What keeps an approval back, as people read it. */
import type { Evaluation } from './evaluate';
import type { Effect } from './effect';
import { HELD_MAIL_FROM } from './limits';
import { closedFor, neverOpens, type Opening } from './opening';
import type { Held, Waiting } from './request';
import type { Judged, Ruling } from './ruling';
import { elapsed } from './time';
import type { Invitation } from './vote';

/**
 * Why nothing but the console opens a gate that waits. That it opens too late is said before anybody answers; that checks keep it shut,
 * once it is open and nobody is asked any more.
 */
export function whyStuck(
  { askPeople, stuck }: Extract<Ruling, { readonly kind: 'WAIT' }>,
  judged: Judged,
  { run, held }: Waiting,
  opening: Opening,
  now: string,
): string | undefined {
  if (stuck !== undefined) {
    return stuck;
  }
  const closed = closedFor({ kind: 'APPROVED' }, run.kind, opening);
  if (closed !== undefined) {
    return neverOpens(closed, now, now);
  }
  const isUnhealthy = judged.kind !== 'MANUAL' && ['FAIL', 'INCONCLUSIVE'].includes(judged.evaluation.verdict);
  return held !== undefined && !askPeople && isUnhealthy ? untilHealthy(judged.evaluation) : undefined;
}

/** Those who approved are told once when it goes ahead, and where they can take it back. Not where it goes ahead soon. */
export function tellHeld(
  judged: Judged,
  invitations: readonly Invitation[],
  held: Held,
  now: string,
): readonly Effect[] {
  const { opensAt } = held;
  if (judged.kind === 'AUTOMATED' || opensAt === undefined || elapsed(now, opensAt) < HELD_MAIL_FROM) {
    return [];
  }
  const approved = judged.votes.approvals.map(({ person }) => person.id);
  const untold = invitations.filter(
    ({ approver, toldHeldAt }) => approved.includes(approver) && toldHeldAt === undefined,
  );
  return untold.length === 0
    ? []
    : [{ kind: 'tellHeld', approvers: untold.map(({ approver }) => approver), held: { ...held, opensAt } }];
}

/** Which checks, not what they found: that changes with every measurement, and each reason is told once. */
export function untilHealthy({ checks, reasons }: Evaluation): string {
  const unhealthy = checks.filter(({ observeOnly, verdict }) => !observeOnly && verdict !== 'PASS');
  const which = unhealthy.map(({ title }) => title).join(', ') || (reasons[0] ?? 'nothing was measured');
  return `its approval is held back until the checks are healthy: ${which}`;
}
