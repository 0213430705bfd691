import { Annotations, type Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Check } from '../check';
import { GateError } from '../errors';
import { EcsDeployer } from './ecs-deployer';
import { deployNatively } from './ecs-native';
import type { RolloutStrategy } from './rollout-strategy';

/** Properties of `EcsRollout`. */
export interface EcsRolloutProps {
  /** The service whose new task definitions are rolled out. Made in this app, on Fargate or EC2. */
  readonly service: ecs.BaseService;

  /** How traffic moves to the new tasks: `canary`, `linear` or `allAtOnce`; with `EcsDeployer.native`, also `rolling`. */
  readonly strategy: RolloutStrategy;

  /**
   * Who replaces the tasks.
   *
   * @default EcsDeployer.native()
   */
  readonly deployer?: EcsDeployer;

  /**
   * How long the old tasks stay after the new ones have all traffic, so that going back is a matter of seconds. `alarms` are watched meanwhile.
   *
   * Whole minutes, up to 24 hours with `EcsDeployer.native`. Not with `RolloutStrategy.rolling`.
   *
   * @default Duration.minutes(15)
   */
  readonly bakeTime?: Duration;

  /**
   * Alarms that end the deployment when they turn red, and bring the old tasks back.
   *
   * With `EcsDeployer.native`, an alarm that is red when the deployment begins counts for nothing until it has been green: a fix passes, and
   * so does any other change. Alarms on metrics of the service itself need its name as a text, or the template refers to itself.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Checks that have to pass before the new tasks get production traffic. They have test traffic by then, if there is any.
   *
   * @default - none
   */
  readonly before?: Check[];

  /**
   * Checks that have to pass after all traffic has moved. If one does not, the old tasks get it back.
   *
   * @default - none
   */
  readonly after?: Check[];
}

/**
 * Rolls out each new task definition of a service: new tasks start beside the old ones, get test traffic, then production traffic step by step.
 * Goes back to the old tasks, all at once, when an alarm turns red or a check fails.
 *
 * With `EcsDeployer.native()`, the default, changes the deployment configuration of the service, and makes a role that may shift the traffic of
 * this service, where `traffic` is given. `before`, `during` and `after` add a function each, which ECS runs as a lifecycle hook. Any change of
 * the task definition in the template starts a deployment, and the stack is busy until its end. With `RolloutStrategy.rolling`, ECS's circuit
 * breaker is switched on, unless the service says otherwise.
 */
export class EcsRollout extends Construct {
  /** The service. */
  public readonly service: ecs.BaseService;

  /** The role by which traffic is shifted, where this rollout made one. */
  public readonly role?: iam.IRole;

  constructor(scope: Construct, id: string, props: EcsRolloutProps) {
    super(scope, id);
    const { service, strategy, bakeTime, alarms = [], before, after } = props;
    const deployer = (props.deployer ?? EcsDeployer.native())._shape();
    this.service = service;
    validate(props, deployer.during);
    const alarmNames = alarms.map(({ alarmName }) => alarmName);
    this.role = deployNatively(this, { ...deployer, service, strategy, bakeTime, alarmNames, before, after });
    if (alarms.length === 0 && [before, deployer.during, after].every((checks) => checks === undefined)) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:EcsRollout.unwatched',
        'new tasks get traffic, but nothing looks at how they do: give `alarms`, `before` or `after`',
      );
    }
  }
}

function validate({ service, alarms = [], before, after }: EcsRolloutProps, during: Check[] | undefined): void {
  // Callers without a type checker may pass a service that another stack owns.
  if (!('taskDefinition' in service)) {
    throw new GateError(
      'ImportedService',
      '`service` is a service that this app only refers to, so how it is deployed is not said here: put the rollout where the service is made',
    );
  }
  if (new Set(alarms).size < alarms.length) {
    throw new GateError('SameAlarmTwice', '`alarms` names the same alarm twice: remove one');
  }
  Object.entries({ before, during, after }).forEach(([prop, checks]) => {
    if (checks?.length === 0) {
      throw new GateError('NoChecks', `\`${prop}\` is empty: give at least one check, or leave the property out`);
    }
  });
}
