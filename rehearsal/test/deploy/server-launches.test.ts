import { Stand } from './server-stand';

describe('a new server of the Auto Scaling group', () => {
  test('serves at once when nothing was ever deployed', async () => {
    const s = new Stand();
    s.deploys.resize('fleet', 5);
    await s.minutes(1);

    expect(s.on()).toBe('none none none none none');
    expect(s.calls).toEqual(['0 CompleteLifecycleAction fleet/5 CONTINUE']);
  });

  test('waits outside of the traffic until it has the version that was deployed last', async () => {
    const s = new Stand();
    s.deploy('v1');
    await s.minutes(20);
    s.calls.length = 0;
    s.deploys.resize('fleet', 5);
    await s.minutes(2);
    expect(s.on()).toBe('v1 v1 v1 v1 (v1)');

    await s.minutes(1);
    expect(s.on()).toBe('v1 v1 v1 v1 v1');
    expect(s.calls).toEqual([
      '20 DescribeAutoScalingGroups',
      '20 DescribeInstances',
      '20 DescribeInstanceStatus',
      '20 RecordLifecycleActionHeartbeat fleet/5',
      '23 CompleteLifecycleAction fleet/5 CONTINUE',
    ]);
    // That is no deployment to the group.
    expect(s.deploys.deployments).toHaveLength(1);
  });

  test('does not serve when the version does not work on it', async () => {
    const s = new Stand();
    s.deploy('v1', { 'fleet/5': 'unhealthy' });
    await s.minutes(20);
    s.deploys.resize('fleet', 5);
    await s.minutes(5);

    expect(s.on()).toBe('v1 v1 v1 v1 (v1)');
    expect(s.calls.at(-1)).toBe('23 CompleteLifecycleAction fleet/5 ABANDON');
  });

  test.each([
    ['RecordLifecycleActionHeartbeat', 'undefined'],
    ['CompleteLifecycleAction', 'v1'],
  ])('does not serve where %s is refused', async (refused, version) => {
    const s = new Stand();
    s.deploy('v1');
    await s.minutes(20);
    s.refused = refused;
    s.deploys.resize('fleet', 5);
    await s.minutes(60);

    expect(s.on()).toBe(`v1 v1 v1 v1 (${version})`);
    expect(s.journal.at(-1)).toBe(
      `fleet/5: waits for CodeDeploy until Auto Scaling gives it up: IAM_ROLE_PERMISSIONS: arn:role may not autoscaling:${refused}`,
    );
  });

  test('in the middle of a deployment gets the version before, then the new one, by a deployment of its own', async () => {
    const s = new Stand();
    s.deploy('v1');
    await s.minutes(20);
    const begun = s.deploy('v2');
    await s.minutes(1);
    s.deploys.resize('fleet', 5);
    await s.minutes(10);
    expect(s.on()).toBe('v2 v2 v2 (v2) v1');

    await s.minutes(2);
    expect(begun.result).toMatchObject({ status: 'Succeeded' });
    expect(s.on()).toBe('v2 v2 v2 v2 (v2)');
    await s.minutes(3);
    expect(s.on()).toBe('v2 v2 v2 v2 v2');
    expect(s.deploys.deployments.at(-1)).toMatchObject({ servers: [{ name: 'fleet/5' }], status: 'Succeeded' });
  });

  test('gets the new one also where a share of the servers has to stay healthy: the others do', async () => {
    const s = new Stand({ group: { DeploymentConfigName: 'CodeDeployDefault.HalfAtATime' } });
    s.deploy('v1');
    await s.minutes(20);
    s.deploy('v2');
    await s.minutes(1);
    s.deploys.resize('fleet', 5);
    await s.minutes(12);

    expect(s.on()).toBe('v2 v2 v2 v2 v2');
  });

  test('keeps the version before where the deployment group says so', async () => {
    const s = new Stand({ group: { OutdatedInstancesStrategy: 'IGNORE' } });
    s.deploy('v1');
    await s.minutes(20);
    s.deploy('v2');
    await s.minutes(1);
    s.deploys.resize('fleet', 5);
    await s.minutes(30);

    expect(s.on()).toBe('v2 v2 v2 v2 v1');
  });

  test('that still waits when a deployment ends gets that version before it serves', async () => {
    const s = new Stand();
    s.deploy('v1');
    await s.minutes(20);
    s.deploy('v2');
    await s.minutes(11);
    s.deploys.resize('fleet', 5);
    await s.minutes(4);
    expect(s.on()).toBe('v2 v2 v2 v2 (v2)');

    await s.minutes(2);
    expect(s.on()).toBe('v2 v2 v2 v2 v2');
    expect(s.deploys.deployments).toHaveLength(2);
  });
});
