import { Token } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { mustHave } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import type { EcsServiceCheckOptions } from './ecs-service-options';
import { reachableEcsService } from './other-stage';
import { placeOf } from './place-of';
import { timingOf, wholeNumber } from './timing';

const METHOD = 'Check.ecsService';

/** Validates at once; the service is named when the gate's stack is known. */
export function bindEcsService(
  service: ecs.IBaseService,
  options: EcsServiceCheckOptions,
): (scope: Construct) => CheckBinding {
  const fix =
    'give a service, or import one with its cluster by `fromFargateServiceAttributes` or `fromEc2ServiceAttributes`';
  mustHave(METHOD, service, ['serviceArn', 'serviceName'], fix);
  mustHave(METHOD, service.cluster, ['clusterName'], fix);
  const name = Token.isUnresolved(service.serviceName) ? nameInStack(service) : service.serviceName;
  const timing = timingOf(METHOD, options, `ECS service ${name}`.slice(0, 80));
  const maxFailedTasks = wholeNumber(`${METHOD} maxFailedTasks`, options.maxFailedTasks ?? 0, 0, 1000);
  return (scope) => {
    const { serviceArn, cluster } = reachableEcsService(service, scope);
    return {
      draft: { ...timing, kind: 'ecsService', serviceArn, cluster, maxFailedTasks },
      statements: [new iam.PolicyStatement({ actions: ['ecs:DescribeServices'], resources: [serviceArn] })],
      place: placeOf(service.serviceArn, service, scope),
    };
  };
}
