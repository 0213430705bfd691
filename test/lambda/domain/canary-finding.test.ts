import fc from 'fast-check';
import type { CanaryCheckPlan } from '../../../contract/checks';
import { canaryFinding, canaryWindow } from '../../../lambda/domain/canary-finding';
import { chance } from '../../judge/random';
import { TIMING } from '../check-timing';

const SINCE = '2026-11-23T10:00:20.000Z';
const START = Date.parse('2026-11-23T10:01:00.000Z');
const minute = (count: number) => new Date(START + count * 60_000).toISOString();
const SOURCE = { region: 'eu-west-1', period: 60, queries: [] };
const PLAN: CanaryCheckPlan = {
  ...TIMING,
  kind: 'canary',
  id: 'canary',
  title: 'canary',
  period: 60,
  points: 60,
  minPoints: 30,
  metrics: [
    {
      name: 'errors',
      canary: SOURCE,
      baseline: SOURCE,
      worseWhen: 'HIGHER',
      minEffect: 0.1,
      group: 'all',
      criticality: 'NORMAL',
    },
  ],
  groupWeights: {},
  pass: 95,
  marginal: 75,
};

const { normal } = chance(4);
const VALUES = Array.from({ length: 60 }, () => [100 + 10 * normal(), 100 + 10 * normal()] as const);

function found(at: number, factor = 1, isThere: (minute: number) => boolean = () => true) {
  const now = minute(at);
  const window = canaryWindow(PLAN, { since: SINCE, now });
  const side = (index: 0 | 1, by: number) =>
    VALUES.flatMap((values, count) =>
      isThere(count) ? [{ at: START + count * 60_000, value: values[index] * by }] : [],
    );
  return canaryFinding(PLAN, window, [{ name: 'errors', canary: side(0, factor), baseline: side(1, 1) }], now);
}

test('the first whole period after the start begins, and a period counts two minutes after its end', () => {
  const window = (now: string) => canaryWindow(PLAN, { since: SINCE, now });
  expect(window(minute(31))).toEqual({ from: START, to: START, period: 60_000 });
  expect(window(minute(32))).toEqual({ from: START, to: START + 30 * 60_000, period: 60_000 });
  expect(window(minute(46))).toEqual(window(minute(32)));
  expect(window(minute(47)).to).toBe(START + 45 * 60_000);
  expect(window(minute(500)).to).toBe(START + 60 * 60_000);
  expect(canaryWindow({ ...PLAN, initialDelay: 60 }, { since: SINCE, now: minute(32) }).from).toBe(START + 60_000);
});

test('before the first look it is in progress until that look', () => {
  expect(found(10)).toEqual({
    verdict: 'IN_PROGRESS',
    callBackDelay: 22 * 60,
    waitsUntil: minute(32),
    reason: '0 of 30 data points so far',
    from: minute(0),
    to: minute(0),
    threshold: 'score 95',
  });
});

test('a healthy canary is in progress at every look but the last, which passes it for the whole time', () => {
  expect(found(32)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 15 * 60, value: 'score 100' });
  expect(found(50)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 12 * 60 });
  expect(found(61)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 60 });
  expect(found(62)).toMatchObject({ verdict: 'PASS', healthySince: minute(0), to: minute(60), value: 'score 100' });
  expect(found(62).reason).toMatch(/^Look 3 of 3: errors: no difference that matters/);
});

test('a worse one fails at the first look', () => {
  expect(found(32, 1.5)).toMatchObject({ verdict: 'FAIL', value: 'score 0', to: minute(30) });
  expect(found(32, 1.5).reason).toMatch(/^Look 1 of 3: errors: the canary is higher/);
});

test('missing data are waited for, at an earlier look until the next, at the last for five minutes', () => {
  const gaps = (count: number) => count % 2 === 0;
  expect(found(32, 1, gaps)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 15 * 60 });
  expect(found(64, 1, gaps)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 30 });
  expect(found(65, 1, gaps)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: 'Look 3 of 3: errors: only 30 of 60 data points are there on both sides',
  });
});

test('data that end before the bake does are waited for, and then nobody can tell', () => {
  const silent = (count: number) => count < 55;
  expect(found(64, 1, silent)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 30 });
  expect(found(65, 1, silent)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: `Look 3 of 3: errors: 5 data points in a row are not there on both sides, from 2026-11-23 10:56 UTC`,
  });
});

test('while it is in progress it says until when, so that nobody takes the last hour of a long period for a check that hangs', () => {
  const gaps = (count: number) => count % 2 === 0;
  expect(found(50)).toMatchObject({ verdict: 'IN_PROGRESS', waitsUntil: minute(62) });
  expect(found(61)).toMatchObject({ verdict: 'IN_PROGRESS', waitsUntil: minute(62) });
  expect(found(64, 1, gaps)).toMatchObject({ verdict: 'IN_PROGRESS', waitsUntil: minute(65) });

  const hourly = { ...PLAN, period: 3600, points: 30, interval: 3600 };
  const now = '2026-11-24T16:30:00.000Z';
  expect(canaryFinding(hourly, canaryWindow(hourly, { since: SINCE, now }), [], now)).toMatchObject({
    verdict: 'IN_PROGRESS',
    waitsUntil: '2026-11-24T17:02:00.000Z',
  });
});

test.each([1, 4, 500])('a plan that is too short for any look cannot tell, in minute %i as at any time', (count) => {
  const now = minute(count);
  const short = { ...PLAN, points: 29 };
  const finding = canaryFinding(short, canaryWindow(short, { since: SINCE, now }), [], now);
  expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining('too short') });
});

test('whenever it is measured, without nearly all data to the end it does not pass', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 300 }), fc.integer({ min: 0, max: 60 }), (at, there) => {
      const finding = found(at, 1, (count) => count < there);
      if (finding.verdict === 'PASS') {
        expect(at).toBeGreaterThanOrEqual(62);
        expect(there).toBeGreaterThanOrEqual(56);
      }
    }),
  );
});

describe('what is drawn', () => {
  test('is the difference from the stable version in per cent, with the one that would matter', () => {
    const { drawn } = found(32, 1.5);

    expect(drawn).toMatchObject({ limit: 10, baseline: 0, unit: '%' });
    expect(drawn!.value).toBeGreaterThan(40);
    expect(drawn!.value).toBeLessThan(60);
  });

  test('is nothing before the first look', () => {
    expect(found(10)).not.toHaveProperty('drawn');
  });

  const [metric] = PLAN.metrics;
  const drawnOf = (metrics: CanaryCheckPlan['metrics'], factors: Readonly<Record<string, number>>) => {
    const plan = { ...PLAN, metrics };
    const now = minute(32);
    const side = (index: 0 | 1, by: number) =>
      VALUES.map((values, count) => ({ at: START + count * 60_000, value: values[index] * by }));
    const series = metrics.map(({ name }) => ({ name, canary: side(0, factors[name] ?? 1), baseline: side(1, 1) }));
    return canaryFinding(plan, canaryWindow(plan, { since: SINCE, now }), series, now).drawn;
  };

  test('is of the metric that failed, however much another one differs that may', () => {
    const drawn = drawnOf(
      [
        { ...metric!, name: 'traffic', worseWhen: 'LOWER', minEffect: 0.2 },
        { ...metric!, name: 'errors', criticality: 'CRITICAL' },
        { ...metric!, name: 'watched', criticality: 'REPORT_ONLY' },
      ],
      { traffic: 3, errors: 1.5, watched: 9 },
    );

    expect(drawn!.value).toBeLessThan(60);
    expect(drawn!.limit).toBe(10);
  });

  test.each([
    ['LOWER', 0.5, -10],
    ['DIFFERENT', 0.5, -10],
    ['DIFFERENT', 2, 10],
    ['HIGHER', 0.5, 10],
  ] as const)('has its limit where %s is worse, at a factor of %d: %d %', (worseWhen, factor, limit) => {
    expect(drawnOf([{ ...metric!, worseWhen }], { errors: factor })!.limit).toBe(limit);
  });
});
