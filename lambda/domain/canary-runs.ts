/** Whether the runs of a CloudWatch Synthetics canary since the gate began have passed. */
import type { Measurement } from '../../contract/messages';
import { clock } from './metric-gaps';
import { iso, millis, SECOND } from './time';

export interface CanaryRun {
  readonly started: number;
  /** Absent while it runs. */
  readonly completed?: number;
  readonly state: 'RUNNING' | 'PASSED' | 'FAILED' | (string & {});
  /** Why it failed. */
  readonly why?: string;
}

export interface CanaryRuns {
  /** Of the canary: only one that is RUNNING makes runs. */
  readonly state?: string;
  /** In any order. */
  readonly runs: readonly CanaryRun[];
}

interface Watch {
  /** When the check began: a run that began before is none of its business. */
  readonly from: number;
  readonly now: string;
  /** What a failure was found in was counted. */
  readonly lastFailure?: string;
}

type Judged = Pick<Measurement, 'verdict' | 'reason' | 'healthySince' | 'value' | 'threshold'>;

/** Written so that times that cannot be read are overdue. */
export function judgeCanaryRuns(
  { state, runs: all }: CanaryRuns,
  maxRunAge: number,
  { from, now, lastFailure }: Watch,
): Judged {
  if (!all.every(({ started }) => Number.isFinite(started))) {
    return { verdict: 'ERROR', reason: 'A run does not say when it began.' };
  }
  const runs = all.filter(({ started }) => started >= from).sort((one, other) => one.started - other.started);
  const strange = runs.find((run) => run.state !== 'RUNNING' && !isOver(run));
  if (strange !== undefined) {
    return { verdict: 'ERROR', reason: `The run of ${clock(strange.started)} has a state that is not understood.` };
  }
  const over = runs.filter(isOver);
  const passed = over.filter((run) => run.state === 'PASSED').length;
  const counts = over.length === 0 ? {} : { value: `${passed} of ${over.length}`, threshold: 'every run' };
  const counted = lastFailure === undefined ? -Infinity : millis(lastFailure);
  const failed = over.find((run) => run.state === 'FAILED' && !(run.completed <= counted));
  if (failed !== undefined) {
    const why = failed.why === undefined ? '' : `: ${failed.why}`;
    return { ...counts, verdict: 'FAIL', reason: `The run of ${clock(failed.started)} failed${why}.` };
  }
  if (state !== 'RUNNING') {
    const is = state === undefined ? 'does not say whether it runs' : `is ${state}`;
    return { ...counts, verdict: 'INCONCLUSIVE', reason: `The canary ${is}, so nothing can be said of this time.` };
  }
  const newest = runs.at(-1);
  const isDue = (since: number): boolean => !(millis(now) - since <= maxRunAge * SECOND);
  if (newest === undefined) {
    return isDue(from)
      ? { verdict: 'INCONCLUSIVE', reason: `No run has begun since ${clock(from)}.` }
      : { verdict: 'IN_PROGRESS', reason: 'No run has begun yet.' };
  }
  if (isDue(newest.started)) {
    return {
      ...counts,
      verdict: 'INCONCLUSIVE',
      reason: `The next run is overdue: the last one was at ${clock(newest.started)}.`,
    };
  }
  const last = over.at(-1);
  if (last === undefined) {
    return { verdict: 'IN_PROGRESS', reason: `No run that began since ${clock(from)} is over yet.` };
  }
  if (last.state === 'FAILED') {
    return {
      ...counts,
      verdict: 'IN_PROGRESS',
      reason: `The run of ${clock(last.started)} failed, the next one is waited for.`,
    };
  }
  // Newer runs have begun, but none of them says anything before its end: a service that hangs looks like this.
  if (isDue(last.started)) {
    return {
      ...counts,
      verdict: 'IN_PROGRESS',
      reason: `The last run that is over is of ${clock(last.started)}, and the newer ones are not over yet.`,
    };
  }
  return {
    ...counts,
    verdict: 'PASS',
    reason: `${passed} of ${over.length} runs passed, the last one at ${clock(last.started)}.`,
    healthySince: iso(healthyFrom(over, from, maxRunAge)),
  };
}

type FinishedRun = CanaryRun & { readonly completed: number };

function isOver(run: CanaryRun): run is FinishedRun {
  return (run.state === 'PASSED' || run.state === 'FAILED') && Number.isFinite(run.completed);
}

/** The beginning of the newest runs that all passed, none of them overdue; of all that the check watches where these are all runs. */
function healthyFrom(over: readonly FinishedRun[], from: number, maxRunAge: number): number {
  const reset = over.findLastIndex(({ state, started }, index) => {
    const before = over[index - 1]?.started ?? from;
    return state === 'FAILED' || started - before > maxRunAge * SECOND;
  });
  const first = over[reset];
  if (first === undefined) {
    return from;
  }
  return first.state === 'FAILED' ? (over[reset + 1] ?? first).started : first.started;
}
