import { AwsError, type Caller, type Service } from '../service';
import { accountOf } from './callers';
import type { Surroundings } from './surroundings';

export type CalendarState = 'OPEN' | 'CLOSED';

interface Change {
  readonly at: number;
  readonly state: CalendarState;
}

/** Which calendar: in the rehearsal's own account, unless said otherwise. */
export interface CalendarName {
  readonly name: string;
  readonly account?: string;
}

/**
 * Change Calendars of Systems Manager, of each account. A scenario says how they stand and what is planned in them; those of templates
 * begin open.
 */
export class CalendarBoard {
  /** By account and name, in the order of their times. */
  private readonly changes = new Map<string, readonly Change[]>();

  constructor(private readonly around: Surroundings) {}

  /** From one time on, until what was planned later; or until another time, in place of all that was planned between them. */
  set(calendar: CalendarName, state: CalendarState, from: number, until = from): void {
    const others = this.changesOf(calendar) ?? [];
    const back = this.stateAt(calendar, until) ?? (state === 'OPEN' ? 'CLOSED' : 'OPEN');
    const kept = others.filter(({ at }) => at < from || at > until);
    const planned = [{ at: from, state }, ...(until > from ? [{ at: until, state: back }] : [])];
    this.changes.set(
      this.keyOf(calendar),
      [...kept, ...planned].sort((one, other) => one.at - other.at),
    );
  }

  stateAt(calendar: CalendarName, at: number): CalendarState | undefined {
    return this.changesOf(calendar)?.findLast((change) => change.at <= at)?.state;
  }

  operations(): Pick<Service, 'operations' | 'authorize'> {
    return {
      operations: {
        GetCalendarState: ({ CalendarNames = [], AtTime }, caller) => this.describe(CalendarNames, AtTime, caller),
      },
      authorize: {
        GetCalendarState: ({ CalendarNames = [] }, caller) => ({
          action: 'ssm:GetCalendarState',
          resources: CalendarNames.map((name: string) =>
            name.startsWith('arn:') ? name : `arn:aws:ssm:${caller.region}:${accountOf(caller)}:document/${name}`,
          ),
        }),
      },
    };
  }

  private describe(names: readonly string[], atTime: string | undefined, caller: Caller): object {
    const at = atTime === undefined ? this.around.clock.now() : Date.parse(atTime);
    if (Number.isNaN(at)) throw new AwsError('ValidationException', `${atTime} is not a time`);
    const known = names.map((name) => calendarOf(name, caller));
    const stateAt = (time: number): CalendarState => {
      const states = known.map((name) => this.stateAt(name, time));
      if (states.includes(undefined)) throw new AwsError('InvalidDocument', 'Document does not exist');
      return states.includes('CLOSED') ? 'CLOSED' : 'OPEN';
    };
    const State = stateAt(at);
    const next = known
      .flatMap((name) => this.changesOf(name) ?? [])
      .map((change) => change.at)
      .sort((one, other) => one - other)
      .find((time) => time > at && stateAt(time) !== State);
    return {
      State,
      AtTime: secondsOf(at),
      ...(next === undefined ? {} : { NextTransitionTime: secondsOf(next) }),
    };
  }

  private changesOf(calendar: CalendarName): readonly Change[] | undefined {
    return (
      this.changes.get(this.keyOf(calendar)) ?? (this.isDeclared(calendar) ? [{ at: 0, state: 'OPEN' }] : undefined)
    );
  }

  private isDeclared({ name, account = this.around.account }: CalendarName): boolean {
    return this.around
      .resources('AWS::SSM::Document')
      .filter((document) => document.physicalId === name && document.account === account)
      .some(({ properties }) => properties.DocumentType === 'ChangeCalendar');
  }

  private keyOf({ name, account = this.around.account }: CalendarName): string {
    return `${account}/${name}`;
  }
}

/** By its ARN, or by a name in the caller's account. */
function calendarOf(reference: string, caller: Caller): CalendarName {
  const [, account = accountOf(caller), name = reference] =
    /^arn:[^:]+:ssm:[^:]*:(\d+):document\/(.+)$/.exec(reference) ?? [];
  return { name, account };
}

function secondsOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
