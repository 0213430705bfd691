import type { CheckTiming } from './timing';

export interface TestReportCheckPlan extends CheckTiming {
  readonly kind: 'testReport';
  /** What the builds of the run report to. */
  readonly reportGroupArn: string;
  /** So many tests have to have run, at least. */
  readonly minTests: number;
  /** Which failed tests count: each, or only those that had not failed in the last run that passed the gate. */
  readonly failures: 'ALL' | 'NEW';
  /** So many may be skipped. Absent = any number. */
  readonly maxSkipped?: number;
}
