/** Change Calendars of Systems Manager, read by the answer role of a gate. */
import { GetCalendarStateCommand, type GetCalendarStateResponse, type SSMClient } from '@aws-sdk/client-ssm';
import { isBefore, iso, millis } from '../domain/time';
import { classify } from './failure';
import { errorName, log } from './log';

/** How a calendar stands at a time. A closed one may say when it opens next. */
export type CalendarState =
  { readonly kind: 'OPEN' } | { readonly kind: 'CLOSED'; readonly opensAt?: string } | { readonly kind: 'UNREADABLE' };

export class Calendars {
  constructor(private readonly client: SSMClient) {}

  /** Whatever keeps it from being read: nobody knows that it is open. */
  async at(calendar: string, time: string): Promise<CalendarState> {
    try {
      const AtTime = time.replace(/\.\d+Z$/, 'Z');
      return stateOf(await this.client.send(new GetCalendarStateCommand({ CalendarNames: [calendar], AtTime })), time);
    } catch (error) {
      if (classify(error) === 'DEFECT') {
        throw error;
      }
      log('WARN', 'a change calendar cannot be read', { reason: calendar, error: errorName(error) });
      return { kind: 'UNREADABLE' };
    }
  }
}

function stateOf({ State, NextTransitionTime }: GetCalendarStateResponse, time: string): CalendarState {
  if (State === 'OPEN') {
    return { kind: 'OPEN' };
  }
  if (State !== 'CLOSED') {
    return { kind: 'UNREADABLE' };
  }
  const isLater = NextTransitionTime !== undefined && isBefore(time, NextTransitionTime);
  return { kind: 'CLOSED', ...(isLater ? { opensAt: iso(millis(NextTransitionTime)) } : {}) };
}
