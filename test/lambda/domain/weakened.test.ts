import fc from 'fast-check';
import type { CheckPlan, WaiverPlan } from '../../../contract/checks';
import {
  checksOf,
  peopleOf,
  type GatePolicy,
  type GateRule,
  type PeopleRule,
  type Person,
  type RuleKind,
} from '../../../contract/policy';
import type { CheckTally } from '../../../lambda/domain/check-tally';
import { countVotes } from '../../../lambda/domain/count-votes';
import { eligibility } from '../../../lambda/domain/eligibility';
import { evaluate, type Evaluation } from '../../../lambda/domain/evaluate';
import { formerRule } from '../../../lambda/domain/in-force';
import { rulingOf, type Judged, type Standing } from '../../../lambda/domain/ruling';
import { same } from '../../../lambda/domain/same';
import { weakenings } from '../../../lambda/domain/weakened';
import type { Vote } from '../../../lambda/domain/vote';
import { canFill } from '../every-assignment';
import {
  ANA,
  at,
  BO,
  checkPlan,
  checksRule,
  checkState,
  CY,
  days,
  minutes,
  peopleRule,
  person,
  policyOf,
  ruleOf,
  runOf,
  START,
  voteOf,
  type PeopleSample,
} from '../samples';

const DEE = person('dee@example.com');
const PEOPLE = [ANA, BO, CY, DEE];

const manual = (people: PeopleSample = {}, more: Partial<GatePolicy> = {}) =>
  policyOf({ rule: ruleOf('MANUAL', { people }), ...more });
const checked = (kind: RuleKind, plans: readonly CheckPlan[] = [checkPlan()], bakeMinutes = 5) =>
  policyOf({ rule: ruleOf(kind, { checks: { source: { plans }, bakeMinutes } }) });
const askingOnFail = (policy: GatePolicy): GatePolicy =>
  policyOf({ rule: { ...policy.rule, onFail: 'ASK_APPROVERS' } as GateRule });
const AT_NIGHT = { timeZone: 'UTC', ranges: [{ days: [1], from: 60, to: 120 }] };
const two = (...ids: readonly Person[]) => ({ quorum: 2, ids: ids.map(({ id }) => id) });
const warning = (plans: readonly CheckPlan[]): GateRule => ({
  kind: 'AUTOMATED',
  checks: checksRule({ source: { plans } }),
  onInconclusive: 'APPROVE_WITH_WARNING',
});
const group = (name: string, quorum: number, ...ids: readonly Person[]) => ({ name, ...two(...ids), quorum });
const http = checkPlan({
  kind: 'http',
  id: 'health',
  title: 'http health',
  url: 'https://shop.example.com/health',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 5,
} as Partial<CheckPlan>);
const lambda = (version: string) =>
  checkPlan({
    kind: 'lambda',
    id: 'smoke',
    title: 'smoke test',
    functionArn: `arn:aws:lambda:eu-west-1:111111111111:function:smoke${version}`,
  } as Partial<CheckPlan>);

describe('a policy is weaker, and that is said', () => {
  test.each<[string, GatePolicy, GatePolicy, readonly string[]]>([
    ['by a lower quorum', manual(two(ANA, BO, CY)), manual({ quorum: 1 }), ['quorum 2 → 1']],
    [
      'by somebody who can approve now',
      manual({ ids: [ANA.id] }),
      manual({ ids: [ANA.id, DEE.id] }),
      ['new approvers: dee@example.com'],
    ],
    [
      'by somebody who can no longer reject',
      manual({ ids: [ANA.id, CY.id] }),
      manual({ ids: [ANA.id] }),
      ['no longer approvers: Cy'],
    ],
    [
      'by one approver who takes the place of another',
      manual({ ids: [ANA.id] }),
      manual({ ids: [BO.id] }),
      ['new approvers: bo@example.com', 'no longer approvers: ana@example.com'],
    ],
    [
      'by a group that is dropped, whose people are still asked',
      manual({ groups: [group('Security', 1, ANA), group('Operations', 1, BO, CY)] }),
      manual({ groups: [group('Operations', 1, ANA, BO, CY)] }),
      ['quorum 2 → 1'],
    ],
    [
      'by groups that share their people otherwise',
      manual({ groups: [group('Security', 1, ANA), group('Operations', 1, BO, CY)] }),
      manual({ groups: [group('Security', 1, ANA, BO), group('Operations', 1, CY)] }),
      ['other groups: 2 people have to approve: 1 from Security and 1 from Operations'],
    ],
    [
      'by a list of people',
      manual(),
      manual({ groups: [{ quorum: 1, ids: [], list: '/team' }] }),
      ['new approvers: list /team', 'no longer approvers: ana@example.com, bo@example.com, Cy'],
    ],
    [
      'by people who take the place of a list',
      manual({ groups: [{ quorum: 1, ids: [], list: '/team' }] }),
      manual(),
      ['new approvers: ana@example.com, bo@example.com, Cy', 'no longer approvers: list /team'],
    ],
    [
      'by another list',
      manual({ groups: [{ quorum: 1, ids: [], list: '/team' }] }),
      manual({ groups: [{ quorum: 1, ids: [], list: '/mine' }] }),
      ['new approvers: list /mine', 'no longer approvers: list /team'],
    ],
    [
      'by authors who may approve',
      manual({ excludeAuthor: true }),
      manual(),
      ['authors may approve their own changes'],
    ],
    ['by an approval without a reason', manual({ reason: 'ALWAYS' }), manual(), ['an approval needs no reason']],
    [
      'by people who can be asked later',
      manual({ ids: [ANA.id] }),
      manual({ ids: [ANA.id], escalation: { afterMinutes: 60, ids: [DEE.id] } }),
      ['more people can be asked later'],
    ],
    [
      'by people who are asked sooner',
      manual({ ids: [ANA.id], escalation: { afterMinutes: 60, ids: [DEE.id] } }),
      manual({ ids: [ANA.id], escalation: { afterMinutes: 5, ids: [DEE.id] } }),
      ['further people are asked sooner'],
    ],
    [
      'by more time to answer',
      manual({}, { timeoutMinutes: 60 }),
      manual({}, { timeoutMinutes: 2_880 }),
      ['time to answer 1 hour → 2 days'],
    ],
    [
      'by a rejection without a rollback',
      manual({}, { onReject: 'ROLLBACK' }),
      manual(),
      ['a rejection no longer rolls the stage back'],
    ],
    [
      'by a change set that nobody is shown',
      manual({}, { changeSets: [{ stack: 'Orders', name: 'prepared' }] }),
      manual(),
      ['no longer shown: the change set of Orders'],
    ],
    [
      'by a change calendar less',
      manual({}, { freezes: ['xmas', 'audit'] }),
      manual({}, { freezes: ['audit', 'easter'] }),
      ['no longer frozen by change calendar xmas'],
    ],
    ['by a window less', manual({}, { window: AT_NIGHT }), manual(), ['no deployment window any more']],
    [
      'by another window',
      manual({}, { window: AT_NIGHT }),
      manual({}, { window: { ...AT_NIGHT, timeZone: 'Asia/Tokyo' } }),
      ['another deployment window'],
    ],
    [
      'by people who decide alone',
      checked('GUARDED'),
      manual(),
      ['decided by people instead of people and checks together', 'nothing is checked any more'],
    ],
    ['by checks that decide alone', manual(), checked('AUTOMATED'), ['decided by checks instead of people']],
    [
      'by people who decide when checks cannot tell',
      checked('AUTOMATED'),
      checked('AUTOMATED_ELSE_PEOPLE'),
      ['decided by checks, or else people instead of checks'],
    ],
    [
      'by checks that open without telling',
      checked('AUTOMATED'),
      policyOf({
        rule: { kind: 'AUTOMATED', checks: checksRule({ bakeMinutes: 5 }), onInconclusive: 'APPROVE_WITH_WARNING' },
      }),
      ['opens with a warning when the checks cannot tell'],
    ],
    [
      'by people who are asked when a check fails',
      checked('AUTOMATED_ELSE_PEOPLE'),
      askingOnFail(checked('AUTOMATED_ELSE_PEOPLE')),
      ['people may approve although a check failed'],
    ],
    [
      'by checks that only watched and decide now',
      checked('AUTOMATED', [checkPlan({ observeOnly: true })]),
      checked('AUTOMATED'),
      ['checks decide where they only watched'],
    ],
    [
      'by a check that may hide the others',
      policyOf({ rule: warning([checkPlan()]) }),
      policyOf({ rule: warning([checkPlan(), http]) }),
      ['opens with a warning when this cannot tell: http health'],
    ],
    ['by a shorter bake', checked('AUTOMATED'), checked('AUTOMATED', undefined, 1), ['bake time 5 → 1 minutes']],
    ['by a check less', checked('AUTOMATED', [checkPlan(), http]), checked('AUTOMATED'), ['removed: http health']],
    [
      'by a check that only watches',
      checked('AUTOMATED'),
      checked('AUTOMATED', [checkPlan({ observeOnly: true }), http]),
      ['removed: alarm shop-5xx'],
    ],
    [
      'by a check of something else under the same name',
      checked('AUTOMATED'),
      checked('AUTOMATED', [checkPlan({ alarmName: 'never-red' } as Partial<CheckPlan>)]),
      ['changed: alarm shop-5xx'],
    ],
    [
      'by a check that is read in another account, where a namesake may be green',
      checked('AUTOMATED', [checkPlan({ reader: 'arn:aws:iam::222222222222:role/approval-gates/Shop/Shop.reader.r' })]),
      checked('AUTOMATED', [checkPlan({ reader: 'arn:aws:iam::333333333333:role/approval-gates/Shop/Shop.reader.r' })]),
      ['changed: alarm shop-5xx'],
    ],
    ...(
      [
        { failureLimit: 1 },
        { consecutiveErrorLimit: 99 },
        { inconclusiveLimit: 9 },
        { initialDelay: 600 },
        { initialDelay: 0 },
        { interval: 600 },
        { interval: 10 },
        { missingData: 'HEALTHY' },
        { alreadyRed: 'IGNORE_UNTIL_GREEN' },
      ] as readonly Partial<CheckPlan>[]
    ).map((softer): [string, GatePolicy, GatePolicy, readonly string[]] => [
      `by a check with ${JSON.stringify(softer)}`,
      checked('AUTOMATED', [checkPlan({ initialDelay: 60, minSamples: 2 })]),
      checked('AUTOMATED', [checkPlan({ initialDelay: 60, minSamples: 2, ...softer })]),
      ['changed: alarm shop-5xx'],
    ]),
    [
      'by fewer samples',
      checked('AUTOMATED', [checkPlan({ minSamples: 2 })]),
      checked('AUTOMATED', [checkPlan({ minSamples: 1 })]),
      ['changed: alarm shop-5xx'],
    ],
    [
      'by checks that read the alarms of another account',
      checked('AUTOMATED'),
      policyOf({
        rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 5, role: 'arn:aws:iam::999999999999:role/check' } }),
      }),
      ['the checks read another account'],
    ],
  ])('%s', (_, before, after, said) => {
    expect(weakenings(before, after, PEOPLE)).toEqual(said);
  });
});

describe('a waiver', () => {
  const waiver = { finding: 'CVE-1', owner: 'ana', reason: 'no fix', until: '2026-12-31' };
  const scan = (...waivers: readonly WaiverPlan[]) =>
    checked('AUTOMATED', [checkPlan({ kind: 'imageScan', title: 'image scan', waivers } as Partial<CheckPlan>)]);

  test.each([
    ['of a further finding', [waiver, { ...waiver, finding: 'CVE-2' }]],
    ['that lasts longer', [{ ...waiver, until: '2027-01-01' }]],
    ['of another finding', [{ ...waiver, finding: 'CVE-2' }]],
  ])('%s makes a gate less strict', (_, waivers) => {
    expect(weakenings(scan(waiver), scan(...waivers), PEOPLE)).toEqual(['changed: image scan']);
  });

  test.each([
    ['that is gone', []],
    ['that ends sooner', [{ ...waiver, until: '2026-12-30' }]],
    ['with another owner and reason', [{ ...waiver, owner: 'bo', reason: 'later' }]],
  ])('%s does not', (_, waivers) => {
    expect(weakenings(scan(waiver), scan(...waivers), PEOPLE)).toEqual([]);
  });
});

test('a scan by ECR alone instead of one by Amazon Inspector makes a gate less strict', () => {
  const scan = (scanning: string) =>
    checked('AUTOMATED', [
      checkPlan({ kind: 'imageScan', title: 'image scan', waivers: [], scanning } as Partial<CheckPlan>),
    ]);

  expect(weakenings(scan('ENHANCED'), scan('BASIC'), PEOPLE)).toEqual(['changed: image scan']);
});

describe('a policy is as strict', () => {
  test.each<[string, GatePolicy, GatePolicy]>([
    ['with a higher quorum', manual(), manual(two(ANA, BO, CY))],
    [
      'with one more group',
      manual(two(ANA, BO, CY)),
      manual({ groups: [group('Operations', 2, ANA, BO, CY), group('Security', 1, DEE)] }),
    ],
    [
      'with its people in groups',
      manual(two(ANA, BO, CY)),
      manual({ groups: [group('One', 1, ANA), group('Other', 1, BO, CY)] }),
    ],
    [
      'with other reminders, roles and titles',
      checked('GUARDED'),
      {
        ...checked('GUARDED', [checkPlan({ title: 'the alarm', id: 'alarm' })]),
        answerRole: 'arn:aws:iam::111111111111:role/other',
      },
    ],
    [
      'with a higher quorum of the same list',
      manual({ groups: [{ quorum: 1, ids: [], list: '/team' }] }),
      manual({ groups: [{ quorum: 2, ids: [], list: '/team' }] }),
    ],
    ['with a change calendar more', manual({}, { freezes: ['xmas'] }), manual({}, { freezes: ['audit', 'xmas'] })],
    ['with a later start', manual(), manual({ startLater: 'ALLOWED' })],
    ['without a later start', manual({ startLater: 'ALLOWED' }), manual()],
    ['with a window', manual(), manual({}, { window: AT_NIGHT })],
    ['with checks beside the people', manual(), checked('GUARDED')],
    ['with people beside the checks', checked('AUTOMATED'), checked('GUARDED')],
    ['with one more check and a longer bake', checked('AUTOMATED'), checked('AUTOMATED', [checkPlan(), http], 10)],
    ['with a newer version of a function', checked('AUTOMATED', [lambda(':7')]), checked('AUTOMATED', [lambda(':8')])],
    [
      'without anybody who is asked later',
      manual({ ids: [ANA.id], escalation: { afterMinutes: 5, ids: [DEE.id] } }),
      manual({ ids: [ANA.id] }),
    ],
  ])('%s', (_, before, after) => {
    expect(weakenings(before, after, PEOPLE)).toEqual([]);
  });

  test('without somebody who has left', () => {
    expect(weakenings(manual(two(ANA, BO, CY)), manual(two(ANA, BO)), [ANA, BO])).toEqual([]);
  });

  test('but not where an alias of the function takes the place of a version', () => {
    const before = checked('AUTOMATED', [lambda(':7')]);
    expect(weakenings(before, checked('AUTOMATED', [lambda(':live')]), PEOPLE)).toEqual(['changed: smoke test']);
  });
});

const IDS = PEOPLE.map(({ id }) => id);
const groups = fc.oneof(
  fc.tuple(fc.record({ quorum: fc.constantFrom(1, 2, 3), ids: fc.subarray(IDS, { minLength: 1 }) })),
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('A', 'B', 'C'),
      quorum: fc.constantFrom(1, 1, 2),
      ids: fc.subarray(IDS, { minLength: 1 }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
);
const peopleRules: fc.Arbitrary<PeopleRule> = groups.map((all) => peopleRule({ groups: all }));
const PLANS = [checkPlan(), http, checkPlan({ id: 'watched', observeOnly: true })];
const checkRules = fc.record({
  role: fc.constant(checksRule().role),
  bakeMinutes: fc.constantFrom(0, 5),
  source: fc.subarray(PLANS, { minLength: 1 }).map((plans) => ({ plans })),
});
const rules: fc.Arbitrary<GateRule> = fc.oneof(
  fc.record({ kind: fc.constant('MANUAL' as const), people: peopleRules }),
  fc.record({
    kind: fc.constant('AUTOMATED' as const),
    checks: checkRules,
    onInconclusive: fc.constantFrom('REJECT' as const, 'APPROVE_WITH_WARNING' as const),
  }),
  fc.record({ kind: fc.constant('GUARDED' as const), people: peopleRules, checks: checkRules }),
  fc.record(
    {
      kind: fc.constant('AUTOMATED_ELSE_PEOPLE' as const),
      people: peopleRules,
      checks: checkRules,
      onFail: fc.constant('ASK_APPROVERS' as const),
    },
    { requiredKeys: ['kind', 'people', 'checks'] },
  ),
);
/** Rules that differ a little, so that many of them are as strict as each other. */
const pairs: fc.Arbitrary<readonly [GateRule, GateRule]> = fc.oneof(
  fc.tuple(rules, rules),
  fc.tuple(rules, rules).map(([before, other]): readonly [GateRule, GateRule] => [before, mixed(before, other)]),
);

/** The kind of the one, and as far as possible the people and the checks of the other. */
function mixed(before: GateRule, other: GateRule): GateRule {
  const people = peopleOf(before) ?? peopleOf(other);
  const checks = checksOf(before) ?? checksOf(other);
  if (other.kind === 'MANUAL' && people !== undefined) {
    return { ...other, people };
  }
  if (other.kind === 'AUTOMATED' && checks !== undefined) {
    return { ...other, checks };
  }
  return (other.kind === 'GUARDED' || other.kind === 'AUTOMATED_ELSE_PEOPLE') &&
    people !== undefined &&
    checks !== undefined
    ? { ...other, people, checks }
    : other;
}

const votes = fc
  .array(fc.option(fc.constantFrom('APPROVE', 'APPROVE', 'APPROVE', 'REJECT'), { nil: undefined }), {
    minLength: 4,
    maxLength: 4,
  })
  .map((all): readonly Vote[] =>
    all.flatMap((verdict, index) =>
      verdict === undefined ? [] : [voteOf(PEOPLE[index] as Person, verdict as Vote['verdict'], 30)],
    ),
  );
const health = fc.record({
  alarm: fc.constantFrom('PASS', 'PASS', 'PASS', 'FAIL', 'INCONCLUSIVE', 'RUNNING') as fc.Arbitrary<
    Evaluation['verdict']
  >,
  http: fc.constantFrom('PASS', 'PASS', 'PASS', 'FAIL', 'INCONCLUSIVE', 'RUNNING') as fc.Arbitrary<
    Evaluation['verdict']
  >,
});

const STANDING: Standing = {
  run: { type: 'STANDARD' },
  watchedSince: START,
  baked: false,
  deadline: at(days(1)),
  asked: false,
  newerRunWaiting: false,
  goesBack: false,
  held: false,
};

interface World {
  readonly votes: readonly Vote[];
  readonly health: { readonly alarm: Evaluation['verdict']; readonly http: Evaluation['verdict'] };
  readonly asked: boolean;
}
const worlds: fc.Arbitrary<World> = fc.record({ votes, health, asked: fc.boolean() });

function opens(rule: GateRule, { votes: given, health: { alarm, http: page }, asked }: World): boolean {
  const run = runOf({ invited: IDS });
  const people = peopleOf(rule);
  const counted = countVotes(eligibility(run, people, PEOPLE, at(60)), given, run.deadline);
  const source = checksOf(rule)?.source;
  const ids = source !== undefined && 'plans' in source ? source.plans.map(({ id }) => id) : [];
  const seen = [...(ids.includes('errors') ? [alarm] : []), ...(ids.includes('health') ? [page] : [])];
  const verdict = (['FAIL', 'INCONCLUSIVE', 'RUNNING'] as const).find((one) => seen.includes(one)) ?? 'PASS';
  const evaluation: Evaluation = {
    verdict: seen.length === 0 ? 'INCONCLUSIVE' : verdict,
    reasons: [],
    checks: seen.map(() => checkState('PASS')),
    due: [],
  };
  const judged = { kind: rule.kind, rule, votes: counted, evaluation } as Judged;
  const ruling = rulingOf(judged, { ...STANDING, asked }, at(minutes(10)));
  return ruling.kind === 'END' && ruling.outcome.kind === 'APPROVED';
}

describe('whatever the policies are', () => {
  test('every policy is as strict as itself', () => {
    fc.assert(fc.property(rules, (rule) => weakenings(policyOf({ rule }), policyOf({ rule }), PEOPLE).length === 0));
  });

  test('what is called as strict never opens on votes and health on which the former would not', () => {
    let strict = 0;
    let opened = 0;
    fc.assert(
      fc.property(pairs, worlds, ([before, after], world) => {
        fc.pre(weakenings(policyOf({ rule: before }), policyOf({ rule: after }), PEOPLE).length === 0);
        strict += 1;
        const isOpen = opens(after, world);
        opened += isOpen ? 1 : 0;
        expect(isOpen && !opens(before, world)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
    expect(strict).toBeGreaterThan(1_000);
    expect(opened).toBeGreaterThan(200);
  });

  test('two that are each as strict as the other open on the same votes and health', () => {
    fc.assert(
      fc.property(pairs, worlds, ([before, after], world) => {
        const [a, b] = [policyOf({ rule: before }), policyOf({ rule: after })];
        fc.pre(weakenings(a, b, PEOPLE).length === 0 && weakenings(b, a, PEOPLE).length === 0);
        expect(opens(before, world)).toBe(opens(after, world));
      }),
      { numRuns: 1_000 },
    );
  });

  test('what is as strict as something as strict is as strict', () => {
    fc.assert(
      fc.property(pairs, rules, ([a, b], other) => {
        const [first, second, third] = [a, b, mixed(b, other)].map((rule) => policyOf({ rule })) as [
          GatePolicy,
          GatePolicy,
          GatePolicy,
        ];
        fc.pre(weakenings(first, second, PEOPLE).length === 0 && weakenings(second, third, PEOPLE).length === 0);
        expect(weakenings(first, third, PEOPLE)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('what is weaker opens only where people approve, by the former rule where it has any', () => {
    let opened = 0;
    fc.assert(
      fc.property(pairs, worlds, ([former, proposed], world) => {
        fc.pre(weakenings(policyOf({ rule: former }), policyOf({ rule: proposed }), PEOPLE).length > 0);
        const people = peopleOf(former) ?? peopleOf(proposed);
        const rule = formerRule(former, proposed);
        const isHeld = people === undefined;
        if (isHeld || !opens(rule, world)) {
          return;
        }
        opened += 1;
        const yes = world.votes.filter(({ verdict }) => verdict === 'APPROVE').map(({ approver }) => approver);
        expect(canFill(people.groups, yes)).toBe(true);
        if (peopleOf(former) !== undefined && same(checksOf(former), checksOf(proposed))) {
          expect(opens(former, world)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(opened).toBeGreaterThan(100);
  });

  test('a check that is as strict passes only where the former would', () => {
    const limits = fc.constantFrom(0, 1, 2);
    const plans = fc.record({
      failureLimit: limits,
      consecutiveErrorLimit: limits,
      inconclusiveLimit: limits,
      minSamples: fc.constantFrom(1, 2, 3),
      initialDelay: fc.constantFrom(0, 60),
      interval: fc.constantFrom(60, 300),
    });
    const tallies = fc
      .record({
        passes: fc.integer({ min: 1, max: 4 }),
        failures: fc.constantFrom(0, 0, 0, 1, 2),
        inconclusives: fc.constantFrom(0, 0, 0, 1, 2),
        row: fc.nat(2),
        errorsInARow: fc.nat(2),
        hole: fc.option(fc.tuple(fc.nat(20), fc.nat(20)), { nil: undefined }),
        lastAt: fc.integer({ min: 20, max: 30 }),
        verdict: fc.constantFrom('PASS', 'PASS', 'PASS', 'FAIL', 'IN_PROGRESS'),
      })
      .map(({ row, hole, lastAt, verdict, ...counts }) => ({
        ...counts,
        checkId: 'errors',
        failuresInARow: Math.min(row, counts.failures),
        inconclusivesInARow: Math.min(row, counts.inconclusives),
        unchangedSince: START,
        last: { checkId: 'errors', at: at(minutes(lastAt)), verdict, reason: '' },
        ...(hole === undefined
          ? {}
          : { hole: { from: at(minutes(Math.min(...hole))), to: at(minutes(Math.max(...hole))) } }),
      })) as fc.Arbitrary<CheckTally>;
    const bakes = fc.constantFrom(0, 5, 20);
    let passed = 0;
    fc.assert(
      fc.property(plans, plans, bakes, bakes, tallies, fc.nat(10), (old, young, bake, longer, tally, later) => {
        const isAlike = { initialDelay: old.initialDelay, interval: old.interval };
        const [before, after] = [checkPlan(old), checkPlan({ ...young, ...isAlike })];
        const weaker = weakenings(checked('AUTOMATED', [before], bake), checked('AUTOMATED', [after], longer), PEOPLE);
        fc.pre(weaker.length === 0);
        const now = at(minutes(30 + later));
        const verdict = (check: CheckPlan, bakeMinutes: number) =>
          evaluate({ checks: [check], bakeMinutes, since: START }, [tally], now).verdict;
        if (verdict(after, longer) === 'PASS') {
          passed += 1;
          expect(verdict(before, bake)).toBe('PASS');
        }
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(50);
  });
});
