import type { MetricSource } from './metric-source';
import type { CheckTiming } from './timing';

/** A canary is compared with the stable version that serves beside it. */
export interface CanaryCheckPlan extends CheckTiming {
  readonly kind: 'canary';
  /** Seconds of a data point: the period of every metric. */
  readonly period: number;
  /** Data points of each side that are compared in the end. */
  readonly points: number;
  /** With fewer nothing is judged. */
  readonly minPoints: number;
  /** At least one. */
  readonly metrics: readonly ComparedMetricPlan[];
  /** How much a group counts, in per cent. Groups that are not named share what is left. */
  readonly groupWeights: Readonly<Record<string, number>>;
  /** From this score up the canary passes. */
  readonly pass: number;
  /** Below this score the canary fails; from there to `pass` nobody can tell. */
  readonly marginal: number;
}

export interface ComparedMetricPlan {
  readonly name: string;
  readonly canary: MetricSource;
  readonly baseline: MetricSource;
  readonly worseWhen: WorseWhen;
  readonly minEffect: number;
  readonly group: string;
  readonly criticality: CanaryCriticality;
}

/** Which difference is bad. */
export type WorseWhen = 'HIGHER' | 'LOWER' | 'DIFFERENT';

/** CRITICAL: it fails the canary alone. REPORT_ONLY: shown, never decides. */
export type CanaryCriticality = 'NORMAL' | 'CRITICAL' | 'REPORT_ONLY';

/** With so few minutes or fewer, hardly any difference could be told from chance. */
export const CANARY_POINTS = { fewest: 5, usual: 30 } as const;
