/** What a gate loses, one part of its policy at a time, and what it does not. */
import type { CheckPlan } from '../../../contract/checks';
import type { GatePolicy, GateRule } from '../../../contract/policy';
import { weakenings } from '../../../lambda/domain/weakened';
import { ANA, BO, checkPlan, checksRule, CY, person, policyOf, ruleOf, type PeopleSample } from '../samples';

const DEE = person('dee@example.com');
const MANY = Array.from({ length: 7 }, (_, n) => person(`p${n}@example.com`));
const PEOPLE = [ANA, BO, CY, DEE, ...MANY];
const manual = (people: PeopleSample = {}, more: Partial<GatePolicy> = {}) =>
  policyOf({ rule: ruleOf('MANUAL', { people }), ...more });
const ids = (...people: readonly { readonly id: string }[]) => people.map(({ id }) => id);
const later = (afterMinutes: number, ...people: readonly { readonly id: string }[]) =>
  manual({ ids: [ANA.id], escalation: { afterMinutes, ids: ids(...people) } });
const checked = (...plans: readonly CheckPlan[]) =>
  policyOf({ rule: ruleOf('AUTOMATED', { checks: { source: { plans } } }) });
const warning = (...plans: readonly CheckPlan[]) =>
  policyOf({
    rule: { kind: 'AUTOMATED', checks: checksRule({ source: { plans } }), onInconclusive: 'APPROVE_WITH_WARNING' },
  });
const lambda = (version: string) =>
  checkPlan({
    kind: 'lambda',
    id: 'smoke',
    title: 'smoke test',
    functionArn: `arn:aws:lambda:eu-west-1:111111111111:function:smoke${version}`,
  } as Partial<CheckPlan>);
const changeSet = (more: object = {}) =>
  checkPlan({
    kind: 'changeSet',
    id: 'risks',
    title: 'change set of shop',
    stack: 'shop',
    name: 'release',
    region: 'eu-west-1',
    risks: ['REPLACEMENT', 'REMOVAL'],
    ...more,
  } as Partial<CheckPlan>);
const elsePeople = (...plans: readonly CheckPlan[]) =>
  policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { source: { plans } } }) });
const forgiving = checkPlan({ consecutiveErrorLimit: 4, inconclusiveLimit: 4 });
const other = checkPlan({ id: 'latency', title: 'alarm latency', alarmName: 'latency' } as Partial<CheckPlan>);
const watched = checkPlan({ observeOnly: true });
const WINDOW = { timeZone: 'UTC', ranges: [{ days: [1], from: 60, to: 120 }] };
const ORDERS = { stack: 'Orders', name: 'prepared' };
const USERS = { stack: 'Users', name: 'prepared' };
const rule = (kind: GateRule['kind'], timeoutMinutes: number) => policyOf({ rule: ruleOf(kind), timeoutMinutes });
const role = (arn: string) => policyOf({ rule: ruleOf('AUTOMATED', { checks: { role: arn } }) });

describe('a gate loses something', () => {
  test.each<[string, GatePolicy, GatePolicy, readonly string[]]>([
    [
      'by a risk that its change set may have',
      checked(changeSet()),
      checked(changeSet({ risks: ['REMOVAL'] })),
      ['changed: change set of shop'],
    ],
    [
      'by a type of resources that does not matter any more',
      checked(changeSet()),
      checked(changeSet({ ignoredTypes: ['AWS::RDS::DBInstance'] })),
      ['changed: change set of shop'],
    ],
    [
      'by the change set of another stack',
      checked(changeSet()),
      checked(changeSet({ stack: 'shop-test' })),
      ['changed: change set of shop'],
    ],
    [
      'by the first delegate of an approver',
      manual(),
      manual({ delegates: { [ANA.id]: [BO.id] } }),
      ['new delegates of ana@example.com: bo@example.com'],
    ],
    [
      'by further delegates, of whichever approver',
      manual({ delegates: { [ANA.id]: [BO.id] } }),
      manual({ delegates: { [ANA.id]: [BO.id, DEE.id, CY.id], [CY.id]: [DEE.id] } }),
      ['new delegates of ana@example.com: dee@example.com, Cy', 'new delegates of Cy: dee@example.com'],
    ],
    [
      'by many new approvers, of whom five are named',
      manual({ ids: ids(ANA) }),
      manual({ ids: ids(ANA, ...MANY) }),
      ['new approvers: p0@example.com, p1@example.com, p2@example.com, p3@example.com, p4@example.com, 2 more'],
    ],
    [
      'by five new approvers, who are all named',
      manual({ ids: ids(ANA) }),
      manual({ ids: ids(ANA, ...MANY.slice(0, 5)) }),
      ['new approvers: p0@example.com, p1@example.com, p2@example.com, p3@example.com, p4@example.com'],
    ],
    [
      'by new approvers, of whom one is not declared',
      manual({ ids: ids(ANA) }),
      manual({ ids: [...ids(ANA, DEE), 'ffffffffffff'] }),
      ['new approvers: dee@example.com, 1 not declared'],
    ],
    ['by others who are asked later', later(60, DEE), later(120, BO), ['more people can be asked later']],
    ['by one more who is asked later', later(60, DEE), later(60, DEE, BO), ['more people can be asked later']],
    [
      'by a check that changes beside another one',
      checked(checkPlan(), other),
      checked(checkPlan({ failureLimit: 1 }), other),
      ['changed: alarm shop-5xx'],
    ],
    [
      'by a check that cannot tell, so that people decide before another one fails',
      elsePeople(checkPlan()),
      elsePeople(checkPlan(), { ...other, interval: 10, consecutiveErrorLimit: 0 }),
      ['people may decide when this cannot tell: alarm latency'],
    ],
    ...(
      [
        ['elsePeople', elsePeople, 'people may decide when this cannot tell: alarm shop-5xx'],
        ['warning', warning, 'opens with a warning when this cannot tell: alarm shop-5xx'],
      ] as const
    ).flatMap(([kind, gate, said]) =>
      [{ consecutiveErrorLimit: 0 }, { inconclusiveLimit: 0 }, { minSamples: 99 }].map(
        (sooner): [string, GatePolicy, GatePolicy, readonly string[]] => [
          `by a check that gives up sooner, where doubt opens it: ${kind}, ${JSON.stringify(sooner)}`,
          gate(forgiving),
          gate({ ...forgiving, ...sooner }),
          [said],
        ],
      ),
    ),
    [
      'by a change set of two that nobody is shown',
      manual({}, { changeSets: [ORDERS, USERS] }),
      manual({}, { changeSets: [USERS] }),
      ['no longer shown: the change set of Orders'],
    ],
    [
      'by people who decide alone, whose longer time is no further loss',
      rule('GUARDED', 60),
      rule('MANUAL', 120),
      ['decided by people instead of people and checks together', 'nothing is checked any more'],
    ],
  ])('%s', (_, before, after, said) => {
    expect(weakenings(before, after, PEOPLE)).toEqual(said);
  });
});

describe('a gate loses nothing', () => {
  test.each<[string, GatePolicy, GatePolicy]>([
    [
      'by fewer delegates',
      manual({ delegates: { [ANA.id]: [BO.id, CY.id], [BO.id]: [CY.id] } }),
      manual({ delegates: { [ANA.id]: [CY.id] } }),
    ],
    ['while a rejection rolls back', manual({}, { onReject: 'ROLLBACK' }), manual({}, { onReject: 'ROLLBACK' })],
    ['while an approval needs a reason', manual({ reason: 'ALWAYS' }), manual({ reason: 'ALWAYS' })],
    ['while the same people are asked later', later(60, DEE, BO), later(60, BO, DEE)],
    ['by people who are asked even later', later(60, DEE, BO), later(90, DEE)],
    ['while checks only watch', checked(watched), checked(watched, { ...other, observeOnly: true })],
    ['while the same checks may open it with a warning', warning(checkPlan(), other), warning(other, checkPlan())],
    [
      'by another role of the same account',
      role('arn:aws:iam::111111111111:role/one'),
      role('arn:aws:iam::111111111111:role/path/other'),
    ],
    ['by a later version of a function', checked(lambda(':9')), checked(lambda(':10'))],
    ['by the first version of a function', checked(lambda('')), checked(lambda(':1'))],
    ['by a check that gives up sooner', checked(forgiving), checked(checkPlan())],
    ['by the same checks, where people decide in doubt', elsePeople(forgiving, other), elsePeople(other, forgiving)],
    ['by more time for the checks', rule('AUTOMATED', 60), rule('AUTOMATED', 120)],
    ['by more time for people and checks', rule('GUARDED', 60), rule('GUARDED', 120)],
    ['by more time that comes with checks', rule('MANUAL', 60), rule('GUARDED', 120)],
    ['by less time to answer', manual({}, { timeoutMinutes: 120 }), manual({}, { timeoutMinutes: 60 })],
    ['with the same window', manual({}, { window: WINDOW }), manual({}, { window: { ...WINDOW } })],
    ['with the same change sets', manual({}, { changeSets: [ORDERS] }), manual({}, { changeSets: [USERS, ORDERS] })],
    [
      'by a change set that no people were shown',
      policyOf({ ...checked(other), changeSets: [ORDERS] }),
      checked(other),
    ],
  ])('%s', (_, before, after) => {
    expect(weakenings(before, after, PEOPLE)).toEqual([]);
  });
});
