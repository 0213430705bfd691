import { Stack, Stage, Token } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Env } from '../../contract/names';
import type { Check } from '../check';
import { GateError } from '../errors';
import { acknowledgeWildcard } from '../private/acknowledge';
import { LAMBDA_ACTION, letInvoke } from '../private/lambda-action';
import { cfnPipelineOf } from '../private/pipeline-stages';
import { mustBeRunOrder } from '../private/run-order';
import { mustBePipelineName } from '../private/text';
import { stageRolloutFunction } from './hook-function';
import { mustFollowDeployment } from './release-place';
import { deploymentsArn, stageArn } from './stage-arns';
import type { StageShift } from './stage-shift';

export interface StageRolloutActionProps extends StageShift {
  readonly actionName: string;
  readonly runOrder: number;
  readonly api: apigateway.RestApiBase;
  readonly stageName: string;
  readonly checks: readonly Check[];
  /** Hears that a pipeline has it. */
  readonly placed: () => void;
}

/** How an action ends that did not succeed. */
const ENDS = ['FAILED', 'ABANDONED', 'CANCELED'];

/** The action of a `StageRollout`: its function moves the requests, watches, and promotes or drops. */
export class StageRolloutAction extends codepipeline.Action {
  protected readonly providedActionProperties: codepipeline.ActionProperties;

  constructor(private readonly props: StageRolloutActionProps) {
    super();
    const { actionName, runOrder } = props;
    mustBePipelineName('actionName', actionName);
    mustBeRunOrder(runOrder);
    this.providedActionProperties = { actionName, runOrder, ...LAMBDA_ACTION };
  }

  protected bound(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    const { api, stageName, shift, bakeTime, checks, actionName, placed } = this.props;
    placed();
    mustBeBeside(scope, api);
    mustFollowDeployment({ stage, actionName, api });
    const { restApiId } = api;
    const deployments = deploymentsArn(scope, restApiId, '/*');
    const pipelineName = literalName(stage, actionName);
    const { handler, role } = stageRolloutFunction(scope, 'Release', checks, {
      bakeTime,
      environment: {
        [Env.REST_API]: restApiId,
        [Env.API_STAGE]: stageName,
        [Env.SHIFT]: JSON.stringify(shift),
        [Env.PIPELINE]: pipelineName,
        [Env.PIPELINE_STAGE]: stage.stageName,
        [Env.PIPELINE_ACTION]: actionName,
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'MoveRequests',
          actions: ['apigateway:GET', 'apigateway:PATCH'],
          resources: [stageArn(scope, restApiId, stageName)],
        }),
        new iam.PolicyStatement({
          sid: 'MakeDeployments',
          actions: ['apigateway:POST'],
          resources: [deploymentsArn(scope, restApiId)],
        }),
        new iam.PolicyStatement({ sid: 'ReadDeployments', actions: ['apigateway:GET'], resources: [deployments] }),
        readsRuns(scope, pipelineName),
      ],
    });
    acknowledgeWildcard(role, deployments, 'deployments of this API, which come and go, read only');
    letInvoke(options.role, handler);
    // Nobody may be left to remove the canary: the action was abandoned, or its function never answered.
    new events.Rule(scope, 'Ended', {
      description: `Removes the canary of ${actionName} when its action has ended without it`,
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: {
          pipeline: [stage.pipeline.pipelineName],
          stage: [stage.stageName],
          action: [actionName],
          state: ENDS,
        },
      },
      targets: [new targets.LambdaFunction(handler)],
    });
    return {
      configuration: { FunctionName: handler.functionName, UserParameters: '#{codepipeline.PipelineExecutionId}' },
    };
  }
}

/** Whether a run is a rollback, and whether it is this action of it that is in progress. */
function readsRuns(scope: Construct, pipelineName: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ReadRuns',
    actions: ['codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
    resources: [Stack.of(scope).formatArn({ service: 'codepipeline', resource: pipelineName })],
  });
}

/** A reference to the pipeline would go round in a circle: its action names the function. */
function literalName({ pipeline, stageName }: codepipeline.IStage, actionName: string): string {
  const name = cfnPipelineOf(pipeline)?.name;
  if (name === undefined || Token.isUnresolved(name)) {
    throw new GateError(
      'PipelineNameNeeded',
      `action '${actionName}' of stage '${stageName}' releases an API, and asks CodePipeline whether its run goes on, but the name of pipeline ` +
        `'${pipeline.node.path}' is known only at deployment: give the pipeline a \`pipelineName\` as a literal`,
    );
  }
  return name;
}

function mustBeBeside(scope: Construct, api: apigateway.RestApiBase): void {
  if (Stage.of(scope) !== Stage.of(api)) {
    throw new GateError(
      'RolloutOutOfReach',
      `\`release\` is put into a pipeline, but the API of the rollout, '${api.node.path}', is in another \`Stage\` of the CDK, to which the stack of the pipeline cannot ` +
        'refer: make both outside of such stages, and deploy the stack of the API by a CloudFormation action',
    );
  }
  const [here, there] = [Stack.of(scope), Stack.of(api)];
  const differs = (one: string, other: string): boolean =>
    !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
  if (differs(here.account, there.account) || differs(here.region, there.region)) {
    throw new GateError(
      'StageElsewhere',
      `the pipeline is in ${here.account}, ${here.region}, and the API of the rollout in ${there.account}, ${there.region}: an action of Lambda changes what is beside ` +
        'it, so give the API a pipeline in its own account and Region',
    );
  }
}
