import type { Surroundings } from '../../aws/surroundings';
import { LaunchHooks } from '../../deploy/launch-hooks';
import { AwsError } from '../../service';
import type { Resource } from '../../template/model';

function group(...AutoScalingGroups: string[]): Resource {
  return {
    stack: 'Shop',
    account: '111111111111',
    region: 'eu-west-1',
    logicalId: 'Fleet',
    type: 'AWS::CodeDeploy::DeploymentGroup',
    physicalId: 'group',
    properties: { AutoScalingGroups, ServiceRoleArn: 'arn:role' },
    attributes: {},
    dependsOn: [],
  };
}

function stand(refused?: string) {
  const calls: string[] = [];
  const told: string[] = [];
  const around = {
    caller: (roleArn: string) => ({ principal: 'test', arn: roleArn, roleArn }),
    resources: () => [],
    tell: (_: string, text: string) => void told.push(text),
    dispatcher: {
      call: async (_: string, operation: string, input: any, { roleArn }: { roleArn: string }) => {
        if (operation === refused) throw new AwsError('AccessDenied', `${roleArn} may not ${operation}`);
        calls.push(`${operation} ${[input.AutoScalingGroupNames ?? input.AutoScalingGroupName].flat().join()}`);
      },
    },
  } as unknown as Surroundings;
  const hooks = new LaunchHooks(around);
  const nothing = { stack: 'Shop', created: [], updated: [], deleted: [] };
  return {
    calls,
    told,
    follow: (changes: object) => hooks.follow({ ...nothing, ...changes }),
  };
}

test('a deployment group puts a hook on each of its Auto Scaling groups', async () => {
  const s = stand();
  await s.follow({ created: [group('tea', 'box')] });

  expect(s.calls).toEqual(
    ['tea', 'box'].flatMap((name) =>
      ['DescribeAutoScalingGroups', 'DescribeLifecycleHooks', 'PutLifecycleHook'].map((call) => `${call} ${name}`),
    ),
  );
});

test('another Auto Scaling group gets a hook, and the one before loses it', async () => {
  const s = stand();
  await s.follow({ updated: [{ before: group('tea', 'box'), after: group('coffee', 'box') }] });

  expect(s.calls.filter((call) => /^(Put|Delete)/.test(call))).toEqual([
    'PutLifecycleHook coffee',
    'DeleteLifecycleHook tea',
  ]);
});

test('a deployment group that goes takes its hooks along', async () => {
  const s = stand();
  await s.follow({ deleted: [group('tea')] });

  expect(s.calls).toEqual(['DeleteLifecycleHook tea']);
});

test('servers that are found by a tag have no hook', async () => {
  const s = stand();
  await s.follow({ created: [group()] });

  expect(s.calls).toEqual([]);
});

test.each(['DescribeAutoScalingGroups', 'DescribeLifecycleHooks', 'PutLifecycleHook'])(
  'the stack does not deploy where %s is refused',
  async (refused) => {
    const s = stand(refused);

    await expect(s.follow({ created: [group('tea')] })).rejects.toThrow(
      `Fleet: IAM_ROLE_PERMISSIONS: arn:role may not ${refused}`,
    );
  },
);

test('the stack deploys where a hook cannot be taken away, which is told', async () => {
  const s = stand('DeleteLifecycleHook');
  await s.follow({ deleted: [group('tea')] });

  expect(s.told).toEqual([expect.stringContaining('tea keeps the lifecycle hook of CodeDeploy')]);
});
