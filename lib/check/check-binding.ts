import type * as iam from 'aws-cdk-lib/aws-iam';
import type { CheckPlan } from '../../contract/checks';
import type { Timing } from './timing';

/** What a check becomes in a stack. */
export interface CheckBinding {
  readonly draft: CheckDraft;
  /** What the measuring role needs: exact actions on exact resources. */
  readonly statements: iam.PolicyStatement[];
  /** Where that is which is measured. Absent where it is in no account, as a web address. */
  readonly place?: Place;
}

/** Account and Region, as far as synth knows them. What is not said is the same as at the gate. */
export interface Place {
  readonly account?: string;
  readonly region?: string;
}

/** How a check is measured, except for what depends on where it stands: its id among others, and defaults of that place. */
export type CheckDraft = DraftOf<CheckPlan>;

type DraftOf<Plan> = Plan extends CheckPlan
  ? Omit<Plan, 'id' | 'inconclusiveLimit' | 'reader'> & Pick<Timing, 'inconclusiveLimit' | 'readerName'>
  : never;
