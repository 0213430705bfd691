import { Aspects, Duration, Names, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeList, mustHave } from '../private/types';
import { canaryErrors, mustBeCanaryLimits } from './canary-errors';
import { liveDeployment } from './live-deployment';
import { findNotReleased } from './not-released';
import { mustBeOnlyRollout } from './one-rollout';
import type { RolloutStrategy } from './rollout-strategy';
import { StageRolloutAction } from './stage-rollout-action';
import { stageShift } from './stage-shift';

/** Properties of `StageRollout`. */
export interface StageRolloutProps {
  /** The REST API, made with `deploy: false`: its stage and its deployments belong to the rollout. */
  readonly api: apigateway.RestApiBase;

  /**
   * How requests move to a new version of the API: `RolloutStrategy.canary` or `linear`.
   *
   * Percentages from 0.01 to 99.99 with at most two decimals; whole minutes, at most 22 hours from the first step to the last.
   */
  readonly strategy: RolloutStrategy;

  /**
   * Name of the stage. It is part of the API's address.
   *
   * @default 'prod'
   */
  readonly stageName?: string;

  /**
   * The highest share of the canary's requests that may be answered by a server error (5xx), in percent: from 0 to less than 100.
   *
   * @default 1
   */
  readonly maxErrorPercent?: number;

  /**
   * The highest share of the canary's requests that may be answered by a client error (4xx), in percent: from 0 to less than 100.
   *
   * Give it for changes that may turn good requests away: a route that is gone shows only by 403 or 404, an authorizer that refuses everybody by 401
   * or 403, a validator by 400, a usage plan by 429. Callers make such errors themselves, too: take it well above their usual share, which
   * `accessLog` has.
   *
   * A further metric filter on the canary's access log counts them, as a metric at $0.30 a month while it is counted. Of 413, and of 429 when there are
   * very many, API Gateway may write no log (https://repost.aws/knowledge-center/api-gateway-missing-cloudwatch-logs).
   *
   * @default - they are not counted: a canary that answers every request by a client error is promoted
   */
  readonly maxClientErrorPercent?: number;

  /**
   * With fewer requests to the canary nobody can tell: it is not promoted.
   *
   * @default - 300 / maxErrorPercent, and for client errors 300 / maxClientErrorPercent: see `Check.errorRatio`
   */
  readonly minRequests?: number;

  /**
   * Further checks that have to stay healthy while the canary has its share.
   *
   * @default - the errors of the canary alone
   */
  readonly checks?: Check[];

  /**
   * Settings of the stage, such as throttling, tracing or variables. Its name and its access log belong to the rollout.
   *
   * @default - those of API Gateway
   */
  readonly stageOptions?: apigateway.StageOptions;
}

/** How the action that rolls out stands in its stage. */
export interface StageReleaseOptions {
  /**
   * Name of the action.
   *
   * @default 'Release'
   */
  readonly actionName?: string;

  /**
   * When the action runs in its stage: after the deployment of the API's stack.
   *
   * @default 2
   */
  readonly runOrder?: number;
}

/** Namespace of what is counted from access logs. */
const NAMESPACE = 'ApprovalGates/StageRollout';

/**
 * Rolls out a REST API of API Gateway by the canary of its stage, for changes of the API itself: its methods, mappings, authorizers. For new
 * code of a function, take `LambdaRollout`.
 *
 * The stack of the API deploys a new definition, which nobody serves yet. Then the action of `release()` makes a deployment of it, gives that a
 * share of the requests, and watches the server errors of exactly these, with `maxClientErrorPercent` the client errors, too. When they stayed few for the whole bake, all requests go to the new
 * deployment. When they did not, when nobody can tell, when anything goes wrong, or when the action is abandoned, the canary is removed at once.
 * A rollback of CodePipeline gives all requests to the version before at once, if its pipeline has a name.
 *
 * Makes a stage, an access log for it and one for its canary, two or three metric filters on that, a first deployment, and a custom resource with a
 * function, which may read the stages of this API. API Gateway writes logs only where the account has a role for it, by `cloudWatchRole: true`
 * of an API in the account. The metrics cost $0.30 a month each, while they are counted.
 *
 * Which deployment serves is not CloudFormation's: drift detection shows it, and updates of the stage keep it.
 */
export class StageRollout extends Construct {
  /** The stage. */
  public readonly stage: apigateway.Stage;

  /** The access log of production requests, one line of JSON for each. */
  public readonly accessLog: logs.ILogGroup;

  /** The access log of the canary's requests. */
  public readonly canaryAccessLog: logs.ILogGroup;

  private readonly props: StageRolloutProps;
  private readonly metricName: string;
  private isReleased = false;

  constructor(scope: Construct, id: string, props: StageRolloutProps) {
    super(scope, id);
    const { api, stageName = 'prod', stageOptions = {} } = props;
    this.props = props;
    stageShift(props.strategy);
    mustBeCanaryLimits(props);
    mustBeRestApi(api);
    mustBeOurs(api, stageOptions);
    mustBeList('checks', props.checks ?? [], "[Check.http('https://…')]");
    mustBeStageName(stageName);
    mustBeOnlyRollout(this, api, {
      what: `stage '${stageName}' of \`api\``,
      fix: 'give one of the rollouts another `stageName`, or remove it',
      key: stageName,
    });

    this.metricName = Names.uniqueResourceName(this, { maxLength: 200, separator: '-' });
    const logGroupName = `/approval-gates/stage-rollout/${this.metricName}`;
    this.accessLog = this.logGroup('AccessLog', logGroupName);
    // API Gateway logs a canary's requests into a group of this name.
    this.canaryAccessLog = this.logGroup('CanaryAccessLog', `${logGroupName}/Canary`);
    this.count('Requests', logs.FilterPattern.allEvents());
    this.count('ServerErrors', logs.FilterPattern.stringValue('$.status', '=', '5*'));
    if (props.maxClientErrorPercent !== undefined) {
      this.count('ClientErrors', logs.FilterPattern.stringValue('$.status', '=', '4*'));
    }

    const first = new apigateway.Deployment(this, 'First', { api, description: 'The first version of this API' });
    const resource = first.node.defaultChild as apigateway.CfnDeployment;
    // The CDK would make another one of each new definition.
    resource.overrideLogicalId(Names.uniqueResourceName(first, { maxLength: 200 }));
    Aspects.of(api).add({
      visit: (node) => node instanceof apigateway.CfnMethod && resource.node.addDependency(node),
    });
    this.stage = new apigateway.Stage(this, 'Stage', {
      ...stageOptions,
      deployment: first,
      stageName,
      accessLogDestination: new apigateway.LogGroupLogDestination(this.accessLog),
      accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(LOGGED)),
    });
    this.stage.node.addDependency(this.canaryAccessLog);
    const stage = this.stage.node.defaultChild as apigateway.CfnStage;
    stage.deploymentId = liveDeployment(this, {
      restApiId: api.restApiId,
      stageName,
      firstDeploymentId: first.deploymentId,
      stage,
    });
    api.deploymentStage = this.stage;
    findNotReleased(this, () => this.isReleased);
  }

  /**
   * The action that rolls out what the stack of the API has just deployed. Put it into the same stage of the pipeline, after that: where nothing runs
   * before it, where the stack of the API is deployed later or at the same run order, in execution mode PARALLEL, and where the pipeline has no `pipelineName`
   * of its own, synthesis fails. A rollout that no pipeline releases is the finding `cdk-approval-gates:StageRollout.notReleased`.
   *
   * In the stack of the pipeline appear a function, its log group and role, and a rule that hears of the action's end. The role may read and
   * change this stage, make and read deployments of this API, answer jobs of CodePipeline, and read what the checks declare. Account,
   * Region and CDK `Stage` have to be those of the API: CDK Pipelines cannot release it.
   *
   * V2 pipelines charge $0.002 for each minute of the action: $0.03 for a bake of 15 minutes (https://aws.amazon.com/codepipeline/pricing/).
   */
  public release(options: StageReleaseOptions = {}): codepipeline.IAction {
    const { api, strategy, checks = [], maxClientErrorPercent, stageName = 'prod' } = this.props;
    const errors = canaryErrors(
      {
        requests: this.metricCanaryRequests(),
        serverErrors: this.metricCanaryServerErrors(),
        ...(maxClientErrorPercent === undefined ? {} : { clientErrors: this.metricCanaryClientErrors() }),
      },
      this.props,
    );
    return new StageRolloutAction({
      actionName: options.actionName ?? 'Release',
      runOrder: options.runOrder ?? 2,
      api,
      stageName,
      ...stageShift(strategy),
      checks: [...errors, ...checks],
      placed: () => (this.isReleased = true),
    });
  }

  /**
   * Requests that the canary has answered.
   *
   * Sum over 1 minute.
   */
  public metricCanaryRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Requests', options);
  }

  /**
   * Requests that the canary has answered by a server error (5xx).
   *
   * Sum over 1 minute.
   */
  public metricCanaryServerErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ServerErrors', options);
  }

  /**
   * Requests that the canary has answered by a client error (4xx), with `maxClientErrorPercent`; without it, they are not counted, and this is an error.
   *
   * Sum over 1 minute.
   */
  public metricCanaryClientErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (this.props.maxClientErrorPercent === undefined) {
      throw new GateError(
        'ClientErrorsNotCounted',
        `'${this.node.path}' counts no client errors of its canary: give it \`maxClientErrorPercent\``,
      );
    }
    return this.metric('ClientErrors', options);
  }

  private metric(what: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(1),
      ...options,
      namespace: NAMESPACE,
      metricName: `${this.metricName}-${what}`,
    });
  }

  private count(what: string, filterPattern: logs.IFilterPattern): void {
    new logs.MetricFilter(this, what, {
      logGroup: this.canaryAccessLog,
      filterPattern,
      metricNamespace: NAMESPACE,
      metricName: `${this.metricName}-${what}`,
      metricValue: '1',
      defaultValue: 0,
    });
  }

  private logGroup(id: string, logGroupName: string): logs.LogGroup {
    return new logs.LogGroup(this, id, {
      logGroupName,
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/** What is written down of a request: nothing of whoever made it. */
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.error.responseType',
};

/** Also what callers without a type checker may give. */
function mustBeRestApi(api: unknown): void {
  const isHttpApi = typeof api === 'object' && api !== null && 'httpApiId' in api;
  mustHave(
    'api',
    api,
    ['restApiId'],
    isHttpApi
      ? 'an HTTP API has no canary, so give a `RestApi` or a `SpecRestApi` of aws-apigateway'
      : 'give a `RestApi` or a `SpecRestApi` of aws-apigateway',
  );
}

function mustBeOurs(api: apigateway.RestApiBase, stageOptions: apigateway.StageOptions): void {
  if ((api as { readonly latestDeployment?: unknown }).latestDeployment !== undefined) {
    throw new GateError(
      'ApiDeploysItself',
      '`api` deploys each new definition to a stage of its own, at once: make it with `deploy: false`, so that the rollout may do it',
    );
  }
  for (const prop of ['stageName', 'accessLogDestination', 'accessLogFormat'] as const) {
    if (stageOptions[prop] !== undefined) {
      throw new GateError(
        'StageOptionOfRollout',
        `\`stageOptions.${prop}\` is given, but belongs to the rollout, which counts the canary's errors in its access log: ` +
          (prop === 'stageName'
            ? 'give `stageName` of the rollout'
            : 'leave it out, and read `accessLog` and `canaryAccessLog` of the rollout'),
      );
    }
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
function mustBeStageName(stageName: string): void {
  if (Token.isUnresolved(stageName) || !/^[a-zA-Z0-9_-]{1,128}$/.test(stageName)) {
    throw new GateError(
      'BadStageName',
      `\`stageName\` is '${Token.isUnresolved(stageName) ? 'a token' : stageName}', but has to be 1 to 128 letters, digits, \`-\` and \`_\`, known at synth`,
    );
  }
}
