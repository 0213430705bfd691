import type { TimeZone } from 'aws-cdk-lib';
import type { WeeklyRange, WindowRule } from '../../contract/deployment-window';
import { DAY_MINUTES, MOST_RANGES } from '../../contract/deployment-window';
import { GateError } from '../errors';
import { mustBeLiteral } from '../private/text';
import { mustBeTimeZone } from '../private/time-zone';
import { mustBeOptions, shown } from '../private/types';

/** A day of the week. */
export enum Weekday {
  /** Monday. */
  MONDAY = 'MONDAY',
  /** Tuesday. */
  TUESDAY = 'TUESDAY',
  /** Wednesday. */
  WEDNESDAY = 'WEDNESDAY',
  /** Thursday. */
  THURSDAY = 'THURSDAY',
  /** Friday. */
  FRIDAY = 'FRIDAY',
  /** Saturday. */
  SATURDAY = 'SATURDAY',
  /** Sunday. */
  SUNDAY = 'SUNDAY',
}

/** The same hours on some days of the week. */
export interface WeeklyHours {
  /**
   * The days on which the hours begin.
   *
   * @default - Monday to Friday
   */
  readonly days?: Weekday[];

  /** When they begin, as a clock on the wall shows it: `'09:00'`. From `'00:00'` to `'23:59'`. */
  readonly from: string;

  /**
   * When they end: `'16:00'`. That minute is no part of them. `'24:00'` is the end of the day; a time before `from` is on the next day.
   */
  readonly to: string;
}

/** When an approval may take effect: at other times it is held back until the window opens. */
export class DeploymentWindow {
  /**
   * The same hours every week: `DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' })` is Monday to Friday
   * from nine to four in Berlin.
   *
   * The clock there counts, so that the hours stay where they are when clocks are changed. An hour that a day does not have then
   * is left out, and one that a day has twice is open twice.
   *
   * @param timeZone whose clock counts; known at synth
   * @param hours 1 to 20; the window is open in any of them
   */
  public static weekly(timeZone: TimeZone, ...hours: WeeklyHours[]): DeploymentWindow {
    return new DeploymentWindow({ timeZone: zoneOf(timeZone), ranges: rangesOf(hours) });
  }

  private readonly rule: WindowRule;

  private constructor(rule: WindowRule) {
    this.rule = rule;
  }

  /**
   * As the policy says it.
   *
   * @internal
   */
  public get _rule(): WindowRule {
    return this.rule;
  }
}

const WEEK = Object.values(Weekday);

function zoneOf(timeZone: TimeZone): string {
  const name: unknown = (timeZone as Partial<TimeZone> | undefined)?.timezoneName;
  if (typeof name !== 'string') {
    throw new GateError(
      'WrongType',
      `\`window\` has ${shown(timeZone)} for its time zone: take one of \`TimeZone\`, such as TimeZone.EUROPE_BERLIN`,
    );
  }
  mustBeLiteral('timeZone', name, 'the window is checked at synth');
  mustBeTimeZone(timeZone);
  return name;
}

function rangesOf(hours: readonly WeeklyHours[]): readonly WeeklyRange[] {
  if (hours.length === 0 || hours.length > MOST_RANGES) {
    throw new GateError(
      'InvalidWindow',
      `\`window\` has ${hours.length} ranges of hours, but needs 1 to ${MOST_RANGES}: give them as { from: '09:00', to: '16:00' }`,
    );
  }
  return hours.map(rangeOf);
}

function rangeOf(hours: WeeklyHours): WeeklyRange {
  mustBeOptions('DeploymentWindow.weekly', hours, "{ from: '09:00', to: '16:00' }");
  const from = minutesIn('from', hours.from, DAY_MINUTES - 1);
  const until = minutesIn('to', hours.to, DAY_MINUTES);
  if (from === until) {
    throw new GateError(
      'InvalidWindow',
      `\`window\` is open from '${hours.from}' to '${hours.to}', which is never or always: for whole days write from '00:00' to '24:00'`,
    );
  }
  return { days: daysOf(hours.days), from, to: until === 0 ? DAY_MINUTES : until };
}

/** 1 = Monday. */
function daysOf(given: readonly Weekday[] | undefined): readonly number[] {
  const days: readonly unknown[] = given ?? WEEK.slice(0, 5);
  const wrong = days.find((day) => !WEEK.includes(day as Weekday));
  if (days.length === 0 || wrong !== undefined) {
    throw new GateError(
      'InvalidWindow',
      `\`window\` has ${days.length === 0 ? 'no `days`' : `the day ${shown(wrong)}`}: give days such as Weekday.MONDAY, or leave \`days\` ` +
        'out for Monday to Friday',
    );
  }
  return WEEK.flatMap((day, index) => (days.includes(day) ? [index + 1] : []));
}

function minutesIn(prop: string, time: unknown, most: number): number {
  mustBeLiteral(prop, time as string, 'the window is checked at synth');
  const [, hour, minute] = /^(\d{2}):([0-5]\d)$/.exec(String(time)) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  if (hour === undefined || minutes > most) {
    throw new GateError(
      'InvalidWindow',
      `\`window\` has ${shown(time)} for \`${prop}\`, but needs a time from '00:00' to '${most === DAY_MINUTES ? '24:00' : '23:59'}': write '09:00'`,
    );
  }
  return minutes;
}
