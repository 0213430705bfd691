import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Step } from './step';

type Watched = Pick<Step, 'name' | 'what' | 'checks'>;

/** The last place that a change reaches, whoever added it. */
export interface LastPlace extends Pick<Step, 'name' | 'what'> {
  readonly isGated: boolean;
}

/** Says where a change goes on unseen, when all stages and waves are there. The last one counts as production. */
export function warnOfGaps(
  scope: Construct,
  construct: string,
  steps: readonly Watched[],
  production: LastPlace | undefined,
): void {
  if (production?.isGated === false) {
    Annotations.of(scope).addWarningV2(
      `cdk-approval-gates:${construct}.ungated`,
      `${production.what} '${production.name}' is the last one and has no gate: every change that builds reaches it; ` +
        'set `manualApproval: true` or give `checks`, or acknowledge this with the reason why that is wanted',
    );
  }
  const unchecked = steps.find(
    ({ name, what, checks }) => what === 'wave' && checks.length === 0 && name !== production?.name,
  );
  if (unchecked !== undefined) {
    Annotations.of(scope).addWarningV2(
      `cdk-approval-gates:${construct}.uncheckedWave`,
      `wave '${unchecked.name}' has no checks, so a version that is deployed there and does not work goes on to what comes after it; ` +
        'give `checks` to the wave or to its targets, or acknowledge this with the reason why that is wanted',
    );
  }
}
