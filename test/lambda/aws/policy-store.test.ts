import { GetParametersByPathCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { PolicyStore } from '../../../lambda/aws/policy-store';
import { ANA, BO, checkPlan, GATE, policyOf, ruleOf } from '../samples';

const POLICY = '/approval-gates/shop/gates/shop/Prod/Approve/policy';
const CHECKS = '/approval-gates/shop/gates/shop/Prod/Approve/checks';

const ssm = mockClient(SSMClient);
const store = new PolicyStore(new SSMClient({ region: 'eu-west-1' }), 'shop');

beforeEach(() => ssm.reset());

function parameters(documents: Readonly<Record<string, string>>): void {
  const Parameters = Object.entries(documents).map(([Name, Value]) => ({ Name, Value }));
  ssm.on(GetParametersCommand).resolves({ Parameters });
}

const withChecks = (source: object) => policyOf({ rule: ruleOf('AUTOMATED', { checks: { source: source as never } }) });

describe('a gate', () => {
  test('is read in one call, its checks with it', async () => {
    const policy = withChecks({ parameter: CHECKS });
    parameters({
      [CHECKS]: JSON.stringify({ v: 2, checks: [checkPlan()] }),
      [POLICY]: JSON.stringify(policy),
    });

    expect(await store.gate(GATE)).toEqual({
      policy: { ok: true, value: policy },
      plans: { ok: true, value: [checkPlan()] },
    });
    expect(ssm.commandCalls(GetParametersCommand).map(({ args }) => args[0].input)).toEqual([
      { Names: [POLICY, CHECKS] },
    ]);
  });

  test('may hold its checks itself, or none', async () => {
    parameters({ [POLICY]: JSON.stringify(withChecks({ plans: [checkPlan()] })) });
    expect((await store.gate(GATE)).plans).toEqual({ ok: true, value: [checkPlan()] });

    parameters({ [POLICY]: JSON.stringify(policyOf()) });
    expect((await store.gate(GATE)).plans).toEqual({ ok: true, value: [] });
  });

  test.each<[string, Record<string, string>, string]>([
    ['without a policy', {}, 'this gate has no policy'],
    ['with a policy of version 0.1.0', { [POLICY]: JSON.stringify({ ...policyOf(), v: 1 }) }, '`v` is not 2'],
    [
      'with a policy of another gate',
      { [POLICY]: JSON.stringify(policyOf({ gate: { ...GATE, stage: 'Dev' } })) },
      'another gate',
    ],
  ])('%s has neither policy nor checks', async (_, documents, problem) => {
    parameters(documents);

    const { policy, plans } = await store.gate(GATE);

    expect(policy).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
    expect(plans).toEqual(policy);
  });

  test.each<[string, Record<string, string>, string]>([
    ['missing', {}, 'the parameter with the checks of this gate is missing'],
    ['not JSON', { [CHECKS]: '{' }, 'checks: not JSON'],
    ['of version 0.1.0', { [CHECKS]: JSON.stringify({ v: 1, checks: [checkPlan()] }) }, 'checks: `v` is not 2'],
    ['of a version to come', { [CHECKS]: JSON.stringify({ v: 3, checks: [checkPlan()] }) }, 'checks: `v` is not 2'],
  ])('whose checks are %s has a policy and no checks', async (_, documents, problem) => {
    parameters({ ...documents, [POLICY]: JSON.stringify(withChecks({ parameter: CHECKS })) });

    const { policy, plans } = await store.gate(GATE);

    expect(policy.ok).toBe(true);
    expect(plans).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
  });

  test('takes no checks from a parameter that was not asked for', async () => {
    parameters({ [POLICY]: JSON.stringify(withChecks({ parameter: '/other' })), [CHECKS]: '{"v":2,"checks":[]}' });

    expect((await store.gate(GATE)).plans).toMatchObject({ ok: false });
  });
});

test('people are read page by page; a parameter that cannot be understood holds nobody', async () => {
  const people = (...all: readonly object[]) => ({ Value: JSON.stringify({ v: 2, people: all }) });
  ssm
    .on(GetParametersByPathCommand)
    .resolvesOnce({ Parameters: [people(ANA), { Value: '{' }, {}], NextToken: 'more' })
    .resolvesOnce({ Parameters: [people(BO), { Value: JSON.stringify({ v: 1, people: [ANA] }) }] })
    .resolves({});

  expect(await store.people()).toEqual([ANA, BO]);

  expect(ssm.commandCalls(GetParametersByPathCommand).map(({ args }) => args[0].input)).toEqual([
    { Path: '/approval-gates/shop/people', Recursive: false, MaxResults: 10, NextToken: undefined },
    { Path: '/approval-gates/shop/people', Recursive: false, MaxResults: 10, NextToken: 'more' },
  ]);
  expect(await store.people()).toEqual([]);
});

test('a parameter store that cannot be reached is a failure, and no missing policy', async () => {
  ssm.on(GetParametersCommand).rejects(new Error('throttled'));

  await expect(store.gate(GATE)).rejects.toThrow('throttled');
});

describe('the directory', () => {
  const LISTS = ['/shop/releasers', '/shop/operators'];

  beforeEach(() => {
    const lists = LISTS.map((parameter) => ({ parameter, domains: ['example.com'] }));
    ssm.on(GetParametersByPathCommand).resolves({
      Parameters: [
        { Value: JSON.stringify({ v: 2, people: [ANA] }) },
        { Value: JSON.stringify({ v: 2, people: [], lists }) },
      ],
    });
    parameters({ '/shop/releasers': 'bo@example.com', '/shop/operators': 'not an address' });
  });

  test('knows everybody who is declared, and the lists that were asked for', async () => {
    expect(await store.directory(['/shop/releasers', '/other'])).toEqual({
      people: [ANA],
      lists: new Map([['/shop/releasers', { ok: true, value: [BO] }]]),
    });
    expect(ssm.commandCalls(GetParametersCommand).map(({ args }) => args[0].input.Names)).toEqual([
      ['/shop/releasers'],
    ]);
  });

  test('knows all lists where none is named', async () => {
    expect([...(await store.directory()).lists]).toEqual([
      ['/shop/releasers', { ok: true, value: [BO] }],
      ['/shop/operators', { ok: false, problem: "list '/shop/operators': entry 1 is not an email address" }],
    ]);
  });

  test('is not needed for those who are declared', async () => {
    expect(await store.people()).toEqual([ANA]);
    expect(ssm.commandCalls(GetParametersCommand)).toEqual([]);
  });
});
