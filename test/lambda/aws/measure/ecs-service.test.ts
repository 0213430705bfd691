import { ClusterNotFoundException, DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import type { EcsServiceCheckPlan } from '../../../../contract/checks';
import { TIMING } from '../../check-timing';
import { measured as measuredBy, NOW, REGIONS } from './measured';

const ARN = 'arn:aws:ecs:us-east-1:111111111111:service/shop/web';

const plan: EcsServiceCheckPlan = {
  kind: 'ecsService',
  id: 'web',
  title: 'web',
  serviceArn: ARN,
  cluster: 'shop',
  maxFailedTasks: 0,
  ...TIMING,
};
const at = (time: string) => new Date(`2026-11-23T${time}.000Z`);
const steady: Service = {
  serviceArn: ARN,
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', createdAt: at('09:50:00'), failedTasks: 0 }],
  taskSets: [],
};

const ecs = mockClient(ECSClient);
beforeEach(() => ecs.reset());
const answers = (...services: Service[]) => ecs.on(DescribeServicesCommand).resolves({ services });
const measured = (command = {}) => measuredBy(plan, command);

test('a steady service passes, seen at this moment only, asked for in its cluster and Region', async () => {
  answers(steady);

  expect(await measured()).toMatchObject({
    verdict: 'PASS',
    healthySince: NOW,
    link: 'https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/health?region=us-east-1',
  });
  expect(ecs.commandCalls(DescribeServicesCommand)[0]!.args[0].input).toEqual({ cluster: 'shop', services: [ARN] });
  expect(REGIONS).toEqual(['us-east-1']);
});

test('a service that answers by the older form of its ARN is the same service', async () => {
  answers({ ...steady, serviceArn: 'arn:aws:ecs:us-east-1:111111111111:service/web' });

  expect(await measured()).toMatchObject({ verdict: 'PASS' });
});

test('a deployment after the gate began fails, and goes on failing: what serves is still another version', async () => {
  answers({ ...steady, deployments: [{ ...steady.deployments![0]!, createdAt: at('10:07:30') }] });

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: 'It was deployed again at 2026-11-23 10:07 UTC, so it is not what the gate began with.',
  });
  expect(await measured({ lastFinding: at('10:09:00').toISOString() })).toMatchObject({ verdict: 'FAIL' });
});

describe('a service that CodeDeploy deploys', () => {
  const taskSet = { status: 'PRIMARY', stabilityStatus: 'STEADY_STATE', createdAt: at('09:50:00') } as const;
  const byTaskSets = (...taskSets: NonNullable<Service['taskSets']>) =>
    answers({ ...steady, deployments: [], taskSets });

  test('is judged by its task sets', async () => {
    byTaskSets(taskSet);
    expect(await measured()).toMatchObject({ verdict: 'PASS' });

    byTaskSets({ ...taskSet, stabilityStatus: 'STABILIZING' });
    expect(await measured()).toMatchObject({ verdict: 'IN_PROGRESS' });

    byTaskSets(taskSet, { ...taskSet, status: 'ACTIVE' });
    expect(await measured()).toMatchObject({ verdict: 'IN_PROGRESS' });

    byTaskSets({ ...taskSet, createdAt: at('10:07:30') });
    expect(await measured()).toMatchObject({ verdict: 'FAIL' });

    // What comes first is not what serves.
    byTaskSets({ ...taskSet, status: 'ACTIVE', createdAt: at('10:07:30') }, taskSet);
    expect(await measured()).toMatchObject({ verdict: 'IN_PROGRESS' });

    byTaskSets({ ...taskSet, createdAt: undefined });
    expect((await measured()).reason).not.toContain('could not be carried out');

    byTaskSets({ ...taskSet, stabilityStatus: undefined });
    expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });
});

test.each([
  ['no services', {}],
  ['an empty list', { services: [], failures: [{ arn: ARN, reason: 'MISSING' }] }],
  ['another service', { services: [{ ...steady, serviceArn: `${ARN}-2` }] }],
  ['a deleted service', { services: [{ ...steady, status: 'INACTIVE' }] }],
])('an answer with %s is an error', async (_, answer) => {
  ecs.on(DescribeServicesCommand).resolves(answer);

  expect(await measured()).toMatchObject({ verdict: 'ERROR' });
});

test('a service that is not there is named by its cluster, without its ARN', async () => {
  answers();

  expect(await measured()).toMatchObject({ reason: "There is no such service in cluster 'shop'." });
});

test('only a pass was healthy at that moment', async () => {
  answers({ ...steady, runningCount: 1 });

  expect(await measured()).not.toHaveProperty('healthySince');
});

test('of several deployments the primary one says since when', async () => {
  const [primary] = steady.deployments!;
  const draining = { ...primary, status: 'ACTIVE', createdAt: at('10:07:30') };
  answers({ ...steady, deployments: [draining, primary!] });

  expect(await measured()).toMatchObject({ verdict: 'IN_PROGRESS' });
});

test('a deployment whose age is not told is no reason to fail, and none to give up', async () => {
  answers({ ...steady, deployments: [{ ...steady.deployments![0]!, createdAt: undefined }] });

  expect((await measured()).reason).not.toContain('could not be carried out');
});

test.each([
  ['deployments', { deployments: undefined }],
  ['task sets', { taskSets: undefined }],
])('a service that lists no %s is understood', async (_, missing) => {
  answers({ ...steady, ...missing });

  expect((await measured()).reason).not.toContain('could not be carried out');
});

test.each([
  ['a cluster that is gone', new ClusterNotFoundException({ $metadata: {}, message: ARN })],
  ['a missing permission', Object.assign(new Error(ARN), { name: 'AccessDeniedException' })],
  ['throttling', Object.assign(new Error(ARN), { name: 'ThrottlingException' })],
])('%s is an error that does not repeat what AWS says', async (_, error) => {
  ecs.on(DescribeServicesCommand).rejects(error);

  const measurement = await measured();
  expect(measurement.verdict).toBe('ERROR');
  expect(measurement.reason).toContain(error.name);
  expect(measurement.reason).not.toContain('arn:');
});
