import type { CheckOptions } from './check-options';

/** Options of `Check.changeCalendar`. */
export interface ChangeCalendarCheckOptions extends CheckOptions {
  /**
   * Account of the calendar. In another account than the gate's, a `CheckReader` has to be deployed.
   *
   * @default - the account of the gate
   */
  readonly account?: string;

  /**
   * Region of the calendar.
   *
   * @default - the Region of the gate
   */
  readonly region?: string;
}
