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
}
