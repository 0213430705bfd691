/** The same inputs in a brute force, which does what the definitions say, and in SciPy. */
import { shiftOf, type Shift } from '../../../../lambda/domain/judge/hodges-lehmann';
import { boundaryRank, mannWhitney } from '../../../../lambda/domain/judge/mann-whitney';
import { normalQuantile } from '../../../../lambda/domain/judge/normal';
import { rankingOf } from '../../../../lambda/domain/judge/ranking';
import { chance } from '../../../judge/random';
import { PYTHON, runPython } from './scipy';

interface Case {
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
  readonly confidence: number;
}

interface Found extends Shift {
  readonly u: number;
  readonly z: number;
}

/** Most have ties, many of them ties of most values. */
function cases(count: number, most: number): readonly Case[] {
  const { uniform, normal, whole } = chance(8);
  return Array.from({ length: count }, (_, index) => {
    const kinds = 1 + whole(60);
    const tied = (): number => whole(kinds) / 4;
    const rare = (): number => Math.max(0, whole(30) - 25);
    const smooth = (): number => Math.exp(normal());
    const draw = [tied, rare, smooth, tied][index % 4] as () => number;
    const shift = [0, 0.25, 1][index % 3] as number;
    return {
      canary: Array.from({ length: 5 + whole(most - 4) }, () => draw() + shift),
      baseline: Array.from({ length: 5 + whole(most - 4) }, draw),
      confidence: 0.9 + 0.099 * uniform(),
    };
  });
}

function ours({ canary, baseline, confidence }: Case): Found {
  const ranking = rankingOf({ canary: Float64Array.from(canary), baseline: Float64Array.from(baseline) });
  const test = mannWhitney(ranking);
  const shift = shiftOf(ranking.sorted, boundaryRank(test, normalQuantile((1 + confidence) / 2)));
  return { u: test.u, z: test.z, ...shift };
}

/** By definition: every pair is looked at, and the interval holds the shifts that the test does not reject. */
function bruteForce({ canary, baseline, confidence }: Case): Found {
  const differences = canary.flatMap((value) => baseline.map((other) => value - other)).sort((a, b) => a - b);
  const all = [...canary, ...baseline];
  const n = differences.length;
  const tied = all.reduce((sum, value) => sum + all.filter((other) => other === value).length ** 2 - 1, 0);
  const sigma = Math.sqrt((n / 12) * (all.length + 1 - tied / (all.length * (all.length - 1))));
  const distanceAt = (shift: number): number =>
    differences.reduce((sum, difference) => sum + Math.sign(difference - shift) / 2, 0);
  const critical = normalQuantile((1 + confidence) / 2);
  const rejectedBelow = (shift: number): boolean => distanceAt(shift) - 0.5 >= critical * sigma;
  const between = differences.map((difference, index) => (difference + (differences[index - 1] ?? difference - 1)) / 2);
  // The bounds are differences: below the lower one, every shift is rejected; above it, none until the upper one.
  const low = differences.filter((_, index) => rejectedBelow(between[index] as number)).at(-1) ?? -Infinity;
  const mirrored = [...differences].reverse();
  const rejectedAbove = (shift: number): boolean => -distanceAt(shift) - 0.5 >= critical * sigma;
  const high =
    mirrored
      .filter((difference, index) => rejectedAbove((difference + (mirrored[index - 1] ?? difference + 1)) / 2))
      .at(-1) ?? Infinity;
  const distance = distanceAt(0);
  return {
    u: distance + n / 2,
    z: sigma === 0 ? 0 : (distance - Math.sign(distance) / 2) / sigma,
    estimate: ((differences[Math.ceil(n / 2) - 1] as number) + (differences[Math.floor(n / 2)] as number)) / 2,
    low,
    high,
  };
}

const SCIPY = `
import json, sys
import numpy as np
from scipy.stats import mannwhitneyu, norm, tiecorrect, rankdata

def judge(case):
    x, y = np.array(case['canary']), np.array(case['baseline'])
    n, m = len(x), len(y)
    test = mannwhitneyu(x, y, use_continuity=True, alternative='two-sided', method='asymptotic')
    z = 0.0 if np.isnan(test.pvalue) else norm.isf(test.pvalue / 2)
    sigma = np.sqrt(tiecorrect(rankdata(np.concatenate([x, y]))) * n * m * (n + m + 1) / 12)
    d = np.sort(np.subtract.outer(x, y).ravel())
    k = int(np.floor(n * m / 2 + 0.5 - norm.ppf((1 + case['confidence']) / 2) * sigma))
    bounded = k >= 1
    return dict(u=test.statistic, z=z * np.sign(test.statistic - n * m / 2), estimate=np.median(d),
                low=d[k - 1] if bounded else None, high=d[n * m - k] if bounded else None)

json.dump([judge(case) for case in json.load(sys.stdin)], sys.stdout, default=float)
`;

function expectSame(found: Found, other: Record<keyof Found, number | null>): void {
  expect(found.u).toBe(other.u);
  expect(Math.abs(found.z - (other.z as number))).toBeLessThanOrEqual(1e-9);
  expect(Math.abs(found.estimate - (other.estimate as number))).toBeLessThanOrEqual(1e-9);
  expect(found.low).toBe(other.low ?? -Infinity);
  expect(found.high).toBe(other.high ?? Infinity);
}

test('a thousand random inputs, most with ties, give U, z and the interval of the shift as a brute force does', () => {
  cases(1_000, 12).forEach((one) => expectSame(ours(one), bruteForce(one)));
});

if (PYTHON === undefined) {
  process.stderr.write(
    'skipped: the judge beside SciPy, which is not installed (python3 -m venv .venv && .venv/bin/pip install -r .ci/requirements.txt)\n',
  );
}

(PYTHON === undefined ? test.skip : test)(
  '1,000 random inputs, most with ties, give U, z and the interval of the shift as SciPy does',
  () => {
    const inputs = cases(1_000, 120);
    const theirs = runPython<readonly Record<keyof Found, number | null>[]>(SCIPY, inputs);
    expect(theirs).toHaveLength(1_000);
    inputs.forEach((one, index) => expectSame(ours(one), theirs[index]!));
  },
);
