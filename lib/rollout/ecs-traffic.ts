import { Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { acknowledgeWildcard } from '../private/acknowledge';
import { mustBeOptions, mustHave } from '../private/types';
import { placeOf, registrationsOf, resourceOf } from './ecs-registration';

/** Where the traffic of a service comes from, behind an Application Load Balancer. */
export interface EcsApplicationTraffic {
  /** The target group that the service is registered with. */
  readonly targetGroup: elbv2.IApplicationTargetGroup;

  /** An empty target group like the first one. ECS registers the tasks of one version here, those of the next one there, in turn. */
  readonly alternateTargetGroup: elbv2.IApplicationTargetGroup;

  /**
   * The rule that forwards production traffic, by weight: all to `targetGroup`, nothing to `alternateTargetGroup`. ECS changes the weights.
   * The default rule of a listener cannot be used, because CloudFormation does not name it.
   */
  readonly productionRule: elbv2.ApplicationListenerRule;

  /**
   * The rule that forwards test traffic. ECS gives it to the new tasks first.
   *
   * @default - no test traffic
   */
  readonly testRule?: elbv2.ApplicationListenerRule;
}

/**
 * Where the traffic of a service comes from, behind a Network Load Balancer. ECS adds ten minutes to each shift of test and production traffic there
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html).
 */
export interface EcsNetworkTraffic {
  /** The target group that the service is registered with. */
  readonly targetGroup: elbv2.INetworkTargetGroup;

  /** An empty target group like the first one. ECS registers the tasks of one version here, those of the next one there, in turn. */
  readonly alternateTargetGroup: elbv2.INetworkTargetGroup;

  /** The listener that forwards production traffic. ECS changes its default action. */
  readonly productionListener: elbv2.NetworkListener;

  /**
   * The listener that forwards test traffic. ECS gives it to the new tasks first.
   *
   * @default - no test traffic
   */
  readonly testListener?: elbv2.NetworkListener;
}

interface Route {
  readonly prop: string;
  readonly construct: Construct;
  readonly arn: string;
  readonly action: 'elasticloadbalancing:ModifyRule' | 'elasticloadbalancing:ModifyListener';
}

interface TrafficShape {
  readonly targetGroupArn: string;
  readonly alternateTargetGroupArn: string;
  readonly production: Route;
  readonly test?: Route;
  /** What ECS waits after each shift of traffic, on its own account. */
  readonly minutesPerShift: number;
}

/**
 * ECS adds ten minutes to each shift of test and production traffic behind a Network Load Balancer
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html).
 */
const DELAY_OF_NETWORK = 10;

/** The load balancer's part in a deployment of ECS: what it shifts traffic between, and where. */
export abstract class EcsTraffic {
  /** Behind an Application Load Balancer, by the weights of a listener rule. */
  public static applicationLoadBalancer(options: EcsApplicationTraffic): EcsTraffic {
    const method = 'EcsTraffic.applicationLoadBalancer';
    const { targetGroup, alternateTargetGroup, productionRule, testRule } = groupsOf(method, options);
    mustHave(`${method} productionRule`, productionRule, ['listenerRuleArn'], 'give an `ApplicationListenerRule`');
    mustDiffer(`${method} testRule`, 'productionRule', testRule === productionRule);
    return new Behind({
      targetGroupArn: targetGroup.targetGroupArn,
      alternateTargetGroupArn: alternateTargetGroup.targetGroupArn,
      production: ruleOf('productionRule', productionRule),
      test: testRule && ruleOf('testRule', testRule),
      minutesPerShift: 0,
    });
  }

  /** Behind a Network Load Balancer, by the default action of a listener. */
  public static networkLoadBalancer(options: EcsNetworkTraffic): EcsTraffic {
    const method = 'EcsTraffic.networkLoadBalancer';
    const { targetGroup, alternateTargetGroup, productionListener, testListener } = groupsOf(method, options);
    mustHave(`${method} productionListener`, productionListener, ['listenerArn'], 'give a `NetworkListener`');
    mustDiffer(`${method} testListener`, 'productionListener', testListener === productionListener);
    return new Behind({
      targetGroupArn: targetGroup.targetGroupArn,
      alternateTargetGroupArn: alternateTargetGroup.targetGroupArn,
      production: listenerOf('productionListener', productionListener),
      test: testListener && listenerOf('testListener', testListener),
      minutesPerShift: DELAY_OF_NETWORK,
    });
  }

  /**
   * What the rollout works with.
   *
   * @internal
   */
  public abstract _shape(): TrafficShape;
}

class Behind extends EcsTraffic {
  constructor(private readonly shape: TrafficShape) {
    super();
  }

  public _shape(): TrafficShape {
    return this.shape;
  }
}

export interface ShiftedTraffic {
  readonly role: iam.Role;
  /** At which place of the service's load balancers the shifted one stands. */
  readonly place: number;
}

/** Lets ECS shift the traffic of this service, by a role that may do exactly this. */
export function shiftTraffic(scope: Construct, service: ecs.BaseService, traffic: EcsTraffic): ShiftedTraffic {
  const { targetGroupArn, alternateTargetGroupArn, production, test } = traffic._shape();
  const place = placeOf(service, targetGroupArn);
  const role = trafficRole(scope, traffic._shape());
  resourceOf(service).addPropertyOverride(`LoadBalancers.${place}.AdvancedConfiguration`, {
    AlternateTargetGroupArn: alternateTargetGroupArn,
    ProductionListenerRule: production.arn,
    TestListenerRule: test?.arn,
    RoleArn: role.roleArn,
  });
  return { role, place };
}

/** Whether ECS can shift the traffic of this service; asked at synth, when everything is registered. */
export function trafficProblems(
  service: ecs.BaseService,
  needsTraffic: boolean,
  shifted: number | undefined,
): string[] {
  const registrations = registrationsOf(service);
  const alone = registrations.filter(
    ({ advancedConfiguration }, place) => advancedConfiguration === undefined && place !== shifted,
  );
  if (alone.length > 0) {
    // The deployer has one pair of target groups.
    const fix =
      registrations.length === 1
        ? 'give `EcsDeployer.native({ traffic: EcsTraffic.applicationLoadBalancer({ … }) })`'
        : 'register each of them, beside the one of `traffic`, with an `ecs.AlternateTarget`, as ' +
          '`service.loadBalancerTarget({ containerName, alternateTarget }).attachToApplicationTargetGroup(targetGroup)`';
    return [
      'EcsRollout: `service` is registered with a target group that has no alternate one, so ECS cannot shift its traffic: ' +
        `${fix} [NoAlternateTarget]`,
    ];
  }
  const connect = service.stack.resolve(resourceOf(service).serviceConnectConfiguration) as
    { enabled?: boolean } | undefined;
  if (needsTraffic && registrations.length === 0 && connect?.enabled !== true) {
    return [
      'EcsRollout: `service` is behind no load balancer and has no Service Connect, so there is no traffic to shift step by step: register ' +
        'it with a target group, or take `RolloutStrategy.rolling()` or `allAtOnce()` [NoTraffic]',
    ];
  }
  return [];
}

function trafficRole(
  scope: Construct,
  { targetGroupArn, alternateTargetGroupArn, production, test }: TrafficShape,
): iam.Role {
  const role = new iam.Role(scope, 'TrafficRole', {
    assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
    description: 'ECS shifts the traffic of one service between two target groups',
    inlinePolicies: {
      Traffic: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'FindTraffic',
            // None of these can be limited to a resource.
            actions: [
              'elasticloadbalancing:DescribeListeners',
              'elasticloadbalancing:DescribeRules',
              'elasticloadbalancing:DescribeTargetGroups',
              'elasticloadbalancing:DescribeTargetHealth',
            ],
            resources: ['*'],
          }),
          new iam.PolicyStatement({
            sid: 'RegisterTasks',
            actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
            resources: [targetGroupArn, alternateTargetGroupArn],
          }),
          new iam.PolicyStatement({
            sid: 'ShiftTraffic',
            actions: [production.action],
            resources: [production.arn, ...(test === undefined ? [] : [test.arn])],
          }),
        ],
      }),
    },
  });
  acknowledgeWildcard(role, '*', 'what describes load balancers cannot be limited to a resource');
  return role;
}

/** Whether there is traffic to shift where ECS shifts it; asked at synth, when all actions are known. */
export function forwardProblems(traffic: EcsTraffic): string[] {
  const { targetGroupArn, alternateTargetGroupArn, production, test } = traffic._shape();
  return [production, ...(test === undefined ? [] : [test])].flatMap(({ prop, construct }) => {
    const stack = Stack.of(construct);
    const text = (value: unknown) => JSON.stringify(stack.resolve(value)) ?? '';
    const actions = text(actionsOf(construct));
    return [targetGroupArn, alternateTargetGroupArn].some((arn) => actions.includes(text(arn)))
      ? []
      : [
          `EcsRollout: \`${prop}\` '${construct.node.path}' forwards to neither of the two target groups, so no traffic of it reaches the service: let it ` +
            'forward to `targetGroup` [NoForward]',
        ];
  });
}

function actionsOf({ node: { defaultChild } }: Construct): unknown {
  return defaultChild instanceof elbv2.CfnListenerRule
    ? defaultChild.actions
    : (defaultChild as elbv2.CfnListener).defaultActions;
}

function mustDiffer(prop: string, other: string, same: boolean): void {
  if (same) {
    throw new GateError(
      other === 'productionRule' ? 'SameRule' : 'SameListener',
      `\`${prop}\` is \`${other}\`, but test traffic reaches the new tasks before production traffic does: give another one, or leave it out`,
    );
  }
}

/** Two groups, as both ways to deploy need them. */
export function groupsOf<T extends { readonly targetGroup: unknown; readonly alternateTargetGroup: unknown }>(
  method: string,
  options: T,
): T {
  mustBeOptions(method, options, '`{ targetGroup, alternateTargetGroup, … }`');
  const { targetGroup, alternateTargetGroup } = options;
  mustHave(`${method} targetGroup`, targetGroup, ['targetGroupArn'], 'give a target group');
  mustHave(`${method} alternateTargetGroup`, alternateTargetGroup, ['targetGroupArn'], 'give another target group');
  if (targetGroup === alternateTargetGroup) {
    throw new GateError(
      'SameTargetGroup',
      `\`${method} alternateTargetGroup\` is \`targetGroup\`, but ECS shifts traffic from one to the other: give a second one`,
    );
  }
  return options;
}

function ruleOf(prop: string, construct: elbv2.ApplicationListenerRule): Route {
  return { prop, construct, arn: construct.listenerRuleArn, action: 'elasticloadbalancing:ModifyRule' };
}

function listenerOf(prop: string, construct: elbv2.NetworkListener): Route {
  return { prop, construct, arn: construct.listenerArn, action: 'elasticloadbalancing:ModifyListener' };
}
