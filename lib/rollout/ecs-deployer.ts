import type { Check } from '../check';
import { mustBeOptions } from '../private/types';
import type { EcsTraffic } from './ecs-traffic';

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
   * For `RolloutStrategy.canary` and `linear`. A hook of ECS runs them, for at most 23 hours.
   *
   * @default - nothing but `alarms` is watched at the steps
   */
  readonly during?: Check[];
}

/** A way to deploy a service, as the rollout sees it. */
export type DeployerShape = { readonly kind: 'native' } & EcsNativeOptions;

/** Who replaces the tasks of a service. */
export abstract class EcsDeployer {
  /** ECS itself. The service has the deployment controller ECS, as services have unless told otherwise. */
  public static native(options: EcsNativeOptions = {}): EcsDeployer {
    mustBeOptions('EcsDeployer.native', options, '`{ traffic: EcsTraffic.applicationLoadBalancer({ … }) }`');
    return new Deployer({ kind: 'native', ...options });
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
