import { App, Aws, Stack } from 'aws-cdk-lib';
import { ChangeRisk, ChangeSetRef, Check, type ChangeSetCheckOptions } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const RELEASE = ChangeSetRef.named('shop-prod', 'release');

function bound(options: ChangeSetCheckOptions = {}, changeSet = RELEASE) {
  const stack = new Stack(new App(), 'Gates', { env: ENV });
  const { plans, statements } = bindChecks(stack, [Check.changeSet(changeSet, options)], { workflowName: 'Shop' });
  return { plan: stack.resolve(plans[0]), statements: stack.resolve(statements.map((one) => one.toJSON())) };
}

test('looks for every risk unless told otherwise, and may describe change sets of that stack alone', () => {
  expect(bound()).toEqual({
    plan: expect.objectContaining({
      kind: 'changeSet',
      id: 'change-set-of-shop-prod',
      title: 'change set of shop-prod',
      stack: 'shop-prod',
      name: 'release',
      region: 'eu-west-1',
      risks: ['REPLACEMENT', 'REMOVAL', 'PERMISSIONS'],
    }),
    statements: [
      {
        Effect: 'Allow',
        Action: 'cloudformation:DescribeChangeSet',
        Resource: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':cloudformation:eu-west-1:111111111111:stack/shop-prod/*'],
          ],
        },
      },
    ],
  });
  expect(bound().plan).not.toHaveProperty('ignoredTypes');
});

test('says the same for the same risks and types, in whatever order they are written', () => {
  const { plan } = bound({
    risks: [ChangeRisk.REMOVAL, ChangeRisk.REPLACEMENT, ChangeRisk.REMOVAL],
    ignoredTypes: ['Custom::Thing', 'AWS::ECS::Service', 'Custom::Thing'],
  });

  expect(plan).toMatchObject({
    risks: ['REPLACEMENT', 'REMOVAL'],
    ignoredTypes: ['AWS::ECS::Service', 'Custom::Thing'],
  });
});

test('reads in another Region directly, and in another account by its reader', () => {
  const elsewhere = bound({ region: 'us-east-1' });
  expect(elsewhere.plan).toMatchObject({ region: 'us-east-1' });
  expect(JSON.stringify(elsewhere.statements)).toContain(':cloudformation:us-east-1:111111111111:stack/shop-prod/*');

  const other = bound({ account: '222222222222' });
  expect(other.statements).toMatchObject([{ Action: 'sts:AssumeRole' }]);
  expect(JSON.stringify(other.plan.reader)).toContain('222222222222');
});

test('takes a stack whose name is known only at deployment', () => {
  const { plan } = bound({}, ChangeSetRef.named(Aws.STACK_NAME, 'release'));

  expect(plan).toMatchObject({ title: 'change set', stack: { Ref: 'AWS::StackName' } });
});

test.each<[string, unknown, ChangeSetCheckOptions, RegExp]>([
  [
    'a name as text',
    'shop-prod',
    {},
    /`Check.changeSet` is given "shop-prod": name a change set by `ChangeSetRef.named/,
  ],
  ['nothing', undefined, {}, /`Check.changeSet` is given nothing/],
  [
    'no risk',
    RELEASE,
    { risks: [] },
    /`Check.changeSet risks` is \[\], but has to be a list of at least one of REPLACEMENT, REMOVAL, PERMISSIONS/,
  ],
  ['an unknown risk', RELEASE, { risks: ['DRIFT' as ChangeRisk] }, /`Check.changeSet risks` is \["DRIFT"\]/],
  ['one risk without a list', RELEASE, { risks: 'REMOVAL' as never }, /`Check.changeSet risks` is "REMOVAL"/],
  [
    'types by a wildcard',
    RELEASE,
    { ignoredTypes: ['AWS::ECS::*'] },
    /ignoredTypes` is 'AWS::ECS::\*', but has to be types of resources/,
  ],
  [
    'one type without a list',
    RELEASE,
    { ignoredTypes: 'AWS::ECS::Service' as never },
    /ignoredTypes` has to be a list of at most 50/,
  ],
  ['too many types', RELEASE, { ignoredTypes: Array.from({ length: 51 }, (_, n) => `A::B${n}`) }, /at most 50/],
  [
    'an account by its name',
    RELEASE,
    { account: 'prod' },
    /account` is 'prod', but has to be the 12 digits of an account/,
  ],
  ['a Region by its place', RELEASE, { region: 'Frankfurt' }, /region` is 'Frankfurt', but has to be a Region/],
])('%s is refused', (_, changeSet, options, message) => {
  expect(() => Check.changeSet(changeSet as ChangeSetRef, options)).toThrow(message);
});
