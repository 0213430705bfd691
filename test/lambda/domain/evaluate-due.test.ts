/** When checks are measured. */
import type { Measurement } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/checks';
import { evaluate } from '../../../lambda/domain/evaluate';
import { at, check, HOUR, judge, measured, minutes, PRESENT, repeated, SINCE } from './evaluate-fixture';

describe('when a check is due', () => {
  test.each<[string, Measurement[], number, Partial<CheckPlan>, number, boolean]>([
    ['at once', [], 0, {}, 0, true],
    ['not before its initial delay', [], 29, { initialDelay: 30 }, 30, false],
    ['at its initial delay', [], 30, { initialDelay: 30 }, 30, true],
    ['after its interval', [measured('PASS', 10)], 69, {}, 70, false],
    ['at its interval', [measured('PASS', 10)], 70, {}, 70, true],
    ['at the very end of the bake', [measured('PASS', 150)], 170, {}, 180, false],
    ['regularly after the end', [measured('ERROR', 180)], 190, {}, 240, false],
    ['when it asked to be called back', [measured('IN_PROGRESS', 10, { callBackDelay: 5 })], 12, {}, 15, false],
    ['after the end, when it asked so', [measured('IN_PROGRESS', 170, { callBackDelay: 90 })], 200, {}, 260, false],
    ['after its interval, when it is in progress', [measured('IN_PROGRESS', 10)], 12, {}, 70, false],
    ['never at once again', [measured('IN_PROGRESS', 10, { callBackDelay: 0 })], 10, {}, 11, false],
  ])('%s', (_, measurements, seconds, more, next, due) => {
    const evaluation = judge(measurements, seconds, more);

    expect(evaluation.next).toBe(at(next));
    expect(evaluation.due.map(({ id }) => id)).toEqual(due ? ['a'] : []);
  });

  test('the soonest of several says when', () => {
    const checks = [
      check({ initialDelay: 90 }),
      check({ id: 'b', initialDelay: 30 }),
      check({ id: 'c', initialDelay: 60 }),
    ];

    const evaluation = evaluate({ checks, bakeMinutes: 5, since: SINCE }, [], at(60));

    expect(evaluation.next).toBe(at(30));
    expect(evaluation.due.map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('a check that rests', () => {
  const resting = { bakeMinutes: 0, resting: true };

  test('is measured less and less often while it stays the same, and at last once an hour', () => {
    const measurements = [measured('PASS', 0)];
    const times = [0];
    while (times.length < 12) {
      const { next } = judge(measurements, times[times.length - 1]!, {}, resting);
      const seconds = (Date.parse(next!) - Date.parse(SINCE)) / 1000;
      times.push(seconds);
      measurements.push(measured('PASS', seconds));
    }

    const pauses = times.slice(1).map((time, index) => (time - times[index]!) / 60);
    expect(pauses).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  test('is measured at its interval again when it changes', () => {
    const long = [measured('PASS', 0), measured('PASS', 4 * HOUR)];

    expect(judge(long, 4 * HOUR, {}, resting).next).toBe(at(5 * HOUR));
    expect(judge([...long, measured('FAIL', 5 * HOUR)], 5 * HOUR, {}, resting).next).toBe(at(5 * HOUR + 60));
    expect(judge([...long, measured('FAIL', 5 * HOUR)], 5 * HOUR, {}, PRESENT).next).toBe(at(5 * HOUR + 60));
  });

  test('is never measured more often than its interval, even if that is longer than an hour', () => {
    expect(judge([measured('PASS', 0)], 0, { interval: 2 * HOUR }, resting).next).toBe(at(2 * HOUR));
  });

  test('is called back when it asked so', () => {
    const all = [measured('PASS', 0), measured('IN_PROGRESS', 4 * HOUR, { callBackDelay: 20 })];

    expect(judge(all, 4 * HOUR, {}, resting).next).toBe(at(4 * HOUR + 20));
  });

  test('is called back less and less often while it stays in progress', () => {
    const all = [measured('PASS', 0), measured('IN_PROGRESS', 60, { callBackDelay: 20 })];
    const later = (seconds: number) =>
      judge([...all, measured('IN_PROGRESS', seconds, { callBackDelay: 20 })], seconds, {}, resting);

    expect(later(80).next).toBe(at(100));
    expect(later(180).next).toBe(at(300));
    expect(later(5 * HOUR).next).toBe(at(6 * HOUR));
  });

  test('that was in progress for the whole bake is called back as it asked, soon after the end', () => {
    const bake = { bakeMinutes: 240, resting: true };
    const all = [measured('IN_PROGRESS', 0), measured('IN_PROGRESS', 4 * HOUR + 10, { callBackDelay: 30 })];

    expect(judge(all, 4 * HOUR + 10, {}, bake).next).toBe(at(4 * HOUR + 40));
    const later = [...all, measured('IN_PROGRESS', 4 * HOUR + 600, { callBackDelay: 30 })];
    expect(judge(later, 4 * HOUR + 600, {}, bake).next).toBe(at(4 * HOUR + 1200));
  });

  test('does not rest before its bake is over', () => {
    const all = [measured('PASS', 0), measured('PASS', 120)];

    expect(judge(all, 120, {}, { resting: true }).next).toBe(at(180));
    expect(judge([...all, measured('PASS', 180)], 180, {}, { resting: true }).next).toBe(at(360));
  });

  test('is fresh for an hour and its longest gap', () => {
    const all = [measured('PASS', 0)];

    expect(judge(all, HOUR + 240, {}, resting).verdict).toBe('PASS');
    expect(judge(all, HOUR + 241, {}, resting)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reasons: [`health cannot tell: the last measurement is stale: it was made at ${at(0)}`],
    });
  });

  test('has passed its bake only with a fresh measurement at its end', () => {
    const bake = { bakeMinutes: 10, resting: true };
    const good = (to: number) => minutes(...repeated('PASS', to / 60 + 1));

    expect(judge(good(360), 600, {}, bake).verdict).toBe('PASS');
    expect(judge(good(300), 600, {}, bake).verdict).toBe('INCONCLUSIVE');
  });

  test('keeps the bake that it has passed', () => {
    const bake = { bakeMinutes: 3, resting: true };
    const rested = [...minutes(...repeated('PASS', 4)), measured('PASS', HOUR), measured('PASS', 2 * HOUR)];

    expect(judge(rested, 2 * HOUR, {}, bake)).toMatchObject({ verdict: 'PASS', next: at(3 * HOUR) });
  });
});
