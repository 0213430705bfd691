/** What the function says to CodePipeline of its job. */
import { hookBakeMinutes } from '../aws/hook-bake';
import { tokenOf } from '../aws/job-token';
import { percentOf, type JobAnswer } from '../aws/pipeline-job';
import type { HookState } from '../domain/hook-state';
import { summaryOf } from '../domain/summary';
import { MINUTE } from '../domain/time';

/** What is said to CodePipeline, and what is done as soon as CodePipeline has taken that. */
export interface Turn {
  readonly answer: JobAnswer;
  readonly move?: () => Promise<void>;
}

export function passed(...reasons: readonly string[]): JobAnswer {
  return { kind: 'PASSED', summary: summaryOf('All requests go to the new version', ...reasons) };
}

export function wentBack(): JobAnswer {
  return { kind: 'PASSED', summary: 'A rollback: all requests went to the version before, at once' };
}

export function goesOn(state: HookState, watched: number, ...summary: readonly string[]): JobAnswer {
  const token = tokenOf(state);
  if (token === undefined) {
    throw new Error('what is known of the checks does not fit into a token');
  }
  const percent = percentOf(Math.floor(watched / MINUTE), hookBakeMinutes());
  return { kind: 'WATCHING', summary: summaryOf(...summary), percent, token };
}

export function shareOf(percent: number, watched: number): string {
  const minutes = Math.floor(watched / MINUTE);
  return `${percent} % of the requests go to the new version, watched for ${minutes} of ${hookBakeMinutes()} minutes`;
}
