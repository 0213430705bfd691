import { Duration, Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { shown } from '../private/types';
import type { RolloutShape, RolloutStrategy } from './rollout-strategy';
import { countOf } from './servers';
import type { ServerCount, Servers } from './servers';

type Shape<K extends RolloutShape['kind']> = Extract<RolloutShape, { kind: K }>;

/** CodeDeploy ends a deployment in place after that time (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html). */
const LONGEST = Duration.hours(12);
/** Of these, what is left for waiting between zones: installing, and the scripts of a server, take some of them. */
const LONGEST_WAITS = Duration.hours(11);

const { ServerDeploymentConfig } = codedeploy;

/** The strategy as a CodeDeploy configuration for servers: AWS's predefined one where it matches exactly, else one of our own. */
export function serverDeploymentConfig(
  scope: Construct,
  strategy: RolloutStrategy,
  servers: Servers,
): codedeploy.IServerDeploymentConfig {
  const shape = strategy._shape();
  const count = countOf(servers);
  switch (shape.kind) {
    case 'allAtOnce':
      return ServerDeploymentConfig.ALL_AT_ONCE;
    case 'oneAtATime':
      mustHaveOthers(shape, count);
      return ServerDeploymentConfig.ONE_AT_A_TIME;
    case 'rolling':
      mustHaveOthers(shape, count);
      mustBegin(shape, count);
      return shape.percent === 50 ? ServerDeploymentConfig.HALF_AT_A_TIME : rolling(scope, shape);
    case 'zonal':
      mustHaveOthers(shape, count);
      mustBegin(shape, count);
      return zonal(scope, shape, servers);
    default:
      throw new GateError(
        'StrategyForServers',
        `\`strategy\` is \`RolloutStrategy.${shape.kind}\`, but servers are replaced one by one, and no share of the traffic is moved: ` +
          'take `RolloutStrategy.oneBox` or `rolling`',
      );
  }
}

/** The smallest fleet of which a server may be out of service; undefined where any fleet will do. */
export function smallestFleet(strategy: RolloutStrategy): number | undefined {
  const shape = strategy._shape();
  return shape.kind === 'rolling' || shape.kind === 'zonal' ? Math.ceil(100 / shape.percent) : undefined;
}

function rolling(scope: Construct, { percent }: Shape<'rolling'>): codedeploy.IServerDeploymentConfig {
  // The numbers are part of the id: a configuration cannot be changed, so another one has to stand beside it first.
  return new ServerDeploymentConfig(scope, `Rolling${percent}Percent`, {
    minimumHealthyHosts: codedeploy.MinimumHealthyHosts.percentage(100 - percent),
  });
}

function zonal(scope: Construct, shape: Shape<'zonal'>, servers: Servers): codedeploy.IServerDeploymentConfig {
  if (servers._shape().kind === 'onPremises') {
    throw new GateError(
      'NoZones',
      '`strategy` is `RolloutStrategy.zonal`, but servers outside of AWS are in no Availability Zone: take `RolloutStrategy.rolling`',
    );
  }
  const wait = secondsOf('RolloutStrategy.zonal monitorDuration', shape.wait);
  const firstWait = secondsOf('RolloutStrategy.zonal firstZoneMonitorDuration', shape.firstWait);
  const zones = Math.max(countOf(servers).zones ?? 2, 2);
  const all = firstWait + wait * (zones - 2);
  if (all > LONGEST_WAITS.toSeconds()) {
    throw new GateError(
      'RolloutTooLong',
      `\`RolloutStrategy.zonal\` waits ${Duration.seconds(all).toHumanString()} between ${zones} Availability Zones, but CodeDeploy ends a ` +
        `deployment after ${LONGEST.toHumanString()}, in which the servers get the version, too: shorten \`monitorDuration\` to waits of at most ` +
        `${LONGEST_WAITS.toHumanString()} in all, and watch the fleet longer in a gate behind it`,
    );
  }
  return new ServerDeploymentConfig(scope, `Zonal${shape.percent}Percent${firstWait}And${wait}Seconds`, {
    minimumHealthyHosts: codedeploy.MinimumHealthyHosts.percentage(100 - shape.percent),
    zonalConfig: { monitorDuration: Duration.seconds(wait), firstZoneMonitorDuration: Duration.seconds(firstWait) },
  });
}

function secondsOf(prop: string, time: Duration): number {
  if (time.isUnresolved()) {
    throw new GateError(
      'TokenDuration',
      `\`${prop}\` is known only at deployment, and cannot be compared with the 12 hours of a deployment: give a duration that is known at synth`,
    );
  }
  const seconds = time.toSeconds({ integral: false });
  if (!Number.isInteger(seconds)) {
    throw new GateError(
      'WholeSeconds',
      `\`${prop}\` is ${seconds} seconds, but CodeDeploy takes whole seconds: round it`,
    );
  }
  return seconds;
}

function mustHaveOthers({ kind }: Pick<RolloutShape, 'kind'>, { most }: ServerCount): void {
  if (most !== undefined && most < 2) {
    throw new GateError(
      'OneServer',
      `\`strategy\` is \`RolloutStrategy.${kind}\`, but the Auto Scaling group has no more than ${most} server, so no other one serves ` +
        'meanwhile: raise its `maxCapacity` and `minCapacity`, or take `RolloutStrategy.allAtOnce()`',
    );
  }
}

function mustBegin({ kind, percent }: Shape<'rolling' | 'zonal'>, { most }: ServerCount): void {
  const prop = `RolloutStrategy.${kind} percent`;
  if (Token.isUnresolved(percent)) {
    throw new GateError(
      'TokenPercent',
      `\`${prop}\` is known only at deployment, but what has to stay healthy is computed from it: give a number`,
    );
  }
  if (!Number.isInteger(percent)) {
    throw new GateError(
      'WholePercent',
      `\`${prop}\` is ${shown(percent)}, but CodeDeploy takes whole percentages from 1 to 99 for servers: round it`,
    );
  }
  const needed = Math.ceil(100 / percent);
  if (most !== undefined && most < needed) {
    throw new GateError(
      'RolloutCannotBegin',
      `\`${prop}\` is ${percent}, but of the ${most} servers that the Auto Scaling group has at most, that is less than one, and CodeDeploy ` +
        `fails such a deployment at once: take ${Math.ceil(100 / most)} or more, or \`RolloutStrategy.oneAtATime()\``,
    );
  }
}
