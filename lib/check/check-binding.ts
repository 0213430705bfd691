import type * as iam from 'aws-cdk-lib/aws-iam';
import type { CheckPlan } from '../../contract/checks';

/** What a check becomes in a stack. */
export interface CheckBinding {
  readonly draft: CheckDraft;
  /** What the measuring role needs: exact actions on exact resources. */
  readonly statements: iam.PolicyStatement[];
}

/** How a check is measured, except for what depends on where it stands: its id among others, and defaults of that place. */
export type CheckDraft = DraftOf<CheckPlan>;

type DraftOf<Plan> = Plan extends CheckPlan
  ? Omit<Plan, 'id' | 'inconclusiveLimit'> & { readonly inconclusiveLimit?: number }
  : never;
