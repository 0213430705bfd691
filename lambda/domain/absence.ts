/** An absence: who answers in whose place, from when until when. The person who goes away says so at the dashboard. */
import type { Person } from '../../contract/policy';
import { ABSENCE_AHEAD, LONGEST_ABSENCE } from './limits';
import { Malformed, parsed, text, time, type Fields, type Parsed } from './parsed';
import { mustBeOfThisVersion } from './rows';
import { DAY, elapsed, isBefore, iso, latestOf, millis, soonest } from './time';
import { APPROVER_ID } from './vote';

/** Partition of the absences in the requests table: one row for each person, which holds the newest. */
export const ABSENCES = 'absence';

export interface Absence {
  readonly person: string;
  readonly delegate: string;
  readonly from: string;
  readonly until: string;
  /** When it was said. */
  readonly setAt: string;
  /** When it was ended early. */
  readonly endedAt?: string;
}

/** An absence as somebody asks for it: days in UTC, `from` and `until` included. */
export interface AbsenceWish {
  readonly delegate: string;
  /** Absent = from now on. */
  readonly from?: string;
  readonly until: string;
}

/** Whether the person is away then: before its end, and never at it. */
export function isAway({ from, until, endedAt }: Absence, at: string): boolean {
  return !isBefore(at, from) && isBefore(at, soonest(until, endedAt));
}

/** Whether it is over, or was ended before it began. */
export function isPast({ until, endedAt }: Absence, at: string): boolean {
  return !isBefore(at, soonest(until, endedAt));
}

export function parseAbsence(row: Fields): Parsed<Absence> {
  return parsed('absence', () => {
    mustBeOfThisVersion(row);
    return {
      person: text(row, 'sk', APPROVER_ID),
      delegate: text(row, 'delegate', APPROVER_ID),
      from: time(row, 'from'),
      until: time(row, 'until'),
      setAt: time(row, 'setAt'),
      ...(row['endedAt'] === undefined ? {} : { endedAt: time(row, 'endedAt') }),
    };
  });
}

/** A wish in the text that is signed. */
export function wishText({ delegate, from = 'now', until }: AbsenceWish): string {
  return `${delegate} ${from} ${until}`;
}

export const WISH_TEXT = /^([0-9a-f]{12}) (now|\d{4}-\d{2}-\d{2}) (\d{4}-\d{2}-\d{2})$/;

/** Throws `Malformed`. */
export function parseWish(about: string): AbsenceWish {
  const [, delegate, from, until] = WISH_TEXT.exec(about) ?? [];
  if (delegate === undefined || from === undefined || until === undefined) {
    throw new Malformed('this is no wish for an absence');
  }
  return { delegate, until, ...(from === 'now' ? {} : { from }) };
}

/**
 * The absence that is wished for at a time. `people` are those who are declared: only whom the reviewed code names as a delegate of
 * this person can be one, and a mailbox that several people read never is.
 */
export function absenceOf(person: Person, wish: AbsenceWish, people: readonly Person[], now: string): Parsed<Absence> {
  return parsed('absence', () => {
    const delegate = delegatesAmong(people, person).find(({ id }) => id === wish.delegate);
    if (delegate === undefined) {
      throw new Malformed('this person is not one of your delegates');
    }
    const begins = wish.from === undefined ? now : latestOf(now, startOf(wish.from));
    const ends = iso(millis(startOf(wish.until)) + DAY);
    if (!isBefore(begins, ends)) {
      throw new Malformed('its last day is over before it begins');
    }
    if (elapsed(now, begins) > ABSENCE_AHEAD || elapsed(begins, ends) > LONGEST_ABSENCE) {
      throw new Malformed(
        `it has to begin within ${ABSENCE_AHEAD / DAY} days, and to last at most ${LONGEST_ABSENCE / DAY} days`,
      );
    }
    return { person: person.id, delegate: delegate.id, from: begins, until: ends, setAt: now };
  });
}

/** Those whom a person may name. */
export function delegatesAmong(people: readonly Person[], { id: own, delegates = [] }: Person): readonly Person[] {
  return delegates.flatMap((wanted) => {
    const delegate = people.find(({ id, shared, until }) => id === wanted && !shared && until === undefined);
    return delegate === undefined || delegate.id === own ? [] : [delegate];
  });
}

/** The first moment of a day in UTC. Throws `Malformed` for a day that no calendar has. */
function startOf(day: string): string {
  const at = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) {
    throw new Malformed('there is no such day');
  }
  return at.toISOString();
}
