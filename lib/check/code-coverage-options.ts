import type { CheckOptions } from './check-options';

/** Options of `Check.codeCoverage`. One of the two minimums has to be there, or the check could never fail. */
export interface CodeCoverageCheckOptions extends CheckOptions {
  /**
   * How many percent of the lines have to be covered by tests, at least: with fewer the check fails. More than 0, up to 100.
   *
   * @default - lines do not matter
   */
  readonly minLinePercent?: number;

  /**
   * How many percent of the branches have to be covered by tests, at least: with fewer the check fails. More than 0, up to 100.
   *
   * Some formats of reports, such as SimpleCov's, know no branches: the check cannot tell then.
   *
   * @default - branches do not matter
   */
  readonly minBranchPercent?: number;

  /**
   * By how many percentage points the coverage may be lower than in the newest other run that passed this gate: if it is by more, the check fails.
   * From 0 up; 0 = not at all. It has to be less than the way from 100 % to the lower minimum, or it could never fail. Lines are compared if `minLinePercent` is given, branches if `minBranchPercent` is.
   *
   * Small drops add up from run to run, so the minimums decide as well. They decide alone where there is no report to compare with: no run has passed
   * the gate yet, its report does not say it, or CodeBuild has dropped it after 30 days. The check says so then. A pipeline in mode `PARALLEL` may run
   * for several branches, and is compared with whichever passed last.
   *
   * @default - the coverage may be lower than before
   */
  readonly maxDropPoints?: number;
}
