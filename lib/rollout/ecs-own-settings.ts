import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { GateError } from '../errors';
import { resourceOf } from './ecs-registration';
import type { RolloutShape } from './rollout-strategy';

/** What the CDK lets users set on a service, and a rollout sets. */
const OURS = ['strategy', 'bakeTimeInMinutes', 'canaryConfiguration', 'linearConfiguration'] as const;

/** What the CDK writes into a service of which nobody said anything. */
const MOST_BY_DEFAULT = 200;
const LEAST_BY_DEFAULT = 50;

/** No task is out of service in a rolling deployment. */
export const LEAST_HEALTHY = 100;

/** Two sources for one number are a surprise. */
export function mustNotBeSet(service: ecs.BaseService, shape: RolloutShape, alarmNames: readonly string[]): void {
  const set = settingsOf(service);
  const found = OURS.find((prop) => set[prop] !== undefined);
  if (found !== undefined) {
    const prop = { strategy: 'deploymentStrategy', bakeTimeInMinutes: 'bakeTime' }[found as string] ?? found;
    throw new GateError(
      'StrategyTwice',
      `\`service\` has a \`${prop}\` of its own, but the rollout says how the service is deployed: remove it there`,
    );
  }
  if (shape.kind === 'rolling') {
    mustAgree('maxHealthyPercent', set.maximumPercent, [MOST_BY_DEFAULT, 100 + shape.percent]);
    mustAgree('minHealthyPercent', set.minimumHealthyPercent, [LEAST_BY_DEFAULT, LEAST_HEALTHY]);
  }
  mustGoBack(service, alarmNames);
}

/** Whether alarms of the service itself take its deployments back. */
export function hasAlarms(service: ecs.BaseService): boolean {
  return alarmsOf(service)?.enable === true;
}

export function hasBreaker(service: ecs.BaseService): boolean {
  return settingsOf(service).deploymentCircuitBreaker !== undefined;
}

function mustAgree(prop: string, set: unknown, [byDefault, ours]: readonly [number, number]): void {
  if (set !== undefined && set !== byDefault && set !== ours) {
    throw new GateError(
      'StrategyTwice',
      `\`service\` has a \`${prop}\` of its own (${String(set)}), but \`RolloutStrategy.rolling\` makes it ${ours}: remove it there, or choose another percentage`,
    );
  }
}

/** The CDK keeps those of the service where both have alarms, and drops the others. */
function mustGoBack(service: ecs.BaseService, alarmNames: readonly string[]): void {
  const own = alarmsOf(service);
  if (own?.enable !== true) {
    return;
  }
  if (own.rollback !== true) {
    throw new GateError(
      'AlarmsTwice',
      '`service` has `deploymentAlarms` that fail a deployment and leave it there, but a rollout goes back: put them into `alarms` of the rollout, and ' +
        'remove them there',
    );
  }
  if (alarmNames.length > 0) {
    throw new GateError(
      'AlarmsTwice',
      '`service` has `deploymentAlarms` of its own, and only one list of alarms is watched: put them into `alarms` of the rollout, and remove them there',
    );
  }
}

function settingsOf(service: ecs.BaseService): Partial<Record<string, unknown>> {
  return (resourceOf(service).deploymentConfiguration ?? {}) as Partial<Record<string, unknown>>;
}

function alarmsOf(service: ecs.BaseService): { readonly enable?: boolean; readonly rollback?: boolean } | undefined {
  return service.stack.resolve(settingsOf(service).alarms) as ReturnType<typeof alarmsOf>;
}
