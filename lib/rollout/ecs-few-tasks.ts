import { Annotations, Aspects, Token } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct, IConstruct } from 'constructs';
import { resourceOf } from './ecs-registration';

/** CloudFormation makes so many tasks of a service that does not say how many. */
const WITHOUT_COUNT = 1;

/** Of so many tasks, `percent` is one: ECS rounds the most tasks at a time down, and with less than one more, none could ever start. */
export function fewestTasks(percent: number): number {
  return Math.ceil(100 / percent);
}

/** Looks at synth, when it is known how the service is scaled, whether a rolling deployment can begin. */
export function findTooFewTasks(rollout: Construct, service: ecs.BaseService, percent: number): void {
  const fewest = fewestTasks(percent);
  rollout.node.addValidation({
    validate: () =>
      resourceOf(service).desiredCount === undefined && scalingOf(service).length === 0 && fewest > WITHOUT_COUNT
        ? [
            `EcsRollout: \`service\` has no \`desiredCount\`, which makes one task, but ${percent} % of one task is less than one, so that no new task ` +
              `could start: give it \`desiredCount\` ${fewest} or more, or scale it between ${fewest} and more [RolloutCannotBegin]`,
          ]
        : [],
  });
  Aspects.of(rollout).add({
    visit: (node) => {
      if (node !== rollout) {
        return;
      }
      const least = scalingOf(service).map(({ minCapacity }) => minCapacity);
      const few = least.find((count) => !Token.isUnresolved(count) && count > 0 && count < fewest);
      if (few !== undefined) {
        Annotations.of(rollout).addWarningV2(
          'cdk-approval-gates:EcsRollout.fewTasks',
          `the service may be scaled down to ${few} tasks, but with fewer than ${fewest} no new task could start, and the deployment would not begin: ` +
            'raise its `minCapacity`, or take a larger percentage',
        );
      }
    },
  });
}

/** What changes the number of tasks of this service, made by `autoScaleTaskCount` or by hand. */
function scalingOf(service: ecs.BaseService): scaling.CfnScalableTarget[] {
  const { stack } = service;
  const logicalId = `"${stack.resolve(resourceOf(service).logicalId)}"`;
  const isItsTarget = (node: IConstruct): node is scaling.CfnScalableTarget =>
    node instanceof scaling.CfnScalableTarget && JSON.stringify(stack.resolve(node.resourceId)).includes(logicalId);
  return service.node.root.node.findAll().filter(isItsTarget);
}
