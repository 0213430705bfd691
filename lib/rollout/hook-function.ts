import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Env } from '../../contract/names';
import type { CheckPlan } from '../../contract/checks';
import { POLICY_VERSION } from '../../contract/policy';
import type { ChecksDocument } from '../../contract/policy';
import { BundledFunction } from '../private/bundled-function';
import { longestUnresolved } from '../private/longest';
import type { Check } from '../check';
import { acknowledgeReads } from '../check/acknowledge-reads';
import { bindChecks, type BoundChecks } from '../check/bind-checks';
import { GateError } from '../errors';

/** Longest time that the checks of a hook may need by their own settings; the function has five minutes more. */
const LONGEST = Duration.minutes(10);

/** ECS waits 24 hours for a hook (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html). */
export const LONGEST_OF_ECS = Duration.hours(23);

/**
 * An action of Lambda goes on for 24 hours (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html), and checks are waited for
 * up to an hour after their bake.
 */
export const LONGEST_OF_ACTION = Duration.hours(22);

const A_HOOK = 'a hook of a deployment';

/** A new version often has no data for its first minutes, and a hook cannot wait long: so many measurements in a row may tell nothing. */
const INCONCLUSIVE_LIMIT = 4;

/**
 * A function's environment holds 4 KB in all (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Lambda measures it as
 * JSON, as its error shows: with the names, and a backslash for each quote in a value.
 */
const MAX_ENVIRONMENT = 4096;

/** Longest ARN or name that a token may stand for. */
const TOKEN_LENGTH = 170;

/**
 * The function that runs checks for a CodeDeploy hook and reports. It reads with a role of its own: the deployment is in the
 * same account, so there is no other role to assume. Where a service of ECS is `deployed`, no check may wait for its deployment.
 */
export function hookFunction(
  scope: Construct,
  id: string,
  checks: readonly Check[],
  deployed?: ecs.IBaseService,
): lambda.Function {
  const prop = id.toLowerCase();
  const hook = { prop, what: A_HOOK, longest: LONGEST };
  const { plans, statements } = bindChecks(scope, checks, { inconclusiveLimit: INCONCLUSIVE_LIMIT, hook });
  if (deployed !== undefined) {
    const resolved = (arn: string) => JSON.stringify(Stack.of(scope).resolve(arn));
    const itself = resolved(deployed.serviceArn);
    mustNotWaitForItself(
      prop,
      plans.filter((plan) => plan.kind === 'ecsService' && resolved(plan.serviceArn) === itself),
    );
  }
  return functionOf(scope, id, prop, {
    asset: 'hook',
    description: `Runs the checks ${prop} a rollout and reports to CodeDeploy`,
    plans,
    statements,
  }).handler;
}

/** The function that ECS invokes again and again while its checks watch a deployment. It reads with a role of its own. */
export function ecsHookFunction(
  scope: Construct,
  id: string,
  checks: readonly Check[],
  bakeTime: Duration,
): lambda.Function {
  const hook = { prop: 'checks', what: A_HOOK, longest: LONGEST_OF_ECS };
  const { plans, statements } = bindChecks(scope, checks, { bakeTime, hook });
  mustNotWaitForItself('checks', plans);
  return functionOf(scope, id, 'checks', {
    asset: 'ecs-hook',
    description: 'Runs checks during a deployment and answers ECS',
    plans,
    statements,
    environment: { [Env.HOOK_BAKE_MINUTES]: String(bakeTime.toMinutes()) },
  }).handler;
}

/** The function of an action, which CodePipeline invokes again and again until it says how the action ends. It reads with a role of its own. */
export function actionFunction(
  scope: Construct,
  id: string,
  checks: readonly Check[],
  bakeTime: Duration,
): lambda.Function {
  const hook = { prop: 'checks', what: 'a `HealthCheckAction`', longest: LONGEST_OF_ACTION, waitsForData: true };
  const { plans, statements } = bindChecks(scope, checks, { bakeTime, hook });
  return functionOf(scope, id, 'checks', {
    asset: 'health-action',
    description: 'Runs checks as an action of a pipeline and answers CodePipeline',
    plans,
    statements: [...statements, answersJobs()],
    environment: { [Env.HOOK_BAKE_MINUTES]: String(bakeTime.toMinutes()) },
  }).handler;
}

/** What the function of a stage's rollout needs beside its checks. */
export interface StageRolloutParts {
  readonly bakeTime: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly iam.PolicyStatement[];
}

/** The function of an action that moves the requests of a stage while its checks watch. */
export function stageRolloutFunction(
  scope: Construct,
  id: string,
  checks: readonly Check[],
  { bakeTime, environment, statements: own }: StageRolloutParts,
): BundledFunction {
  const hook = { prop: 'checks', what: 'a `StageRollout`', longest: LONGEST_OF_ACTION, waitsForData: true };
  const { plans, statements } = bindChecks(scope, checks, { bakeTime, hook });
  return functionOf(scope, id, 'checks', {
    asset: 'stage-rollout',
    description: 'Moves requests to the canary of a stage, watches it, and promotes it or drops it',
    plans,
    statements: [...statements, answersJobs()],
    own,
    environment: { ...environment, [Env.HOOK_BAKE_MINUTES]: String(bakeTime.toMinutes()) },
  });
}

/** Jobs are no resources. */
function answersJobs(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Jobs',
    actions: ['codepipeline:PutJobFailureResult', 'codepipeline:PutJobSuccessResult'],
    resources: ['*'],
  });
}

/** While a hook is waited for, the deployment is in progress: a check that waits for its end would never pass. */
function mustNotWaitForItself(prop: string, plans: readonly CheckPlan[]): void {
  const waiting = plans.find(({ kind }) => kind === 'ecsService');
  if (waiting !== undefined) {
    throw new GateError(
      'HookWaitsForItself',
      `\`${prop}\` has check '${waiting.title}', which waits until the deployment is over, but it ends only after this hook: ` +
        'put the check into a gate after the deployment, and watch alarms, metrics or the target group here',
    );
  }
}

interface HookParts extends Omit<BoundChecks, 'readers'> {
  readonly asset: string;
  readonly description: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What the function does beside measuring. */
  readonly own?: readonly iam.PolicyStatement[];
}

function functionOf(
  scope: Construct,
  id: string,
  prop: string,
  { asset, description, plans, statements, own = [], environment = {} }: HookParts,
): BundledFunction {
  const document: ChecksDocument = { v: POLICY_VERSION, checks: plans };
  mustFit(prop, { [Env.HOOK_CHECKS]: JSON.stringify(document), ...environment });
  const hook = new BundledFunction(scope, id, {
    asset,
    description,
    timeout: Duration.minutes(15),
    memorySize: 256,
    environment: { [Env.HOOK_CHECKS]: Stack.of(scope).toJsonString(document), ...environment },
    statements: [...statements, ...own],
    logRetention: logs.RetentionDays.ONE_MONTH,
  });
  acknowledgeReads(hook.role, statements);
  return hook;
}

function mustFit(prop: string, variables: Readonly<Record<string, string>>): void {
  const length = longestUnresolved(variables, TOKEN_LENGTH);
  if (length > MAX_ENVIRONMENT) {
    throw new GateError(
      'TooManyHookChecks',
      `\`${prop}\` makes up to ${length} bytes of environment for the function that measures, but it holds ${MAX_ENVIRONMENT}: give fewer checks, or ` +
        'shorter `details`, addresses and texts',
    );
  }
}
