import type { FindingsRule } from './findings';
import type { CheckTiming } from './timing';

export interface SecurityFindingsCheckPlan extends CheckTiming, FindingsRule {
  readonly kind: 'securityFindings';
  readonly region: string;
  readonly resources: FindingResources;
  /** Names of the products whose findings count. Absent = all. */
  readonly products?: readonly string[];
}

/** Whose findings count. */
export type FindingResources = TaggedResources | ResourceByArn;

export interface TaggedResources {
  readonly by: 'TAG';
  readonly key: string;
  readonly value: string;
}

export interface ResourceByArn {
  readonly by: 'ARN';
  readonly arn: string;
}
