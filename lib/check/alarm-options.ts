import type { CheckOptions } from './check-options';

/** What an alarm without enough data means. */
export enum MissingData {
  /** The check cannot tell, so the gate does not open by itself. */
  INCONCLUSIVE = 'INCONCLUSIVE',
  /** Silence is good: for alarms on errors of rarely called services. */
  HEALTHY = 'HEALTHY',
}

/** What an alarm means that was red already when the gate began. */
export enum AlreadyRed {
  /** The check fails at once. */
  FAIL = 'FAIL',
  /**
   * The check waits until the alarm has been green once, then counts every red: lets the fix for a red alarm pass.
   * An alarm that never turns green leaves the check unable to tell.
   */
  IGNORE_UNTIL_GREEN = 'IGNORE_UNTIL_GREEN',
}

/** Options of `Check.alarm`. */
export interface AlarmCheckOptions extends CheckOptions {
  /**
   * What INSUFFICIENT_DATA means.
   *
   * @default MissingData.INCONCLUSIVE
   */
  readonly missingData?: MissingData;

  /**
   * What an alarm means that was red already when the gate began.
   *
   * @default AlreadyRed.FAIL
   */
  readonly alreadyRed?: AlreadyRed;
}
