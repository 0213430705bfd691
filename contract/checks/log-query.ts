import type { CheckTiming } from './timing';

export interface LogQueryCheckPlan extends CheckTiming {
  readonly kind: 'logQuery';
  readonly logGroup: string;
  readonly region: string;
  /** Commands of Logs Insights that choose log lines. */
  readonly query: string;
  /** So many chosen lines are healthy. */
  readonly maxMatches: number;
  /** What a log group means that nothing was written to. */
  readonly missingData: 'INCONCLUSIVE' | 'HEALTHY';
}
