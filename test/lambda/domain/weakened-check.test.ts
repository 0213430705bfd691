/** Which changes of a check make its gate weaker, and which only make it stricter. */
import fc from 'fast-check';
import type { CheckPlan } from '../../../contract/checks';
import { weakenings } from '../../../lambda/domain/weakened';
import { isAsStrict, tellsAsOften } from '../../../lambda/domain/weakened-check';
import { ANA, checkPlan, checksRule, policyOf, ruleOf } from '../samples';

const SOURCE = { region: 'eu-west-1', period: 60, queries: [] };
const FINDINGS = { limits: { critical: 5, high: 5, medium: 5, low: 5, unrated: 5 }, waivers: [] };
const planOf = (kind: string, more: object = {}): CheckPlan =>
  checkPlan({ kind, title: `the ${kind}`, ...more } as Partial<CheckPlan>);

/** Of each kind its measurement, and the limits whose stricter side is known: -1 = a lower one is stricter, 1 = a higher one. */
const KINDS: readonly { readonly plan: CheckPlan; readonly stricter: Readonly<Record<string, -1 | 1>> }[] = [
  { plan: checkPlan(), stricter: {} },
  {
    plan: planOf('canary', { period: 60, points: 30, minPoints: 5, metrics: [], pass: 95, marginal: 75 }),
    stricter: { points: 1 },
  },
  { plan: planOf('changeCalendar', { calendar: 'xmas' }), stricter: {} },
  { plan: planOf('changeSet', { stack: 'shop', name: 'release', risks: ['REMOVAL'] }), stricter: {} },
  {
    plan: planOf('codeCoverage', {
      reportGroupArn: 'arn:reports',
      minLinePercent: 80,
      minBranchPercent: 70,
      maxDropPoints: 5,
    }),
    stricter: { minLinePercent: 1, minBranchPercent: 1, maxDropPoints: -1 },
  },
  {
    plan: planOf('ecsService', { serviceArn: 'arn:service', cluster: 'c', maxFailedTasks: 5 }),
    stricter: { maxFailedTasks: -1 },
  },
  {
    plan: planOf('errorRatio', { errors: SOURCE, requests: SOURCE, maxPercent: 5, minRequests: 100 }),
    stricter: { maxPercent: -1, minRequests: 1 },
  },
  {
    plan: planOf('http', { url: 'https://shop.example.com', minStatus: 200, maxStatus: 299, maxMilliseconds: 500 }),
    stricter: { maxMilliseconds: -1 },
  },
  {
    plan: planOf('imageScan', { ...FINDINGS, repositoryArn: 'arn:repository', image: {}, maxAge: 600 }),
    stricter: { critical: -1, high: -1, medium: -1, low: -1, unrated: -1, maxAge: -1 },
  },
  { plan: planOf('lambda', { functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:smoke' }), stricter: {} },
  { plan: planOf('logQuery', { logGroup: 'shop', query: 'fields', maxMatches: 5 }), stricter: { maxMatches: -1 } },
  { plan: planOf('metric', { source: SOURCE, atLeast: 10, atMost: 90 }), stricter: { atLeast: 1, atMost: -1 } },
  {
    plan: planOf('securityFindings', { ...FINDINGS, resources: {}, products: [] }),
    stricter: { critical: -1, high: -1, medium: -1, low: -1, unrated: -1 },
  },
  {
    plan: planOf('syntheticsCanary', { canary: 'shop', region: 'eu-west-1', maxRunAge: 900 }),
    stricter: { maxRunAge: -1 },
  },
  {
    plan: planOf('targetGroup', { targetGroupArn: 'arn:group', minHealthy: 5, minHealthyPercent: 50 }),
    stricter: { minHealthy: 1, minHealthyPercent: 1 },
  },
  {
    plan: planOf('testReport', { reportGroupArn: 'arn:reports', failures: 'NEW', minTests: 100, maxSkipped: 5 }),
    stricter: { minTests: 1, maxSkipped: -1 },
  },
  { plan: planOf('ofTheFuture', { atMost: 5, maxMatches: 5 }), stricter: {} },
];
const OF_EACH = { failureLimit: -1, consecutiveErrorLimit: -1, inconclusiveLimit: -1, minSamples: 1 } as const;
const FORGIVING = {
  initialDelay: 30,
  failureLimit: 5,
  consecutiveErrorLimit: 5,
  inconclusiveLimit: 5,
  minSamples: 5,
};
const NAMES = ['id', 'title', 'observeOnly'];

/** With `by` added to one number, wherever in the check that is. */
function moved(plan: object, field: string, by: number): CheckPlan {
  return Object.fromEntries(
    Object.entries(plan).map(([name, value]) => {
      if (name === field) {
        return [name, (value as number) + by];
      }
      return [name, name === 'limits' ? moved(value as object, field, by) : (value as unknown)];
    }),
  ) as unknown as CheckPlan;
}

const gate = (...plans: readonly CheckPlan[]) =>
  policyOf({ rule: ruleOf('AUTOMATED', { checks: { source: { plans }, bakeMinutes: 30 } }) });

for (const { plan: kindPlan, stricter } of KINDS) {
  const plan = { ...kindPlan, ...FORGIVING };
  describe(`a check of the kind ${plan.kind}`, () => {
    const sides = Object.entries({ ...OF_EACH, ...stricter });
    /** How much stricter each limit becomes; looser below zero. */
    const changes = fc.tuple(...sides.map(() => fc.constantFrom(0, 0, 1, 2, -1)));

    test('makes the gate weaker if any of its limits is looser, and only then', () => {
      fc.assert(
        fc.property(changes, (by) => {
          const after = sides.reduce(
            (changed, [field, side], index) => moved(changed, field, side * (by[index] ?? 0)),
            plan,
          );
          const isLooser = by.some((one) => one < 0);
          expect(weakenings(gate(plan), gate(after), [ANA])).toEqual(isLooser ? [`changed: ${plan.title}`] : []);
        }),
        { numRuns: 300 },
      );
    });

    const others = Object.keys(plan).filter(
      (field) => ![...NAMES, 'limits', 'waivers', ...sides.map(([name]) => name)].includes(field),
    );
    test.each([...others, 'fieldOfTheFuture'])(
      'makes the gate weaker if its %s is another one, or missing',
      (field) => {
        const { [field]: _, ...without } = { ...plan } as Record<string, unknown>;
        for (const value of ['other', 0, 1e9]) {
          const changed = { ...plan, [field]: value } as unknown as CheckPlan;
          expect(isAsStrict(plan, changed)).toBe(false);
          expect(isAsStrict(changed, plan)).toBe(false);
        }
        if (field !== 'fieldOfTheFuture') {
          expect(isAsStrict(plan, without as unknown as CheckPlan)).toBe(false);
        }
      },
    );

    test.each(sides.map(([field]) => field))('makes the gate weaker if its %s is no number', (field) => {
      expect(isAsStrict(plan, moved(plan, field, NaN))).toBe(false);
    });
  });
}

describe('a limit that a check need not have', () => {
  const page = (more: object) => planOf('http', { url: 'https://shop.example.com', ...more });
  const scan = (limits: object) => planOf('securityFindings', { limits, waivers: [] });
  test.each([
    [page({}), page({ maxMilliseconds: 500 })],
    [planOf('metric', { atMost: 5 }), planOf('metric', { atMost: 5, atLeast: 1 })],
    [planOf('testReport', { minTests: 1 }), planOf('testReport', { minTests: 1, maxSkipped: 9 })],
    [scan({ critical: 0 }), scan({ critical: 0, high: 9 })],
  ])('is stricter than none: %j', (without, limited) => {
    expect(isAsStrict(without, limited)).toBe(true);
    expect(isAsStrict(limited, without)).toBe(false);
  });

  test('stays what it is for a severity that is not known', () => {
    expect(isAsStrict(scan({ critical: 0 }), scan({ critical: 0, extreme: 1 }))).toBe(false);
  });
});

test('to let more licences pass makes a gate weaker, and to let fewer pass does not', () => {
  const plan = (only: string, ...licenses: string[]) => planOf('licenses', { policy: { only, licenses }, waivers: [] });

  expect(isAsStrict(plan('ALLOWED', 'MIT', 'ISC'), plan('ALLOWED', 'ISC'))).toBe(true);
  expect(isAsStrict(plan('ALLOWED', 'MIT'), plan('ALLOWED', 'MIT', 'ISC'))).toBe(false);
  expect(isAsStrict(plan('REFUSED', 'MIT'), plan('REFUSED', 'MIT', 'ISC'))).toBe(true);
  expect(isAsStrict(plan('REFUSED', 'MIT', 'ISC'), plan('REFUSED', 'MIT'))).toBe(false);
  expect(isAsStrict(plan('ALLOWED', 'MIT'), plan('REFUSED', 'MIT'))).toBe(false);
  expect(isAsStrict(plan('ALLOWED', 'MIT'), planOf('licenses', { policy: {}, waivers: [] }))).toBe(false);
});

test('to forgive known failures makes a gate weaker, and to count them again does not', () => {
  const tests = (failures: unknown) => planOf('testReport', { minTests: 1, failures });

  expect(isAsStrict(tests('ALL'), tests('NEW'))).toBe(false);
  expect(isAsStrict(tests('NEW'), tests('ALL'))).toBe(true);
  expect(tellsAsOften(tests('NEW'), tests('ALL'))).toBe(true);
  expect(isAsStrict(tests('NEW'), tests('NONE'))).toBe(false);
});

test.each([null, [], {}, 'none', 0])('limits, waivers and functions that are %j are other ones', (value) => {
  const scan = planOf('imageScan', { limits: { high: 0 }, waivers: [], maxAge: 600 });
  const smoke = planOf('lambda', { functionArn: 'arn:aws:lambda:eu-west-1:1:function:smoke' });
  expect(isAsStrict(scan, { ...scan, limits: value } as unknown as CheckPlan)).toBe(false);
  expect(isAsStrict(smoke, { ...smoke, functionArn: value } as unknown as CheckPlan)).toBe(false);
  expect(isAsStrict(scan, { ...scan, waivers: value } as unknown as CheckPlan)).toBe(Array.isArray(value));
});

test('a longer bake of a gate with a canary is no loss, also where people decide in doubt', () => {
  const canary = (points: number) => planOf('canary', { period: 60, points, minPoints: 5, metrics: [] });
  const baked = (kind: 'AUTOMATED' | 'AUTOMATED_ELSE_PEOPLE', bakeMinutes: number) =>
    policyOf({ rule: ruleOf(kind, { checks: { source: { plans: [canary(bakeMinutes)] }, bakeMinutes } }) });

  expect(weakenings(baked('AUTOMATED', 30), baked('AUTOMATED', 60), [ANA])).toEqual([]);
  expect(weakenings(baked('AUTOMATED_ELSE_PEOPLE', 30), baked('AUTOMATED_ELSE_PEOPLE', 60), [ANA])).toEqual([]);
  expect(weakenings(baked('AUTOMATED', 60), baked('AUTOMATED', 30), [ANA])).toContain('bake time 60 → 30 minutes');
});

describe('where doubt opens a gate', () => {
  const inDoubt = (...plans: readonly CheckPlan[]) =>
    policyOf({
      rule: { kind: 'AUTOMATED', checks: checksRule({ source: { plans } }), onInconclusive: 'APPROVE_WITH_WARNING' },
    });
  const ratio = planOf('errorRatio', { maxPercent: 5, minRequests: 100 });
  const targets = planOf('targetGroup', { minHealthy: 5, minHealthyPercent: 50 });
  const scan = planOf('imageScan', { ...FINDINGS, maxAge: 600 });

  test.each([
    [ratio, { minRequests: 1e9 }],
    [ratio, { maxPercent: 1 }],
    [targets, { minHealthy: 99 }],
    [targets, { minHealthyPercent: 100 }],
    [scan, { maxAge: 1 }],
  ])('a limit under which a check can tell less hides the others: %j, %j', (plan, more) => {
    expect(weakenings(inDoubt(plan), inDoubt({ ...plan, ...more }), [ANA])).toEqual([
      `opens with a warning when this cannot tell: ${plan.title}`,
    ]);
  });

  test('a limit under which a check only fails sooner does not', () => {
    const metric = planOf('metric', { source: SOURCE, atMost: 5 });
    expect(weakenings(inDoubt(metric), inDoubt({ ...metric, atMost: 4, failureLimit: 0 } as CheckPlan), [ANA])).toEqual(
      [],
    );
  });

  test('another function can always hide the others', () => {
    const of = (name: string) => planOf('lambda', { functionArn: `arn:aws:lambda:eu-west-1:1:function:${name}` });
    expect(tellsAsOften(of('smoke:1'), of('smoke:2'))).toBe(true);
    expect(tellsAsOften(of('smoke'), of('other'))).toBe(false);
  });
});

describe('a function', () => {
  const of = (name: string) =>
    planOf('lambda', { functionArn: `arn:aws:lambda:eu-west-1:111111111111:function:${name}` });

  test.each([
    ['123', '456'],
    ['123:7', '456:7'],
    ['123:live', '123:7'],
    ['smoke', 'smoke:live'],
    ['smoke:7', 'smoke:7b'],
  ])('%s is another one than %s', (before, after) => {
    expect(isAsStrict(of(before), of(after))).toBe(false);
  });

  test.each([
    ['123', '123:7'],
    ['123:7', '123:8'],
  ])('%s is the same as %s, in another version', (before, after) => {
    expect(isAsStrict(of(before), of(after))).toBe(true);
  });
});

describe('a metric of a version of a function', () => {
  const source = (dimensions: Record<string, string>) => ({
    ...SOURCE,
    queries: [{ id: 'm', namespace: 'AWS/Lambda', metric: 'Errors', statistic: 'Sum', dimensions }],
  });
  const at = (version: string) => source({ Resource: `shop:${version}`, ExecutedVersion: version });
  const weakening = (was: object, is: object, kind = 'metric', field = 'source') =>
    weakenings(gate(planOf(kind, { [field]: was })), gate(planOf(kind, { [field]: is })), [ANA]);

  test.each([
    ['metric', 'source'],
    ['errorRatio', 'errors'],
    ['errorRatio', 'requests'],
  ])('is the same check in the next release: %s %s', (kind, field) => {
    expect(weakening(at('12'), at('13'), kind, field)).toEqual([]);
  });

  test('is so within a comparison of two versions, too', () => {
    const metrics = (version: string) => [{ name: 'errors', canary: at(version), baseline: at('1') }];

    expect(weakening(metrics('12'), metrics('13'), 'canary', 'metrics')).toEqual([]);
  });

  test.each([
    source({ Resource: 'shop:live', ExecutedVersion: '12' }),
    source({ Resource: 'other:12', ExecutedVersion: '12' }),
    source({ Resource: 'shop:12' }),
    source({ Resource: 'shop:12', ExecutedVersion: 'none' }),
    source({ Resource: 'shop:12', ExecutedVersion: 'v12' }),
    source({ Resource: 'shop:12', ExecutedVersion: '12b' }),
    source({ Resource: 'shop:12:live', ExecutedVersion: '12' }),
    { ...at('12'), queries: [] },
    { ...at('12'), queries: { 0: at('12').queries[0] } },
    { ...at('12'), queries: null },
    { ...at('12'), period: 3600 },
  ])('is another one with any other change: %j', (other) => {
    expect(weakening(at('12'), other)).not.toEqual([]);
  });
});
