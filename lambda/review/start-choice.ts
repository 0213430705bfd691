/** When an approval is to take effect, as an approver types it: date and time on the clock of a time zone, or nothing. */
import { peopleOf } from '../../contract/policy';
import { START_BEFORE_DEADLINE } from '../domain/limits';
import { localTime } from '../domain/plain-time';
import type { Waiting } from '../domain/request';
import { isBefore, millis, plus, soonest } from '../domain/time';
import { momentsOf, shownAt } from '../domain/time-zone';
import { firstOpen } from '../domain/window';
import type { Problem } from './answer';
import type { Question } from './link';

/** What a stranger typed. Both are empty where nothing was chosen. */
export interface TypedStart {
  readonly date: string;
  readonly time: string;
}

export const AT_ONCE: TypedStart = { date: '', time: '' };

/** The time of the call, and the time zone in which people type. */
export interface Clock {
  readonly now: string;
  readonly timeZone: string;
}

/** Whether this gate offers a later start. */
export function offersStart({ shown }: Waiting): boolean {
  return peopleOf(shown.policy.rule)?.startLater !== undefined;
}

export function judgeStart(
  { request, me }: Pick<Question, 'request' | 'me'>,
  typed: TypedStart,
  clock: Clock,
): { readonly notBefore?: string; readonly problems: readonly Problem[] } {
  const [date, time] = [typed.date.trim(), typed.time.trim()];
  if (date === '' && time === '') {
    return { problems: [] };
  }
  // Whoever typed a time does not mean "at once".
  if (!offersStart(request)) {
    return problem('This gate does not offer a later start any more. Look again, and answer without one.', 'answer');
  }
  if (date === '' || time === '') {
    return problem('Give both the date and the time of the start, or neither to start at once.');
  }
  const shown = clockTime(date, time);
  if (shown === undefined) {
    return problem('Give the start as a date such as 2026-11-27 and a time such as 22:00.');
  }
  const [notBefore, again] = momentsOf(shown, clock.timeZone);
  if (notBefore === undefined) {
    return problem(`Clocks in ${clock.timeZone} are put forward then: ${date} has no ${time}. Choose another time.`);
  }
  if (again !== undefined) {
    return problem(`Clocks in ${clock.timeZone} are put back then: ${date} has ${time} twice. Choose another time.`);
  }
  const why = whyImpossible(request, me, notBefore, clock);
  return why === undefined ? { notBefore, problems: [] } : problem(why);
}

/** As the form shows it again. */
export function typedAt(notBefore: string, timeZone: string): TypedStart {
  return shownAt(millis(notBefore), timeZone);
}

/** A guest has no vote when their time is over, so an approval for later than that would approve nothing. */
function whyImpossible(
  { run, shown }: Waiting,
  { until }: Question['me'],
  notBefore: string,
  { now, timeZone }: Clock,
): string | undefined {
  if (!isBefore(now, notBefore)) {
    return `That start is over: it is ${localTime(now, timeZone)} now. Choose a later one, or leave both fields empty to start at once.`;
  }
  const end = soonest(run.deadline, until);
  const ends = end === until ? 'your time to answer ends' : 'the gate stops waiting';
  const latest = plus(end, -START_BEFORE_DEADLINE);
  if (!isBefore(now, latest)) {
    return `Nothing can start later any more, because ${ends} within minutes. Leave both fields empty to start at once.`;
  }
  if (isBefore(latest, notBefore)) {
    return `That start is too late: ${ends} soon after. The latest is ${localTime(latest, timeZone)}.`;
  }
  const { window } = shown.policy;
  return window === undefined || firstOpen(window, notBefore, end) !== undefined
    ? undefined
    : 'That start is too late: the deployment window does not open between then and the end of the time.';
}

/** Browsers offer the year 26 to whoever types two digits, and other years that no clock knows. */
const DATE = /^[1-9]\d{3}-\d{2}-\d{2}$/;

/** In milliseconds, as if the clock showed UTC. Undefined where there is no such date or time. */
function clockTime(date: string, time: string): number | undefined {
  if (!DATE.test(date)) {
    return undefined;
  }
  // Browsers may add seconds.
  const [, clock] = /^(\d{2}:\d{2})(?::00(?:\.0+)?)?$/.exec(time) ?? [];
  const text = `${date}T${clock}:00.000Z`;
  const shown = millis(text);
  return Number.isNaN(shown) || new Date(shown).toISOString() !== text ? undefined : shown;
}

function problem(text: string, field: Problem['field'] = 'start'): { readonly problems: readonly Problem[] } {
  return { problems: [{ field, text }] };
}
