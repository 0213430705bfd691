/** A canary of several metrics: what is said of them together, and how much has to be seen in each. */
import { judgeCanary, type CanaryPlan, type MetricSeries } from '../../../../lambda/domain/judge/judge-canary';
import { chance } from '../../../judge/random';
import { plan } from '../../../judge/judges';

const FROM = Date.parse('2026-01-01T10:00:00Z');
const MINUTES = 40;
const PLAN: CanaryPlan = { ...plan('HIGHER', 0.1), bakePoints: 30 };
const [METRIC] = PLAN.metrics as [CanaryPlan['metrics'][number]];

/** @param factor of the canary's values; undefined = it has none */
function series(name: string, factor: number | undefined): MetricSeries {
  const { normal } = chance(2);
  const points = () =>
    Array.from({ length: MINUTES }, (_, minute) => ({ at: FROM + minute * 60_000, value: 100 + 10 * normal() }));
  const [baseline, canary] = [points(), points()];
  const changed = canary.map((point) => ({ ...point, value: point.value * (factor ?? 1) }));
  return { name, baseline, canary: factor === undefined ? [] : changed };
}

interface Given {
  readonly factor?: number;
  readonly criticality?: 'NORMAL' | 'CRITICAL' | 'REPORT_ONLY';
  /** Nobody measured it. */
  readonly unknown?: true;
}

const WORSE = { factor: 1.5 };
const FINE = { factor: 1 };
const MISSING = {};

function judged(given: readonly Given[], more: Partial<CanaryPlan> = {}) {
  const metrics = given.map(({ criticality = 'NORMAL' }, index) => ({ ...METRIC, name: `m${index}`, criticality }));
  const all = given.flatMap(({ factor, unknown }, index) => (unknown ? [] : [series(`m${index}`, factor)]));
  return judgeCanary({ ...PLAN, metrics, ...more }, all, { from: FROM, finished: 30 });
}

test.each<[string, readonly Given[], string, RegExp]>([
  ['one that is fine', [FINE], 'PASS', /^m0: no difference that matters: its mean is .*, 30 data points each$/],
  ['several that are fine', [FINE, FINE, FINE], 'PASS', /^no difference that matters in 3 metrics$/],
  [
    'several, one of which is only shown',
    [FINE, FINE, { ...WORSE, criticality: 'REPORT_ONLY' }],
    'PASS',
    /^no difference that matters in 2 metrics$/,
  ],
  ['one that fails', [FINE, WORSE], 'FAIL', /^m1: the canary is higher: [^;]*$/],
  ['two that fail', [FINE, WORSE, WORSE], 'FAIL', /^m1: the canary is higher: .*; and 1 more$/],
  ['none that decides', [{ ...WORSE, criticality: 'REPORT_ONLY' }], 'INCONCLUSIVE', /^no metric decides$/],
  ['one that lacks data', [FINE, MISSING], 'INCONCLUSIVE', /^m1: only 0 of 30 data points are there on both sides$/],
  ['one that nobody measured', [{ unknown: true }, FINE], 'INCONCLUSIVE', /^m0: only 0 of 30 data points/],
  ['three that lack data', [MISSING, FINE, MISSING, MISSING], 'INCONCLUSIVE', /^m0: only 0 of 30 .*; and 2 more$/],
  [
    'a critical one that fails beside one that lacks data',
    [MISSING, { ...WORSE, criticality: 'CRITICAL' }],
    'FAIL',
    /^m1: the canary is higher/,
  ],
])('of %s it is said', (_, given, verdict, reason) => {
  const judgement = judged(given);

  expect(judgement.verdict).toBe(verdict);
  expect(judgement.reason).toMatch(reason);
  expect(judgement.metrics).toHaveLength(given.length);
});

test('between failing and passing the score is told, and nobody can tell', () => {
  const judgement = judged([WORSE, FINE, FINE, FINE, FINE]);

  expect(judgement).toMatchObject({ verdict: 'INCONCLUSIVE', score: 80 });
  expect(judgement.reason).toMatch(/^score 80 is between failing and passing; m0: the canary is higher/);
});

test('a failure is told without its score, and data that are missing have none', () => {
  expect(judged([WORSE]).reason).not.toContain('score');
  expect(judged([FINE, MISSING])).not.toHaveProperty('score');
});

test('a reason has at most 300 characters', () => {
  const name = 'x'.repeat(400);
  const finding = judgeCanary({ ...PLAN, metrics: [{ ...METRIC, name }] }, [{ ...series(name, 1.5), name }], {
    from: FROM,
    finished: 30,
  });

  expect(finding.reason).toHaveLength(300);
});

test('the more of them decide, the more has to be seen in one', () => {
  const beside = (others: number, criticality: 'NORMAL' | 'REPORT_ONLY') =>
    judged([{ factor: 1.2 }, ...Array.from({ length: others }, () => ({ unknown: true, criticality }) as const)])
      .metrics[0]?.verdict;

  expect(beside(0, 'NORMAL')).toBe('FAIL');
  expect(beside(2_000, 'REPORT_ONLY')).toBe('FAIL');
  expect(beside(2_000, 'NORMAL')).toBe('PASS');
});
