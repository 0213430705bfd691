import fc from 'fast-check';
import type { CheckCommand, Measurement } from '../../../contract/messages';
import type { CheckPlan, HttpCheckPlan } from '../../../contract/checks';
import { runChecks, type HookRuntime } from '../../../lambda/hook/run';
import { driveGate } from '../check-driver';
import { TIMING } from '../check-timing';

type Verdict = Measurement['verdict'];

const START = '2026-11-23T10:00:00.000Z';

const plan: HttpCheckPlan = {
  kind: 'http',
  id: 'health',
  title: 'health',
  url: 'https://shop.example.com/',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 5,
  ...TIMING,
};

function at(seconds: number): string {
  return new Date(Date.parse(START) + seconds * 1000).toISOString();
}

/** A function whose time moves by pauses alone. */
function runtime(find: (command: CheckCommand, time: number) => Verdict | Partial<Measurement>, seconds = 870) {
  let time = 0;
  const commands: CheckCommand[] = [];
  const hook: HookRuntime = {
    measure: (command) => {
      const found = find(command, commands.filter(({ check }) => check.id === command.check.id).length);
      commands.push(command);
      const more = typeof found === 'string' ? { verdict: found } : { verdict: 'PASS' as const, ...found };
      return Promise.resolve({
        checkId: command.check.id,
        at: command.now,
        reason: `because ${more.verdict}`,
        ...more,
      });
    },
    now: () => new Date(at(time)),
    pause: (wait) => {
      time += wait;
      return Promise.resolve();
    },
    secondsLeft: () => seconds - time,
  };
  return { hook, commands, elapsed: () => time, take: (wait: number) => void (time += wait) };
}

const run = (check: Partial<HttpCheckPlan>, hook: HookRuntime) => runChecks([{ ...plan, ...check }], 'd-1', hook);

/** What is found the first, second, … time; the last from then on. */
const finds =
  (...verdicts: readonly Verdict[]) =>
  (_: unknown, time: number) =>
    verdicts[Math.min(time, verdicts.length - 1)]!;

test('a healthy check passes at once', async () => {
  const { hook, commands, elapsed } = runtime(finds('PASS'));

  expect(await run({}, hook)).toEqual({
    passed: true,
    verdict: 'PASS',
    reasons: ['health passed: because PASS'],
    checks: [{ id: 'health', title: 'health', verdict: 'PASS', reason: 'because PASS', observeOnly: false }],
    timeIsUp: false,
  });
  expect(elapsed()).toBe(0);
  expect(commands).toEqual([{ requestId: 'd-1', check: plan, role: '', since: START, now: START }]);
});

test('samples are taken until there are enough, each knowing of the last finding', async () => {
  const { hook, commands, elapsed } = runtime(finds('PASS'));

  expect((await run({ minSamples: 3, initialDelay: 30 }, hook)).passed).toBe(true);
  expect(elapsed()).toBe(150);
  expect(commands.map(({ lastFinding }) => lastFinding)).toEqual([undefined, at(30), at(90)]);
});

test('a measurement that could not tell may have missed a failure, so the next one looks further back', async () => {
  const { hook, commands } = runtime(finds('PASS', 'ERROR', 'PASS'));

  await run({ minSamples: 3 }, hook);

  expect(commands.map(({ lastFinding }) => lastFinding)).toEqual([undefined, at(0), at(0), at(120)]);
});

test('a check in progress is asked again when it wants to be', async () => {
  const { hook, commands } = runtime((_, time) => (time === 0 ? { verdict: 'IN_PROGRESS', callBackDelay: 7 } : 'PASS'));

  expect((await run({}, hook)).passed).toBe(true);
  expect(commands.map(({ now }) => now)).toEqual([at(0), at(7)]);
});

test('a check in progress for too long fails before the function runs out of time', async () => {
  const { hook, elapsed } = runtime(finds('IN_PROGRESS'), 100);

  expect(await run({}, hook)).toMatchObject({
    passed: false,
    verdict: 'RUNNING',
    reasons: ['health is still watching: because IN_PROGRESS'],
    timeIsUp: true,
  });
  expect(elapsed()).toBe(60);
});

test('a pause that would end exactly with the time is not begun', async () => {
  expect((await run({ minSamples: 2 }, runtime(finds('PASS'), 60).hook)).timeIsUp).toBe(true);
  expect((await run({ minSamples: 2 }, runtime(finds('PASS'), 61).hook)).passed).toBe(true);
});

test('time that a measurement took is not waited for again', async () => {
  const slow = runtime((_, time) => {
    slow.take(time === 0 ? 45 : 0);
    return 'PASS';
  });

  expect((await run({ minSamples: 2 }, slow.hook)).passed).toBe(true);
  expect(slow.elapsed()).toBe(60);

  const slower = runtime((_, time) => {
    slower.take(time === 0 ? 90 : 0);
    return 'PASS';
  });
  expect((await run({ minSamples: 2 }, slower.hook)).passed).toBe(true);
  expect(slower.elapsed()).toBe(90);
});

test('checks are measured side by side, each at its own pace, and the worst decides', async () => {
  const { hook, commands } = runtime(({ check }, time) => (check.id === 'slow' && time === 2 ? 'FAIL' : 'PASS'));
  const checks: CheckPlan[] = [plan, { ...plan, id: 'slow', interval: 40, minSamples: 3 }];

  expect(await runChecks(checks, 'd-1', hook)).toMatchObject({ passed: false, verdict: 'FAIL' });
  expect(commands.map(({ check, now }) => [check.id, now])).toEqual([
    ['health', at(0)],
    ['slow', at(0)],
    ['slow', at(40)],
    ['health', at(60)],
    ['health', at(80)],
    ['slow', at(80)],
  ]);
});

test('a check that only observes decides nothing', async () => {
  const { hook, commands } = runtime(({ check }) => (check.observeOnly ? 'FAIL' : 'PASS'));
  const seen = { ...plan, observeOnly: true, id: 'seen' };

  expect((await runChecks([seen, plan], 'd-1', hook)).passed).toBe(true);
  expect(commands).toHaveLength(2);
  expect((await runChecks([seen], 'd-1', hook)).passed).toBe(false);
});

test('no checks are no pass', async () => {
  expect(await runChecks([], 'd-1', runtime(finds('PASS')).hook)).toMatchObject({
    passed: false,
    reasons: ['no check decides'],
  });
});

test('a kind that this version does not know is not measured, and does not pass', async () => {
  const { hook, commands } = runtime(finds('PASS'));

  expect(
    await runChecks(
      [
        { ...plan, kind: 'horoscope' as never },
        { ...plan, id: 'b' },
      ],
      'd-1',
      hook,
    ),
  ).toMatchObject({
    passed: false,
    verdict: 'UNREADABLE',
    reasons: [
      'health cannot be understood: this version of the workflow does not know this kind of check: update the workflow',
      'health passed: because PASS',
    ],
  });
  expect(commands.map(({ check }) => check.id)).toEqual(['b']);
});

describe('a hook and a gate come to the same verdict by the same measurements (B3)', () => {
  const gateOf = (check: Partial<HttpCheckPlan>, verdicts: readonly Verdict[]) =>
    driveGate(
      { checks: [{ ...plan, ...check }], bakeMinutes: 0, since: START },
      ({ check: { id }, now }, time) => {
        const verdict = finds(...verdicts)(undefined, time);
        return { checkId: id, at: now, verdict, reason: `because ${verdict}` };
      },
      at(869),
    );

  async function both(check: Partial<HttpCheckPlan>, verdicts: readonly Verdict[]) {
    const { hook, commands } = runtime(finds(...verdicts));
    const { verdict, reasons, checks } = await run(check, hook);
    const gate = gateOf(check, verdicts);
    expect({ verdict, reasons, checks }).toEqual({
      verdict: gate.evaluation.verdict,
      reasons: gate.evaluation.reasons,
      checks: gate.evaluation.checks,
    });
    expect(commands.map(({ now }) => now)).toEqual(gate.measurements.map((one) => one.at));
    return { verdict, measured: commands.length };
  }

  test.each<[string, Partial<HttpCheckPlan>, readonly Verdict[], string, number]>([
    ['a good measurement', {}, ['PASS'], 'PASS', 1],
    ['a failure', {}, ['FAIL', 'PASS'], 'FAIL', 1],
    ['a forgiven failure', { failureLimit: 1 }, ['FAIL', 'PASS'], 'PASS', 2],
    ['failures beyond their limit', { failureLimit: 1 }, ['FAIL'], 'FAIL', 2],
    ['a single error', {}, ['ERROR', 'PASS'], 'PASS', 2],
    ['as many errors as are forgiven', {}, ['ERROR', 'ERROR', 'ERROR', 'ERROR', 'PASS'], 'PASS', 5],
    ['errors beyond their limit', {}, ['ERROR'], 'INCONCLUSIVE', 5],
    ['an error where none is forgiven', { consecutiveErrorLimit: 0 }, ['ERROR', 'PASS'], 'INCONCLUSIVE', 1],
    ['a doubt', {}, ['INCONCLUSIVE', 'PASS'], 'INCONCLUSIVE', 1],
    ['a forgiven doubt', { inconclusiveLimit: 1 }, ['INCONCLUSIVE', 'PASS'], 'PASS', 2],
    ['doubts beyond their limit', { inconclusiveLimit: 2 }, ['INCONCLUSIVE'], 'INCONCLUSIVE', 3],
    [
      'doubts between errors',
      { inconclusiveLimit: 1 },
      ['ERROR', 'INCONCLUSIVE', 'ERROR', 'INCONCLUSIVE', 'PASS'],
      'INCONCLUSIVE',
      4,
    ],
    [
      'errors do not use up the patience with doubts',
      { inconclusiveLimit: 1 },
      ['ERROR', 'INCONCLUSIVE', 'PASS'],
      'PASS',
      3,
    ],
    [
      'doubts do not use up the patience with errors',
      { inconclusiveLimit: 1, consecutiveErrorLimit: 1 },
      ['ERROR', 'INCONCLUSIVE', 'ERROR', 'PASS'],
      'PASS',
      4,
    ],
    ['too few samples among errors', { minSamples: 2 }, ['PASS', 'ERROR', 'PASS'], 'PASS', 3],
    ['work in progress', {}, ['IN_PROGRESS', 'IN_PROGRESS', 'PASS'], 'PASS', 3],
  ])('%s', async (_, check, verdicts, verdict, measured) => {
    expect(await both(check, verdicts)).toEqual({ verdict, measured });
  });

  test('whatever is measured, and a hook always ends in time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Verdict>('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'), { minLength: 1 }),
        fc.record({
          failureLimit: fc.nat(3),
          consecutiveErrorLimit: fc.nat(3),
          inconclusiveLimit: fc.nat(3),
          minSamples: fc.integer({ min: 1, max: 4 }),
          initialDelay: fc.nat(30),
          interval: fc.integer({ min: 10, max: 60 }),
        }),
        async (verdicts, check) => {
          await both(check, verdicts);

          const { hook, commands, elapsed } = runtime(finds(...verdicts));
          const { passed } = await run(check, hook);
          expect(elapsed()).toBeLessThan(870);
          if (passed) {
            const taken = commands.map((_, time) => finds(...verdicts)(undefined, time));
            expect(taken.filter((one) => one === 'PASS').length).toBeGreaterThanOrEqual(check.minSamples);
            expect(taken[taken.length - 1]).toBe('PASS');
          }
        },
      ),
    );
  });
});
