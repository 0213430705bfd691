/** What the judge might do instead, at its barest: is the test significant? docs/judge.md has the numbers that decided. */
import { inflationOf, inflationOfSeries } from '../../lambda/domain/judge/effective-samples';
import { criticalValue } from '../../lambda/domain/judge/looks';
import { Judging } from '../../lambda/domain/limits';
import { mannWhitney } from '../../lambda/domain/judge/mann-whitney';
import type { Paired } from '../../lambda/domain/judge/paired';
import { rankingOf, type Ranking } from '../../lambda/domain/judge/ranking';
import { LOOKS, type Judge } from './judges';
import { alike, BAKE_MINUTES } from './noise';
import type { Chance } from './random';

type Inflation = (ranking: Ranking) => number;

function significant(looks: readonly number[], inflation: Inflation, critical: (minute: number) => number): Judge {
  return ({ canary, baseline }) =>
    looks.find((minute) => {
      const ranking = rankingOf({ canary: canary.subarray(0, minute), baseline: baseline.subarray(0, minute) });
      return Math.abs(mannWhitney(ranking).z) > critical(minute) * Math.sqrt(inflation(ranking));
    });
}

function shared(looks: readonly number[]): Judge {
  return significant(looks, inflationOf, () => criticalValue(Judging.ERROR_BUDGET, looks.length));
}

function counting(inflation: Inflation): Judge {
  return significant(LOOKS, inflation, () => criticalValue(Judging.ERROR_BUDGET, LOOKS.length));
}

const differences: Inflation = ({ ranks: { canary, baseline } }) =>
  inflationOfSeries(canary.map((rank, moment) => rank - (baseline[moment] as number)));

/** Intervals that hold at every look, however many there are: a mixture of normal distributions, at its best after 30 minutes. */
const alwaysValid = (minute: number): number =>
  Math.sqrt(((minute + 30) / minute) * Math.log((minute + 30) / 30 / Judging.ERROR_BUDGET ** 2));

const EVERY_MINUTE = Array.from({ length: BAKE_MINUTES - 29 }, (_, index) => 30 + index);

export const WHEN: Readonly<Record<string, Judge>> = {
  'every minute, each with the whole budget': significant(EVERY_MINUTE, inflationOf, () =>
    criticalValue(Judging.ERROR_BUDGET, 1),
  ),
  'every minute, always-valid intervals': significant(EVERY_MINUTE, inflationOf, alwaysValid),
  'data doubled: 30, 60, 120, 240': shared([30, 60, 120, 240]),
  [`**data grown by half: ${LOOKS.join(', ')}**`]: shared(LOOKS),
  'data grown by a third: 8 looks': shared([30, 40, 53, 71, 95, 126, 168, 240]),
  'every 30 minutes': shared([30, 60, 90, 120, 150, 180, 210, 240]),
};

export const ALIKE: Readonly<Record<string, Judge>> = {
  'as if independent': counting(() => 1),
  'seen in the baseline alone': counting(({ ranks }) => inflationOfSeries(ranks.baseline)),
  'seen in the difference of both sides alone': counting(differences),
  '**the lesser of these two**': counting(inflationOf),
};

/** In standard deviations of one minute. */
export const CASES: Readonly<Record<string, (chance: Chance) => Paired>> = {
  'healthy, independent': (chance) => ({ canary: alike(chance, 0), baseline: alike(chance, 0) }),
  'healthy, 0.8': (chance) => ({ canary: alike(chance, 0.8), baseline: alike(chance, 0.8) }),
  '+0.35 throughout': (chance) => ({ canary: worse(alike(chance, 0), 0.35, 0), baseline: alike(chance, 0) }),
  '+1 from minute 120': (chance) => ({ canary: worse(alike(chance, 0), 1, 120), baseline: alike(chance, 0) }),
  '+3 from minute 35': (chance) => ({ canary: worse(alike(chance, 0), 3, 35), baseline: alike(chance, 0) }),
  '+0.6, load goes up and down': (chance) => {
    const start = 2 * Math.PI * chance.uniform();
    const tide = (values: Float64Array) => values.map((value, minute) => value + 2 * Math.sin(start + minute / 40));
    return { canary: tide(worse(alike(chance, 0), 0.6, 0)), baseline: tide(alike(chance, 0)) };
  },
};

function worse(values: Float64Array, by: number, from: number): Float64Array {
  return values.map((value, minute) => value + (minute < from ? 0 : by));
}
