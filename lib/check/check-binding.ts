import type * as iam from 'aws-cdk-lib/aws-iam';
import type { CheckPlan } from '../../contract/policy';

/** What a check becomes in a stack. */
export interface CheckBinding {
  /** How it is measured. Its id is a wish until the checks of a gate are put together. */
  readonly plan: CheckPlan;
  /** What the measuring role needs: exact actions on exact resources. */
  readonly statements: iam.PolicyStatement[];
}
