import fc from 'fast-check';
import type { WindowRule } from '../../../contract/deployment-window';
import {
  closedFor,
  heldBy,
  heldInWords,
  isStillHeld,
  neverOpens,
  OPEN,
  openingOf,
  type Closed,
} from '../../../lambda/domain/opening';
import { plainTime } from '../../../lambda/domain/plain-time';
import { firstOpen } from '../../../lambda/domain/window';
import { at, BO, minutes, outcomeOf } from '../samples';

const OFFICE: WindowRule = { timeZone: 'Europe/Berlin', ranges: [{ days: [1, 2, 3, 4, 5], from: 540, to: 960 }] };
const FRIDAY_EVENING = '2026-11-27T18:00:00.000Z';
const MONDAY = '2026-11-30T08:00:00.000Z';
const NEXT_WEEK = '2026-12-04T18:00:00.000Z';
const CLOSED: Closed = { kind: 'CLOSED', why: 'its deployment window is closed', opensAt: MONDAY, next: MONDAY };

describe('openingOf', () => {
  test('a gate without a window is open', () => {
    expect(openingOf(undefined, FRIDAY_EVENING, NEXT_WEEK)).toEqual(OPEN);
  });

  test('a window says when it opens, and that it does not before the deadline', () => {
    expect(openingOf(OFFICE, FRIDAY_EVENING, NEXT_WEEK)).toEqual(CLOSED);
    expect(openingOf(OFFICE, FRIDAY_EVENING, MONDAY)).toEqual({ kind: 'CLOSED', why: CLOSED.why });
    expect(openingOf(OFFICE, MONDAY, NEXT_WEEK)).toEqual(OPEN);
  });

  test('a window that is open stays so when the deadline is over: whatever CodePipeline still takes may go out', () => {
    expect(openingOf(OFFICE, MONDAY, FRIDAY_EVENING)).toEqual(OPEN);
  });
});

describe('a start that was asked for', () => {
  const at = (time: string) => ({ at: time, by: BO });
  const asked = (time: string) => `it is to start no earlier than ${plainTime(time)}, as bo@example.com asked`;

  test('holds back until then, and says who asked', () => {
    const saturday = '2026-11-28T22:00:00.000Z';
    expect(openingOf(undefined, FRIDAY_EVENING, NEXT_WEEK, at(saturday))).toEqual({
      kind: 'CLOSED',
      why: asked(saturday),
      opensAt: saturday,
      next: saturday,
    });
    expect(openingOf(undefined, saturday, NEXT_WEEK, at(saturday))).toEqual(OPEN);
  });

  test('counts beside the window: the later of the two', () => {
    const saturday = '2026-11-28T22:00:00.000Z';
    const tuesday = '2026-12-01T10:00:00.000Z';
    const evening = '2026-12-01T20:00:00.000Z';
    expect(openingOf(OFFICE, FRIDAY_EVENING, NEXT_WEEK, at(saturday))).toEqual(CLOSED);
    expect(openingOf(OFFICE, FRIDAY_EVENING, NEXT_WEEK, at(tuesday))).toMatchObject({
      why: asked(tuesday),
      opensAt: tuesday,
    });
    // The window is open now, and shut then.
    expect(openingOf(OFFICE, MONDAY, NEXT_WEEK, at(evening))).toMatchObject({
      why: CLOSED.why,
      opensAt: '2026-12-02T08:00:00.000Z',
    });
  });

  test('that is not before the deadline never opens it, whatever the window', () => {
    for (const window of [undefined, OFFICE]) {
      expect(openingOf(window, FRIDAY_EVENING, NEXT_WEEK, at(NEXT_WEEK))).toEqual({
        kind: 'CLOSED',
        why: asked(NEXT_WEEK),
      });
    }
  });

  test('that the window leaves no time for is told as the window', () => {
    const sunday = '2026-11-29T10:00:00.000Z';
    expect(openingOf(OFFICE, FRIDAY_EVENING, MONDAY, at(sunday))).toEqual({ kind: 'CLOSED', why: CLOSED.why });
  });

  test('never lets anything go ahead before its time or outside of the window', () => {
    const time = fc
      .integer({ min: Date.parse(FRIDAY_EVENING), max: Date.parse(NEXT_WEEK) })
      .map((ms) => new Date(ms).toISOString());
    fc.assert(
      fc.property(time, time, fc.option(fc.constant(OFFICE), { nil: undefined }), (now, start, window) => {
        const opening = openingOf(window, now, NEXT_WEEK, at(start));
        const isOpen = window === undefined || firstOpen(window, now, NEXT_WEEK) === now;
        expect(opening.kind === 'OPEN').toBe(now >= start && isOpen);
        if (opening.kind === 'CLOSED' && opening.opensAt !== undefined) {
          expect(opening.opensAt > now && opening.opensAt >= start).toBe(true);
          expect(openingOf(window, opening.opensAt, NEXT_WEEK, at(start))).toEqual(OPEN);
        }
      }),
    );
  });
});

describe('closedFor', () => {
  test('an approval is held back, a rejection never', () => {
    expect(closedFor({ kind: 'APPROVED' }, { type: 'STANDARD' }, CLOSED)).toBe(CLOSED);
    expect(closedFor({ kind: 'REJECTED' }, { type: 'STANDARD' }, CLOSED)).toBeUndefined();
    expect(closedFor({ kind: 'APPROVED' }, { type: 'STANDARD' }, OPEN)).toBeUndefined();
  });

  test('only a rollback that CodePipeline started to a run that passed this gate goes ahead', () => {
    const held = (automatic: boolean, proven: boolean) =>
      closedFor({ kind: 'APPROVED' }, { type: 'ROLLBACK', automatic, proven }, CLOSED) !== undefined;
    expect([held(true, true), held(false, true), held(true, false)]).toEqual([false, true, true]);
  });
});

test('what is held back for one reason is so since it began', () => {
  const first = heldBy(CLOSED, outcomeOf(), undefined, at(10));
  expect(first).toMatchObject({ since: at(10), opensAt: MONDAY });
  expect(heldBy(CLOSED, outcomeOf(), first, at(20)).since).toBe(at(10));
  expect(
    heldBy({ kind: 'CLOSED', why: 'it is shut' }, outcomeOf({ summary: 'Approved' }), undefined, at(10)),
  ).toStrictEqual({
    summary: 'Approved',
    why: 'it is shut',
    since: at(10),
  });
  expect(heldBy({ ...CLOSED, why: 'another' }, outcomeOf(), first, at(20)).since).toBe(at(20));
});

test('a gate that does not open in time says so at once, one that nobody can read after a while', () => {
  expect(neverOpens(CLOSED, at(0), at(0))).toBeUndefined();
  expect(neverOpens({ kind: 'CLOSED', why: 'it is shut' }, at(0), at(0))).toBe(
    'it is shut, and does not open before the deadline',
  );
  const unreadable: Closed = { kind: 'CLOSED', why: 'nobody can read it', unreadable: true };
  expect(neverOpens(unreadable, at(0), at(minutes(15) - 1))).toBeUndefined();
  expect(neverOpens(unreadable, at(0), at(minutes(15)))).toBe('nobody can read it');
});

test('people read when it goes ahead, or why it does not', () => {
  const held = { summary: 'Approved by Ana', why: 'it is shut', since: at(0) };
  expect(heldInWords({ ...held, opensAt: MONDAY }, 'Europe/Berlin')).toBe(
    'Approved by Ana. It goes ahead on Monday 30 November 2026, 09:00 in Europe/Berlin (08:00 UTC).',
  );
  expect(heldInWords({ ...held, summary: 'Approved by Ana. Fine!' }, undefined)).toBe(
    'Approved by Ana. Fine! It is held back: it is shut.',
  );
  expect(heldInWords({ ...held, summary: 'Approved by ana@example.com' }, undefined)).toBe(
    'Approved by ana@example.com. It is held back: it is shut.',
  );
});

test('nothing is shown as held back from the moment when it opens', () => {
  const held = { summary: 'Approved by Ana', why: 'it is shut', since: at(0) };
  expect(isStillHeld({ ...held, opensAt: at(60) }, at(59))).toBe(true);
  expect(isStillHeld({ ...held, opensAt: at(60) }, at(60))).toBe(false);
  expect(isStillHeld(held, at(9999))).toBe(true);
});
