/** The short form of the simulation in docs/judge.md: healthy bakes of four hours, each minute a data point, judged at every look. */
import { criticalValue } from '../../../../lambda/domain/judge/looks';
import { Judging } from '../../../../lambda/domain/limits';
import { mannWhitney } from '../../../../lambda/domain/judge/mann-whitney';
import { rankingOf } from '../../../../lambda/domain/judge/ranking';
import { judge, LOOKS, type Judge } from '../../../judge/judges';
import { alike } from '../../../judge/noise';
import { simulate } from '../../../judge/simulate';

const BAKES = 400;
/** Without the gate of effects, which would hide what the test itself finds. */
const ANY_DIFFERENCE = judge('DIFFERENT', 0);

/** The same looks without a correction: how often a difference is significant by itself. */
function without(critical: number): Judge {
  return ({ canary, baseline }) =>
    LOOKS.find((minute) => {
      const ranking = rankingOf({ canary: canary.subarray(0, minute), baseline: baseline.subarray(0, minute) });
      return Math.abs(mannWhitney(ranking).z) > critical;
    });
}

const OWN_BUDGET_EACH = without(criticalValue(Judging.ERROR_BUDGET, 1));
const AS_IF_INDEPENDENT = without(criticalValue(Judging.ERROR_BUDGET, LOOKS.length));

function rejected(likeness: number) {
  return simulate(
    { ours: ANY_DIFFERENCE, OWN_BUDGET_EACH, AS_IF_INDEPENDENT },
    (chance) => ({ canary: alike(chance, likeness), baseline: alike(chance, likeness) }),
    BAKES,
  );
}

test('independent minutes: at most 2 % of healthy bakes are rejected; more if each look had the whole budget', () => {
  const { ours, OWN_BUDGET_EACH } = rejected(0);
  expect(ours.rejected).toBeLessThanOrEqual(0.02);
  expect(OWN_BUDGET_EACH.rejected).toBeGreaterThan(0.04);
});

test.each([0.4, 0.8])('minutes alike by %p: at most 5 %; more if they were taken for independent', (likeness) => {
  const { ours, AS_IF_INDEPENDENT } = rejected(likeness);
  expect(ours.rejected).toBeLessThanOrEqual(0.05);
  expect(AS_IF_INDEPENDENT.rejected).toBeGreaterThan(0.1);
});
