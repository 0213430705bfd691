import type { CheckTiming } from './timing';

export interface ChangeSetCheckPlan extends CheckTiming {
  readonly kind: 'changeSet';
  readonly stack: string;
  readonly name: string;
  readonly region: string;
  /** What fails. At least one. */
  readonly risks: readonly ChangeRisk[];
  /** Types of resources that do not matter. Absent = none. */
  readonly ignoredTypes?: readonly string[];
}

export type ChangeRisk = 'REPLACEMENT' | 'REMOVAL' | 'PERMISSIONS';
