import { Duration } from 'aws-cdk-lib';
import type { CheckKind, CheckPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { neededBy } from './first-period';

/** What they measure belongs to one run of the pipeline. */
const NEED_RUN: readonly CheckKind[] = ['testReport', 'codeCoverage', 'imageScan', 'licenses'];

/** A hook of a deployment knows of no run, and cannot wait for data that comes after its bake. */
export function mustSuitHook({ kind, title }: CheckPlan, prop: string): void {
  if (NEED_RUN.includes(kind)) {
    throw new GateError(
      'CheckNeedsRun',
      `\`${prop}\` has check '${title}', which judges a run of the pipeline, but a hook of a deployment does not know its run: ` +
        'put the check into a gate before the deployment',
    );
  }
  if (kind === 'canary') {
    throw new GateError(
      'CheckNeedsGate',
      `\`${prop}\` has check '${title}', which compares for a whole bake, but a hook of a deployment cannot wait for the last of its data: ` +
        'put the check into a gate with a `bakeTime`',
    );
  }
}

/** Its checks have to be able to tell before the deployment stops waiting for the hook. */
export function mustFitHook(plan: CheckPlan, prop: string, longest: Duration): void {
  const needed = neededBy(plan);
  if (needed !== undefined && needed > longest.toSeconds()) {
    throw new GateError(
      'HookTooLong',
      `\`${prop}\` has check '${plan.title}', which needs ${Duration.seconds(needed).toHumanString()} for its \`initialDelay\`, its ` +
        `\`minSamples\` and the period of its metric, but a hook has ${longest.toHumanString()}: lower them, or put the check into a gate after the deployment`,
    );
  }
}
