import fc from 'fast-check';
import type { ChangeRisk } from '../../../contract/checks';
import { judgeChanges } from '../../../lambda/domain/change-risk';
import { changesIn, type ChangeSetDescription, type DescribedChange } from '../../../lambda/domain/change-set';

const ALL: readonly ChangeRisk[] = ['REPLACEMENT', 'REMOVAL', 'PERMISSIONS'];
const change = (
  Action: string,
  ResourceType: string,
  LogicalResourceId: string,
  more: Partial<DescribedChange> = {},
) => ({
  Action,
  ResourceType,
  LogicalResourceId,
  ...more,
});
const modify = (type: string, id: string, Replacement = 'False', more: Partial<DescribedChange> = {}) =>
  change('Modify', type, id, { Replacement, Scope: ['Properties'], ...more });
const judged = (
  changes: readonly DescribedChange[],
  limits: { readonly risks?: readonly ChangeRisk[]; readonly ignoredTypes?: readonly string[] } = {},
  more: Partial<ChangeSetDescription> = {},
) => {
  const made = { id: 'arn:1', status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' };
  return judgeChanges(changesIn({ ...made, changes, ...more }), { risks: ALL, ...limits });
};

const TABLE = modify('AWS::DynamoDB::Table', 'Orders', 'True');
const BUCKET = change('Remove', 'AWS::S3::Bucket', 'Pictures');
const ROLE = modify('AWS::IAM::Role', 'ShopRole');
const QUEUE = change('Add', 'AWS::SQS::Queue', 'Refunds');

describe('a change set is risky', () => {
  test.each<[string, readonly DescribedChange[], string]>([
    ['by what it replaces', [QUEUE, TABLE], '1 REPLACED (Table Orders).'],
    [
      'by what it may replace',
      [modify('AWS::RDS::DBInstance', 'Shop', 'Conditional')],
      '1 may be REPLACED (DBInstance Shop).',
    ],
    ['by what it removes', [BUCKET], '1 REMOVED (Bucket Pictures).'],
    ['by a changed role', [ROLE], '1 permission change (Role ShopRole).'],
    ['by a new policy', [change('Add', 'AWS::IAM::Policy', 'More')], '1 permission change (Policy More).'],
    [
      'by a removed policy, which may have been a Deny',
      [change('Remove', 'AWS::S3::BucketPolicy', 'Only')],
      '1 REMOVED (BucketPolicy Only), 1 permission change (BucketPolicy Only).',
    ],
    [
      'by security groups',
      [change('Add', 'AWS::EC2::SecurityGroupIngress', 'World'), modify('AWS::EC2::SecurityGroup', 'Web')],
      '2 permission changes (SecurityGroup Web, SecurityGroupIngress World).',
    ],
    [
      'by a function that gets an address',
      [change('Add', 'AWS::Lambda::Url', 'Address')],
      '1 permission change (Url Address).',
    ],
    [
      'by the policy of a key',
      [modify('AWS::KMS::Key', 'Key', 'False', { Details: [{ Target: { Name: 'KeyPolicy' } }] })],
      '1 permission change (Key Key).',
    ],
    ...[
      ['AWS::KMS::ReplicaKey', 'KeyPolicy'],
      ['AWS::Events::EventBus', 'Policy'],
      ['AWS::Logs::LogGroup', 'ResourcePolicyDocument'],
      ['AWS::OpenSearchService::Domain', 'AccessPolicies'],
      ['AWS::ECR::PublicRepository', 'RepositoryPolicyText'],
      ['AWS::S3::Bucket', 'PublicAccessBlockConfiguration'],
      ['AWS::S3::Bucket', 'AccessControl'],
      ['AWS::DynamoDB::GlobalTable', 'Replicas'],
      ['AWS::Cognito::IdentityPool', 'AllowUnauthenticatedIdentities'],
    ].map(([type = '', Name]): [string, readonly DescribedChange[], string] => [
      `by ${Name} of ${type}`,
      [modify(type, 'It', 'False', { Details: [{ Target: { Name } }] })],
      `1 permission change (${type.split('::')[2]} It).`,
    ]),
    [
      'by the tags of a role, which permissions may depend on',
      [modify('AWS::IAM::Role', 'ShopRole', 'False', { Scope: ['Tags'] })],
      '1 permission change (Role ShopRole).',
    ],
    [
      'by a role of which more than the metadata changes',
      [modify('AWS::IAM::Role', 'ShopRole', 'False', { Scope: ['Metadata', 'Properties'] })],
      '1 permission change (Role ShopRole).',
    ],
    [
      'by a role of which CloudFormation does not say what changes',
      [modify('AWS::IAM::Role', 'ShopRole', 'False', { Scope: undefined })],
      '1 permission change (Role ShopRole).',
    ],
    [
      'by all of it, what is lost first',
      [ROLE, TABLE, BUCKET],
      '1 REMOVED (Bucket Pictures), 1 REPLACED (Table Orders), 1 permission change (Role ShopRole).',
    ],
  ])('%s', (_, changes, reason) => {
    expect(judged(changes)).toMatchObject({ verdict: 'FAIL', reason });
  });

  test('however many other changes there are', () => {
    const many = Array.from({ length: 200 }, (_, n) => change('Add', 'AWS::IAM::Policy', `P${n}`));

    expect(judged([...many, TABLE], { risks: ['REPLACEMENT'] })).toMatchObject({ verdict: 'FAIL' });
  });

  test('says what it found, and what it looks for', () => {
    expect(judged([QUEUE, TABLE], { risks: ['REPLACEMENT', 'REMOVAL'] })).toEqual({
      verdict: 'FAIL',
      reason: '1 REPLACED (Table Orders).',
      value: '1 added, 1 REPLACED (Table Orders)',
      threshold: 'no REPLACEMENT, REMOVAL',
    });
  });

  test('by a new role, although only its metadata is named', () => {
    const role = change('Add', 'AWS::IAM::Role', 'Admin', { Scope: ['Metadata'] });

    expect(judged([role], { risks: ['PERMISSIONS'] }).verdict).toBe('FAIL');
  });

  test.each<[ChangeRisk, DescribedChange]>([
    ['REPLACEMENT', TABLE],
    ['REMOVAL', BUCKET],
    ['PERMISSIONS', ROLE],
  ])('only by the risks that matter: %s', (risk, risky) => {
    const others = ALL.filter((other) => other !== risk);

    expect(judged([risky], { risks: [risk] }).verdict).toBe('FAIL');
    expect(judged([risky], { risks: others }).verdict).toBe('PASS');
  });
});

describe('a change set is harmless', () => {
  test.each<[string, readonly DescribedChange[], string]>([
    ['where it changes nothing', [], 'Nothing risky: changes nothing.'],
    [
      'where it adds and changes',
      [QUEUE, modify('AWS::Lambda::Function', 'Shop')],
      'Nothing risky: 1 added, 1 changed.',
    ],
    [
      'where only the metadata of a role changes',
      [modify('AWS::IAM::Role', 'ShopRole', 'False', { Scope: ['Metadata'] })],
      'Nothing risky: 1 changed, 1 IAM change.',
    ],
    [
      'where another property of a key changes',
      [modify('AWS::KMS::Key', 'Key', 'False', { Details: [{ Target: { Name: 'EnableKeyRotation' } }, {}] })],
      'Nothing risky: 1 changed.',
    ],
    [
      'where a property changes that is a permission of other types alone',
      [modify('AWS::ECS::Service', 'Web', 'False', { Details: [{ Target: { Name: 'AccessControl' } }] })],
      'Nothing risky: 1 changed.',
    ],
    [
      'where a release makes a new one of what holds nothing',
      [
        modify('AWS::ECS::TaskDefinition', 'Web', 'True'),
        change('Remove', 'AWS::Lambda::Version', 'Old'),
        change('Add', 'AWS::Lambda::Version', 'New'),
      ],
      'Nothing risky: 1 added, 1 REPLACED (TaskDefinition Web), 1 REMOVED (Version Old).',
    ],
  ])('%s', (_, changes, reason) => {
    expect(judged(changes)).toMatchObject({ verdict: 'PASS', reason });
  });

  test('where CloudFormation made none, because nothing changes', () => {
    const failed = { status: 'FAILED', statusReason: "The submitted information didn't contain changes." };

    expect(judged([], {}, failed)).toMatchObject({ verdict: 'PASS', value: 'changes nothing' });
  });

  test('where everything risky is of a type that does not matter', () => {
    expect(judged([TABLE], { ignoredTypes: ['AWS::DynamoDB::Table'] }).verdict).toBe('PASS');
    expect(judged([TABLE], { ignoredTypes: ['AWS::DynamoDB::GlobalTable'] }).verdict).toBe('FAIL');
  });
});

describe('nobody can tell', () => {
  const NESTED = 'AWS::CloudFormation::Stack';

  test.each<[string, readonly DescribedChange[]]>([
    ['what changes in a nested stack', [modify(NESTED, 'Data')]],
    ['who may do what by a new nested stack', [change('Add', NESTED, 'Data')]],
    ['what only the execution shows', [change('Dynamic', 'AWS::SNS::Topic', 'Topic')]],
    ['what CloudFormation says in words that are not known here', [modify('AWS::SNS::Topic', 'Topic', 'Perhaps')]],
  ])('%s', (_, changes) => {
    expect(judged(changes)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: expect.stringMatching(/^1 of which the changes are not known \(/) as string,
    });
  });

  test('whichever risks matter, where a nested stack changes', () => {
    for (const risk of ALL) {
      expect(judged([modify(NESTED, 'Data')], { risks: [risk] }).verdict).toBe('INCONCLUSIVE');
    }
  });

  test('but a new nested stack replaces and removes nothing, and one that is removed is removed', () => {
    const risks: readonly ChangeRisk[] = ['REPLACEMENT', 'REMOVAL'];

    expect(judged([change('Add', NESTED, 'Data')], { risks }).verdict).toBe('PASS');
    expect(judged([change('Remove', NESTED, 'Data')], { risks }).verdict).toBe('FAIL');
  });

  test.each([
    ['no id', { id: undefined }, 'INCONCLUSIVE'],
    ['a failure', { status: 'FAILED', statusReason: 'Parameter Password=hunter2' }, 'INCONCLUSIVE'],
    ['what is still being made', { status: 'CREATE_IN_PROGRESS' }, 'ERROR'],
    ['what waits to be made', { status: 'CREATE_PENDING' }, 'ERROR'],
    ['no status', { status: undefined }, 'ERROR'],
    ['what was executed', { executionStatus: 'EXECUTE_COMPLETE' }, 'INCONCLUSIVE'],
    ['what fits its stack no more', { executionStatus: 'OBSOLETE' }, 'INCONCLUSIVE'],
    ['no execution status', { executionStatus: undefined }, 'INCONCLUSIVE'],
  ])('from %s', (_, more, verdict) => {
    const found = judged([QUEUE], {}, more);

    expect(found).toMatchObject({ verdict, reason: expect.stringMatching(/^It could not be read: /) as string });
    expect(found.reason).not.toContain('hunter2');
  });

  test('by risks that are not known here, or by none', () => {
    expect(judged([], { risks: [] }).verdict).toBe('ERROR');
    expect(judged([], { risks: ['REMOVAL', 'DRIFT' as ChangeRisk] }).verdict).toBe('ERROR');
  });
});

const actions = fc.constantFrom('Add', 'Modify', 'Remove', 'Import', 'Dynamic', 'New', undefined);
const described = fc.record({
  Action: actions,
  Replacement: fc.constantFrom('True', 'False', 'Conditional', undefined),
  ResourceType: fc.constantFrom(
    'AWS::DynamoDB::Table',
    'AWS::IAM::Role',
    'AWS::EC2::SecurityGroup',
    'AWS::CloudFormation::Stack',
  ),
  LogicalResourceId: fc.constantFrom('A', 'B'),
  Scope: fc.constantFrom(undefined, ['Properties'], ['Metadata', 'Properties'], ['Tags']),
});

test('whatever the changes are, only those that surely add, import or change in place pass', () => {
  fc.assert(
    fc.property(
      fc.array(described, { maxLength: 60 }),
      fc.constantFrom('CREATE_COMPLETE', 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS', 'FAILED', undefined),
      fc.constantFrom('AVAILABLE', 'AVAILABLE', 'OBSOLETE', undefined),
      (changes, status, executionStatus) => {
        if (judged(changes, {}, { status, executionStatus }).verdict !== 'PASS') {
          return;
        }
        expect([status, executionStatus]).toEqual(['CREATE_COMPLETE', 'AVAILABLE']);
        for (const { Action, Replacement, ResourceType } of changes) {
          expect(ResourceType).toBe('AWS::DynamoDB::Table');
          expect(Action === 'Add' || Action === 'Import' || (Action === 'Modify' && Replacement === 'False')).toBe(
            true,
          );
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
