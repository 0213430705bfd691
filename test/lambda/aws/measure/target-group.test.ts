import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import type { TargetGroupCheckPlan } from '../../../../contract/checks';
import { measured as measuredBy, NOW, REGIONS } from './measured';
import { TIMING } from '../../check-timing';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/shop-web/6d0ecf831eec9f09';

const plan: TargetGroupCheckPlan = {
  kind: 'targetGroup',
  id: 'web',
  title: 'web',
  targetGroupArn: ARN,
  minHealthy: 1,
  minHealthyPercent: 100,
  ...TIMING,
};

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => elb.reset());

const measured = (check: Partial<TargetGroupCheckPlan> = {}) => measuredBy({ ...plan, ...check });

test('healthy targets pass, seen at this moment only, in the Region of the group', async () => {
  elb.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions: [{ TargetHealth: { State: 'healthy' } }] });

  expect(await measured()).toEqual({
    checkId: 'web',
    at: NOW,
    verdict: 'PASS',
    reason: '1 of 1 targets are healthy.',
    value: '1 of 1',
    threshold: 'at least 1',
    healthySince: NOW,
    link: `https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#TargetGroup:targetGroupArn=${ARN}`,
  });
  expect(elb.commandCalls(DescribeTargetHealthCommand)[0]!.args[0].input).toEqual({ TargetGroupArn: ARN });
  expect(REGIONS).toEqual(['us-east-1']);
});

test('what the load balancer says of an unhealthy target is told, on one line', async () => {
  elb.on(DescribeTargetHealthCommand).resolves({
    TargetHealthDescriptions: [
      { TargetHealth: { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request\ntimed out' } },
    ],
  });

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: '0 of 1 targets are healthy, but at least 1 have to be (Request timed out).',
  });
  expect(await measured()).not.toHaveProperty('healthySince');
});

test('an answer without its list is an error that says so', async () => {
  elb.on(DescribeTargetHealthCommand).resolves({});

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The answer of Elastic Load Balancing holds no list of targets.',
  });
});

test.each([
  ['no list', {}, 'ERROR'],
  ['an empty list', { TargetHealthDescriptions: [] }, 'INCONCLUSIVE'],
  ['a target without health', { TargetHealthDescriptions: [{}] }, 'INCONCLUSIVE'],
  ['a target without state', { TargetHealthDescriptions: [{ TargetHealth: {} }] }, 'INCONCLUSIVE'],
])('an answer with %s does not pass', async (_, answer, verdict) => {
  elb.on(DescribeTargetHealthCommand).resolves(answer);

  expect(await measured()).toMatchObject({ verdict });
});

test.each([
  ['a group that is gone', new TargetGroupNotFoundException({ $metadata: {}, message: ARN }), /NotFound/],
  ['a missing permission', Object.assign(new Error(ARN), { name: 'AccessDenied' }), /AccessDenied/],
  ['throttling', Object.assign(new Error(ARN), { name: 'Throttling' }), /Throttling/],
])('%s is an error that does not repeat what AWS says', async (_, error, reason) => {
  elb.on(DescribeTargetHealthCommand).rejects(error);

  const measurement = await measured();
  expect(measurement).toMatchObject({ verdict: 'ERROR', reason: expect.stringMatching(reason) });
  expect(measurement.reason).not.toContain('arn:');
});

test('a plan whose ARN or limits cannot be understood is an error', async () => {
  elb.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions: [{ TargetHealth: { State: 'healthy' } }] });

  expect(await measured({ targetGroupArn: 'shop-web' })).toMatchObject({ verdict: 'ERROR' });
  expect(await measured({ minHealthyPercent: undefined })).toMatchObject({ verdict: 'ERROR' });
});
