/** The course of a check: what its measurements said over time. It is drawn for people and never read to decide. */
export interface Course {
  /** When the first step begins. */
  readonly from: string;
  /** Oldest first. */
  readonly steps: readonly Step[];
  /** Where the value begins to be unhealthy, by the newest measurement that said so. */
  readonly limit?: number;
  /** What stands behind its values: `%`. */
  readonly unit?: string;
}

/** As short as this, because it is written with every measurement. The end is in seconds after the first step's begin. */
export type Step = readonly [end: number, verdict: StepVerdict, low?: number, high?: number, baseline?: number];

/** The verdicts of measurements, the worst first. */
export const STEP_VERDICTS = ['FAIL', 'ERROR', 'INCONCLUSIVE', 'WORKING', 'PASS'] as const;
export type StepVerdict = (typeof STEP_VERDICTS)[number];
