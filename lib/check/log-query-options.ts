import type { MissingData } from './alarm-options';
import type { CheckOptions } from './check-options';

/** Options of `Check.logQuery`. */
export interface LogQueryCheckOptions extends CheckOptions {
  /**
   * How many chosen lines are healthy: from one measurement to the next, and two minutes before that, in which lines may have come late. From 0
   * to 1,000,000.
   *
   * @default 0
   */
  readonly maxMatches?: number;

  /**
   * What it means that nothing at all was written to the log group.
   *
   * @default MissingData.INCONCLUSIVE
   */
  readonly missingData?: MissingData;
}
