import fc from 'fast-check';
import { judgeCanaryRuns, type CanaryRun } from '../../../lambda/domain/canary-runs';

const BEGAN = Date.parse('2026-11-23T10:00:00.000Z');
const MAX_AGE = 15 * 60;
const minute = (minutes: number): number => BEGAN + minutes * 60_000;
const time = (minutes: number): string => new Date(minute(minutes)).toISOString();

const run = (started: number, state = 'PASSED', more: Partial<CanaryRun> = {}): CanaryRun => ({
  started: minute(started),
  ...(state === 'RUNNING' ? {} : { completed: minute(started + 0.5) }),
  state,
  ...more,
});
const judge = (runs: readonly CanaryRun[], now: number, more: { state?: string; lastFailure?: number } = {}) =>
  judgeCanaryRuns({ state: 'state' in more ? more.state : 'RUNNING', runs }, MAX_AGE, {
    from: BEGAN,
    now: time(now),
    ...(more.lastFailure === undefined ? {} : { lastFailure: time(more.lastFailure) }),
  });

test.each<[string, readonly CanaryRun[], number, Parameters<typeof judge>[2], object]>([
  [
    'all runs passed',
    [run(1), run(6), run(11)],
    12,
    {},
    {
      verdict: 'PASS',
      healthySince: time(0),
      value: '3 of 3',
      reason: '3 of 3 runs passed, the last one at 2026-11-23 10:11 UTC.',
    },
  ],
  ['they come newest first', [run(11), run(6), run(1)], 12, {}, { verdict: 'PASS', healthySince: time(0) }],
  [
    'the newest one comes first, and the oldest failed and was counted',
    [run(11), run(6), run(1, 'FAILED')],
    12,
    { lastFailure: 2 },
    { verdict: 'PASS', healthySince: time(6), reason: /2 of 3 runs passed, the last one at 2026-11-23 10:11 UTC/ },
  ],
  ['the newest one still runs', [run(1), run(6, 'RUNNING')], 6.2, {}, { verdict: 'PASS', value: '1 of 1' }],
  [
    'one failed',
    [run(1), run(6, 'FAILED', { why: 'no basket' }), run(11)],
    12,
    {},
    { verdict: 'FAIL', value: '2 of 3', reason: 'The run of 2026-11-23 10:06 UTC failed: no basket.' },
  ],
  ['one failed before the gate began', [run(-1, 'FAILED'), run(4)], 5, {}, { verdict: 'PASS' }],
  [
    'one that began with the gate failed',
    [run(0, 'FAILED'), run(4)],
    5,
    {},
    { verdict: 'FAIL', reason: 'The run of 2026-11-23 10:00 UTC failed.', threshold: 'every run' },
  ],
  [
    'one was over at the moment of the failure that was counted',
    [run(1, 'FAILED')],
    5,
    { lastFailure: 1.5 },
    { verdict: 'IN_PROGRESS' },
  ],
  ['one failed, and the canary was stopped', [run(1, 'FAILED')], 5, { state: 'STOPPED' }, { verdict: 'FAIL' }],
  [
    'a failed one was counted already',
    [run(1, 'FAILED'), run(6)],
    7,
    { lastFailure: 2 },
    { verdict: 'PASS', healthySince: time(6) },
  ],
  [
    'a failed one that was counted is the newest',
    [run(1, 'FAILED')],
    5,
    { lastFailure: 2 },
    { verdict: 'IN_PROGRESS', reason: 'The run of 2026-11-23 10:01 UTC failed, the next one is waited for.' },
  ],
  ['another one failed since', [run(1, 'FAILED'), run(6, 'FAILED')], 7, { lastFailure: 2 }, { verdict: 'FAIL' }],
  ['none has begun yet', [], 15, {}, { verdict: 'IN_PROGRESS', reason: 'No run has begun yet.' }],
  [
    'the first one still runs',
    [run(1, 'RUNNING')],
    2,
    {},
    { verdict: 'IN_PROGRESS', reason: 'No run that began since 2026-11-23 10:00 UTC is over yet.' },
  ],
  [
    'none has begun for too long',
    [],
    15.1,
    {},
    { verdict: 'INCONCLUSIVE', reason: /No run has begun since 2026-11-23 10:00/ },
  ],
  ['the only ones are of before', [run(-5), run(-10)], 16, {}, { verdict: 'INCONCLUSIVE' }],
  [
    'the next one is overdue',
    [run(1)],
    16.1,
    {},
    { verdict: 'INCONCLUSIVE', reason: /overdue: the last one was at 2026-11-23 10:01/ },
  ],
  [
    'the canary is stopped',
    [run(1)],
    2,
    { state: 'STOPPED' },
    { verdict: 'INCONCLUSIVE', reason: /The canary is STOPPED/ },
  ],
  [
    'nobody knows whether it runs',
    [run(1)],
    2,
    { state: undefined },
    { verdict: 'INCONCLUSIVE', reason: /^The canary does not say whether it runs, so/ },
  ],
  ['runs paused meanwhile', [run(1), run(20)], 21, {}, { verdict: 'PASS', healthySince: time(20) }],
  [
    'runs paused, and went on for a while',
    [run(1), run(20), run(25)],
    26,
    {},
    { verdict: 'PASS', healthySince: time(20) },
  ],
  ['each run came at the last moment', [run(0), run(15)], 16, {}, { verdict: 'PASS', healthySince: time(0) }],
  [
    'a run has an unknown state',
    [run(1), run(6, 'SKIPPED')],
    7,
    {},
    { verdict: 'ERROR', reason: 'The run of 2026-11-23 10:06 UTC has a state that is not understood.' },
  ],
  ['a run is over without an end', [run(1, 'PASSED', { completed: undefined as never })], 2, {}, { verdict: 'ERROR' }],
  [
    'a run has no beginning',
    [run(1, 'PASSED', { started: NaN }), run(6)],
    7,
    {},
    { verdict: 'ERROR', reason: 'A run does not say when it began.' },
  ],
  ['a failed run has no beginning', [run(1, 'FAILED', { started: NaN }), run(6)], 7, {}, { verdict: 'ERROR' }],
  [
    'the service hangs: the last run that is over is old, and newer ones still run',
    [run(1), run(10, 'RUNNING'), run(15, 'RUNNING')],
    29,
    {},
    {
      verdict: 'IN_PROGRESS',
      value: '1 of 1',
      reason: /The last run that is over is of 2026-11-23 10:01 UTC, and the newer ones are not over/,
    },
  ],
  [
    'the service hangs, and no new run begins',
    [run(1), run(10, 'RUNNING'), run(13, 'RUNNING')],
    29,
    {},
    { verdict: 'INCONCLUSIVE' },
  ],
  [
    'the service hung, and a newer run has passed',
    [run(1), run(10, 'RUNNING'), run(20)],
    29,
    {},
    { verdict: 'PASS', healthySince: time(20) },
  ],
])('%s', (_, runs, now, more, expected) => {
  const { reason, ...others } = expected as { reason?: string | RegExp };

  const judged = judge(runs, now, more);

  expect(judged).toMatchObject(others);
  if (reason !== undefined) expect(judged.reason).toMatch(reason);
});

test('before a run is over, nothing is counted', () => {
  expect(judge([run(1, 'RUNNING')], 2, { state: 'STOPPED' })).not.toHaveProperty('value');
});

test('it passes only with a canary that runs, a fresh run that passed, and no failure that was not counted', () => {
  const anyRun = fc
    .record({
      at: fc.integer({ min: -10, max: 60 }),
      state: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom('RUNNING', 'PASSED') },
        { weight: 1, arbitrary: fc.constantFrom('FAILED', 'ODD') },
      ),
    })
    .map(({ at, state }) => run(at, state));
  fc.assert(
    fc.property(
      fc.array(anyRun, { maxLength: 12 }),
      fc.integer({ min: 0, max: 75 }),
      fc.oneof({ weight: 5, arbitrary: fc.constant('RUNNING') }, fc.constantFrom('STOPPED', 'ERROR', undefined)),
      (runs, now, state) => {
        const known = runs.filter(({ started }) => started <= minute(now));
        const { verdict, healthySince } = judge(known, now, { state });
        if (verdict !== 'PASS') return;

        const own = known.filter(({ started }) => started >= BEGAN);
        expect(state).toBe('RUNNING');
        expect(own.every((one) => ['RUNNING', 'PASSED'].includes(one.state))).toBe(true);
        const passed = own.filter((one) => one.state === 'PASSED').map(({ started }) => started);
        expect(Math.max(...passed)).toBeGreaterThanOrEqual(minute(now) - MAX_AGE * 1000);
        expect(Date.parse(healthySince!)).toBeGreaterThanOrEqual(BEGAN);
        expect(Date.parse(healthySince!)).toBeLessThanOrEqual(minute(now));
      },
    ),
  );
});
