import type { CheckTiming } from './timing';

export interface ChangeCalendarCheckPlan extends CheckTiming {
  readonly kind: 'changeCalendar';
  readonly calendar: string;
  readonly region: string;
}
