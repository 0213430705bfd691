import fc from 'fast-check';
import {
  changeSetInWords,
  changeSetView,
  guards,
  hiddenChangeSet,
  madeAgain,
  shownChangeSet,
  withinLimit,
  type ChangeSetDescription,
  type DescribedChange,
  type ReadChangeSet,
} from '../../../lambda/domain/change-set';
import { LISTED_CHANGES, LISTED_IN_ALL } from '../../../lambda/domain/limits';

const SET = { stack: 'shop-prod', name: 'release' };
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
const described = (changes: readonly DescribedChange[], more: Partial<ChangeSetDescription> = {}) =>
  changeSetView(SET, { id: 'arn:1', status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE', changes, ...more });
const read = (changes: readonly DescribedChange[]): ReadChangeSet => {
  const view = described(changes);
  if (view.kind !== 'READ') {
    throw new Error(view.reason);
  }
  return view;
};
const modify = (type: string, id: string, Replacement: string) => change('Modify', type, id, { Replacement });

describe('what a change set would do, in one line', () => {
  test.each<[string, readonly DescribedChange[]]>([
    ['changes nothing', []],
    ['2 added', [change('Add', 'AWS::SNS::Topic', 'A'), change('Add', 'AWS::SNS::Topic', 'B')]],
    ['1 imported', [change('Import', 'AWS::S3::Bucket', 'Old')]],
    ['1 changed', [modify('AWS::SNS::Topic', 'A', 'False')]],
    ['1 REPLACED (Table Orders)', [modify('AWS::DynamoDB::Table', 'Orders', 'True')]],
    ['1 may be REPLACED (Table Orders)', [modify('AWS::DynamoDB::Table', 'Orders', 'Conditional')]],
    ['1 REMOVED (Bucket Pictures)', [change('Remove', 'AWS::S3::Bucket', 'Pictures')]],
    ['1 not known until it runs (Topic A)', [change('Dynamic', 'AWS::SNS::Topic', 'A')]],
    ['1 not known until it runs (Topic A)', [change('Modify', 'AWS::SNS::Topic', 'A')]],
    ['1 not known until it runs (Topic A)', [change('SomethingNew', 'AWS::SNS::Topic', 'A')]],
    ['3 REMOVED (Bucket A, Bucket B and 1 more)', ['C', 'A', 'B'].map((id) => change('Remove', 'AWS::S3::Bucket', id))],
    ['2 changed, 2 IAM changes', ['A', 'B'].map((id) => modify('AWS::IAM::Role', id, 'False'))],
    ['1 added, 1 security-group change', [change('Add', 'AWS::EC2::SecurityGroupIngress', 'World')]],
    [
      '1 changed, 1 nested stack, whose own changes are not listed',
      [modify('AWS::CloudFormation::Stack', 'Data', 'False')],
    ],
  ])('%s', (says, changes) => {
    expect(read(changes).says).toBe(says);
  });

  test.each([
    ['AWS::IAM::Policy', 'IAM'],
    ['AWS::S3::BucketPolicy', 'IAM'],
    ['AWS::SQS::QueuePolicy', 'IAM'],
    ['AWS::SNS::TopicPolicy', 'IAM'],
    ['AWS::SecretsManager::ResourcePolicy', 'IAM'],
    ['AWS::Lambda::Permission', 'IAM'],
    ['AWS::EC2::SecurityGroup', 'SECURITY_GROUP'],
    ['AWS::EC2::SecurityGroupEgress', 'SECURITY_GROUP'],
    ['AWS::AutoScaling::ScalingPolicy', undefined],
    ['AWS::DynamoDB::Table', undefined],
    ['Custom::AWS::IAM::Role', undefined],
    ['Custom::AWS::EC2::SecurityGroup', undefined],
    ['Custom::AWS::Lambda::Permission', undefined],
    ['Custom::AWS::S3::BucketPolicy', undefined],
    ['AWS::Lambda::LayerVersionPermission', 'IAM'],
    ['AWS::Lambda::PermissionSet', undefined],
    ['AWS::Lambda::Url', 'IAM'],
    ['AWS::Lambda::UrlMapping', undefined],
    ['AWS::ECR::RegistryPolicy', 'IAM'],
    ['AWS::S3::BucketPolicyStatus', undefined],
    ['AWS::SQS::QueueInlinePolicy', 'IAM'],
    ['AWS::SNS::TopicInlinePolicy', 'IAM'],
    ['AWS::Events::EventBusPolicy', 'IAM'],
    ['AWS::MSK::ClusterPolicy', 'IAM'],
    ['AWS::S3Tables::TableBucketPolicy', 'IAM'],
    ['AWS::S3::AccessPoint', 'IAM'],
    ['AWS::S3::AccessGrant', 'IAM'],
    ['AWS::ACMPCA::Permission', 'IAM'],
    ['AWS::EC2::VPCEndpointServicePermissions', 'IAM'],
    ['AWS::RAM::ResourceShare', 'IAM'],
    ['AWS::SSO::Assignment', 'IAM'],
    ['AWS::LakeFormation::DataCellsFilter', 'IAM'],
    ['AWS::EKS::AccessEntry', 'IAM'],
    ['AWS::Cognito::IdentityPoolRoleAttachment', 'IAM'],
    ['AWS::NewAtAws::ThingPolicy', 'IAM'],
    ['AWS::ApplicationAutoScaling::ScalingPolicy', undefined],
    ['AWS::CloudFront::CachePolicy', undefined],
    ['AWS::DLM::LifecyclePolicy', undefined],
    ['AWS::IAMLike::Role', undefined],
    ['Custom::RAM::ResourceShare', undefined],
  ] as const)('%s guards: %s', (type, what) => {
    expect(guards({ type })).toBe(what);
  });
});

test('permissions come first, then what is lost, then the rest', () => {
  const view = read([
    change('Add', 'AWS::SNS::Topic', 'New'),
    modify('AWS::SNS::Topic', 'Changed', 'False'),
    modify('AWS::DynamoDB::Table', 'Maybe', 'Conditional'),
    modify('AWS::DynamoDB::Table', 'Replaced', 'True'),
    change('Remove', 'AWS::S3::Bucket', 'Removed'),
    change('Add', 'AWS::IAM::Role', 'NewRole'),
    change('Remove', 'AWS::IAM::Role', 'OldRole'),
  ]);

  expect(view.changes.map(({ resource }) => resource)).toEqual([
    'OldRole',
    'NewRole',
    'Removed',
    'Replaced',
    'Maybe',
    'Changed',
    'New',
  ]);
});

test('what becomes of an old resource, and what of it changes, is kept as far as it is known', () => {
  const view = read([
    change('Remove', 'AWS::S3::Bucket', 'A', { PolicyAction: 'Retain' }),
    change('Remove', 'AWS::S3::Bucket', 'B', { PolicyAction: 'Delete' }),
    change('Modify', 'AWS::RDS::DBInstance', 'C', { Replacement: 'True', PolicyAction: 'ReplaceAndSnapshot' }),
    change('Modify', 'AWS::RDS::DBInstance', 'D', { Replacement: 'False', Scope: ['Tags', 'Secret', 'Properties'] }),
  ]);

  expect(view.changes).toEqual([
    { effect: 'REMOVED', resource: 'A', type: 'AWS::S3::Bucket', old: 'RETAINED' },
    { effect: 'REMOVED', resource: 'B', type: 'AWS::S3::Bucket', old: 'DELETED' },
    { effect: 'REPLACED', resource: 'C', type: 'AWS::RDS::DBInstance', old: 'SNAPSHOT' },
    { effect: 'CHANGED', resource: 'D', type: 'AWS::RDS::DBInstance', scope: ['Properties', 'Tags'] },
  ]);
});

test.each([
  ['Delete', 'DELETED'],
  ['ReplaceAndDelete', 'DELETED'],
  ['Retain', 'RETAINED'],
  ['ReplaceAndRetain', 'RETAINED'],
  ['Snapshot', 'SNAPSHOT'],
  ['ReplaceAndSnapshot', 'SNAPSHOT'],
])('under the policy %s the old resource is %s', (PolicyAction, old) => {
  expect(read([change('Remove', 'AWS::S3::Bucket', 'A', { PolicyAction })]).changes[0]?.old).toBe(old);
});

test('of a change of which CloudFormation tells nothing, nothing is made up', () => {
  const view = read([{}, change('Modify', 'AWS::SNS::Topic', 'A')]);

  expect(view.changes).toStrictEqual([
    { effect: 'UNKNOWN', resource: '', type: '' },
    { effect: 'UNKNOWN', resource: 'A', type: 'AWS::SNS::Topic' },
  ]);
});

test('of very many changes as many are listed as may be, in the order of their names, and the others are counted', () => {
  const topics = Array.from({ length: 42 }, (_, n) =>
    change('Add', 'AWS::SNS::Topic', `T${String(n).padStart(2, '0')}`),
  );
  const named = topics.map(({ LogicalResourceId }) => LogicalResourceId);
  const view = read([...topics].reverse());

  expect(view.changes.map(({ resource }) => resource)).toEqual(named.slice(0, LISTED_CHANGES));
  expect(view.unlisted).toBe(2);
  expect(read(topics).changes).toEqual(view.changes);
  expect(read(topics.slice(0, 3)).unlisted).toBe(0);
});

test('the change sets of a gate share what is listed in all, and count what they list no more', () => {
  const topics = Array.from({ length: 45 }, (_, n) => change('Add', 'AWS::SNS::Topic', `T${n}`));
  const [many, few] = [read(topics), read(topics.slice(0, 20))];
  const unread = { kind: 'UNREAD', ...SET, reason: 'no answer' } as const;
  const ten = withinLimit([many, few, unread, ...Array.from({ length: 7 }, () => few)]);

  expect(LISTED_IN_ALL / 10).toBe(20);
  expect(ten[0]).toEqual({ ...many, changes: many.changes.slice(0, 20), unlisted: 25 });
  expect(ten.slice(1, 3)).toEqual([few, unread]);
  expect(withinLimit([many])).toEqual([many]);
  expect(withinLimit([])).toEqual([]);
});

describe('a change set that is not there to execute', () => {
  test.each<[Partial<ChangeSetDescription>, string]>([
    [
      { status: 'FAILED', statusReason: "The submitted information didn't contain changes. Submit …" },
      'changes nothing',
    ],
    [{ status: 'FAILED', statusReason: 'No updates are to be performed.' }, 'changes nothing'],
    [
      { status: 'FAILED', statusReason: 'password hunter2 is too short' },
      'could not be read: CloudFormation could not make it',
    ],
    [{ status: 'FAILED' }, 'could not be read: CloudFormation could not make it'],
    [{ status: 'CREATE_IN_PROGRESS' }, 'could not be read: CloudFormation has not finished making it'],
    [{ status: undefined }, 'could not be read: CloudFormation has not finished making it'],
    [{ executionStatus: 'OBSOLETE' }, 'could not be read: its stack was changed since it was made'],
    [{ executionStatus: 'EXECUTE_COMPLETE' }, 'could not be read: it was executed already'],
    [{ executionStatus: undefined }, 'could not be read: CloudFormation cannot execute it'],
    [{ id: undefined }, 'could not be read: CloudFormation does not say which one it is'],
    [
      { status: 'CREATE_IN_PROGRESS', statusReason: 'No updates are to be performed.' },
      'could not be read: CloudFormation has not finished making it',
    ],
    [{ executionStatus: 'EXECUTE_IN_PROGRESS' }, 'could not be read: it is being executed'],
    [{ executionStatus: 'EXECUTE_FAILED' }, 'could not be read: it was executed already, and failed'],
  ])('%j: %s', (more, words) => {
    const view = described([change('Add', 'AWS::SNS::Topic', 'A')], more);

    expect(changeSetInWords(view)).toBe(words);
    expect(JSON.stringify(view)).not.toContain('hunter2');
  });

  test('lists nothing', () => {
    expect(described([], { status: 'FAILED', statusReason: 'No updates are to be performed.' })).toEqual({
      kind: 'READ',
      ...SET,
      id: 'arn:1',
      says: 'changes nothing',
      changes: [],
      unlisted: 0,
    });
    expect(described([], { status: 'FAILED' })).toEqual({
      kind: 'UNREAD',
      ...SET,
      reason: 'CloudFormation could not make it',
    });
  });

  test('is named where nobody may look for it', () => {
    expect(hiddenChangeSet({ ...SET, hidden: 'ELSEWHERE' })).toEqual({
      kind: 'UNREAD',
      ...SET,
      reason: 'its stack is in another account or Region',
    });
    expect(hiddenChangeSet({ ...SET, hidden: 'NAMED_BY_RUN' })).toEqual({
      kind: 'UNREAD',
      ...SET,
      reason: 'variables of the run are part of its name',
    });
    expect(hiddenChangeSet(SET)).toBeUndefined();
  });
});

describe('a change set was made again', () => {
  const shown = (id?: string) => [{ ...SET, says: 'as told', ...(id === undefined ? {} : { id }) }];

  test('when both were read and are not the same one', () => {
    expect(madeAgain(shown('a'), shown('b'))).toEqual(shown('b'));
    expect(madeAgain(shown('a'), shown('a'))).toEqual([]);
  });

  test('is known by stack and name together', () => {
    const before = [
      { stack: 'shop-prod', name: 'other', id: 'a', says: 'as told' },
      { stack: 'shop-data', name: 'release', id: 'b', says: 'as told' },
      { stack: 'shop-prod', name: 'release', id: 'c', says: 'as told' },
    ];

    expect(madeAgain(before, shown('c'))).toEqual([]);
    expect(madeAgain(before.slice(0, 2), shown('c'))).toEqual([]);
  });

  test('is nothing that a failure to read can say', () => {
    expect(madeAgain(shown('a'), shown())).toEqual([]);
    expect(madeAgain(shown(), shown('a'))).toEqual([]);
    expect(madeAgain(undefined, shown('a'))).toEqual([]);
    expect(madeAgain(shown('a'), undefined)).toEqual([]);
  });
});

const anyChange: fc.Arbitrary<DescribedChange> = fc.record({
  Action: fc.constantFrom('Add', 'Modify', 'Remove', 'Import', 'Dynamic', undefined),
  Replacement: fc.constantFrom('True', 'False', 'Conditional', undefined),
  PolicyAction: fc.constantFrom('Delete', 'Retain', 'ReplaceAndRetain', undefined),
  LogicalResourceId: fc.string({ minLength: 1, maxLength: 300 }),
  ResourceType: fc.constantFrom(
    'AWS::IAM::Role',
    'AWS::S3::Bucket',
    'AWS::EC2::SecurityGroup',
    'Custom::Thing',
    undefined,
  ),
  Scope: fc.constantFrom(['Properties'], ['Tags'], undefined),
});

test('whatever CloudFormation tells, and in whatever order: one line that counts all of it, and a bounded list', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 120 }), fc.nat(), (changes, turn) => {
      const view = read(changes);
      const turned = [...changes.slice(turn % (changes.length + 1)), ...changes.slice(0, turn % (changes.length + 1))];
      const counted = [
        ...view.says.matchAll(/(\d+) (added|imported|changed|REPLACED|may be REPLACED|REMOVED|not known)/g),
      ];

      expect(view.changes.length + view.unlisted).toBe(changes.length);
      expect(view.changes.length).toBeLessThanOrEqual(LISTED_CHANGES);
      expect(view.says).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(view.says.length).toBeLessThan(800);
      expect(read(turned).says).toBe(view.says);
      // Names may hold such words, so never fewer than there are.
      expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBeGreaterThanOrEqual(changes.length);
    }),
  );
});

test('evidence keeps which one it was and what it said', () => {
  expect(shownChangeSet(read([]))).toEqual({ ...SET, id: 'arn:1', says: 'changes nothing' });
  expect(shownChangeSet({ kind: 'UNREAD', ...SET, reason: 'no answer' })).toEqual({
    ...SET,
    says: 'could not be read: no answer',
  });
});
