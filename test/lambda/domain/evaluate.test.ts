import fc from 'fast-check';
import type { Measurement } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/policy';
import { evaluate } from '../../../lambda/domain/evaluate';
import { TIMING } from '../check-timing';

const SINCE = '2026-11-23T08:00:00.000Z';

function at(seconds: number): string {
  return new Date(Date.parse(SINCE) + seconds * 1000).toISOString();
}

function check(more: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'http',
    id: 'a',
    title: 'health',
    url: 'https://example.com',
    minStatus: 200,
    maxStatus: 299,
    timeoutSeconds: 5,
    ...TIMING,
    ...more,
  } as CheckPlan;
}

function measured(verdict: Measurement['verdict'], seconds: number, more: Partial<Measurement> = {}): Measurement {
  return { checkId: 'a', at: at(seconds), verdict, reason: verdict.toLowerCase(), ...more };
}

/** One measurement a minute. */
function minutes(...verdicts: readonly Measurement['verdict'][]): Measurement[] {
  return verdicts.map((verdict, index) => measured(verdict, index * 60));
}

const judge = (measurements: readonly Measurement[], seconds: number, more: Partial<CheckPlan> = {}, bakeMinutes = 3) =>
  evaluate({ checks: [check(more)], bakeMinutes, since: SINCE }, measurements, at(seconds));

describe('a bake', () => {
  test('passes when the whole time is over and the last sample is fresh and good', () => {
    const all = minutes('PASS', 'PASS', 'PASS', 'PASS');

    expect(judge(all, 179).verdict).toBe('RUNNING');
    expect(judge(all, 180)).toMatchObject({ verdict: 'PASS', reasons: ['health passed: pass'] });
  });

  test.each<[string, Measurement[], number, Partial<CheckPlan>, string]>([
    ['no measurement at all', [], 180, {}, 'INCONCLUSIVE'],
    ['only errors', minutes('ERROR', 'ERROR', 'ERROR', 'ERROR'), 180, {}, 'RUNNING'],
    ['errors beyond their limit', minutes('ERROR', 'ERROR', 'ERROR', 'ERROR', 'ERROR'), 240, {}, 'INCONCLUSIVE'],
    ['an early stop', minutes('PASS'), 400, {}, 'INCONCLUSIVE'],
    ['missing data at the end', minutes('PASS', 'PASS', 'PASS', 'INCONCLUSIVE'), 180, {}, 'INCONCLUSIVE'],
    ['too few good samples', minutes('PASS', 'ERROR', 'ERROR', 'PASS'), 200, { minimumSamples: 3 }, 'RUNNING'],
    ['one good sample where one is enough', [measured('PASS', 175)], 181, {}, 'PASS'],
    ['one failure', minutes('PASS', 'FAIL'), 60, {}, 'FAIL'],
    ['a forgiven failure', minutes('PASS', 'FAIL', 'PASS', 'PASS'), 180, { failureLimit: 1 }, 'PASS'],
    [
      'a forgiven failure as the last word',
      minutes('PASS', 'PASS', 'PASS', 'FAIL'),
      180,
      { failureLimit: 1 },
      'RUNNING',
    ],
    ['one failure more than forgiven', minutes('FAIL', 'PASS', 'FAIL'), 120, { failureLimit: 1 }, 'FAIL'],
    ['a sample from before the initial delay', minutes('FAIL'), 0, { initialDelay: 30 }, 'RUNNING'],
    ['a failure that is only observed', minutes('FAIL'), 180, { observeOnly: true }, 'INCONCLUSIVE'],
    ['a check that is still at work at the end', [measured('IN_PROGRESS', 0)], 180, {}, 'RUNNING'],
    ['a check that is at work for ever', [measured('IN_PROGRESS', 3700)], 180 + 3600, {}, 'INCONCLUSIVE'],
  ])('with %s', (_, measurements, seconds, more, verdict) => {
    expect(judge(measurements, seconds, more).verdict).toBe(verdict);
  });

  test('the worst of all checks decides, and names the others too', () => {
    const checks = [check(), check({ id: 'b', title: 'alarm' })];
    const bad = measured('FAIL', 60, { checkId: 'b', reason: 'went red' });

    const { verdict, reasons } = evaluate(
      { checks, bakeMinutes: 1, since: SINCE },
      [...minutes('PASS', 'PASS'), bad],
      at(60),
    );

    expect(verdict).toBe('FAIL');
    expect(reasons).toEqual(['alarm failed: went red', 'health passed: pass']);
  });
});

describe('healthy at this moment', () => {
  test('forgets a failure once it passes again', () => {
    expect(judge(minutes('FAIL'), 0, {}, 0).verdict).toBe('FAIL');
    expect(judge(minutes('FAIL', 'PASS'), 60, {}, 0).verdict).toBe('PASS');
    expect(judge(minutes('PASS', 'FAIL'), 60, {}, 0).verdict).toBe('FAIL');
  });

  test('waits for its samples before it cannot tell', () => {
    expect(judge(minutes('PASS'), 0, { minimumSamples: 3 }, 0).verdict).toBe('RUNNING');
    expect(judge(minutes('PASS', 'PASS', 'PASS'), 120, { minimumSamples: 3 }, 0).verdict).toBe('PASS');
  });
});

test('checks are due at their delay, interval, call-back and at the very end', () => {
  expect(judge([], 0, { initialDelay: 30 })).toMatchObject({ due: [], next: at(30) });
  expect(judge([], 30, { initialDelay: 30 }).due).toHaveLength(1);
  expect(judge([measured('PASS', 10)], 20)).toMatchObject({ due: [], next: at(70) });
  expect(judge([measured('IN_PROGRESS', 10, { callBackDelay: 5 })], 12)).toMatchObject({ next: at(15) });
  expect(judge([measured('PASS', 150)], 170)).toMatchObject({ due: [], next: at(180) });
});

test('whatever was measured: a pass rests on enough good, recent samples after the whole bake', () => {
  const verdict = fc.constantFrom('PASS', 'FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS') as fc.Arbitrary<
    Measurement['verdict']
  >;
  const mostlyGood = fc.oneof({ weight: 4, arbitrary: fc.constant('PASS' as const) }, verdict);
  const plan = fc.record({
    initialDelay: fc.nat(120),
    interval: fc.integer({ min: 10, max: 300 }),
    failureLimit: fc.nat(2),
    consecutiveErrorLimit: fc.nat(4),
    minimumSamples: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(
      plan,
      fc.nat(10),
      fc.array(fc.record({ verdict: mostlyGood, seconds: fc.integer({ min: -100, max: 1500 }) }), { maxLength: 12 }),
      fc.nat(1500),
      (timing, bake, samples, now) => {
        const measurements = samples.map((sample) => measured(sample.verdict, sample.seconds));
        const result = judge(measurements, now, timing, bake);
        const counted = samples.filter(({ seconds }) => seconds >= timing.initialDelay && seconds <= now);
        const good = counted.filter((sample) => sample.verdict === 'PASS');
        const newest = Math.max(...good.map(({ seconds }) => seconds));
        if (result.verdict === 'PASS') {
          expect(now).toBeGreaterThanOrEqual(bake * 60);
          expect(good.length).toBeGreaterThanOrEqual(timing.minimumSamples);
          expect(now - newest).toBeLessThanOrEqual(2 * timing.interval + 120);
        }
        if (bake > 0 && counted.filter((sample) => sample.verdict === 'FAIL').length > timing.failureLimit) {
          expect(result.verdict).toBe('FAIL');
        }
        if (good.length === 0) {
          expect(result.verdict).not.toBe('PASS');
        }
      },
    ),
    { numRuns: 2000 },
  );
});
