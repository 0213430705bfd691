import fc from 'fast-check';
import type { CheckCommand, Measurement } from '../../../contract/messages';
import type { HttpCheckPlan } from '../../../contract/policy';
import { allPassed, runChecks } from '../../../lambda/hook/run';
import { nextStep } from '../../../lambda/hook/verdict';
import { TIMING } from '../check-timing';

type Verdict = Measurement['verdict'];

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

/** A world whose time moves by pauses alone. */
function world(verdicts: (command: CheckCommand, look: number) => Verdict, seconds = 870) {
  const start = Date.parse('2026-11-23T10:00:00.000Z');
  let time = 0;
  let looks = 0;
  const commands: CheckCommand[] = [];
  const hook = {
    measure: (command: CheckCommand): Promise<Measurement> => {
      commands.push(command);
      const verdict = verdicts(command, looks++);
      return Promise.resolve({ checkId: command.check.id, at: command.now, verdict, reason: `because ${verdict}` });
    },
    now: () => new Date(start + time * 1000),
    pause: (wait: number) => {
      time += wait;
      return Promise.resolve();
    },
    secondsLeft: () => seconds - time,
  };
  return { hook, commands, elapsed: () => time };
}

const run = (check: Partial<HttpCheckPlan>, hook: ReturnType<typeof world>['hook']) =>
  runChecks({ v: 1, checks: [{ ...plan, ...check }] }, 'd-1', hook);

test('a healthy check passes at once', async () => {
  const { hook, commands, elapsed } = world(() => 'PASS');

  const results = await run({}, hook);

  expect(results).toMatchObject([{ id: 'health', passed: true }]);
  expect(allPassed(results)).toBe(true);
  expect(elapsed()).toBe(0);
  expect(commands).toMatchObject([{ requestId: 'd-1', since: '2026-11-23T10:00:00.000Z' }]);
});

test('a failed check fails at once, unless failures are forgiven', async () => {
  expect(allPassed(await run({}, world(() => 'FAIL').hook))).toBe(false);
  expect(allPassed(await run({ failureLimit: 1 }, world((_, look) => (look === 0 ? 'FAIL' : 'PASS')).hook))).toBe(true);
  expect(allPassed(await run({ failureLimit: 1 }, world((_, look) => (look < 2 ? 'FAIL' : 'PASS')).hook))).toBe(false);
});

test.each(['ERROR', 'INCONCLUSIVE'] as const)('%s is tried again a few times, then fails', async (verdict) => {
  const late = world((_, look) => (look < 4 ? verdict : 'PASS'));
  expect(allPassed(await run({}, late.hook))).toBe(true);
  expect(late.elapsed()).toBe(40);

  const never = world(() => verdict);
  expect(await run({}, never.hook)).toMatchObject([{ passed: false, reason: `because ${verdict}` }]);
  expect(never.commands).toHaveLength(5);
});

test('samples are taken until there are enough, each knowing of the one before', async () => {
  const { hook, commands, elapsed } = world(() => 'PASS');

  expect(allPassed(await run({ minimumSamples: 3, initialDelay: 30 }, hook))).toBe(true);
  expect(elapsed()).toBe(150);
  expect(commands.map(({ lastLook }) => lastLook)).toEqual([
    undefined,
    '2026-11-23T10:00:30.000Z',
    '2026-11-23T10:01:30.000Z',
  ]);
});

test('a look that could not tell may have missed a failure, so the next one looks further back', async () => {
  const { hook, commands } = world((_, look) => (look === 1 ? 'ERROR' : 'PASS'));

  await run({ minimumSamples: 3 }, hook);

  const first = '2026-11-23T10:00:00.000Z';
  expect(commands.map(({ lastLook }) => lastLook)).toEqual([undefined, first, first, '2026-11-23T10:01:10.000Z']);
});

test('a check in progress for too long fails before the function runs out of time', async () => {
  const { hook, elapsed } = world(() => 'IN_PROGRESS', 100);

  expect(await run({}, hook)).toMatchObject([{ passed: false, reason: 'The time was up. because IN_PROGRESS' }]);
  expect(elapsed()).toBeLessThan(100);
});

test('a check that only observes is looked at once and decides nothing', async () => {
  const { hook, commands } = world(({ check }) => (check.observeOnly ? 'FAIL' : 'PASS'));
  const results = await runChecks(
    { v: 1, checks: [{ ...plan, observeOnly: true, id: 'seen', failureLimit: 5 }, plan] },
    'd-1',
    hook,
  );

  expect(commands).toHaveLength(2);
  expect(allPassed(results)).toBe(true);
  expect(allPassed(results.slice(0, 1))).toBe(false);
});

test('no checks are no pass', () => {
  expect(allPassed([])).toBe(false);
});

test('only enough good measurements let a check pass, and it always ends in time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Verdict>('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'), { minLength: 1 }),
      fc.record({
        failureLimit: fc.nat(3),
        consecutiveErrorLimit: fc.nat(3),
        minimumSamples: fc.integer({ min: 1, max: 4 }),
        initialDelay: fc.nat(30),
        interval: fc.integer({ min: 10, max: 60 }),
      }),
      async (verdicts, check) => {
        const { hook, commands, elapsed } = world((_, look) => verdicts[look % verdicts.length]!);

        const [result] = await run(check, hook);

        const taken = commands.map((_, look) => verdicts[look % verdicts.length]);
        expect(elapsed()).toBeLessThan(870);
        if (result!.passed) {
          expect(taken.filter((one) => one === 'PASS').length).toBeGreaterThanOrEqual(check.minimumSamples);
          expect(taken.filter((one) => one === 'FAIL').length).toBeLessThanOrEqual(check.failureLimit);
          expect(taken[taken.length - 1]).toBe('PASS');
        }
      },
    ),
  );
});

test('a verdict of tomorrow is no pass', () => {
  const measurement = { checkId: 'health', at: '', verdict: 'FINE' as Verdict, reason: '' };

  expect(nextStep(plan, [measurement]).kind).toBe('wait');
});
