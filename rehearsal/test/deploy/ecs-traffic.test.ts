import { EcsTrafficCalls } from '../../deploy/ecs-traffic';
import type { DeployHost } from '../../deploy/host';
import type { Resource } from '../../template/model';
import { AwsError } from '../../service';

const RULE = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/shop/1/2/3';
const LISTENER = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/net/shop/1/2';

function stand(advanced: object | undefined, refused?: string) {
  const calls: [string, object][] = [];
  const host = {
    caller: (arn: string) => ({ roleArn: arn }),
    call: async (_service: string, operation: string, input: object, { roleArn }: { roleArn: string }) => {
      expect(roleArn).toBe('shifting');
      calls.push([operation, input]);
      if (operation === refused) throw new AwsError('AccessDenied', `not allowed: ${operation}`);
    },
  } as unknown as DeployHost;
  const AdvancedConfiguration = advanced && { RoleArn: 'shifting', AlternateTargetGroupArn: 'green', ...advanced };
  const service = {
    properties: { LoadBalancers: [{ TargetGroupArn: 'blue', AdvancedConfiguration }] },
  } as unknown as Resource;
  return { traffic: new EcsTrafficCalls(host, service), calls };
}

test('a rule is modified behind an application load balancer, a listener behind a network load balancer', async () => {
  const { traffic, calls } = stand({ ProductionListenerRule: RULE, TestListenerRule: LISTENER });
  await traffic.shift('production', 10);
  await traffic.shift('test', 100);

  expect(calls).toEqual([
    ['ModifyRule', { RuleArn: RULE, Percent: 10 }],
    ['ModifyListener', { ListenerArn: LISTENER, Percent: 100 }],
  ]);
});

test('revisions are registered with the one target group and the other, in turn', async () => {
  const { traffic, calls } = stand({ ProductionListenerRule: RULE });
  await traffic.register(2);
  await traffic.register(3);
  await traffic.deregister(2);

  const groups = calls.filter(
    ([operation]) => operation.endsWith('registerTargets') || operation === 'RegisterTargets',
  );
  expect(groups).toEqual([
    ['RegisterTargets', { TargetGroupArn: 'green' }],
    ['RegisterTargets', { TargetGroupArn: 'blue' }],
    ['DeregisterTargets', { TargetGroupArn: 'green' }],
  ]);
});

test.each([
  ['test traffic that there is not', { ProductionListenerRule: RULE }],
  ['a service whose traffic ECS does not shift', undefined],
])('nothing is called for %s', async (_, advanced) => {
  const { traffic, calls } = stand(advanced);

  expect(await traffic.shift('test', 100)).toBeUndefined();
  expect(calls).toEqual([]);
});

test.each(['DescribeRules', 'RegisterTargets', 'DescribeTargetHealth'])(
  'what the role may not do is told (%s)',
  async (refused) => {
    const { traffic } = stand({ ProductionListenerRule: RULE }, refused);

    expect(await traffic.register(2)).toBe(`ECS may not do this: not allowed: ${refused}`);
  },
);
