import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudFormation, readChangeSet } from '../../../lambda/aws/change-sets';

const SET = { stack: 'shop-prod', name: 'release' };
const ARN = 'arn:aws:cloudformation:eu-west-1:111111111111:changeSet/release/1';
const mocked = mockClient(CloudFormationClient);
const client = new CloudFormationClient({ region: 'eu-west-1' });

beforeEach(() => {
  mocked.reset();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const page = (id: string, more: Partial<DescribeChangeSetCommandOutput> = {}) => ({
  ChangeSetId: ARN,
  Status: 'CREATE_COMPLETE' as const,
  ExecutionStatus: 'AVAILABLE' as const,
  Changes: [
    {
      Type: 'Resource' as const,
      ResourceChange: {
        Action: 'Modify' as const,
        Replacement: 'True' as const,
        LogicalResourceId: id,
        ResourceType: 'AWS::DynamoDB::Table',
        BeforeContext: '{"Properties":{"Password":"hunter2"}}',
        Details: [{ Target: { BeforeValue: 'hunter2', AfterValue: 'hunter2' } }],
      },
    },
  ],
  Parameters: [{ ParameterKey: 'Password', ParameterValue: 'hunter2' }],
  ...more,
});

test('all pages are read, from the second on by the ARN of the first; no value of a property is kept', async () => {
  mocked
    .on(DescribeChangeSetCommand)
    .resolvesOnce(page('Orders', { NextToken: '2' }))
    .resolvesOnce(page('Customers', { ChangeSetId: 'another' }));

  const view = await readChangeSet(client, SET);

  expect(view).toMatchObject({ kind: 'READ', ...SET, id: ARN, says: '2 REPLACED (Table Customers, Table Orders)' });
  expect(JSON.stringify(view)).not.toContain('hunter2');
  const calls = mocked.commandCalls(DescribeChangeSetCommand).map(({ args }) => args[0].input);
  expect(calls).toEqual([
    { StackName: 'shop-prod', ChangeSetName: 'release', NextToken: undefined },
    { StackName: 'shop-prod', ChangeSetName: ARN, NextToken: '2' },
  ]);
});

test('one without an end is not read as if it were whole', async () => {
  mocked.on(DescribeChangeSetCommand).resolves(page('Orders', { NextToken: 'more' }));

  expect(await readChangeSet(client, SET)).toMatchObject({ kind: 'UNREAD' });
  expect(mocked.commandCalls(DescribeChangeSetCommand)).toHaveLength(20);
});

test.each([
  ['AccessDenied', 'the role of this gate may not read it'],
  ['AccessDeniedException', 'the role of this gate may not read it'],
  ['ChangeSetNotFound', 'there is no such change set'],
  ['ChangeSetNotFoundException', 'there is no such change set'],
  ['ValidationError', 'there is no such change set'],
  ['Throttling', 'CloudFormation does not answer (Throttling)'],
])('an error %s is an answer, and says nothing of what was sent', async (name, reason) => {
  mocked.on(DescribeChangeSetCommand).rejects(Object.assign(new Error('Stack [secret] …'), { name }));

  expect(await readChangeSet(client, SET)).toEqual({ kind: 'UNREAD', ...SET, reason });
  expect(JSON.stringify(jest.mocked(process.stdout.write).mock.calls)).not.toContain('secret');
});

test('credentials that are refused are an answer, too', async () => {
  const refused = Object.assign(new Error('no'), { name: 'AccessDenied' });
  mocked.restore();
  const denied = cloudFormation(() => Promise.reject(refused));

  expect(await readChangeSet(denied, SET)).toMatchObject({ kind: 'UNREAD', ...SET });
  mocked.reset();
});
