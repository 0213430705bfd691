import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { GateError } from '../errors';

/** A target group that a service is registered with, as its template will have it. */
export interface Registration {
  readonly targetGroupArn?: unknown;
  /** An intrinsic function where only the deployment knows it; so is the port. */
  readonly containerName: string | object;
  readonly containerPort: number | object;
  readonly advancedConfiguration?: unknown;
}

export function resourceOf(service: ecs.BaseService): ecs.CfnService {
  return service.node.defaultChild as ecs.CfnService;
}

export function registrationsOf(service: ecs.BaseService): readonly Registration[] {
  return (service.stack.resolve(resourceOf(service).loadBalancers) as readonly Registration[] | undefined) ?? [];
}

/** At which place of the service's registrations this target group stands. */
export function placeOf(service: ecs.BaseService, targetGroupArn: string): number {
  const wanted = JSON.stringify(service.stack.resolve(targetGroupArn));
  const place = registrationsOf(service).findIndex((one) => JSON.stringify(one.targetGroupArn) === wanted);
  if (place < 0) {
    throw new GateError(
      'NotRegistered',
      '`targetGroup` of the deployer is no target group that `service` is registered with: register it before the rollout is made, as ' +
        '`service.attachToApplicationTargetGroup(targetGroup)`',
    );
  }
  return place;
}
