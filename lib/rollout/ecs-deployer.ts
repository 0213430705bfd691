import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeMade, mustBeOptions, mustHave } from '../private/types';
import { groupsOf, type EcsTraffic } from './ecs-traffic';

/** How ECS itself deploys a service. */
export interface EcsNativeOptions {
  /**
   * The two target groups of the service, and what forwards traffic to them. Makes a role by which ECS may shift this traffic.
   *
   * @default - the service uses Service Connect, or its targets have an `ecs.AlternateTarget` already, or nothing forwards traffic to it
   */
  readonly traffic?: EcsTraffic;

  /**
   * Checks that have to stay healthy at each step, for as long as the strategy waits there, and as long again once all traffic has moved.
   *
   * For `RolloutStrategy.canary` and `linear`. A hook of ECS runs them. AWS does not say whether ECS waits at a step after the hook has ended or
   * meanwhile, so a step takes its time once or twice, and both have to fit into the 33 hours that CloudFormation accepts.
   *
   * @default - nothing but `alarms` is watched at the steps
   */
  readonly during?: Check[];
}

/** How CodeDeploy deploys a service. */
export interface EcsCodeDeployOptions {
  /** The target group that the service is registered with when it is made. */
  readonly targetGroup: elbv2.IApplicationTargetGroup;

  /** An empty target group like the first one. CodeDeploy registers the tasks of one version here, those of the next one there, in turn. */
  readonly alternateTargetGroup: elbv2.IApplicationTargetGroup;

  /**
   * The listener of production traffic, which forwards to `targetGroup`. CodeDeploy changes its default action and its rules.
   *
   * Of an Application Load Balancer: behind a Network Load Balancer, CodeDeploy shifts all traffic at once only.
   */
  readonly productionListener: elbv2.IApplicationListener;

  /**
   * The listener of test traffic, on another port. CodeDeploy gives it to the new tasks before `before` runs.
   *
   * @default - no test traffic
   */
  readonly testListener?: elbv2.IApplicationListener;

  /**
   * Deploy although alarms are red, and do not look at them at all. For the deployment of a fix, not for good.
   *
   * @default false
   */
  readonly ignoreAlarms?: boolean;
}

/** A way to deploy a service, as the rollout sees it. */
export type DeployerShape =
  ({ readonly kind: 'native' } & EcsNativeOptions) | ({ readonly kind: 'codeDeploy' } & EcsCodeDeployOptions);

/** Who replaces the tasks of a service. */
export abstract class EcsDeployer {
  /** ECS itself. The service has the deployment controller ECS, as services have unless told otherwise. */
  public static native(options: EcsNativeOptions = {}): EcsDeployer {
    mustBeOptions('EcsDeployer.native', options, '`{ traffic: EcsTraffic.applicationLoadBalancer({ … }) }`');
    if (options.traffic !== undefined) {
      mustBeMade(
        'EcsDeployer.native traffic',
        options.traffic,
        'traffic',
        'write it as `EcsTraffic.applicationLoadBalancer({ … })` or `EcsTraffic.networkLoadBalancer({ … })`',
      );
    }
    return new Deployer({ kind: 'native', ...options });
  }

  /**
   * CodeDeploy, by blue/green deployments that a pipeline starts. The service has the deployment controller CODE_DEPLOY, and CloudFormation no
   * longer gives it new task definitions.
   */
  public static codeDeploy(options: EcsCodeDeployOptions): EcsDeployer {
    const method = 'EcsDeployer.codeDeploy';
    const { productionListener, testListener } = groupsOf(method, options);
    mustHave(`${method} productionListener`, productionListener, ['listenerArn'], 'give an `ApplicationListener`');
    if (testListener !== undefined) {
      mustHave(`${method} testListener`, testListener, ['listenerArn'], 'give an `ApplicationListener`');
    }
    if (productionListener === testListener) {
      throw new GateError(
        'SameListener',
        `\`${method} testListener\` is \`productionListener\`, but test traffic reaches the new tasks before production traffic does: give ` +
          'another listener, on another port, or leave it out',
      );
    }
    return new Deployer({ kind: 'codeDeploy', ...options });
  }

  /**
   * What the rollout works with.
   *
   * @internal
   */
  public abstract _shape(): DeployerShape;
}

class Deployer extends EcsDeployer {
  constructor(private readonly shape: DeployerShape) {
    super();
  }

  public _shape(): DeployerShape {
    return this.shape;
  }
}
