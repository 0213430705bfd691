import { Duration } from 'aws-cdk-lib';
import type { CheckKind, CheckPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { neededBy } from './first-period';
import type { HookOfChecks } from './fits-gate';

/** What they measure belongs to one run of the pipeline. */
const NEED_RUN: readonly CheckKind[] = ['testReport', 'codeCoverage', 'imageScan', 'licenses'];

/** What runs checks in the place of a gate knows nothing of a run, and may not be able to wait for data that comes after its bake. */
export function mustSuitHook({ kind, title }: CheckPlan, { prop, what, waitsForData = false }: HookOfChecks): void {
  if (NEED_RUN.includes(kind)) {
    throw new GateError(
      'CheckNeedsRun',
      `\`${prop}\` has check '${title}', which judges what a run of the pipeline has built, but ${what} does not know that: ` +
        'put the check into a gate',
    );
  }
  if (kind === 'canary' && !waitsForData) {
    throw new GateError(
      'CheckNeedsGate',
      `\`${prop}\` has check '${title}', which compares for a whole bake, but ${what} cannot wait for the last of its data: ` +
        'put the check into a gate with a `bakeTime`',
    );
  }
}

/** The checks have to be able to tell before what runs them ends. */
export function mustFitHook(plan: CheckPlan, { prop, what, longest }: HookOfChecks): void {
  const needed = neededBy(plan);
  if (needed !== undefined && needed > longest.toSeconds()) {
    throw new GateError(
      'HookTooLong',
      `\`${prop}\` has check '${plan.title}', which needs ${Duration.seconds(needed).toHumanString()} for its \`initialDelay\`, its ` +
        `\`minSamples\` and the period of its metric, but ${what} has ${longest.toHumanString()}: lower them, or put the check into a gate after the deployment`,
    );
  }
}
