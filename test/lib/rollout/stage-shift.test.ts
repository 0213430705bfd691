import { Duration } from 'aws-cdk-lib';
import { parseShift, percentAt } from '../../../lambda/domain/stage-shift';
import { RolloutStrategy } from '../../../lib/rollout';
import { stageShift } from '../../../lib/rollout/stage-shift';

const MINUTE = 60_000;

/** What API Gateway is given, as the function computes it. */
function sharesOf(percent: number): readonly number[] {
  const { shift } = stageShift(RolloutStrategy.linear(percent, Duration.minutes(1)));
  const parsed = parseShift(JSON.stringify(shift));
  if (!parsed.ok) {
    throw new Error(`${percent}: ${parsed.problem}`);
  }
  return Array.from({ length: shift.steps }, (_, step) => percentAt(parsed.value, step * MINUTE));
}

test('each percentage with two decimals makes steps that grow, stay below 100 and have two decimals', () => {
  // Smaller ones need more than 22 hours.
  for (let hundredths = 8; hundredths < 10_000; hundredths += 1) {
    const shares = sharesOf(hundredths / 100);
    const wrong = shares.filter(
      (share, index) => !(share > (shares[index - 1] ?? 0) && share < 100) || share !== Math.round(share * 100) / 100,
    );
    expect([hundredths, ...wrong]).toEqual([hundredths]);
    // The next one would be all of it.
    expect(shares.at(-1)! + hundredths / 100).toBeGreaterThanOrEqual(99.999_999);
  }
});

test('steps are written as they are, and not as a computer adds them', () => {
  expect(sharesOf(1.1).slice(0, 3)).toEqual([1.1, 2.2, 3.3]);
  expect(sharesOf(33.33)).toEqual([33.33, 66.66, 99.99]);
  expect(sharesOf(20)).toEqual([20, 40, 60, 80]);
});

test.each([
  ['canary', 0.001],
  ['canary', 99.999],
  ['linear', 100 / 31],
  ['linear', 1.125],
  ['linear', 0.1 + 0.2],
] as const)('`%s` with %d percent is refused', (kind, percent) => {
  expect(() => stageShift(RolloutStrategy[kind](percent, Duration.minutes(10)))).toThrow(
    new RegExp(
      `\`RolloutStrategy.${kind} percent\` is ${percent}, but .* 0\\.01 to 99\\.99 .* two decimals.*PercentOutOfRange`,
    ),
  );
});

test.each([0.01, 3.22, 99.99])('a canary of %d percent is taken', (percent) => {
  expect(stageShift(RolloutStrategy.canary(percent, Duration.minutes(10))).shift.percent).toBe(percent);
});
