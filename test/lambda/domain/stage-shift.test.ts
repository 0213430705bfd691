import { moveOf, parseShift, percentAt, type ServedStage } from '../../../lambda/domain/stage-shift';

const MINUTE = 60_000;
const OLD = { id: 'old', run: 'run-1' };
const STRANGE = { id: 'strange' };
const MINE = { id: 'mine', run: 'run-2' };
const canary = (of: { id: string; run?: string }) => ({ ...of, percent: 10 });

test.each<[string, ServedStage, boolean, boolean, string]>([
  ['a stage without a canary begins', { production: OLD }, false, false, 'BEGIN'],
  ['a stage that no rollout ever changed begins', { production: STRANGE }, false, false, 'BEGIN'],
  ['a canary that another run left goes before', { production: STRANGE, canary: canary(OLD) }, false, false, 'BEGIN'],
  ['its own canary is watched', { production: OLD, canary: canary(MINE) }, true, false, 'WATCH'],
  [
    'its own canary is watched though it was not told',
    { production: OLD, canary: canary(MINE) },
    false,
    false,
    'WATCH',
  ],
  ['what is promoted already is done', { production: MINE }, true, false, 'DONE'],
  [
    'what is promoted, with its canary still there, is done',
    { production: MINE, canary: canary(MINE) },
    true,
    false,
    'DONE',
  ],
  ['what is promoted is done though it was not told', { production: MINE }, false, true, 'DONE'],
  ['a rollback goes back at once', { production: OLD }, false, true, 'GO_BACK'],
  [
    'a rollback does not wait for a canary that was left',
    { production: STRANGE, canary: canary(OLD) },
    false,
    true,
    'GO_BACK',
  ],
  ['a canary that somebody removed is not made again', { production: OLD }, true, false, 'REFUSE'],
  [
    'a canary that somebody replaced is left alone',
    { production: OLD, canary: canary(STRANGE) },
    true,
    false,
    'REFUSE',
  ],
  ['a canary that no rollout made is left alone', { production: OLD, canary: canary(STRANGE) }, false, false, 'REFUSE'],
  ['not even a rollback touches it', { production: OLD, canary: canary(STRANGE) }, false, true, 'REFUSE'],
])('%s', (_what, stage, hasBegun, isRollback, kind) => {
  expect(moveOf(stage, { id: 'run-2', hasBegun, wasSeen: hasBegun, isRollback }).kind).toBe(kind);
});

test('a refusal says what is there', () => {
  const begun = { id: 'run-2', hasBegun: true, wasSeen: true, isRollback: false };

  expect(moveOf({ production: OLD }, begun)).toMatchObject({ why: expect.stringMatching(/The canary is gone/) });
  expect(moveOf({ production: OLD }, { ...begun, wasSeen: false })).toMatchObject({
    why: expect.stringMatching(/The canary could not begin: API Gateway did not take it, and the log of the function/),
  });
  expect(moveOf({ production: OLD, canary: canary(OLD) }, begun)).toMatchObject({
    why: expect.stringMatching(/another canary/),
  });
  expect(moveOf({ production: OLD, canary: canary(STRANGE) }, { ...begun, hasBegun: false })).toMatchObject({
    why: expect.stringMatching(/no rollout made/),
  });
});

test.each([
  [-1, 25],
  [0, 25],
  [10 * MINUTE - 1, 25],
  [10 * MINUTE, 50],
  [20 * MINUTE, 75],
  [1000 * MINUTE, 75],
])('after %d milliseconds a linear shift has %d percent', (elapsed, percent) => {
  expect(percentAt({ percent: 25, everyMinutes: 10, steps: 3 }, elapsed)).toBe(percent);
});

const SHIFT = { percent: 0.5, everyMinutes: 5, steps: 199 };

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['no share', { ...SHIFT, percent: 0 }],
  ['all of it', { ...SHIFT, percent: 100, steps: 1 }],
  ['all of it in the last step', { ...SHIFT, steps: 200 }],
  ['a third', { ...SHIFT, percent: 100 / 3, steps: 2 }],
  ['a share that is no number', { ...SHIFT, percent: '10' }],
  ['no time', { ...SHIFT, everyMinutes: undefined }],
  ['a time that is a text', { ...SHIFT, everyMinutes: '5' }],
  ['a time that does not pass', { ...SHIFT, everyMinutes: 0 }],
  ['no number of steps', { ...SHIFT, steps: undefined }],
  ['no step', { ...SHIFT, steps: 0 }],
  ['a part of a step', { ...SHIFT, steps: 1.5 }],
])('%s is no shift', (_what, shift) => {
  expect(parseShift(typeof shift === 'object' ? JSON.stringify(shift) : shift).ok).toBe(false);
});

test.each([SHIFT, { percent: 99.99, everyMinutes: 1, steps: 1 }])('a shift is read as it was written: %j', (shift) => {
  expect(parseShift(JSON.stringify(shift))).toEqual({ ok: true, value: shift });
});

test('what is wrong with a shift is told by the name of its part', () => {
  expect(parseShift('{}')).toEqual({ ok: false, problem: 'shift: `steps` is not a number of steps' });
  expect(parseShift('[]')).toMatchObject({ problem: 'shift: `shift` is not an object' });
  expect(parseShift(JSON.stringify({ ...SHIFT, percent: 0 }))).toMatchObject({
    problem: expect.stringMatching(/^shift: `percent` leads to a share that is not between 0 and 100/),
  });
  expect(parseShift(JSON.stringify({ ...SHIFT, everyMinutes: 0 }))).toMatchObject({
    problem: 'shift: `everyMinutes` is not a time',
  });
});
