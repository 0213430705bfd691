import { Duration, Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeDuration, mustBeMade, mustBeOptions, shown } from '../private/types';
import { mustBeServers, type Servers } from './servers';

/** A strategy as the platforms' binders see it. */
export type RolloutShape =
  | { readonly kind: 'allAtOnce' | 'oneAtATime' }
  | { readonly kind: 'canary' | 'linear'; readonly percent: number; readonly wait: Duration }
  | { readonly kind: 'rolling'; readonly percent: number }
  | { readonly kind: 'zonal'; readonly percent: number; readonly wait: Duration; readonly firstWait: Duration }
  | { readonly kind: 'oneBox'; readonly box: Servers; readonly rest: RolloutStrategy };

/**
 * A third, and what is missing to a whole server: of three servers, CodeDeploy could replace none if 67 % had to stay healthy,
 * because it rounds up.
 */
const A_THIRD = 34;

/** How one Availability Zone after another gets a new version. */
export interface ZonalRolloutOptions {
  /**
   * How long CodeDeploy waits after each zone, and watches the alarms, before it begins with the next.
   *
   * Whole seconds, up to 11 hours for all zones together: CodeDeploy ends a deployment after 12 hours, in which the servers get the version, too.
   *
   * @default Duration.minutes(0)
   */
  readonly monitorDuration?: Duration;

  /**
   * The same after the first zone.
   *
   * @default - as `monitorDuration`
   */
  readonly firstZoneMonitorDuration?: Duration;

  /**
   * Percentage of all servers that are out of service at the same time, at most. More than 0, less than 100.
   *
   * @default 34
   */
  readonly percent?: number;
}

/**
 * How a new version takes the place of the old one. A value: each kind of rollout checks it against the limits of its
 * platform and takes AWS's predefined configuration where one matches exactly.
 *
 * `canary` and `linear` are for what shares traffic between two versions (Lambda functions, services of ECS); `oneAtATime`, `zonal` and
 * `oneBox` for servers; `rolling` for servers and services of ECS; `allAtOnce` for all of them.
 */
export abstract class RolloutStrategy {
  /**
   * A part of the traffic first, the rest after the bake.
   *
   * For Lambda, and for ECS by CodeDeploy: a whole percentage from 1 to 99, and whole minutes from 1 to 2,880 (48 hours). For ECS's own deployments: 0.1 to 99.9 %, and
   * whole minutes up to 1,440 (24 hours).
   *
   * @param percent part of the traffic that goes to the new version at first
   * @param bake how long the new version is watched before it gets everything
   */
  public static canary(percent: number, bake: Duration): RolloutStrategy {
    mustBePart('RolloutStrategy.canary percent', percent);
    mustPass('RolloutStrategy.canary bake', bake);
    return new Shaped({ kind: 'canary', percent, wait: bake });
  }

  /**
   * The same part of the traffic in each step, until the new version has everything.
   *
   * For Lambda, and for ECS by CodeDeploy: a whole percentage from 1 to 99, and whole minutes, at most 2,880 (48 hours) from the first to the last step. For ECS's own
   * deployments: 3 to 99.9 %, and whole minutes up to 1,440 (24 hours), at most 33 hours together with the bake.
   *
   * @param percent part of the traffic that each step moves
   * @param every time between two steps
   */
  public static linear(percent: number, every: Duration): RolloutStrategy {
    mustBePart('RolloutStrategy.linear percent', percent);
    mustPass('RolloutStrategy.linear every', every);
    return new Shaped({ kind: 'linear', percent, wait: every });
  }

  /** Everything at once. Nothing can be seen before everybody is on the new version. */
  public static allAtOnce(): RolloutStrategy {
    return new Shaped({ kind: 'allAtOnce' });
  }

  /**
   * Some servers at a time, while the others serve. The next ones begin as soon as some are done; the deployment fails when so many
   * servers have failed that no other may be out of service.
   *
   * A whole percentage. CodeDeploy rounds down: with 34 %, one of three servers at a time, two of six, 34 of a hundred.
   *
   * For ECS: so many new tasks start beside the old ones, and as many old ones stop once these are healthy. No task is out of service.
   *
   * @param percent servers that are out of service at the same time, at most; more than 0, less than 100; 34 when absent
   */
  public static rolling(percent: number = A_THIRD): RolloutStrategy {
    mustBePart('RolloutStrategy.rolling percent', percent);
    return new Shaped({ kind: 'rolling', percent });
  }

  /**
   * One server after another. The first that fails ends the deployment, except that a failure of the very last one does not count
   * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_MinimumHealthyHosts.html).
   */
  public static oneAtATime(): RolloutStrategy {
    return new Shaped({ kind: 'oneAtATime' });
  }

  /** The servers of one Availability Zone after another, so that what goes wrong goes wrong in one zone. Not for servers outside of AWS. */
  public static zonal(options: ZonalRolloutOptions = {}): RolloutStrategy {
    mustBeOptions('RolloutStrategy.zonal', options, '`{ monitorDuration: Duration.minutes(15) }`');
    const { percent = A_THIRD, monitorDuration: wait = Duration.minutes(0) } = options;
    const { firstZoneMonitorDuration: firstWait = wait } = options;
    mustBePart('RolloutStrategy.zonal percent', percent);
    mustBeDuration('RolloutStrategy.zonal monitorDuration', wait);
    mustBeDuration('RolloutStrategy.zonal firstZoneMonitorDuration', firstWait);
    return new Shaped({ kind: 'zonal', percent, wait, firstWait });
  }

  /**
   * One server first, then the rest. Between the two stands a gate of yours, which says how long that server is watched.
   *
   * The one server is a group of its own: an Auto Scaling group with one instance behind the same load balancer, or an instance with a tag
   * that the others do not have. CodeDeploy cannot pick one server of a group.
   *
   * @param box the one server; not a part of the servers of the rollout
   * @param rest how the others follow; `RolloutStrategy.rolling()` when absent
   */
  public static oneBox(box: Servers, rest: RolloutStrategy = RolloutStrategy.rolling()): RolloutStrategy {
    mustBeServers('RolloutStrategy.oneBox box', box);
    mustBeStrategy('RolloutStrategy.oneBox rest', rest);
    if (rest._shape().kind === 'oneBox') {
      throw new GateError(
        'OneBoxTwice',
        '`RolloutStrategy.oneBox rest` is a one-box strategy again: take `RolloutStrategy.rolling()` for the rest',
      );
    }
    return new Shaped({ kind: 'oneBox', box, rest });
  }

  /**
   * What the platforms' binders work with.
   *
   * @internal
   */
  public abstract _shape(): RolloutShape;
}

class Shaped extends RolloutStrategy {
  constructor(private readonly shape: RolloutShape) {
    super();
  }

  public _shape(): RolloutShape {
    return this.shape;
  }
}

/** Refuses what is no strategy. */
export function mustBeStrategy(prop: string, strategy: RolloutStrategy): void {
  mustBeMade(prop, strategy, 'a strategy', 'write it as `RolloutStrategy.canary(10, Duration.minutes(10))`');
}

function mustBePart(prop: string, percent: number): void {
  if (!Token.isUnresolved(percent) && !(percent > 0 && percent < 100)) {
    throw new GateError(
      'PercentOutOfRange',
      `\`${prop}\` is ${shown(percent)}, but has to be more than 0 and less than 100: for everything take \`RolloutStrategy.allAtOnce()\``,
    );
  }
}

function mustPass(prop: string, time: Duration): void {
  mustBeDuration(prop, time);
  if (!time.isUnresolved() && time.toMilliseconds() <= 0) {
    throw new GateError(
      'DurationOutOfRange',
      `\`${prop}\` is 0, but has to be longer: for everything at once take \`RolloutStrategy.allAtOnce()\``,
    );
  }
}
