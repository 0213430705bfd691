import type { CheckTiming } from './timing';

export interface TestReportCheckPlan extends CheckTiming {
  readonly kind: 'testReport';
  /** What the builds of the run report to. */
  readonly reportGroupArn: string;
  /** So many tests have to have run, at least. */
  readonly minTests: number;
  /** So many may be skipped. Absent = any number. */
  readonly maxSkipped?: number;
}
