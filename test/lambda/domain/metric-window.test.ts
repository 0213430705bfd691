import {
  metricWindow,
  newWindow,
  nextSettled,
  periodsOf,
  settledFrom,
  uncountedIn,
  wholeWindow,
} from '../../../lambda/domain/metric-window';

const SINCE = '2026-11-23T10:00:20.000Z';
const at = (minute: number, second = 0) => Date.UTC(2026, 10, 23, 10, minute, second);
const time = (minute: number, second = 0) => new Date(at(minute, second)).toISOString();
const TIMING = { initialDelay: 0, interval: 60 };

describe('the periods that a measurement looks at', () => {
  test('began after the gate, are over, and had two minutes for their data', () => {
    expect(metricWindow({ since: SINCE, now: time(10, 59) }, TIMING, 60)).toEqual({
      from: at(1),
      to: at(8),
      period: 60_000,
    });
  });

  test('begin after the delay of the check', () => {
    expect(metricWindow({ since: SINCE, now: time(10) }, { ...TIMING, initialDelay: 280 }, 60).from).toBe(at(5));
  });

  test('are none at first, and it is known when there will be one', () => {
    const window = metricWindow({ since: SINCE, now: SINCE }, TIMING, 60);

    expect(periodsOf(window)).toEqual([]);
    expect(nextSettled(window)).toBe(at(4));
    expect(periodsOf(metricWindow({ since: SINCE, now: time(3, 59) }, TIMING, 60))).toEqual([]);
    expect(periodsOf(metricWindow({ since: SINCE, now: time(4) }, TIMING, 60))).toEqual([at(1)]);
  });

  test('go on where the last finding ended, and five minutes before that for what came late', () => {
    const command = { since: SINCE, lastFinding: time(20), now: time(21) };
    expect(periodsOf(metricWindow(command, TIMING, 60))).toEqual([13, 14, 15, 16, 17, 18].map((minute) => at(minute)));
    expect(metricWindow(command, { ...TIMING, interval: 300 }, 300)).toMatchObject({ from: at(10), to: at(15) });
  });

  test('are only new ones after a failure, which was counted', () => {
    const command = { since: SINCE, lastFinding: time(20), lastFailure: time(20), now: time(22) };
    expect(periodsOf(metricWindow(command, TIMING, 60))).toEqual([at(18), at(19)]);
    expect(periodsOf(metricWindow({ ...command, now: time(20, 59) }, TIMING, 60))).toEqual([]);
  });

  test('do not reach back into a failure after a success either', () => {
    const command = { since: SINCE, lastFinding: time(21), lastFailure: time(20), now: time(22) };
    expect(periodsOf(metricWindow(command, TIMING, 60))).toEqual([at(18), at(19)]);
    expect(metricWindow({ ...command, lastFinding: time(40), now: time(41) }, TIMING, 60).from).toBe(at(33));
  });

  test('are all new ones where that is asked for', () => {
    const day = { since: SINCE, now: time(24 * 60) };
    expect(newWindow(day, TIMING, 60)).toEqual({ from: at(1), to: at(24 * 60 - 2), period: 60_000 });
  });

  test('never begin before the gate, however far the overlap reaches', () => {
    expect(metricWindow({ since: SINCE, lastFinding: time(4), now: time(5) }, TIMING, 60).from).toBe(at(1));
  });

  test('reach back two hours, or two intervals where that is longer', () => {
    const day = { since: SINCE, lastFinding: SINCE, now: time(24 * 60) };
    expect(metricWindow(day, TIMING, 60).from).toBe(at(24 * 60 - 2 - 120));
    expect(metricWindow(day, { ...TIMING, interval: 5 * 3600 }, 60).from).toBe(at(24 * 60 - 2 - 600));
  });

  test('of ten seconds have half a minute for their data', () => {
    expect(metricWindow({ since: SINCE, now: time(1) }, TIMING, 10)).toMatchObject({ from: at(0, 20), to: at(0, 30) });
  });

  test('are never less than none when the clock goes back', () => {
    expect(periodsOf(metricWindow({ since: SINCE, lastFinding: time(20), now: time(2) }, TIMING, 60))).toEqual([]);
  });
});

describe('all periods since the gate began', () => {
  const days = (count: number) => count * 24 * 60;

  test('are those that began after it and its delay, and are over', () => {
    expect(wholeWindow({ since: SINCE, now: time(10, 59) }, TIMING, 60)).toEqual({
      from: at(1),
      to: at(8),
      period: 60_000,
    });
    expect(wholeWindow({ since: SINCE, now: time(10) }, { initialDelay: 280 }, 60).from).toBe(at(5));
  });

  test('are none at first', () => {
    expect(periodsOf(wholeWindow({ since: SINCE, now: SINCE }, TIMING, 60))).toEqual([]);
  });

  test.each([
    ['ten seconds', 10, 3 * 60],
    ['a minute', 60, days(15)],
    ['two minutes', 120, days(15)],
    ['five minutes', 300, days(63)],
    ['an hour', 3600, days(63)],
  ])('of %s are those that CloudWatch still has', (_, period, kept) => {
    const { from, to } = wholeWindow({ since: SINCE, now: time(days(100)) }, TIMING, period);

    expect((to - from) / 60_000).toBe(kept);
  });

  test('of a period that fits into no day are whole ones', () => {
    const { from, to } = wholeWindow({ since: SINCE, now: time(days(100)) }, TIMING, 7 * 60);

    expect((to - from) % (7 * 60_000)).toBe(0);
    expect(to - from).toBeLessThanOrEqual(days(15) * 60_000);
  });
});

describe('the periods in which no failure was counted', () => {
  const window = { from: at(1), to: at(20), period: 60_000 };

  test('are all of them without one', () => {
    expect(uncountedIn(window, {})).toEqual(window);
  });

  test('begin where the failure was found', () => {
    expect(uncountedIn(window, { lastFailure: time(12, 30) })).toEqual({ ...window, from: at(10) });
  });

  test('are never older than the window, and none after it', () => {
    expect(uncountedIn(window, { lastFailure: time(2) })).toEqual(window);
    expect(periodsOf(uncountedIn(window, { lastFailure: time(40) }))).toEqual([]);
  });
});

test.each([
  [10, 30],
  [20, 40],
  [60, 120],
  [300, 120],
])('the data of periods of %i seconds is there %i seconds after their end', (period, seconds) => {
  expect(settledFrom(at(30), period * 1000)).toBe(at(30) + seconds * 1000);
});

test('a look after a look leaves no period out', () => {
  for (let last = 5 * 60; last < 5 * 60 + 600; last += 7) {
    const now = last + 61;
    for (const failed of [{}, { lastFailure: time(0, last) }]) {
      const before = metricWindow({ since: SINCE, now: time(0, last) }, TIMING, 60);
      const after = metricWindow(
        { since: SINCE, lastFinding: time(0, last), ...failed, now: time(0, now) },
        TIMING,
        60,
      );
      expect(after.from).toBeLessThanOrEqual(before.to);
    }
  }
});
