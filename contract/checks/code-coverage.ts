import type { CheckTiming } from './timing';

export interface CodeCoverageCheckPlan extends CheckTiming {
  readonly kind: 'codeCoverage';
  /** What the builds of the run report to. */
  readonly reportGroupArn: string;
  /** So many percent of the lines have to be covered, at least. Absent = lines do not matter. */
  readonly minLinePercent?: number;
  /** The same for branches. One of the two is always there. */
  readonly minBranchPercent?: number;
  /** By so many percentage points less than in the newest other run that passed the gate may be covered of what has a minimum. Absent = by any. */
  readonly maxDropPoints?: number;
}
