import { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeWithin } from '../private/minutes';
import { mustBeOneOf } from '../private/types';
import { hookWaitProblems, rememberBake } from './ecs-hook-waits';
import { ecsHookFunction, LONGEST_OF_ECS } from './hook-function';

/** What an ECS deployment has to stand. */
export interface EcsHealthHookProps {
  /** What is watched. One failed check rolls the deployment back. */
  readonly checks: Check[];

  /**
   * How long the checks have to stay healthy. Zero = healthy at that moment.
   *
   * Whole minutes, up to 23 hours: ECS waits 24 hours for a hook
   * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html). At most 36 hours together with other hooks and the waits of
   * the service itself, because CloudFormation gives up then.
   *
   * @default Duration.minutes(0)
   */
  readonly bakeTime?: Duration;

  /**
   * When ECS runs the checks. One stage: a second one needs a hook of its own.
   *
   * In `PRODUCTION_TRAFFIC_SHIFT` ECS runs them at each step of a canary or linear deployment, with a bake time each, before it waits for the
   * bake of that step. In this stage and in `TEST_TRAFFIC_SHIFT` it also invokes the hook when it rolls back, which the hook does not hold up:
   * while all traffic leaves the new revision, nothing is checked.
   *
   * @default DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT
   */
  readonly lifecycleStage?: ecs.DeploymentLifecycleStage;
}

/**
 * Lets checks decide whether an ECS deployment goes on: ECS invokes them in a stage of the deployment, again and again until the bake time is
 * over, and rolls back when one fails or cannot tell.
 *
 * For services with ECS's own blue/green, linear or canary deployments: `service.addLifecycleHook(hook)`.
 *
 * Makes a Lambda function with a role that reads what the checks declare, its log group, and a role by which ECS may invoke it. The checks are in the
 * account of the service. Checks on what a pipeline run did (tests, image scans) cannot be used, because ECS knows of no run, nor can
 * `Check.canaryAnalysis`, whose last data come after the bake. A check has to be able to tell within 23 hours, by its `initialDelay`, its
 * `minSamples` and the period of its metric.
 */
export class EcsHealthHook extends Construct implements ecs.IDeploymentLifecycleHookTarget {
  /** The function that ECS invokes. */
  public readonly handler: lambda.IFunction;

  private readonly config: ecs.DeploymentLifecycleHookTargetConfig;
  private readonly services = new Set<IConstruct>();
  private readonly minutes: number;

  constructor(scope: Construct, id: string, props: EcsHealthHookProps) {
    super(scope, id);
    const { checks, bakeTime = Duration.minutes(0) } = props;
    const { lifecycleStage = ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT } = props;
    mustBeWithin(bakeTime, { prop: 'EcsHealthHook bakeTime', min: Duration.minutes(0), max: LONGEST_OF_ECS });
    if (bakeTime.isUnresolved()) {
      throw new GateError(
        'TokenDuration',
        '`EcsHealthHook bakeTime` is known only at deployment, but synth has to see that it is whole minutes, up to 23 hours: ' +
          'give it as a number, such as `Duration.minutes(10)`',
      );
    }
    mustBeOneOf(
      'EcsHealthHook lifecycleStage',
      lifecycleStage,
      Object.values(ecs.DeploymentLifecycleStage),
      'take it from `ecs.DeploymentLifecycleStage`',
    );
    this.handler = ecsHookFunction(this, 'Checks', checks, bakeTime);
    const role = new iam.Role(this, 'Invoke', {
      assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
      description: 'Lets ECS run the checks of a deployment',
    });
    const { functionArn } = this.handler;
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    this.config = { targetArn: functionArn, role, lifecycleStages: [lifecycleStage] };
    this.minutes = bakeTime.toMinutes();
    this.node.addValidation({
      validate: () => [...this.services].flatMap((service) => hookWaitProblems(service, this)),
    });
  }

  /** Called by the service that the hook is added to. */
  public bind(scope: IConstruct): ecs.DeploymentLifecycleHookTargetConfig {
    this.services.add(scope);
    rememberBake(scope, { hook: this, minutes: this.minutes });
    return this.config;
  }
}
