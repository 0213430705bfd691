import type { Step } from './step';

/** Why a stage or wave with gates has no place in a pipeline of execution mode PARALLEL, in which runs share a stage. */
export function unlockedInParallel({ what, name }: Pick<Step, 'what' | 'name'>): string {
  return (
    `execution mode PARALLEL lets several runs into ${what} '${name}' at the same time, so its gates would not hold it: a newer change may be deployed between what ` +
    'people see and what the checks measure. Choose QUEUED or SUPERSEDED, or leave `manualApproval` and `checks` out'
  );
}
