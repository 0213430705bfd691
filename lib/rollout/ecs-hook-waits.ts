import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { renderedResource } from '../private/rendered-resource';

/**
 * CloudFormation gives up on a service after so long
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-canaryconfiguration.html).
 */
const CLOUDFORMATION_WAITS = 36 * 60;

/** A hook of ours, and for how many minutes its checks have to stay healthy. */
interface Bakes {
  readonly hook: IConstruct;
  readonly minutes: number;
}

const bakes = new WeakMap<IConstruct, Map<IConstruct, number>>();

/** Remembers a hook that a service has. A service asks for its hooks each time it is rendered. */
export function rememberBake(service: IConstruct, { hook, minutes }: Bakes): void {
  bakes.set(service, (bakes.get(service) ?? new Map<IConstruct, number>()).set(hook, minutes));
}

/** Told by the first of a service's hooks. To be asked at synth, when everything is added. */
export function hookWaitProblems(service: IConstruct, hook: IConstruct): string[] {
  const all = bakes.get(service) ?? new Map<IConstruct, number>();
  const resource = service.node.defaultChild;
  if ([...all.keys()][0] !== hook || !(resource instanceof ecs.CfnService)) {
    return [];
  }
  const inHooks = [...all.values()].reduce((sum, minutes) => sum + minutes, 0);
  const ofService = waitsOf(resource);
  return inHooks + ofService <= CLOUDFORMATION_WAITS
    ? []
    : [
        `EcsHealthHook: a deployment of service '${service.node.path}' takes at least ${inHooks + ofService} minutes, ${inHooks} in its hooks and ${ofService} by its own waits, but ` +
          `CloudFormation gives up after ${CLOUDFORMATION_WAITS}: shorten a \`bakeTime\`, and watch the service longer in a gate after the deployment [RolloutTooLong]`,
      ];
}

interface DeploymentConfiguration {
  readonly BakeTimeInMinutes?: unknown;
  readonly CanaryConfiguration?: { readonly CanaryBakeTimeInMinutes?: unknown };
  readonly LinearConfiguration?: { readonly StepPercent?: unknown; readonly StepBakeTimeInMinutes?: unknown };
}

/** Minutes that ECS waits itself, as far as they are known. */
function waitsOf(resource: ecs.CfnService): number {
  const { DeploymentConfiguration = {} } = renderedResource(resource).Properties ?? {};
  const { BakeTimeInMinutes, CanaryConfiguration, LinearConfiguration } =
    DeploymentConfiguration as DeploymentConfiguration;
  const steps = Math.ceil(100 / (known(LinearConfiguration?.StepPercent) || 100)) - 1;
  return (
    known(BakeTimeInMinutes) +
    known(CanaryConfiguration?.CanaryBakeTimeInMinutes) +
    steps * known(LinearConfiguration?.StepBakeTimeInMinutes)
  );
}

function known(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
