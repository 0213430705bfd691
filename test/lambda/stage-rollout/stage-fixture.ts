/** A stage of a REST API, the jobs of its rollout, and what the function does to it. */
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetStageCommand,
  NotFoundException,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidJobStateException,
  JobNotFoundException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { POLICY_VERSION } from '../../../contract/policy';
import { handler } from '../../../lambda/stage-rollout/handler';
import { TIMING } from '../check-timing';
import { EXECUTION } from '../samples';

export const apigateway = mockClient(APIGatewayClient);
export const cloudwatch = mockClient(CloudWatchClient);
export const codepipeline = mockClient(CodePipelineClient);
const lines: string[] = [];
export const BEGAN = '2026-11-23T10:00:00.000Z';
export const OTHER_RUN = '11111111-2222-4333-8444-555555555555';

export const CHECK = {
  kind: 'alarm',
  id: 'alarm-x',
  title: 'alarm x',
  alarmName: 'x',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
  interval: 60,
  consecutiveErrorLimit: 0,
};

/** A stage and its deployments, as API Gateway keeps them. */
export const api = {
  stage: { deploymentId: '' } as {
    deploymentId: string;
    canarySettings?: { deploymentId?: string; percentTraffic?: number };
  },
  deployments: new Map<string, string>(),
  /** When a deployment was made, where API Gateway says so. */
  madeAt: new Map<string, Date>(),
};

/** Opens a stage before each test, with an action in progress. What the function logs is not printed. */
export function eachTestHasAStage(): void {
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse(BEGAN), doNotFake: ['nextTick', 'setImmediate'] });
    lines.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    api.stage = { deploymentId: 'first' };
    api.deployments = new Map([['first', 'The first version of this API']]);
    api.madeAt = new Map();
    apigateway.reset();
    apigateway.on(GetStageCommand).callsFake(() => structuredClone(api.stage));
    apigateway.on(GetDeploymentCommand).callsFake(({ deploymentId }) => {
      const description = api.deployments.get(deploymentId);
      if (description === undefined) throw new NotFoundException({ message: 'no', $metadata: {} });
      return { id: deploymentId, description, createdDate: api.madeAt.get(deploymentId) };
    });
    apigateway.on(CreateDeploymentCommand).callsFake(({ description }) => {
      const id = `d${api.deployments.size}`;
      api.deployments.set(id, description);
      return { id };
    });
    apigateway.on(UpdateStageCommand).callsFake(({ patchOperations }) => {
      patchOperations.forEach(patch);
      return structuredClone(api.stage);
    });
    cloudwatch.reset();
    cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });
    alarm('OK');
    codepipeline.reset();
    codepipeline.onAnyCommand().resolves({});
    executionType('STANDARD');
    actionIs('InProgress');
    process.env.AWS_REGION = 'eu-west-1';
    process.env.GATES_REST_API = 'a1b2c3';
    process.env.GATES_API_STAGE = 'prod';
    process.env.GATES_PIPELINE = 'shop';
    process.env.GATES_PIPELINE_STAGE = 'Prod';
    process.env.GATES_PIPELINE_ACTION = 'Release';
    process.env.GATES_SHIFT = JSON.stringify({ percent: 10, everyMinutes: 5, steps: 1 });
    process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks: [CHECK] });
    process.env.GATES_HOOK_BAKE_MINUTES = '5';
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
}

export function patch({ op, path, value }: { op: string; path: string; value?: string }): void {
  const canary = api.stage.canarySettings ?? { deploymentId: api.stage.deploymentId, percentTraffic: 0 };
  if (op === 'remove') {
    if (api.stage.canarySettings === undefined) throw new Error('there is no canary');
    delete api.stage.canarySettings;
  } else if (op === 'copy') api.stage.deploymentId = canary.deploymentId!;
  else if (path === '/deploymentId') api.stage.deploymentId = value!;
  else if (path === '/canarySettings/deploymentId') api.stage.canarySettings = { ...canary, deploymentId: value };
  else api.stage.canarySettings = { ...canary, percentTraffic: Number(value) };
}

export const alarm = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'x', StateValue: state }] });

export const executionType = (type: 'STANDARD' | 'ROLLBACK') =>
  codepipeline
    .on(GetPipelineExecutionCommand)
    .resolves({ pipelineExecution: { executionType: type, status: 'InProgress' } });

/** What CodePipeline says of its stages: an action of the same name is in progress in another one all the time. */
export const actionIs = (status: 'InProgress' | 'Succeeded' | 'Abandoned' | undefined, run = EXECUTION) => {
  const of = (state: typeof status) => ({ actionName: 'Release', latestExecution: state && { status: state } });
  const stageOf = (stageName: string, id: string, actionStates: ReturnType<typeof of>[]) => ({
    stageName,
    latestExecution: { pipelineExecutionId: id, status: 'InProgress' as const },
    actionStates,
  });
  const approval = { actionName: 'Approve', latestExecution: { status: 'InProgress' as const } };
  codepipeline.on(GetPipelineStateCommand).resolves({
    stageStates: [stageOf('Test', EXECUTION, [of('InProgress')]), stageOf('Prod', run, [approval, of(status)])],
  });
};

export const noAnswerIsTaken = (Refusal: typeof InvalidJobStateException | typeof JobNotFoundException) =>
  codepipeline.on(PutJobSuccessResultCommand).rejects(new Refusal({ message: 'no', $metadata: {} }));

/** Loses the answer of the first change of this kind, or does something in the moment before it. */
export const atChange = (op: string, path: string, { before, loses }: { before?: () => void; loses?: boolean }) => {
  let isFirst = true;
  apigateway.on(UpdateStageCommand).callsFake(({ patchOperations }) => {
    const isIt = isFirst && patchOperations[0].op === op && patchOperations[0].path === path;
    isFirst &&= !isIt;
    if (isIt) before?.();
    patchOperations.forEach(patch);
    if (isIt && loses === true) throw new Error('no answer');
    return structuredClone(api.stage);
  });
};

export const canaryOf = (run: string, percent = 10) => {
  api.deployments.set('theirs', `Release ${run}`);
  api.stage.canarySettings = { deploymentId: 'theirs', percentTraffic: percent };
};

export function job(continuationToken?: string, UserParameters: unknown = EXECUTION): CodePipelineEvent {
  const artifactCredentials = { accessKeyId: 'AKIA', secretAccessKey: 's3cret', sessionToken: 't0ken' };
  const data = {
    actionConfiguration: { configuration: { FunctionName: 'stage', UserParameters: UserParameters as string } },
    inputArtifacts: [],
    outputArtifacts: [],
    artifactCredentials,
    ...(continuationToken === undefined ? {} : { continuationToken }),
  };
  return { 'CodePipeline.job': { id: 'job-1', accountId: '111111111111', data } };
}

export async function answered(token?: string, run?: unknown): Promise<{ success?: any; failure?: any }> {
  codepipeline.resetHistory();
  await handler(job(token, run));
  return {
    success: codepipeline.commandCalls(PutJobSuccessResultCommand).at(-1)?.args[0].input,
    failure: codepipeline.commandCalls(PutJobFailureResultCommand).at(-1)?.args[0].input,
  };
}

/** The token behind the first look at a canary. */
export async function looked(token?: string): Promise<string> {
  const begun = token ?? ((await answered()).success.continuationToken as string);
  return (await answered(begun)).success.continuationToken as string;
}

/** Until its end, as CodePipeline brings it: each half minute, with its token. */
export async function ran(change: (minute: number) => void = () => undefined) {
  let token: string | undefined;
  const shares: (number | undefined)[] = [];
  for (let calls = 0; calls < 200; calls++) {
    const { success, failure } = await answered(token);
    shares.push(api.stage.canarySettings?.percentTraffic);
    if (failure !== undefined) return { failed: failure.failureDetails.message as string, shares };
    if (success.continuationToken === undefined) return { passed: success.executionDetails.summary as string, shares };
    token = success.continuationToken as string;
    jest.setSystemTime(Date.now() + 30_000);
    change((Date.now() - Date.parse(BEGAN)) / 60_000);
  }
  throw new Error('the action never ends');
}

export const logged = (): string => lines.join('');
export const entries = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown);
