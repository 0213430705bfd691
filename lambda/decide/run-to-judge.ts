/** What checks have to know of the run that waits: read when a check of such a kind is due, and once in a look. */
import type { CheckPlan, CodeCoverageCheckPlan, TestReportCheckPlan } from '../../contract/checks';
import type { RunBuild, RunToJudge } from '../../contract/messages';
import type { Run } from '../domain/request';
import { buildsAmong, type RunAction } from '../domain/run-actions';
import { imageOfRun } from '../domain/run-image';
import { millis } from '../domain/time';
import type { Pipeline } from './ports';

/** Tells a check of what it has to know, which is nothing for most kinds. */
export type TellRun = (check: CheckPlan) => Promise<{ readonly run?: RunToJudge }>;

/** @param pipeline undefined when its role is gone */
export function tellRun(run: Run, pipeline?: Pipeline): TellRun {
  let known: Promise<readonly RunAction[]> | undefined;
  let green: Promise<readonly RunBuild[] | undefined> | undefined;
  const actions = () => (known ??= pipeline === undefined ? Promise.resolve([]) : actionsOf(run, pipeline));
  return async (check) => {
    switch (check.kind) {
      case 'codeCoverage':
      case 'testReport': {
        if (pipeline === undefined) {
          return {};
        }
        const lastGreen = isCompared(check) ? await (green ??= lastGreenOf(run, pipeline)) : undefined;
        return { run: { builds: buildsAmong(await actions()), ...(lastGreen === undefined ? {} : { lastGreen }) } };
      }
      case 'imageScan': {
        const image = imageOfRun(check.image, run.revisions, check.image.by === 'VARIABLE' ? await actions() : []);
        return { run: image === undefined ? {} : { image } };
      }
      case 'licenses':
        return { run: { executionId: targetOf(run) ?? run.executionId } };
      default:
        return {};
    }
  };
}

/** Whether it judges what has changed since an earlier run, and not this run alone. */
function isCompared(check: CodeCoverageCheckPlan | TestReportCheckPlan): boolean {
  return check.kind === 'testReport' ? check.failures === 'NEW' : check.maxDropPoints !== undefined;
}

/** A rollback brings back what its target passed with, so nothing that was repaired since then is held against it. */
async function lastGreenOf(run: Run, pipeline: Pipeline): Promise<readonly RunBuild[] | undefined> {
  const target = targetOf(run);
  const isProven = target !== undefined && (await pipeline.passedAt(target)) !== undefined;
  const green = isProven ? target : await pipeline.lastPassed(run.executionId);
  if (green === undefined) {
    return undefined;
  }
  const { target: origin } = await pipeline.describe(green);
  return buildsAmong(await actionsOfRuns(origin, green, (one) => actionsBeforeGate(one, pipeline)));
}

/** What a run did until it passed the gate. What failed behind the gate was not accepted by passing it. */
async function actionsBeforeGate(executionId: string, pipeline: Pipeline): Promise<readonly RunAction[]> {
  const passedAt = await pipeline.passedAt(executionId);
  return passedAt === undefined
    ? []
    : (await pipeline.actionsIn(executionId)).filter(({ startedAt }) => millis(startedAt) < passedAt);
}

/** A rollback runs the actions of its own stage again, and no others. */
function actionsOf(run: Run, pipeline: Pipeline): Promise<readonly RunAction[]> {
  return actionsOfRuns(targetOf(run), run.executionId, (one) => pipeline.actionsIn(one));
}

function targetOf({ kind }: Run): string | undefined {
  return kind.type === 'ROLLBACK' ? kind.target : undefined;
}

async function actionsOfRuns(
  target: string | undefined,
  executionId: string,
  actionsIn: (executionId: string) => Promise<readonly RunAction[]>,
): Promise<readonly RunAction[]> {
  const runs = [...(target === undefined ? [] : [target]), executionId];
  return (await Promise.all(runs.map(actionsIn))).flat();
}
