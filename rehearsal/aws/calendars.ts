import { AwsError, type Service } from '../service';
import type { Surroundings } from './surroundings';

export type CalendarState = 'OPEN' | 'CLOSED';

interface Change {
  readonly at: number;
  readonly state: CalendarState;
}

/** Change Calendars of Systems Manager. A scenario says how they stand and what is planned in them; those of templates begin open. */
export class CalendarBoard {
  /** By name, in the order of their times. */
  private readonly changes = new Map<string, readonly Change[]>();

  constructor(private readonly around: Surroundings) {}

  /** From one time on, until what was planned later; or until another time, in place of all that was planned between them. */
  set(name: string, state: CalendarState, from: number, until = from): void {
    const others = this.changesOf(name) ?? [];
    const back = this.stateAt(name, until) ?? (state === 'OPEN' ? 'CLOSED' : 'OPEN');
    const kept = others.filter(({ at }) => at < from || at > until);
    const planned = [{ at: from, state }, ...(until > from ? [{ at: until, state: back }] : [])];
    this.changes.set(
      name,
      [...kept, ...planned].sort((one, other) => one.at - other.at),
    );
  }

  stateAt(name: string, at: number): CalendarState | undefined {
    return this.changesOf(name)?.findLast((change) => change.at <= at)?.state;
  }

  operations(): Pick<Service, 'operations' | 'authorize'> {
    return {
      operations: {
        GetCalendarState: ({ CalendarNames = [], AtTime }) => this.describe(CalendarNames, AtTime),
      },
      authorize: {
        GetCalendarState: ({ CalendarNames = [] }, { region }) => ({
          action: 'ssm:GetCalendarState',
          resources: CalendarNames.map((name: string) =>
            name.startsWith('arn:') ? name : `arn:aws:ssm:${region}:${this.around.account}:document/${name}`,
          ),
        }),
      },
    };
  }

  private describe(names: readonly string[], atTime: string | undefined): object {
    const at = atTime === undefined ? this.around.clock.now() : Date.parse(atTime);
    if (Number.isNaN(at)) throw new AwsError('ValidationException', `${atTime} is not a time`);
    const known = names.map(nameOf);
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

  private changesOf(name: string): readonly Change[] | undefined {
    return this.changes.get(name) ?? (this.isDeclared(name) ? [{ at: 0, state: 'OPEN' }] : undefined);
  }

  private isDeclared(name: string): boolean {
    return this.around
      .resources('AWS::SSM::Document')
      .some(({ physicalId, properties }) => physicalId === name && properties.DocumentType === 'ChangeCalendar');
  }
}

function nameOf(reference: string): string {
  return reference.slice(reference.indexOf('/') + 1);
}

function secondsOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
