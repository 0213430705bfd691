import { Annotations, PhysicalName } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeList } from '../private/types';
import { boxProblems, findUnwatchedBox, type ServerDeployPlace } from './box-before-fleet';
import { mustBeOnlyRollout } from './one-rollout';
import { mustBeStrategy, RolloutStrategy } from './rollout-strategy';
import { installAgentOn } from './server-agent';
import { serverDeploymentConfig, smallestFleet } from './server-config';
import { ServerDeployAction } from './server-deploy-action';
import { ServerGroup } from './server-group';
import { serverRole } from './server-role';
import { countOf, isSame, mustBeServers } from './servers';
import type { Servers } from './servers';
import { MAX_ALARMS } from './watch-alarms';
import { mustBeWatchable } from './watchable-alarms';

/** Properties of `ServerRollout`. */
export interface ServerRolloutProps {
  /** The servers that get each new version; with `RolloutStrategy.oneBox`, all but the one box. */
  readonly servers: Servers;

  /**
   * How a new version takes the place of the old one.
   *
   * @default RolloutStrategy.rolling()
   */
  readonly strategy?: RolloutStrategy;

  /**
   * Target groups that the servers are registered with. A server gets no traffic while its version is replaced.
   *
   * @default - servers are replaced while they get traffic
   */
  readonly targetGroups?: elbv2.ITargetGroup[];

  /**
   * Alarms that stop a deployment to `servers` and bring the version before back. At most 10, in the account and Region
   * of this rollout. The one box is watched by the gate behind it.
   *
   * CodeDeploy refuses to deploy to `servers` while one of them is red, also an older version: see `ignoreAlarms`. So a gate behind this
   * deployment that rolls back on its rejection has to watch other alarms.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Deploy although alarms are red, and do not look at them at all. For the deployment of a fix, not for good.
   *
   * @default false
   */
  readonly ignoreAlarms?: boolean;

  /**
   * Add commands to the user data of the Auto Scaling groups that install the CodeDeploy agent when a server starts. For Linux; Windows
   * servers need it in their image.
   *
   * @default true
   */
  readonly installAgent?: boolean;
}

/** How a deploy action stands in its stage. */
export interface ServerDeployOptions {
  /**
   * Name of the action.
   *
   * @default - 'OneBox' or 'Fleet'
   */
  readonly actionName?: string;

  /**
   * When the action runs in its stage.
   *
   * @default - 1 for the one box; 3 for the fleet behind a one box and its gate, else 1
   */
  readonly runOrder?: number;
}

/**
 * Installs each new version on EC2 instances or servers outside of AWS: one server first if asked for, then the fleet, some servers at a
 * time. Goes back to the version before when the deployment fails or is stopped, or an alarm turns red.
 *
 * Makes a CodeDeploy application, a deployment group (two with `RolloutStrategy.oneBox`), a role that may do exactly this, and a deployment
 * configuration where AWS predefines none. The artifact has an `appspec.yml` that says which files go where and which scripts stop, start
 * and check the service.
 *
 * Deployments are made in place. Blue/green deployments of servers copy Auto Scaling groups past CloudFormation, and are not offered.
 */
export class ServerRollout extends Construct {
  /** CodeDeploy's application. */
  public readonly application: codedeploy.ServerApplication;

  /** Deployment group of `servers`. */
  public readonly fleetGroup: codedeploy.ServerDeploymentGroup;

  /** Deployment group of the one box, with `RolloutStrategy.oneBox`. */
  public readonly oneBoxGroup?: codedeploy.ServerDeploymentGroup;

  /** The role in which CodeDeploy works. */
  public readonly role: iam.IRole;

  private readonly places: ServerDeployPlace[] = [];

  constructor(scope: Construct, id: string, props: ServerRolloutProps) {
    super(scope, id);
    const { servers, alarms = [], targetGroups = [], ignoreAlarms = false, installAgent = true } = props;
    const strategy = props.strategy ?? RolloutStrategy.rolling();
    mustBeServers('servers', servers);
    mustBeStrategy('strategy', strategy);
    mustBeList('targetGroups', targetGroups, '[targetGroup]');
    const shape = strategy._shape();
    const [box, rest] = shape.kind === 'oneBox' ? [shape.box, shape.rest] : [undefined, strategy];
    if (box !== undefined) {
      mustBeOneBox(box, servers);
    }
    mustBeWatchable(this, alarms);
    [box, servers].forEach((some) => some !== undefined && mustBeFree(this, some));
    const deploymentConfig = serverDeploymentConfig(this, rest, servers);

    this.application = new codedeploy.ServerApplication(this, 'Application', {
      // A name only where a pipeline of another account or Region needs it.
      applicationName: PhysicalName.GENERATE_IF_NEEDED,
    });
    const access = serverRole(this, { servers: box === undefined ? [servers] : [box, servers], targetGroups });
    this.role = access.role;
    const shared = { application: this.application, access, targetGroups, ignoreAlarms, mustBeFew };
    if (installAgent) {
      [box, servers].forEach((some) => some !== undefined && installAgentOn(this, some));
    }
    if (box !== undefined) {
      this.oneBoxGroup = new ServerGroup(this, 'OneBox', {
        ...shared,
        servers: box,
        // With one at a time, a failure of the last server would not count, and this is the last one.
        deploymentConfig: codedeploy.ServerDeploymentConfig.ALL_AT_ONCE,
      });
    }
    this.fleetGroup = new ServerGroup(this, 'Fleet', { ...shared, servers, deploymentConfig });
    // Not to the one box, which the gate behind it watches: a red alarm would keep the version before and a fix from it, too.
    alarms.forEach((alarm) => this.fleetGroup.addAlarm(alarm));
    this.warn(props, rest);
    findUnwatchedBox(this, this.places);
  }

  /**
   * The action that installs a version on the one box. Put a gate behind it, with run order 2, that watches the box: where nothing does before the fleet gets the
   * version, that is the finding `cdk-approval-gates:ServerRollout.boxUnwatched`.
   *
   * @param input the artifact, with an `appspec.yml` at its root
   */
  public deployOneBox(input: codepipeline.Artifact, options: ServerDeployOptions = {}): codepipeline.IAction {
    if (this.oneBoxGroup === undefined) {
      throw new GateError(
        'NoOneBox',
        '`deployOneBox` is called, but the strategy has no one box: take `RolloutStrategy.oneBox(box)`, or leave the action out',
      );
    }
    return this.deployAction('BOX', this.oneBoxGroup, input, { actionName: 'OneBox', runOrder: 1, ...options });
  }

  /**
   * The action that installs a version on `servers`. With `RolloutStrategy.oneBox`, synthesis fails where no action deploys to the one box, or a pipeline does so no
   * earlier than to these servers.
   *
   * @param input the artifact, with an `appspec.yml` at its root
   */
  public deployFleet(input: codepipeline.Artifact, options: ServerDeployOptions = {}): codepipeline.IAction {
    const runOrder = this.oneBoxGroup === undefined ? 1 : 3;
    return this.deployAction('FLEET', this.fleetGroup, input, { actionName: 'Fleet', runOrder, ...options });
  }

  private deployAction(
    to: ServerDeployPlace['to'],
    deploymentGroup: codedeploy.IServerDeploymentGroup,
    input: codepipeline.Artifact,
    options: Required<ServerDeployOptions>,
  ): codepipeline.IAction {
    return new ServerDeployAction({ ...options, deploymentGroup, input }, (stage) => {
      const place = { to, stage, actionName: options.actionName };
      this.places.push(place);
      if (to === 'FLEET' && this.oneBoxGroup !== undefined) {
        stage.pipeline.node.addValidation({ validate: () => boxProblems(place, this.places) });
      }
    });
  }

  private warn({ servers, alarms = [], ignoreAlarms }: ServerRolloutProps, rest: RolloutStrategy): void {
    if (ignoreAlarms === true) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:ServerRollout.alarmsIgnored',
        '`ignoreAlarms` is set: no alarm stops this rollout, remove it once the fix is deployed',
      );
    } else if (alarms.length === 0) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:ServerRollout.unwatched',
        'servers are replaced one after another, but nothing looks at those that have the new version: give `alarms`',
      );
    }
    const smallest = smallestFleet(rest);
    const { least } = countOf(servers);
    if (smallest !== undefined && least !== undefined && least < smallest) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:ServerRollout.smallFleet',
        `the Auto Scaling group may have ${least} servers, but with fewer than ${smallest} CodeDeploy fails each deployment of this strategy at ` +
          'once: raise its `minCapacity`, or take a larger percentage',
      );
    }
  }
}

function mustBeOneBox(box: Servers, servers: Servers): void {
  if (isSame(box, servers)) {
    throw new GateError(
      'BoxInFleet',
      '`RolloutStrategy.oneBox box` and `servers` are the same servers, and CodeDeploy cannot pick one of them: give the one box an Auto ' +
        'Scaling group of its own, or a tag that the others do not have',
    );
  }
  const { least, most } = countOf(box);
  if ((least !== undefined && least !== 1) || (most !== undefined && most !== 1)) {
    throw new GateError(
      'NotOneBox',
      `\`RolloutStrategy.oneBox box\` is an Auto Scaling group of ${least ?? '?'} to ${most ?? '?'} servers, but one box is one server: set ` +
        'its `minCapacity` and `maxCapacity` to 1',
    );
  }
  const { most: others } = countOf(servers);
  if (others !== undefined && others < 2) {
    throw new GateError(
      'OneServer',
      `\`servers\` is an Auto Scaling group of at most ${others} server beside the one box, so the box would be half of all: raise its ` +
        '`maxCapacity`, or leave the box out and take `RolloutStrategy.allAtOnce()`',
    );
  }
}

function mustBeFree(rollout: ServerRollout, servers: Servers): void {
  const shape = servers._shape();
  if (shape.kind === 'autoScaling') {
    mustBeOnlyRollout(rollout, shape.group, {
      what: `Auto Scaling group '${shape.group.node.path}'`,
      fix: 'give one of the rollouts a group of its own, or remove it',
    });
  }
}

function mustBeFew(already: number): void {
  if (already >= MAX_ALARMS) {
    throw new GateError(
      'TooManyAlarms',
      `\`alarms\` has more than ${MAX_ALARMS} alarms, but CodeDeploy allows ${MAX_ALARMS}: put several into one composite alarm`,
    );
  }
}
