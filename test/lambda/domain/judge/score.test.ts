import fc from 'fast-check';
import type { CanaryCriticality } from '../../../../contract/checks';
import type { MetricJudgement } from '../../../../lambda/domain/judge/judge-metric';
import { scoreOf, type ScoredMetric } from '../../../../lambda/domain/judge/score';

type Verdict = MetricJudgement['verdict'];

function metric(group: string, verdict: Verdict, criticality: CanaryCriticality = 'NORMAL'): ScoredMetric {
  return { group, criticality, judgement: { name: 'metric', verdict, reason: '', n: 30 } };
}

const RULE = { groupWeights: {}, pass: 95, marginal: 75 };
const many = (passed: number, failed: number) => [
  ...Array.from({ length: passed }, () => metric('all', 'PASS')),
  ...Array.from({ length: failed }, () => metric('all', 'FAIL')),
];

test.each<[string, readonly ScoredMetric[], object]>([
  ['all pass', many(3, 0), { verdict: 'PASS', score: 100 }],
  ['one of one fails', many(0, 1), { verdict: 'FAIL', score: 0 }],
  ['one of two fails', many(1, 1), { verdict: 'FAIL', score: 50 }],
  ['one of ten fails: between the thresholds', many(9, 1), { verdict: 'INCONCLUSIVE', score: 90 }],
  ['one of four fails: at the lower threshold', many(3, 1), { verdict: 'INCONCLUSIVE', score: 75 }],
  ['one of twenty fails: at the upper threshold', many(19, 1), { verdict: 'PASS', score: 95 }],
  ['a critical one of many fails', [...many(99, 0), metric('all', 'FAIL', 'CRITICAL')], { verdict: 'FAIL', score: 0 }],
  [
    'one that is only shown fails',
    [...many(1, 0), metric('all', 'FAIL', 'REPORT_ONLY')],
    { verdict: 'PASS', score: 100 },
  ],
  ['only shown ones', [metric('all', 'PASS', 'REPORT_ONLY')], { verdict: 'INCONCLUSIVE', because: 'NOTHING_DECIDES' }],
  ['none', [], { verdict: 'INCONCLUSIVE', because: 'NOTHING_DECIDES' }],
  [
    'data are missing',
    [...many(99, 0), metric('all', 'INCONCLUSIVE')],
    { verdict: 'INCONCLUSIVE', because: 'MISSING' },
  ],
  [
    'of a critical one, too',
    [metric('all', 'INCONCLUSIVE', 'CRITICAL')],
    { verdict: 'INCONCLUSIVE', because: 'MISSING' },
  ],
  ['of one that is only shown', [...many(1, 0), metric('all', 'INCONCLUSIVE', 'REPORT_ONLY')], { verdict: 'PASS' }],
  [
    'it fails whatever the missing data would say',
    [...many(1, 1), metric('all', 'INCONCLUSIVE')],
    { verdict: 'FAIL', because: 'SCORE' },
  ],
])('%s', (_what, metrics, expected) => {
  expect(scoreOf(RULE, metrics)).toMatchObject(expected);
});

describe('groups', () => {
  const failing = [metric('latency', 'FAIL'), metric('errors', 'PASS'), metric('errors', 'PASS')];

  test('count the same, however many metrics they have', () => {
    expect(scoreOf(RULE, failing).score).toBe(50);
  });

  test('count by their weight, and the others share what is left', () => {
    expect(scoreOf({ ...RULE, groupWeights: { latency: 20 } }, failing).score).toBe(80);
    expect(scoreOf({ ...RULE, groupWeights: { errors: 60 } }, failing).score).toBe(60);
  });

  test('reach 100 whatever the sum of their weights', () => {
    const healthy = [metric('latency', 'PASS'), metric('errors', 'PASS')];
    expect(scoreOf({ ...RULE, groupWeights: { latency: 10, errors: 30 } }, healthy).score).toBe(100);
  });

  test('that are not named share what is left among them', () => {
    const three = [metric('latency', 'FAIL'), metric('errors', 'PASS'), metric('load', 'PASS')];

    expect(scoreOf({ ...RULE, groupWeights: { latency: 50 } }, three).score).toBe(50);
    expect(scoreOf({ ...RULE, groupWeights: { errors: 50 } }, three).score).toBe(75);
  });

  test('of no weight at all decide nothing', () => {
    expect(scoreOf({ ...RULE, groupWeights: { all: 0 } }, many(1, 0))).toMatchObject({ because: 'NOTHING_DECIDES' });
  });
});

test.each<[readonly ScoredMetric[], string]>([
  [[metric('all', 'FAIL', 'CRITICAL')], 'CRITICAL'],
  [many(0, 1), 'SCORE'],
  [many(1, 0), 'SCORE'],
  [[metric('all', 'INCONCLUSIVE')], 'MISSING'],
  [[], 'NOTHING_DECIDES'],
])('of %j it is told why: %s', (metrics, because) => {
  expect(scoreOf(RULE, metrics).because).toBe(because);
});

test('whatever is missing, nothing passes', () => {
  const any = fc.record({
    group: fc.constantFrom('a', 'b', 'c'),
    criticality: fc.constantFrom<CanaryCriticality>('NORMAL', 'CRITICAL'),
    verdict: fc.constantFrom<Verdict>('PASS', 'FAIL', 'INCONCLUSIVE'),
  });
  fc.assert(
    fc.property(fc.array(any), fc.nat(100), (metrics, pass) => {
      const scored = metrics.map(({ group, verdict, criticality }) => metric(group, verdict, criticality));
      const missing = metric('a', 'INCONCLUSIVE');
      expect(scoreOf({ groupWeights: {}, pass, marginal: pass }, [...scored, missing]).verdict).not.toBe('PASS');
    }),
  );
});
