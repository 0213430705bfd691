import type { Breakage } from '../../pipeline/execution';
import { Stand } from './server-stand';

const BALANCED = { LoadBalancerInfo: { TargetGroupInfoList: [{ Name: 'web' }] } };

describe('in the role of the deployment group', () => {
  test('each server leaves the load balancer before its version is replaced, and comes back when it is healthy', async () => {
    const s = new Stand({ servers: 2, group: BALANCED });
    s.deploy('v1');
    await s.minutes(10);

    expect(s.calls).toEqual([
      '0 DescribeAlarms',
      '0 DescribeAutoScalingGroups',
      '0 DescribeInstances',
      '0 DescribeInstanceStatus',
      '0 DescribeTargetGroups',
      '0 DeregisterTargets fleet/1',
      '3 RegisterTargets fleet/1',
      '3 DescribeTargetHealth fleet/1',
      '3 DeregisterTargets fleet/2',
      '6 RegisterTargets fleet/2',
      '6 DescribeTargetHealth fleet/2',
    ]);
  });

  test('servers outside of AWS are found by their tag alone', async () => {
    const OnPremisesTagSet = { OnPremisesTagSetList: [{ OnPremisesTagGroup: [{ Key: 'Service', Value: 'shop' }] }] };
    const s = new Stand({ group: { AutoScalingGroups: undefined, AlarmConfiguration: {}, OnPremisesTagSet } });
    s.deploy('v1');
    await s.minutes(10);

    expect(s.calls).toEqual(['0 GetResources']);
  });

  test.each([
    'DescribeAlarms',
    'DescribeAutoScalingGroups',
    'DescribeInstances',
    'DescribeInstanceStatus',
    'DescribeTargetGroups',
    'DeregisterTargets',
  ])('a deployment fails where %s is refused, and every server keeps its version and its traffic', async (refused) => {
    const s = new Stand({ group: BALANCED });
    s.deploy('v1');
    await s.minutes(20);
    s.refused = refused;
    const begun = s.deploy('v2');
    await s.minutes(20);

    const summary = expect.stringContaining(`IAM_ROLE_PERMISSIONS: arn:role may not `);
    expect(begun.result).toMatchObject({ status: 'Failed', summary });
    expect(s.on()).toBe('v1 v1 v1 v1');
    // Nothing was begun, so nothing is taken back.
    expect(s.deploys.deployments).toHaveLength(2);
  });

  test.each(['RegisterTargets', 'DescribeTargetHealth'])(
    'a deployment fails where %s is refused, and goes no further than the first server',
    async (refused) => {
      const s = new Stand({ group: BALANCED });
      s.deploy('v1');
      await s.minutes(20);
      s.refused = refused;
      const begun = s.deploy('v2');
      await s.minutes(4);

      const summary = expect.stringContaining('fleet/1 gets no traffic: IAM_ROLE_PERMISSIONS');
      expect(begun.result).toMatchObject({ status: 'Failed', summary });
      expect(s.on()).toBe('(v1) v1 v1 v1');
      await s.minutes(20);
      // Going back needs the same permission.
      expect(s.on()).toBe('(v1) v1 v1 v1');
      expect(s.deploys.deployments.at(-1)).toMatchObject({ isRollback: true, status: 'Failed' });
    },
  );

  describe('processes of the Auto Scaling group', () => {
    const suspending = { Ec2DeploymentOptions: { AutoScalingGroupProcessesToSuspend: ['AZRebalance'] } };
    const ofProcesses = (s: Stand) => s.calls.filter((call) => /Processes/.test(call));

    test('go on, unless the deployment group says which ones do not', async () => {
      const s = new Stand();
      s.deploy('v1');
      await s.minutes(20);

      expect(ofProcesses(s)).toEqual([]);
    });

    test.each<[string, Record<string, Breakage>, string]>([
      ['succeeds', {}, '12 ResumeProcesses'],
      ['fails', { 'fleet/1': 'unhealthy' }, '3 ResumeProcesses'],
    ])('stand still until the deployment %s', async (_, breaks, resumed) => {
      const s = new Stand({ group: suspending });
      s.deploy('v1', breaks);
      await s.minutes(20);

      expect(ofProcesses(s)).toEqual(['0 SuspendProcesses', resumed]);
    });

    test('cannot be suspended: no server is touched', async () => {
      const s = new Stand({ group: suspending, refused: 'SuspendProcesses' });
      const begun = s.deploy('v1');
      await s.minutes(20);

      expect(begun.result).toMatchObject({ status: 'Failed', summary: expect.stringContaining('SuspendProcesses') });
      expect(s.on()).toBe('none none none none');
    });

    test('cannot be resumed: the deployment fails, after the last server', async () => {
      const s = new Stand({ group: suspending, refused: 'ResumeProcesses' });
      const begun = s.deploy('v1');
      await s.minutes(13);

      expect(begun.result).toMatchObject({ status: 'Failed', summary: expect.stringContaining('ResumeProcesses') });
    });
  });
});
