import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Check } from '../check';
import { mustNotBeEmpty } from '../check/no-checks';
import { GateError } from '../errors';
import { mustHave } from '../private/types';
import { circleProblems } from '../private/circle';
import { findsItself } from '../private/own-findings';
import { codeDeployRole } from './codedeploy-role';
import { ExactDeploymentGroup } from './deployment-group';
import { hookFunction } from './hook-function';
import { fewCalls, mustBeCalls } from './few-calls';
import { knownShift, lambdaDeploymentConfig } from './lambda-config';
import { findCallsPastTheAlias } from './past-the-alias';
import { mustBeOnlyRollout } from './one-rollout';
import { mustFitProvisioned, tightConcurrency } from './provisioned-concurrency';
import { exportedAlarmProblems } from './exported-alarms';
import { secondAliasProblems } from './second-alias';
import { mustBeStrategy, type RolloutStrategy } from './rollout-strategy';
import { tell, versionAlarms } from './version-alarms';
import type { VersionAlarmOptions } from './version-alarms';
import { versionMetric } from './version-metric';
import type { WatchedVersion } from './version-metric';
import { MAX_ALARMS } from './watch-alarms';
import { mustBeWatchable } from './watchable-alarms';

/** Properties of `LambdaRollout`. */
export interface LambdaRolloutProps {
  /** The function whose new versions are rolled out. */
  readonly handler: lambda.Function;

  /**
   * How traffic moves to a new version. More than two hours from the first shift to the last, checks included, are a finding at synth: by its schema of
   * `AWS::Lambda::Alias` (`handlers.update.timeoutInMinutes`), CloudFormation waits no longer for an alias.
   */
  readonly strategy: RolloutStrategy;

  /**
   * Name of the alias that callers use.
   *
   * @default 'live'
   */
  readonly aliasName?: string;

  /**
   * Execution environments that Lambda keeps initialized for the alias (provisioned concurrency). A whole number, 1 or more.
   *
   * Lambda moves them to the new version, which takes some minutes. It does not let anybody change their number while two versions share
   * the traffic (https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html): change the number in a deployment
   * without a new version of the function. If the function has reserved concurrency, give it twice as much, since both versions need room: less is
   * a finding at synth. Not for functions with SnapStart (https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html).
   *
   * They are billed by the hour: $0.0000041667 for each second and GB in us-east-1 (https://aws.amazon.com/lambda/pricing/), which is
   * $2.74 a month for one environment of 256 MB.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: number;

  /**
   * Calls that the alias gets in a quiet hour. Nothing is made of it: if the new version would get too few of them for its alarms to tell
   * anything, that is a finding at synth.
   *
   * @default - not known, so nothing is found
   */
  readonly callsPerHour?: number;

  /**
   * What the alarms on the new version watch for.
   *
   * @default - one error or one throttled call within a minute is too many
   */
  readonly watch?: VersionAlarmOptions;

  /**
   * Make alarms on the new version.
   *
   * @default true
   */
  readonly versionAlarms?: boolean;

  /**
   * Topic that hears when an alarm on the new version turns red: what the version does, that CodeDeploy goes back, and where to read on. `alarms` tell
   * whom they tell already.
   *
   * Where this app makes the topic, its policy lets the alarms of the account publish; the policy of an imported one has to do so already, and so has
   * the policy of the KMS key of a topic that has one.
   *
   * @default - the alarms stop the shift, and tell nobody
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Further alarms that stop the shift and bring the old version back. With the alarms on the new version, at most 10.
   * In the account and Region of the function.
   *
   * CodeDeploy refuses to deploy while one of them is red: see `ignoreAlarms`.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Deploy although alarms are red, and do not look at them at all. For the deployment of a fix, not for good.
   *
   * The alarms on the new version never stand in the way of a fix, since every version has its own.
   *
   * @default false
   */
  readonly ignoreAlarms?: boolean;

  /**
   * Checks that have to pass before any traffic moves. To look at the new version itself, name it:
   * `Check.lambda(handler.currentVersion)`, or a function of yours that calls it.
   *
   * @default - none
   */
  readonly before?: Check[];

  /**
   * Checks that have to pass after all traffic has moved. If one does not, the old version comes back.
   *
   * @default - none
   */
  readonly after?: Check[];
}

/** CloudFormation's own schema of AWS::Lambda::Alias gives an update this long (`handlers.update.timeoutInMinutes`). */
const ALIAS_UPDATE_MINUTES = 120;

/** The checks of a hook may name what calls the alias, which waits for its hooks. */
const PAST_THE_HOOKS =
  'in `before` and `after`, give the address of what calls the alias as a literal text, such as that of its own domain, and let a function of yours call ' +
  '`handler.currentVersion`, not the alias';

/** A hook's function runs no longer. */
const HOOK_MINUTES = 15;

/**
 * Rolls out each new version of a function step by step, and goes back to the old one when an alarm turns red, a check fails,
 * or the deployment fails or is stopped.
 *
 * Makes an alias, a CodeDeploy application and deployment group, a role that may do exactly this, and two alarms on the
 * new version (one more each with `watch.p99Duration`, and with `watch.comparedWithOld` beside `watch.errors`). `before` and `after` add a function each, which runs the checks and always
 * reports to CodeDeploy. A strategy that AWS does not predefine adds a deployment configuration.
 *
 * The alarms are made anew for every version, names included: where another stack refers to one of them, synthesis fails. Let gates there watch alarms
 * with stable names, such as one on `alias.metricErrors()`.
 * While traffic moves, the stack is busy.
 *
 * Let everything call `alias`: an address (`alias.addFunctionUrl()`), APIs (`new LambdaIntegration(rollout.alias)`, `new
 * HttpLambdaIntegration('Shop', rollout.alias)`), rules, queues. What is given the function instead is a finding at synth.
 */
export class LambdaRollout extends Construct {
  /** What callers have to call. */
  public readonly alias: lambda.Alias;

  /** CodeDeploy's deployment group. */
  public readonly deploymentGroup: codedeploy.LambdaDeploymentGroup;

  /** The alarms on the new version, then those that were given. What is added to the deployment group later stands there alone. */
  public readonly alarms: cloudwatch.IAlarm[];

  private readonly watched: WatchedVersion;

  constructor(scope: Construct, id: string, props: LambdaRolloutProps) {
    super(scope, id);
    const { handler } = props;
    const aliasName = props.aliasName ?? 'live';
    validate(props, aliasName);
    mustBeInStackOf(this, handler);
    mustBeOnlyRollout(this, handler, {
      what: `alias '${aliasName}' of \`handler\``,
      fix: 'give one of the rollouts another `aliasName`, or remove it',
      key: aliasName,
    });
    const deploymentConfig = lambdaDeploymentConfig(this, props.strategy);

    const version = handler.currentVersion;
    this.watched = { handler, aliasName, version };
    const own = (props.versionAlarms ?? true) ? versionAlarms(this, this.watched, props.watch ?? {}) : [];
    if (props.alarmTopic !== undefined) {
      tell(props.alarmTopic, own);
    }
    this.alarms = [...own, ...(props.alarms ?? [])];
    let watching = 0;

    this.alias = new lambda.Alias(this, 'Alias', {
      aliasName,
      version,
      ...(props.provisionedConcurrency === undefined
        ? {}
        : { provisionedConcurrentExecutions: props.provisionedConcurrency }),
    });
    const application = new codedeploy.LambdaApplication(this, 'Application');
    const access = codeDeployRole(this, { handler, aliasName });
    const group = new ExactDeploymentGroup(
      this,
      'Group',
      {
        application,
        alias: this.alias,
        deploymentConfig,
        // The group would add a managed policy that allows the same on every function, alarm and bucket of the account.
        role: access.role.withoutPolicyUpdates(),
        ignoreAlarmConfiguration: props.ignoreAlarms ?? false,
        // An alarm stops a deployment where there is one.
        autoRollback: { failedDeployment: true, stoppedDeployment: true },
      },
      {
        alarm: (alarm) => {
          watching += 1;
          mustBeFew(Math.max(watching, this.alarms.length), own.length);
          if (!props.ignoreAlarms) {
            access.watch(alarm);
          }
        },
        hook: (hook) => this.alias.node.addDependency(access.invoke(hook)),
      },
    );
    this.deploymentGroup = group;
    findsItself(group.node.defaultChild);
    this.alarms.forEach((alarm) => group.addAlarm(alarm));
    if (props.before !== undefined) {
      group.addPreHook(hookFunction(this, 'Before', props.before));
    }
    if (props.after !== undefined) {
      group.addPostHook(hookFunction(this, 'After', props.after));
    }

    // The shift begins when the alias changes: by then, everything has to look at the new version.
    this.alias.node.addDependency(group, access.role, ...own);
    this.warn(props);
    findCallsPastTheAlias(this, handler);
    this.node.addValidation({
      validate: () => [
        ...circleProblems(this.alias.node.defaultChild as lambda.CfnAlias, 'LambdaRollout: `alias`', PAST_THE_HOOKS),
        ...secondAliasProblems(this.alias, handler),
        ...exportedAlarmProblems(own),
      ],
    });
  }

  /**
   * Errors of the new version, as the alias serves it.
   *
   * Sum over 1 minute.
   */
  public metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return versionMetric(this.watched, 'Errors', 'Sum', options);
  }

  /**
   * Throttled calls of the new version, as the alias serves it.
   *
   * Sum over 1 minute.
   */
  public metricThrottles(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return versionMetric(this.watched, 'Throttles', 'Sum', options);
  }

  /**
   * Calls of the new version, as the alias serves it.
   *
   * Sum over 1 minute.
   */
  public metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return versionMetric(this.watched, 'Invocations', 'Sum', options);
  }

  /**
   * Duration of the new version's calls, as the alias serves it.
   *
   * Average over 1 minute.
   */
  public metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return versionMetric(this.watched, 'Duration', 'Average', options);
  }

  private warn(props: LambdaRolloutProps): void {
    const watching = this.alarms.length > 0 && !props.ignoreAlarms;
    if (props.ignoreAlarms) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:LambdaRollout.alarmsIgnored',
        '`ignoreAlarms` is set: no alarm stops this rollout, remove it once the fix is deployed',
      );
    }
    const hooks = [props.before, props.after].filter((checks) => checks !== undefined).length;
    const longest = (knownShift(props.strategy)?.minutes ?? 0) + hooks * HOOK_MINUTES;
    if (longest > ALIAS_UPDATE_MINUTES) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:LambdaRollout.longShift',
        `this rollout takes up to ${longest} minutes${hooks > 0 ? ' with its checks' : ''}, but CloudFormation waits ${ALIAS_UPDATE_MINUTES} minutes for an ` +
          'alias and then may take the whole stack back: shorten it, and watch the new version longer in a health gate after the deployment (`bakeTime`)',
      );
    }
    if (props.strategy._shape().kind !== 'allAtOnce' && !watching && props.after === undefined) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:LambdaRollout.unwatched',
        'traffic moves step by step, but nothing looks at how the new version does in it: leave `versionAlarms` on, or give `alarms` or `after`',
      );
    }
    for (const [id, text] of [
      ...fewCalls(props.strategy, props.callsPerHour, props.watch ?? {}),
      ...tightConcurrency(props.handler, props.provisionedConcurrency),
    ]) {
      Annotations.of(this).addWarningV2(`cdk-approval-gates:LambdaRollout.${id}`, text);
    }
  }
}

function validate(props: LambdaRolloutProps, aliasName: string): void {
  mustHave('handler', props.handler, ['functionName'], 'give a function that this app makes');
  // Callers without a type checker may pass a function that another stack owns.
  if (!('currentVersion' in props.handler)) {
    throw new GateError(
      'ImportedHandler',
      '`handler` is a function that this app only refers to, so its new versions are not made here: put the rollout where the function ' +
        'is made, or use CodeDeploy there',
    );
  }
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
  if (!Token.isUnresolved(aliasName) && (!/^[a-zA-Z0-9_-]{1,128}$/.test(aliasName) || /^\d+$/.test(aliasName))) {
    throw new GateError(
      'BadAliasName',
      `\`aliasName\` is '${aliasName}', but has to be 1 to 128 letters, digits, \`-\` and \`_\`, and not digits only`,
    );
  }
  if (props.versionAlarms === false && props.watch !== undefined) {
    throw new GateError('WatchWithoutAlarms', '`watch` is given, but `versionAlarms` is false: remove one of them');
  }
  if (props.versionAlarms === false && props.alarmTopic !== undefined) {
    throw new GateError(
      'TopicWithoutAlarms',
      '`alarmTopic` is given, but `versionAlarms` is false, so it would hear nothing: remove one of them',
    );
  }
  if (props.alarmTopic !== undefined) {
    mustHave('alarmTopic', props.alarmTopic, ['topicArn'], 'give a topic, or import one by its ARN');
  }
  mustBeStrategy('strategy', props.strategy);
  mustBeWatchable(props.handler, props.alarms ?? []);
  if (props.watch?.comparedWithOld !== undefined && props.strategy._shape().kind === 'allAtOnce') {
    throw new GateError(
      'NothingToCompare',
      '`watch.comparedWithOld` is given, but with `RolloutStrategy.allAtOnce()` no old version serves beside the new one: take ' +
        '`RolloutStrategy.canary` or `linear`, or leave it out',
    );
  }
  mustFitProvisioned(props.handler, props.provisionedConcurrency);
  mustBeCalls(props.callsPerHour);
  mustNotBeEmpty('before', props.before);
  mustNotBeEmpty('after', props.after);
}

/** Each new version has a name of its own, and what one stack takes from another by name must not change. */
function mustBeInStackOf(rollout: Construct, handler: lambda.Function): void {
  const [here, there] = [Stack.of(rollout), Stack.of(handler)];
  if (here !== there) {
    throw new GateError(
      'HandlerElsewhere',
      `\`handler\` is made in stack '${there.node.path}', but the rollout in '${here.node.path}': every new version would change what the one stack exports to the other, ` +
        'which CloudFormation refuses. Make the rollout in the stack of the function',
    );
  }
}

function mustBeFew(all: number, own: number): void {
  if (all > MAX_ALARMS) {
    throw new GateError(
      'TooManyAlarms',
      `\`alarms\` has ${all - own} alarms, which makes ${all} with the ${own} on the new version, but CodeDeploy allows ` +
        `${MAX_ALARMS}: put several into one composite alarm`,
    );
  }
}
