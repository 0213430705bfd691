import { CloudFormationClient, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import type { ChangeSetCheckPlan } from '../../../../contract/checks';
import { TIMING } from '../../check-timing';
import { measured, NOW, REGIONS } from './measured';

const plan: ChangeSetCheckPlan = {
  kind: 'changeSet',
  id: 'change-set',
  title: 'change set of shop-prod',
  stack: 'shop-prod',
  name: 'release',
  region: 'us-east-1',
  risks: ['REPLACEMENT'],
  ...TIMING,
};
const ID = 'arn:aws:cloudformation:us-east-1:111111111111:changeSet/release/1';

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

const page = (id: string, more: object = {}) => ({
  ChangeSetId: ID,
  Status: 'CREATE_COMPLETE' as const,
  ExecutionStatus: 'AVAILABLE' as const,
  Changes: [
    {
      ResourceChange: {
        Action: 'Modify' as const,
        Replacement: 'True' as const,
        LogicalResourceId: id,
        ResourceType: 'AWS::DynamoDB::Table',
        BeforeContext: '{"Properties":{"Password":"hunter2"}}',
      },
    },
  ],
  ...more,
});

test('a harmless change set passes, read in the Region of its stack', async () => {
  cloudFormation.on(DescribeChangeSetCommand).resolves({ ...page(''), Changes: [] });

  expect(await measured(plan)).toEqual({
    checkId: 'change-set',
    at: NOW,
    verdict: 'PASS',
    reason: 'Nothing risky: changes nothing.',
    value: 'changes nothing',
    threshold: 'no REPLACEMENT',
  });
  expect(REGIONS).toEqual(['us-east-1']);
});

test('all of its pages count, and no value of a property is told', async () => {
  cloudFormation
    .on(DescribeChangeSetCommand)
    .resolvesOnce({ ...page(''), Changes: [], NextToken: '2' })
    .resolvesOnce(page('Orders'));

  const measurement = await measured(plan);

  expect(measurement).toMatchObject({ verdict: 'FAIL', reason: '1 REPLACED (Table Orders).' });
  expect(JSON.stringify(measurement)).not.toContain('hunter2');
  expect(cloudFormation.commandCalls(DescribeChangeSetCommand).map(({ args }) => args[0].input)).toEqual([
    { StackName: 'shop-prod', ChangeSetName: 'release', NextToken: undefined },
    { StackName: 'shop-prod', ChangeSetName: ID, NextToken: '2' },
  ]);
});

test('people are led to its changes in the console, where values are shown to those who may see them', async () => {
  const stackId = 'arn:aws:cloudformation:us-east-1:111111111111:stack/shop-prod/5b2a';
  cloudFormation.on(DescribeChangeSetCommand).resolves(page('Orders', { StackId: stackId }));

  expect(await measured(plan)).toMatchObject({
    verdict: 'FAIL',
    link:
      'https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1#/stacks/changesets/changes' +
      `?stackId=${encodeURIComponent(stackId)}&changeSetId=${encodeURIComponent(ID)}`,
  });
});

test('one without an end is not taken for harmless', async () => {
  cloudFormation.on(DescribeChangeSetCommand).resolves({ ...page(''), Changes: [], NextToken: 'more' });

  expect(await measured(plan)).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

test.each(['ChangeSetNotFoundException', 'ValidationError', 'AccessDenied', 'Throttling'])(
  '%s is an error that does not repeat what AWS says',
  async (name) => {
    cloudFormation.on(DescribeChangeSetCommand).rejects(Object.assign(new Error(ID), { name }));

    const measurement = await measured(plan);
    expect(measurement).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining(name) as string });
    expect(measurement.reason).not.toContain('arn:');
  },
);
