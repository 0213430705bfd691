/** Whether an approval may go to CodePipeline at a time: the window by the clock, the calendars as Systems Manager knows them. */
import type { GatePolicy } from '../../contract/policy';
import type { CalendarState } from '../aws/calendars';
import { Pace, Patience } from '../domain/limits';
import { openingOf, type Closed, type Opening } from '../domain/opening';
import { slowingDown } from '../domain/pace';
import type { Decided, Waiting } from '../domain/request';
import type { Start } from '../domain/start-later';
import { elapsed, isBefore, latestOf, plus, soonest } from '../domain/time';
import { calendarName } from '../domain/window';
import type { Ports } from './ports';

/** Closings that follow each other: after so many, a later look goes on. */
const ROUNDS = 10;

/**
 * When the window and every calendar are open, not before the time that was asked for. The calendars are asked how they will be then,
 * so that nobody is promised an opening in which a freeze is planned.
 *
 * @param start what the approvals that count ask for
 */
export async function openingAt(
  ports: Ports,
  request: Waiting | Decided,
  { window, freezes = [], answerRole }: GatePolicy,
  at: string,
  start?: Start,
): Promise<Opening> {
  const { deadline } = request.run;
  const first = openingOf(window, at, deadline, start);
  let time = first.kind === 'OPEN' ? at : first.opensAt;
  if (freezes.length === 0 || time === undefined) {
    return first;
  }
  const calendars = await ports.calendars(answerRole, request.id);
  // A calendar that is closed at the chosen time is the reason then.
  let why = first.kind === 'OPEN' || time === start?.at ? undefined : first.why;
  let next = first.kind === 'OPEN' ? undefined : first.next;
  for (let round = 0; round < ROUNDS; round += 1) {
    const asked: string = time;
    const states = await Promise.all(freezes.map(async (name) => ({ name, state: await calendars.at(name, asked) })));
    const unreadable = states.find(({ state }) => state.kind === 'UNREADABLE');
    if (unreadable !== undefined) {
      return unreadableCalendar(unreadable.name, request, at);
    }
    const shut = states.find(({ state }) => state.kind === 'CLOSED');
    if (shut === undefined) {
      break;
    }
    const blocker = `change calendar '${calendarName(shut.name)}' is closed`;
    why ??= blocker;
    next ??= plus(at, slowingDown(sinceOf(request, blocker, at), at));
    const opens = openAfter(
      states.map(({ state }) => state),
      asked,
    );
    const again = opens === undefined ? undefined : openingOf(window, opens, deadline);
    const opensAt = again?.kind === 'CLOSED' ? again.opensAt : opens;
    if (opensAt === undefined || !isBefore(opensAt, deadline)) {
      return { kind: 'CLOSED', why: blocker, next };
    }
    time = opensAt;
  }
  return why === undefined ? first : { kind: 'CLOSED', why, opensAt: time, next: soonest(time, next) };
}

/** When all that are closed have opened; undefined where one does not say when. */
function openAfter(states: readonly CalendarState[], time: string): string | undefined {
  const ends = states.flatMap((state) => (state.kind === 'CLOSED' ? [state.opensAt] : []));
  return ends.includes(undefined) ? undefined : latestOf(time, ...ends);
}

function unreadableCalendar(name: string, request: Waiting | Decided, at: string): Closed {
  const why = `change calendar '${calendarName(name)}' cannot be read`;
  const since = sinceOf(request, why, at);
  const pause = elapsed(since, at) < Patience.PARAMETER ? Pace.SOON : slowingDown(since, at);
  return { kind: 'CLOSED', why, unreadable: true, next: plus(at, pause) };
}

function sinceOf({ held }: Waiting | Decided, why: string, at: string): string {
  return held?.why === why ? held.since : at;
}
