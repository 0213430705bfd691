import type { CheckKind, CheckPlan } from '../../contract/checks';
import { GateError } from '../errors';

/** What they measure belongs to one run of the pipeline. */
const NEED_RUN: readonly CheckKind[] = ['testReport', 'imageScan'];

/** A hook of a deployment knows of no run. */
export function mustNotNeedRun({ kind, title }: CheckPlan, prop: string): void {
  if (NEED_RUN.includes(kind)) {
    throw new GateError(
      'CheckNeedsRun',
      `\`${prop}\` has check '${title}', which judges a run of the pipeline, but a hook of a deployment does not know its run: ` +
        'put the check into a gate before the deployment',
    );
  }
}
