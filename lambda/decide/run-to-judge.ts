/** What checks have to know of the run that waits: read when a check of such a kind is due, and once in a look. */
import type { CheckPlan } from '../../contract/checks';
import type { RunToJudge } from '../../contract/messages';
import type { Run } from '../domain/request';
import { buildsAmong } from '../domain/run-actions';
import type { Pipeline } from './ports';

/** Tells a check of what it has to know, which is nothing for most kinds. */
export type TellRun = (check: CheckPlan) => Promise<{ readonly run?: RunToJudge }>;

/** @param pipeline undefined when its role is gone */
export function tellRun(run: Run, pipeline?: Pipeline): TellRun {
  let known: Promise<RunToJudge> | undefined;
  return async (check) => {
    if (check.kind !== 'testReport' || pipeline === undefined) {
      return {};
    }
    known ??= runToJudge(run, pipeline);
    return { run: await known };
  };
}

async function runToJudge({ executionId, kind }: Run, pipeline: Pipeline): Promise<RunToJudge> {
  const target = kind.type === 'ROLLBACK' ? kind.target : undefined;
  // A rollback runs the actions of its own stage again, and no others.
  const runs = [...(target === undefined ? [] : [target]), executionId];
  const actions = await Promise.all(runs.map((one) => pipeline.actionsIn(one)));
  return { builds: buildsAmong(actions.flat()) };
}
