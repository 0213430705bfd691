import { Annotations, type Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Check } from '../check';
import { mustNotBeEmpty } from '../check/no-checks';
import { GateError } from '../errors';
import { mustHave } from '../private/types';
import { findsItself } from '../private/own-findings';
import { isSteps } from './codedeploy-steps';
import { deployByCodeDeploy } from './ecs-codedeploy';
import { ExactEcsDeployAction, type EcsDeployOptions } from './ecs-deploy-action';
import { EcsDeployer } from './ecs-deployer';
import { deployNatively } from './ecs-native';
import { hasAlarms } from './ecs-own-settings';
import { resourceOf } from './ecs-registration';
import { mustBeOnlyRollout } from './one-rollout';
import { taskDefinitionText } from './ecs-task-definition';
import { mustBeStrategy, type RolloutStrategy } from './rollout-strategy';
import { mustBeWatchable } from './watchable-alarms';

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
   * Whole minutes, up to 24 hours with `EcsDeployer.native`, up to 48 with `EcsDeployer.codeDeploy`. Not with `RolloutStrategy.rolling`.
   *
   * @default Duration.minutes(15)
   */
  readonly bakeTime?: Duration;

  /**
   * Alarms that end the deployment when they turn red, and bring the old tasks back. In the account and Region of the service.
   *
   * With `EcsDeployer.codeDeploy` at most 10, and CodeDeploy refuses to deploy while one of them is red, be it a fix or not: see `ignoreAlarms` there.
   *
   * With `EcsDeployer.native`, an alarm that is red when the deployment begins counts for nothing until it has been green: a fix passes, and
   * so does any other change. Alarms on metrics of the service itself are named by a text
   * (`Alarm.fromAlarmName`), here as in checks (`AlarmRef.named`), or the template refers to itself, which is an error at synth.
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
 * breaker is switched on, unless the service says otherwise. `deploymentAlarms` of the service belong into `alarms`.
 *
 * With `EcsDeployer.codeDeploy`, makes a CodeDeploy application and deployment group, a role that may replace the tasks of this service and shift
 * its traffic, and a deployment configuration where AWS predefines none. `before` and `after` add a function each, which runs the checks and
 * always reports to CodeDeploy. A pipeline starts the deployments: `appSpec()`, `deployAction()`.
 */
export class EcsRollout extends Construct {
  /** The service. */
  public readonly service: ecs.BaseService;

  /** The role by which traffic is shifted, where this rollout made one. */
  public readonly role?: iam.IRole;

  /** CodeDeploy's deployment group, with `EcsDeployer.codeDeploy`. */
  public readonly deploymentGroup?: codedeploy.EcsDeploymentGroup;

  private readonly appSpecOfCodeDeploy?: string;

  constructor(scope: Construct, id: string, props: EcsRolloutProps) {
    super(scope, id);
    const { service, strategy, bakeTime, alarms = [], before, after } = props;
    const deployer = (props.deployer ?? EcsDeployer.native())._shape();
    const during = deployer.kind === 'native' ? deployer.during : undefined;
    validate(props, during);
    mustBeOnlyRollout(this, service, {
      what: '`service`',
      fix: 'one strategy says how it is deployed, so remove one of the rollouts',
    });
    this.service = service;
    const shared = { service, strategy, bakeTime, before, after };
    if (deployer.kind === 'native') {
      const alarmNames = alarms.map(({ alarmName }) => alarmName);
      this.role = deployNatively(this, { ...deployer, ...shared, alarmNames });
    } else {
      const { role, group, appSpec } = deployByCodeDeploy(this, { ...deployer, ...shared, alarms });
      this.role = role;
      this.deploymentGroup = group;
      this.appSpecOfCodeDeploy = appSpec;
    }
    findsItself(resourceOf(service));
    const watching =
      (alarms.length > 0 || hasAlarms(service)) && !('ignoreAlarms' in deployer && deployer.ignoreAlarms === true);
    // What looks before traffic moves sees nothing of how the new tasks do in it.
    const looking = isSteps(strategy._shape()) ? [during, after] : [before, after];
    if (!watching && looking.every((checks) => checks === undefined)) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:EcsRollout.unwatched',
        'new tasks get traffic, but nothing looks at how they do in it: give `alarms` or `after`',
      );
    }
  }

  /**
   * The text of the AppSpec for `EcsDeployer.codeDeploy`: which container gets the traffic, and which functions run the checks. A build writes it into its
   * artifact; it may be the value of an environment variable there. The names of the functions are known at deployment only.
   */
  public appSpec(): string {
    if (this.appSpecOfCodeDeploy === undefined) {
      throw deployedByEcs('appSpec');
    }
    return this.appSpecOfCodeDeploy;
  }

  /**
   * The task definition of the service for `EcsDeployer.codeDeploy`, as the text of a `taskdef.json`. A build writes it into its artifact, as it does
   * with the AppSpec. Says what the app says: whoever changes the task definition deploys the stack of the build first.
   *
   * @param images placeholders for the images of containers, by the names of these: `{ web: 'IMAGE' }` leaves `<IMAGE>` to `images` of the action;
   * the other containers have the images that they have in the app
   */
  public taskDefinition(images: Record<string, string> = {}): string {
    if (this.deploymentGroup === undefined) {
      throw deployedByEcs('taskDefinition');
    }
    return taskDefinitionText(this.service.taskDefinition, images);
  }

  /** The action that starts a deployment of `EcsDeployer.codeDeploy`, and waits for its end, five days at most. */
  public deployAction(options: EcsDeployOptions): codepipeline.IAction {
    if (this.deploymentGroup === undefined) {
      throw deployedByEcs('deployAction');
    }
    return new ExactEcsDeployAction(this.deploymentGroup, this.service.taskDefinition, options);
  }
}

function deployedByEcs(method: string): GateError {
  return new GateError(
    'DeployedByEcs',
    `\`${method}\` is called, but ECS deploys the service itself when its stack gets a new task definition: deploy the stack by a CloudFormation ` +
      'action, or take `EcsDeployer.codeDeploy`',
  );
}

function validate(
  { service, strategy, alarms = [], before, after }: EcsRolloutProps,
  during: Check[] | undefined,
): void {
  mustHave('service', service, ['serviceArn'], 'give a service that this app makes');
  // Callers without a type checker may pass a service that another stack owns.
  if (!('taskDefinition' in service)) {
    throw new GateError(
      'ImportedService',
      '`service` is a service that this app only refers to, so how it is deployed is not said here: put the rollout where the service is made',
    );
  }
  mustBeStrategy('strategy', strategy);
  mustBeWatchable(service, alarms);
  Object.entries({ before, during, after }).forEach(([prop, checks]) => mustNotBeEmpty(prop, checks));
}
