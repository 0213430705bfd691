/** What holds for every measurement. */
import fc from 'fast-check';
import type { Measurement } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/checks';
import { withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';
import { evaluate, type EvaluationPlan } from '../../../lambda/domain/evaluate';
import { driveGate } from '../check-driver';
import { at, check, HOUR, judge, measured, minutes, SINCE, type Verdict } from './evaluate-fixture';

describe('as a gate drives it', () => {
  const plan = (bakeMinutes: number, more: Partial<CheckPlan> = {}): EvaluationPlan => ({
    checks: [check(more)],
    bakeMinutes,
    since: SINCE,
  });
  const finds =
    (...verdicts: readonly Verdict[]) =>
    ({ now }: { readonly now: string }, time: number): Measurement => ({
      checkId: 'a',
      at: now,
      verdict: verdicts[Math.min(time, verdicts.length - 1)]!,
      reason: 'found',
    });

  test('a healthy bake ends with a measurement at its very end', () => {
    const driven = driveGate(plan(10, { interval: 90 }), finds('PASS'), at(HOUR));

    expect(driven.evaluation.verdict).toBe('PASS');
    expect(driven.at).toBe(at(600));
    expect(driven.measurements.map((one) => one.at)).toEqual([0, 90, 180, 270, 360, 450, 540, 600].map(at));
  });

  test('a bake of 200,000 samples is judged as quickly as a short one', () => {
    const checks = [check({ interval: 10 })];
    let tally: CheckTally | undefined;
    for (let count = 0; count <= 200_000; count++) {
      tally = withMeasurement(tally, measured('PASS', count * 10), checks[0]!, SINCE);
    }

    const evaluation = evaluate({ checks, bakeMinutes: 2_000_000 / 60, since: SINCE }, [tally!], at(2_000_000));

    expect(evaluation).toMatchObject({ verdict: 'PASS', next: at(2_000_010) });
  });

  test.each<Verdict>(['FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS'])('it ends when everything is %s', (verdict) => {
    for (const bakeMinutes of [0, 5]) {
      const { evaluation } = driveGate(
        plan(bakeMinutes, { failureLimit: 3, inconclusiveLimit: 3 }),
        finds(verdict),
        at(5 * HOUR),
      );

      expect(evaluation.verdict).toBe(verdict === 'FAIL' ? 'FAIL' : 'INCONCLUSIVE');
    }
  });

  test('whatever is found, a verdict comes in the end', () => {
    const found = fc.constantFrom<Verdict>('PASS', 'FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS');
    const limits = fc.record({
      failureLimit: fc.nat(3),
      consecutiveErrorLimit: fc.nat(3),
      inconclusiveLimit: fc.nat(3),
      minSamples: fc.integer({ min: 1, max: 3 }),
      initialDelay: fc.nat(200),
    });
    fc.assert(
      fc.property(limits, fc.constantFrom(0, 1, 10), fc.array(found, { minLength: 1 }), (more, bakeMinutes, cycle) => {
        const { evaluation } = driveGate(
          plan(bakeMinutes, more),
          ({ now }, time) => ({ checkId: 'a', at: now, verdict: cycle[time % cycle.length]!, reason: '' }),
          at(6 * HOUR),
        );

        expect(evaluation.verdict).not.toBe('RUNNING');
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever was measured, a bake opens only', () => {
  const verdict = fc.constantFrom<Verdict>('PASS', 'FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS');
  const mostlyGood = fc.oneof({ weight: 12, arbitrary: fc.constant<Verdict>('PASS') }, verdict);
  const timing = fc.record({
    initialDelay: fc.nat(120),
    interval: fc.integer({ min: 10, max: 300 }),
    failureLimit: fc.nat(2),
    consecutiveErrorLimit: fc.nat(4),
    inconclusiveLimit: fc.nat(2),
    minSamples: fc.integer({ min: 1, max: 4 }),
  });
  /** Pauses between samples, often about as long as the longest gap. */
  const samples = fc.array(
    fc.record({
      verdict: mostlyGood,
      pause: fc.oneof({ weight: 8, arbitrary: fc.nat(130) }, fc.integer({ min: 130, max: 900 })),
      reach: fc.option(fc.nat(900), { freq: 10, nil: undefined }),
    }),
    { maxLength: 30 },
  );

  test('with enough good, fresh, gapless measurements and no more failures and doubts than forgiven', () => {
    let opened = 0;
    fc.assert(
      fc.property(
        timing,
        fc.integer({ min: 1, max: 15 }),
        samples,
        fc.nat(300),
        fc.boolean(),
        (more, bakeMinutes, taken, wait, resting) => {
          let seconds = more.initialDelay - 60;
          const all = taken.map(({ verdict: found, pause, reach }) => {
            seconds += pause;
            return { found, seconds, from: found === 'PASS' && reach !== undefined ? seconds - reach : undefined };
          });
          const now = Math.max(seconds + wait, 0);
          const measurements = all.map(({ found, seconds: when, from }) =>
            measured(found, when, from === undefined ? {} : { healthySince: at(from) }),
          );

          const result = judge(measurements, now, more, { bakeMinutes, resting });

          // Counted anew, from the whole list.
          const gap = 2 * more.interval + 120;
          const end = Math.max(bakeMinutes * 60, more.initialDelay + (more.minSamples - 1) * more.interval);
          const counted = all
            .filter((one, index) => index === 0 || one.seconds > all[index - 1]!.seconds)
            .filter((one) => one.seconds >= more.initialDelay);
          const count = (wanted: Verdict) => counted.filter(({ found }) => found === wanted).length;
          if (count('FAIL') > more.failureLimit) {
            expect(result.verdict).toBe('FAIL');
          }
          if (result.verdict !== 'PASS') {
            return;
          }
          opened += 1;
          const last = counted[counted.length - 1]!;
          expect(now).toBeGreaterThanOrEqual(end);
          expect(count('PASS')).toBeGreaterThanOrEqual(more.minSamples);
          expect(last.found).toBe('PASS');
          expect(now - last.seconds).toBeLessThanOrEqual(gap + (resting ? 3600 : 0));
          expect(end - last.seconds).toBeLessThanOrEqual(gap);
          let covered = more.initialDelay;
          let working: number | undefined;
          for (const { found, seconds: when, from } of counted) {
            if (found === 'PASS') {
              const reaches = from ?? working ?? when;
              expect(Math.min(reaches, end) - covered).toBeLessThanOrEqual(gap);
              covered = when;
            }
            working = found === 'IN_PROGRESS' ? (working ?? when) : undefined;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(opened).toBeGreaterThan(100);
  });

  test('and never for a check that was never good', () => {
    const bad = fc.constantFrom<Verdict>('FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS');
    fc.assert(
      fc.property(
        timing,
        fc.nat(15),
        fc.array(bad, { maxLength: 30 }),
        fc.nat(3000),
        (more, bakeMinutes, taken, now) => {
          expect(judge(minutes(...taken), now, more, { bakeMinutes }).verdict).not.toBe('PASS');
        },
      ),
    );
  });
});
