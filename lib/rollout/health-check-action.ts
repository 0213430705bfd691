import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { mustBeRunOrder } from '../private/run-order';
import { rollBackOnFailure } from '../private/stage-rollback';
import type { Check } from '../check';
import { GateError } from '../errors';
import { LAMBDA_ACTION, letInvoke } from '../private/lambda-action';
import { mustBeWithin } from '../private/minutes';
import { mustBePipelineName } from '../private/text';
import { actionFunction, LONGEST_OF_ACTION } from './hook-function';

/** Construction properties of `HealthCheckAction`. */
export interface HealthCheckActionProps extends codepipeline.CommonAwsActionProps {
  /** What is watched. One failed check fails the action. */
  readonly checks: Check[];

  /**
   * How long the checks have to stay healthy. Zero = healthy at that moment.
   *
   * Whole minutes, up to 22 hours: an action of Lambda may go on for 24
   * (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html), and a check may need up to an hour more until it can tell.
   *
   * @default Duration.minutes(0)
   */
  readonly bakeTime?: Duration;

  /**
   * Roll the stage back when the action fails, by `OnFailure` of the stage. Needs a pipeline of type V2 that is not in mode PARALLEL,
   * a stage without an `onFailure` of its own, and something to roll back that runs before the action in the same stage.
   *
   * The rollback runs the stage again, with this action and its checks. Where they are still red then, as an alarm is that needs minutes
   * to turn green, the rollback fails as well, after it has deployed the version before.
   *
   * @default false
   */
  readonly rollbackOnFailure?: boolean;
}

/**
 * Checks as an action of category Invoke: it succeeds when they stayed healthy for the whole bake time, and fails when one fails or cannot
 * tell. For pipelines without an `ApprovalWorkflow`, or that may have no approval actions.
 *
 * A gate (`ApprovalGateAction` with `checks`) does more: people can answer in its place, are asked when nobody can tell, and get a record of
 * why; and its waiting costs nothing, while V2 pipelines charge $0.002 for each minute of this action: $0.12 for an hour, $2.64 for 22
 * (https://aws.amazon.com/codepipeline/pricing/). Take the action for checks of minutes, and a gate for long bakes.
 *
 * In the stack of the pipeline appear a Lambda function, its log group, and its role, which reads what the checks declare and answers jobs
 * of CodePipeline (`codepipeline:PutJobSuccessResult` and `PutJobFailureResult` on `*`, since jobs are no resources). The role of the action
 * may invoke the function, and list functions (`lambda:ListFunctions` on `*`, as CodePipeline asks for).
 *
 * CodePipeline invokes the function again and again, at intervals that AWS does not document; what the checks know so far travels in the
 * continuation token. A check with an `interval` that CodePipeline does not keep leaves a hole in what was watched, which is no healthy time:
 * keep the default of a minute, or longer.
 *
 * The action fails at once when its checks cannot be run. Where the function cannot answer at all, since it crashes, is throttled or may not
 * answer jobs, CodePipeline waits until 20 minutes have passed without an answer, and fails the action then ($0.04;
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). Until then nothing is rolled back.
 *
 * Everything that is measured is in the account of the pipeline. Checks on what a run has built (`Check.testReport`, `Check.imageScan`) need
 * a gate, since a job does not say to which pipeline it belongs.
 */
export class HealthCheckAction extends codepipeline.Action {
  /** What CodePipeline is told of the action. */
  protected readonly providedActionProperties: codepipeline.ActionProperties;
  private readonly props: HealthCheckActionProps;
  private ownHandler?: lambda.IFunction;

  constructor(props: HealthCheckActionProps) {
    super();
    mustBePipelineName('actionName', props.actionName);
    mustBeRunOrder(props.runOrder);
    const { checks: _checks, bakeTime = Duration.minutes(0), rollbackOnFailure: _rollbackOnFailure, ...common } = props;
    mustBeWithin(bakeTime, {
      prop: 'HealthCheckAction bakeTime',
      min: Duration.minutes(0),
      max: LONGEST_OF_ACTION,
    });
    if (bakeTime.isUnresolved()) {
      throw new GateError(
        'TokenDuration',
        '`HealthCheckAction bakeTime` is known only at deployment, but synth has to see that it is whole minutes, up to 22 hours: ' +
          'give it as a number, such as `Duration.minutes(10)`',
      );
    }
    this.props = props;
    this.providedActionProperties = { ...common, ...LAMBDA_ACTION };
  }

  /** The function that measures. Throws until the action is added to a stage. */
  public get handler(): lambda.IFunction {
    if (this.ownHandler === undefined) {
      throw new GateError(
        'NotBound',
        `\`handler\` of action '${this.props.actionName}' is made with its pipeline: add the action to a stage first`,
      );
    }
    return this.ownHandler;
  }

  /** Called when the action is added to a stage. */
  protected bound(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    const { checks, bakeTime = Duration.minutes(0), rollbackOnFailure = false } = this.props;
    mustBeInAccountOf(scope, this.props);
    this.ownHandler = actionFunction(scope, 'Checks', checks, bakeTime);
    letInvoke(options.role, this.ownHandler);
    if (rollbackOnFailure) {
      rollBackOnFailure(stage, this.actionProperties, {
        prop: 'rollbackOnFailure',
        what: `action '${this.props.actionName}'`,
      });
    }
    return {
      configuration: {
        FunctionName: this.ownHandler.functionName,
        UserParameters: '#{codepipeline.PipelineExecutionId}',
      },
    };
  }
}

/** CodePipeline looks for the function in the account of the action's role. */
function mustBeInAccountOf(scope: Construct, { role, actionName }: HealthCheckActionProps): void {
  const [there, here] = [role?.env.account, Stack.of(scope).account];
  if (there !== undefined && !Token.isUnresolved(there) && !Token.isUnresolved(here) && there !== here) {
    throw new GateError(
      'RoleElsewhere',
      `\`role\` of action '${actionName}' is in account ${there}, but the function that a \`HealthCheckAction\` invokes is made beside its pipeline, in ${here}, and ` +
        `CodePipeline would look for it in ${there}: give a role of ${here}, or none. What is watched in another account is read by a gate with a \`CheckReader\``,
    );
  }
}
