import type { CheckOptions } from './check-options';

/** Which failed tests fail `Check.testReport`. */
export enum TestFailures {
  /** Each of them. */
  ALL = 'ALL',
  /**
   * Only those that had not failed in the last run that passed this gate, however it passed: by its checks, by approvers or by an answer in
   * the AWS console. What failed in it behind this gate counts, and a rollback is compared with the run that it goes back to, if that passed the
   * gate. A test is the same if its stage, its action, its suite, its prefix and its name are. Where nothing can be compared with, each failed
   * test counts: without an earlier run among the newest 500 actions of the pipeline, and once CodeBuild has dropped its report, after 30 days.
   *
   * A pipeline in `PARALLEL` mode may run for several branches: what is known in one of them is then forgiven in the others. Use `ALL` there.
   */
  NEW = 'NEW',
}

/** Options of `Check.testReport`. */
export interface TestReportCheckOptions extends CheckOptions {
  /**
   * How many tests have to have run, at least: with fewer the check fails. From 1 to 1,000,000.
   *
   * Skipped tests did not run. Choose a number near the one that you have, and tests that were lost by accident are noticed.
   *
   * @default 1
   */
  readonly minTests?: number;

  /**
   * Which failed tests fail the check. With `TestFailures.NEW`, tests that nobody has repaired yet hold no change back, and a test that begins to
   * fail does.
   *
   * @default TestFailures.ALL
   */
  readonly failures?: TestFailures;

  /**
   * How many tests may be skipped: with more the check fails. From 0 to 1,000,000.
   *
   * @default - any number
   */
  readonly maxSkipped?: number;
}
