import fc from 'fast-check';
import { MOST_CHANGE_SETS } from '../../../contract/policy';
import { parseChecks, parsePeople, parsePolicy } from '../../../lambda/domain/parse-policy';
import { ANA, BO, checkPlan, CHECK_ROLE, CY, GATE, peopleRule, policyOf, ruleOf } from '../samples';

const read = (policy: unknown) => parsePolicy(JSON.stringify(policy), GATE);
const unnamed = { quorum: 1, ids: [ANA.id] };
const security = { ...unnamed, name: 'Security' };
const withRule = (rule: unknown) => ({ ...policyOf(), rule });

describe('a policy', () => {
  test.each([
    policyOf(),
    policyOf({ rule: ruleOf('AUTOMATED'), onReject: 'ROLLBACK' }),
    policyOf({ rule: { ...ruleOf('AUTOMATED'), onInconclusive: 'APPROVE_WITH_WARNING' } as never }),
    policyOf({ rule: ruleOf('GUARDED', { checks: { source: { parameter: '/approval-gates/x/checks' } } }) }),
    policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { bakeMinutes: 86_400 } }) }),
    policyOf({ rule: { ...ruleOf('AUTOMATED_ELSE_PEOPLE'), onFail: 'ASK_APPROVERS' } as never }),
    policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 3, reason: 'ALWAYS', excludeAuthor: true } }) }),
    policyOf({ rule: ruleOf('MANUAL', { people: { reminders: [] } }) }),
    policyOf({
      rule: ruleOf('MANUAL', { people: { ids: [ANA.id], escalation: { afterMinutes: 1, ids: [BO.id, CY.id] } } }),
    }),
    policyOf({ rule: ruleOf('GUARDED', { people: { reminders: [0.1, 0.2, 0.3, 0.4, 0.999] } }) }),
    policyOf({ rule: ruleOf('MANUAL', { people: { groups: [security, { ...security, name: '🛠 Operations' }] } }) }),
    policyOf({ rule: ruleOf('MANUAL', { people: { groups: [security] } }) }),
    policyOf({ changeSets: [{ stack: 'shop-prod', name: 'release' }] }),
    policyOf({ changeSets: [{ stack: 'shop-prod', name: '#{Source.CommitId}', hidden: 'NAMED_BY_RUN' }] }),
    policyOf({ rule: ruleOf('MANUAL', { people: { newerRun: 'REPLACES', reason: 'FOR_REJECTION' } }) }),
    policyOf({
      changeSets: Array.from({ length: MOST_CHANGE_SETS }, (_, n) => ({ stack: `shop-${n}`, name: 'release' })),
    }),
    policyOf({ timeoutMinutes: 5 }),
    policyOf({ timeoutMinutes: 86_400 }),
  ])('that is right is read as it is ($rule.kind)', (policy) => {
    expect(read(policy)).toEqual({ ok: true, value: policy });
  });

  const people = peopleRule();
  const [group] = people.groups;
  const unknown = { unknown: 1 };
  test.each([
    ['policy', { ...policyOf(), ...unknown }],
    ['people', withRule({ kind: 'MANUAL', people: { ...people, ...unknown } })],
    ['group', withRule({ kind: 'MANUAL', people: { ...people, groups: [{ ...group, ...unknown }] } })],
    [
      'escalation',
      withRule({ kind: 'MANUAL', people: { ...people, escalation: { afterMinutes: 1, ids: [BO.id], ...unknown } } }),
    ],
    ['window', { ...policyOf(), window: { timeZone: 'UTC', ranges: [{ days: [1], from: 0, to: 1 }], ...unknown } }],
    ['range', { ...policyOf(), window: { timeZone: 'UTC', ranges: [{ days: [1], from: 0, to: 1, ...unknown }] } }],
  ])('with a field that is not known is refused, as that may restrict: %s', (name, policy) => {
    expect(read(policy)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(
        `^policy: \`${name}\` has a field that is not known here: .*another version`,
      ) as string,
    });
  });

  test.each([0, 1, 3, '2', undefined])('of version %j is refused: it may mean something else', (v) => {
    expect(read({ ...policyOf(), v })).toEqual({
      ok: false,
      problem:
        'policy: `v` is not 2: this was written by another version of the library, so update workflow and pipelines to one',
    });
  });

  test('as version 0.1.0 wrote it is refused', () => {
    const old = {
      v: 1,
      gate: GATE,
      answerRole: policyOf().answerRole,
      approvers: { quorum: 1, ids: [ANA.id] },
      timeoutMinutes: 60,
      excludeAuthor: false,
      reason: 'OPTIONAL',
      onReject: 'STOP',
    };

    expect(read(old).ok).toBe(false);
    expect(read({ ...old, v: 2 }).ok).toBe(false);
  });

  test.each(['pipeline', 'stage', 'action'])('of another %s is refused', (name) => {
    expect(read(policyOf({ gate: { ...GATE, [name]: 'Other' } }))).toEqual({
      ok: false,
      problem: 'policy: `gate` is another gate',
    });
  });

  test.each<[string, unknown]>([
    ['gate', { ...policyOf(), gate: 7 }],
    ['answerRole', { ...policyOf(), answerRole: 'secret' }],
    ['timeoutMinutes', { ...policyOf(), timeoutMinutes: 4 }],
    ['timeoutMinutes', { ...policyOf(), timeoutMinutes: 86_401 }],
    ['onReject', { ...policyOf(), onReject: 'secret' }],
    ['changeSets', { ...policyOf(), changeSets: 'secret' }],
    ['changeSets', { ...policyOf(), changeSets: Array(21).fill({ stack: 'shop', name: 'release' }) }],
    ['changeSet', { ...policyOf(), changeSets: ['secret'] }],
    ['stack', { ...policyOf(), changeSets: [{ stack: '*', name: 'release' }] }],
    ['name', { ...policyOf(), changeSets: [{ stack: 'shop', name: '#{secret}' }] }],
    ['hidden', { ...policyOf(), changeSets: [{ stack: 'shop', name: 'release', hidden: 'secret' }] }],
    ['rule', withRule(undefined)],
    ['kind', withRule({ ...ruleOf('MANUAL'), kind: 'secret' })],
    ['kind', withRule({ people: peopleRule() })],
    ['people', withRule({ kind: 'MANUAL' })],
    ['people', withRule({ ...ruleOf('GUARDED'), people: undefined })],
    ['people', withRule({ ...ruleOf('AUTOMATED_ELSE_PEOPLE'), people: undefined })],
    ['checks', withRule({ ...ruleOf('GUARDED'), checks: undefined })],
    ['checks', withRule({ ...ruleOf('AUTOMATED_ELSE_PEOPLE'), checks: undefined })],
    ['checks', withRule({ ...ruleOf('AUTOMATED'), checks: undefined })],
    ['onFail', withRule({ ...ruleOf('AUTOMATED_ELSE_PEOPLE'), onFail: 'secret' })],
    ['onFail', withRule({ ...ruleOf('AUTOMATED_ELSE_PEOPLE'), onFail: 'REJECT' })],
    ['onInconclusive', withRule({ ...ruleOf('AUTOMATED'), onInconclusive: 'secret' })],
    ['onInconclusive', withRule({ ...ruleOf('AUTOMATED'), onInconclusive: undefined })],
    ['groups', withRule(ruleOf('MANUAL', { people: { groups: [] } }))],
    ['groups', withRule(ruleOf('MANUAL', { people: { groups: 'secret' as never } }))],
    ['groups', withRule(ruleOf('MANUAL', { people: { groups: [unnamed, unnamed] } }))],
    ['groups', withRule(ruleOf('MANUAL', { people: { groups: [unnamed, { ...unnamed, name: 'Security' }] } }))],
    ['groups', withRule(ruleOf('MANUAL', { people: { groups: [security, security] } }))],
    ['group', withRule(ruleOf('MANUAL', { people: { groups: ['secret' as never] } }))],
    ['name', withRule(ruleOf('MANUAL', { people: { groups: [{ ...security, name: '' }] } }))],
    ['name', withRule(ruleOf('MANUAL', { people: { groups: [{ ...security, name: 'x'.repeat(65) }] } }))],
    ['name', withRule(ruleOf('MANUAL', { people: { groups: [{ ...security, name: 'Ops\nApproved' }] } }))],
    ['name', withRule(ruleOf('MANUAL', { people: { groups: [{ ...security, name: null as never }] } }))],
    ['quorum', withRule(ruleOf('MANUAL', { people: { groups: [security, { ...security, name: 'B', quorum: 2 }] } }))],
    ['quorum', withRule(ruleOf('MANUAL', { people: { quorum: 0 } }))],
    ['quorum', withRule(ruleOf('MANUAL', { people: { quorum: 2, ids: [ANA.id, ANA.id] } }))],
    ['ids', withRule(ruleOf('MANUAL', { people: { ids: 'secret' as never } }))],
    ...(
      [
        ['delegates', 'secret'],
        ['delegates', [BO.id]],
        ['id', { secret: [BO.id] }],
        ['id', { [ANA.id]: ['secret'] }],
        ['delegates', { [ANA.id]: 'secret' }],
        ['delegates', { [ANA.id]: [] }],
        ['delegates', { [ANA.id]: [ANA.id] }],
        ['delegates', { [ANA.id]: ['a', 'b', 'c', 'd', 'e', 'f'].map((digit) => digit.repeat(12)) }],
      ] as const
    ).map(([name, delegates]): [string, unknown] => [
      name,
      withRule(ruleOf('MANUAL', { people: { delegates: delegates as never } })),
    ]),
    ...([
      null,
      'secret',
      0.5,
      [0],
      [1],
      [-0.5],
      [0.5, 0.5],
      [0.5, 0.4],
      ['0.5'],
      [NaN],
      [null],
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    ].map((reminders) => ['reminders', withRule(ruleOf('MANUAL', { people: { reminders: reminders as never } }))]) as [
      string,
      unknown,
    ][]),
    ['startLater', withRule(ruleOf('MANUAL', { people: { startLater: true as never } }))],
    ...(
      [
        ['escalation', null],
        ['escalation', [BO.id]],
        ['escalation', { afterMinutes: 5, ids: [] }],
        ['escalation', { afterMinutes: 5, ids: [BO.id, ANA.id] }],
        ['id', { afterMinutes: 5, ids: ['secret'] }],
        ['ids', { afterMinutes: 5 }],
        ['afterMinutes', { ids: [BO.id] }],
        ['afterMinutes', { afterMinutes: 0, ids: [BO.id] }],
        ['afterMinutes', { afterMinutes: 86_401, ids: [BO.id] }],
      ] as const
    ).map(([name, escalation]): [string, unknown] => [
      name,
      withRule(ruleOf('MANUAL', { people: { ids: [ANA.id], escalation: escalation as never } })),
    ]),
    [
      'escalation',
      withRule(
        ruleOf('MANUAL', {
          people: {
            groups: [security, { ...security, name: 'Operations' }],
            escalation: { afterMinutes: 5, ids: [CY.id] },
          },
        }),
      ),
    ],
    ['id', withRule(ruleOf('MANUAL', { people: { ids: ['secret'] } }))],
    ['excludeAuthor', withRule(ruleOf('MANUAL', { people: { excludeAuthor: 'secret' as never } }))],
    ['reason', withRule(ruleOf('MANUAL', { people: { reason: 'secret' as never } }))],
    ['role', withRule(ruleOf('AUTOMATED', { checks: { role: 'secret' } }))],
    ['bakeMinutes', withRule(ruleOf('AUTOMATED', { checks: { bakeMinutes: -1 } }))],
    ['bakeMinutes', withRule(ruleOf('AUTOMATED', { checks: { bakeMinutes: 86_401 } }))],
    ['source', withRule(ruleOf('AUTOMATED', { checks: { source: 'secret' as never } }))],
    ['parameter', withRule(ruleOf('AUTOMATED', { checks: { source: { parameter: 'secret' } } }))],
    ['checks', withRule(ruleOf('AUTOMATED', { checks: { source: { plans: [] } } }))],
  ])('with a wrong `%s` is refused by name, repeating nothing', (name, policy) => {
    const result = read(policy);

    expect(result).toMatchObject({ ok: false, problem: expect.stringContaining(`\`${name}\``) as string });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  test('counts an approver who is named twice once', () => {
    expect(read(withRule(ruleOf('MANUAL', { people: { ids: [ANA.id, ANA.id] } })))).toMatchObject({
      value: { rule: { people: { groups: [{ ids: [ANA.id] }] } } },
    });
  });
});

describe('checks', () => {
  const checks = (...all: readonly unknown[]) => parseChecks(JSON.stringify({ v: 2, checks: all }));

  test('that are right are read as they are', () => {
    const value = { v: 2, checks: [checkPlan(), checkPlan({ id: 'http', kind: 'http' })] };
    expect(checks(...value.checks)).toEqual({ ok: true, value });
  });

  test('of a kind that is not known are read: the evaluator says that nobody can tell', () => {
    expect(checks({ ...checkPlan(), kind: 'canary-analysis' }).ok).toBe(true);
  });

  test('of another account are read with the role that reads there', () => {
    const reader = 'arn:aws:iam::222222222222:role/approval-gates/shop/shop.reader.eu-west-1';
    const value = { v: 2, checks: [checkPlan({ reader })] };
    expect(checks(...value.checks)).toEqual({ ok: true, value });
  });

  test.each([1, 3])('of version %d are refused', (v) => {
    expect(parseChecks(JSON.stringify({ v, checks: [checkPlan()] })).ok).toBe(false);
  });

  test.each<[string, object]>([
    ['id', { id: 'Errors!' }],
    ['title', { title: '' }],
    ['kind', { kind: undefined }],
    ['initialDelay', { initialDelay: -1 }],
    ['interval', { interval: 0 }],
    ['failureLimit', { failureLimit: -1 }],
    ['failureLimit', { failureLimit: undefined }],
    ['consecutiveErrorLimit', { consecutiveErrorLimit: 0.5 }],
    ['inconclusiveLimit', { inconclusiveLimit: undefined }],
    ['minSamples', { minSamples: 0 }],
    ['observeOnly', { observeOnly: undefined }],
    ['reader', { reader: 'https://elsewhere.example.com' }],
  ])('with a wrong `%s` are refused', (name, change) => {
    expect(checks({ ...checkPlan(), ...change })).toEqual({
      ok: false,
      problem: expect.stringContaining(`\`${name}\``) as string,
    });
  });

  test('need to be there, each once', () => {
    const problem = 'checks: `checks` is empty or names a check twice';
    expect(checks()).toEqual({ ok: false, problem });
    expect(checks(checkPlan(), checkPlan())).toEqual({ ok: false, problem });
  });
});

describe('people', () => {
  const people = (...all: readonly unknown[]) => parsePeople(JSON.stringify({ v: 2, people: all }));

  test('that are right are read as they are', () => {
    expect(people(ANA, { ...ANA, name: 'Ana', shared: true })).toEqual({
      ok: true,
      value: { v: 2, people: [ANA, { ...ANA, name: 'Ana', shared: true }] },
    });
    const guest = { ...ANA, until: '2026-12-24T18:00:00.000Z' };
    expect(people(guest)).toEqual({ ok: true, value: { v: 2, people: [guest] } });
    const away = { ...ANA, delegates: [BO.id] };
    expect(people(away)).toEqual({ ok: true, value: { v: 2, people: [away] } });
    const { alsoKnownAs: _, ...plain } = ANA;
    expect(people(plain)).toEqual({ ok: true, value: { v: 2, people: [{ ...ANA, alsoKnownAs: [] }] } });
  });

  test.each<[string, object]>([
    ['id', { id: 'ana' }],
    ['mail', { mail: 'ana' }],
    ['mail', { mail: 'a b@example.com' }],
    ['mail', { mail: 'ana@example.com b' }],
    ['delegates', { delegates: ANA.id }],
    ['alsoKnownAs', { alsoKnownAs: 'ana' }],
    ['alias', { alsoKnownAs: [''] }],
    ['shared', { shared: 'no' }],
    ['name', { name: 7 }],
    ['until', { until: 'soon' }],
    ['until', { until: '2026-12-24' }],
    ['until', { until: null }],
    ['until', { until: '' }],
  ])('with a wrong `%s` are refused', (name, change) => {
    expect(people({ ...ANA, ...change })).toEqual({
      ok: false,
      problem: expect.stringContaining(`\`${name}\``) as string,
    });
  });

  test.each<[string, string]>([
    ['[]', '`people` is not an object'],
    ['{"v":2}', '`people` is not a list'],
    ['{"v":2,"people":["ana"]}', '`person` is not an object'],
    ['{"v":2,"people":[],"lists":{}}', '`lists` is not a list'],
    ['{"v":2,"people":[],"lists":["releasers"]}', '`list` is not an object'],
  ])('that are %s are refused, and it is said what is wrong', (document, problem) => {
    expect(parsePeople(document)).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
  });

  test.each([1, 3])('of version %d are refused', (v) => {
    expect(parsePeople(JSON.stringify({ v, people: [ANA] })).ok).toBe(false);
  });
});

describe('lists of people', () => {
  const lists = (...all: readonly unknown[]) => parsePeople(JSON.stringify({ v: 2, people: [], lists: all }));
  const list = { parameter: '/shop/releasers', domains: ['example.com'] };

  test('that are right are read as they are', () => {
    const plain = { ...list, parameter: 'releasers' };
    expect(lists(list, plain)).toEqual({ ok: true, value: { v: 2, people: [], lists: [list, plain] } });
  });

  test.each<[string, object]>([
    ['parameter', { parameter: 'a b' }],
    ['parameter', { parameter: undefined }],
    ['domains', { domains: [] }],
    ['domains', { domains: ['Example.com'] }],
    ['domains', { domains: ['*'] }],
    ['domains', { domains: ['example.com', '*'] }],
    ['domains', { domains: 'example.com' }],
    ['domain', { domains: [7] }],
  ])('with a wrong `%s` are refused', (name, change) => {
    expect(lists({ ...list, ...change })).toEqual({
      ok: false,
      problem: expect.stringContaining(`\`${name}\``) as string,
    });
  });
});

describe('a group from a list', () => {
  const groupOf = (group: object) =>
    parsePolicy(JSON.stringify(policyOf({ rule: ruleOf('MANUAL', { people: { groups: [group as never] } }) })), GATE);
  const group = { quorum: 2, ids: [], list: '/shop/releasers' };

  test('is read before anybody knows who stands in the list, and as a record keeps it', () => {
    expect(groupOf(group)).toMatchObject({ ok: true, value: { rule: { people: { groups: [group] } } } });
    const kept = { ...group, name: 'Release', ids: [ANA.id] };
    expect(groupOf(kept)).toMatchObject({ ok: true, value: { rule: { people: { groups: [kept] } } } });
  });

  test.each([{ quorum: 101 }, { quorum: 0 }, { list: '' }, { list: 'a b' }, { list: 7 }])(
    'is refused with %j',
    (change) => {
      expect(groupOf({ ...group, ...change }).ok).toBe(false);
    },
  );

  test('is the only kind that may have fewer people than it needs', () => {
    expect(groupOf({ quorum: 2, ids: [ANA.id] }).ok).toBe(false);
  });
});

test('documents never throw, whatever they hold', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parsePolicy(text, GATE).ok).toBe(false);
      expect(parseChecks(text).ok).toBe(false);
      expect(parsePeople(text).ok).toBe(false);
    }),
  );
});

test('a role is a role of IAM', () => {
  const roleOf = (role: string) => read(withRule(ruleOf('AUTOMATED', { checks: { role } }))).ok;

  expect(roleOf(CHECK_ROLE)).toBe(true);
  expect(roleOf('arn:aws-cn:iam::111111111111:role/x')).toBe(true);
  expect(roleOf('arn:aws:iam::111111111111:user/x')).toBe(false);
  expect(roleOf(`x${CHECK_ROLE}`)).toBe(false);
});
