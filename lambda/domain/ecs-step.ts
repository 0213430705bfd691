/** What a hook of ECS is asked about, as the event of its invocation says. */

/** What ECS sends, as far as it matters (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html). */
export interface EcsHookEvent {
  readonly lifecycleStage?: unknown;
  readonly hookDetails?: unknown;
  readonly executionDetails?: ExecutionDetails;
}

type Weights = Readonly<Record<string, unknown>>;

interface ExecutionDetails {
  readonly targetServiceRevisionArn?: unknown;
  readonly testTrafficWeights?: Weights;
  readonly productionTrafficWeights?: Weights;
}

export interface EcsStep {
  /** Id of the service revision that is deployed. */
  readonly revision: string;
  /** The steps of a canary or linear deployment have one stage in common, and differ in the share of the traffic. */
  readonly name: string;
  /** The revision loses all of its traffic: the deployment is rolled back, and the hook must not hold that up. */
  readonly isWayBack: boolean;
}

export function ecsStepOf({ lifecycleStage, executionDetails }: EcsHookEvent): EcsStep {
  const arn = executionDetails?.targetServiceRevisionArn;
  const revision = idOf(arn);
  const stage = typeof lifecycleStage === 'string' && /^[A-Z_]{1,40}$/.test(lifecycleStage) ? lifecycleStage : '';
  const share = weightsIn(stage, executionDetails)?.[String(arn)];
  const known = typeof share === 'number' ? [share] : [];
  return { revision, name: [revision, stage, ...known].join(' ').trim(), isWayBack: share === 0 };
}

/** ECS invokes hooks of these two stages more than once in a deployment: at every step, and on the way back. */
function weightsIn(stage: string, details: ExecutionDetails | undefined): Weights | undefined {
  switch (stage) {
    case 'TEST_TRAFFIC_SHIFT':
      return details?.testTrafficWeights;
    case 'PRODUCTION_TRAFFIC_SHIFT':
      return details?.productionTrafficWeights;
    default:
      return undefined;
  }
}

/** For the log, and for the functions of checks. */
function idOf(arn: unknown): string {
  const [id] = typeof arn === 'string' ? arn.split('/').slice(-1) : [];
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : 'ecs-deployment';
}
