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
  InvalidJobStateException,
  JobNotFoundException,
  type PipelineExecutionStatus,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { mockClient } from 'aws-sdk-client-mock';
import { POLICY_VERSION } from '../../../contract/policy';
import { TIMING } from '../check-timing';
import { EXECUTION } from '../samples';

process.env.AWS_REGION = 'eu-west-1';

const apigateway = mockClient(APIGatewayClient);
const cloudwatch = mockClient(CloudWatchClient);
const codepipeline = mockClient(CodePipelineClient);
let handler: typeof import('../../../lambda/stage-rollout/handler').handler;
let lines: string[];

const BEGAN = '2026-11-23T10:00:00.000Z';
const OTHER_RUN = '11111111-2222-4333-8444-555555555555';
const CHECK = {
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

/** A stage as API Gateway keeps it. */
let stage: { deploymentId: string; canarySettings?: { deploymentId?: string; percentTraffic?: number } };
let deployments: Map<string, string>;
/** When a deployment was made, where API Gateway says so. */
let madeAt: Map<string, Date>;

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/stage-rollout/handler'));
});
beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse(BEGAN), doNotFake: ['nextTick', 'setImmediate'] });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  stage = { deploymentId: 'first' };
  deployments = new Map([['first', 'The first version of this API']]);
  madeAt = new Map();
  apigateway.reset();
  apigateway.on(GetStageCommand).callsFake(() => structuredClone(stage));
  apigateway.on(GetDeploymentCommand).callsFake(({ deploymentId }) => {
    const description = deployments.get(deploymentId);
    if (description === undefined) throw new NotFoundException({ message: 'no', $metadata: {} });
    return { id: deploymentId, description, createdDate: madeAt.get(deploymentId) };
  });
  apigateway.on(CreateDeploymentCommand).callsFake(({ description }) => {
    const id = `d${deployments.size}`;
    deployments.set(id, description);
    return { id };
  });
  apigateway.on(UpdateStageCommand).callsFake(({ patchOperations }) => {
    patchOperations.forEach(patch);
    return structuredClone(stage);
  });
  cloudwatch.reset();
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });
  alarm('OK');
  codepipeline.reset();
  codepipeline.onAnyCommand().resolves({});
  executionType('STANDARD');
  process.env.GATES_REST_API = 'a1b2c3';
  process.env.GATES_API_STAGE = 'prod';
  process.env.GATES_PIPELINE = 'shop';
  process.env.GATES_SHIFT = JSON.stringify({ percent: 10, everyMinutes: 5, steps: 1 });
  process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks: [CHECK] });
  process.env.GATES_HOOK_BAKE_MINUTES = '5';
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

function patch({ op, path, value }: { op: string; path: string; value?: string }): void {
  const canary = stage.canarySettings ?? { deploymentId: stage.deploymentId, percentTraffic: 0 };
  if (op === 'remove') {
    if (stage.canarySettings === undefined) throw new Error('there is no canary');
    delete stage.canarySettings;
  } else if (op === 'copy') stage.deploymentId = canary.deploymentId!;
  else if (path === '/deploymentId') stage.deploymentId = value!;
  else if (path === '/canarySettings/deploymentId') stage.canarySettings = { ...canary, deploymentId: value };
  else stage.canarySettings = { ...canary, percentTraffic: Number(value) };
}

const alarm = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'x', StateValue: state }] });
const executionType = (type: 'STANDARD' | 'ROLLBACK') =>
  codepipeline
    .on(GetPipelineExecutionCommand)
    .resolves({ pipelineExecution: { executionType: type, status: 'InProgress' } });
const runIs = (status: PipelineExecutionStatus) =>
  codepipeline.on(GetPipelineExecutionCommand).resolves({ pipelineExecution: { executionType: 'STANDARD', status } });
const noAnswerIsTaken = (Refusal: typeof InvalidJobStateException | typeof JobNotFoundException) =>
  codepipeline.on(PutJobSuccessResultCommand).rejects(new Refusal({ message: 'no', $metadata: {} }));
/** Loses the answer of the first change of this kind, or does something in the moment before it. */
const atChange = (op: string, path: string, { before, loses }: { before?: () => void; loses?: boolean }) => {
  let isFirst = true;
  apigateway.on(UpdateStageCommand).callsFake(({ patchOperations }) => {
    const isIt = isFirst && patchOperations[0].op === op && patchOperations[0].path === path;
    isFirst &&= !isIt;
    if (isIt) before?.();
    patchOperations.forEach(patch);
    if (isIt && loses === true) throw new Error('no answer');
    return structuredClone(stage);
  });
};
const canaryOf = (run: string, percent = 10) => {
  deployments.set('theirs', `Release ${run}`);
  stage.canarySettings = { deploymentId: 'theirs', percentTraffic: percent };
};

function job(continuationToken?: string, UserParameters: unknown = EXECUTION): CodePipelineEvent {
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

async function answered(token?: string, run?: unknown): Promise<{ success?: any; failure?: any }> {
  codepipeline.resetHistory();
  await handler(job(token, run));
  return {
    success: codepipeline.commandCalls(PutJobSuccessResultCommand).at(-1)?.args[0].input,
    failure: codepipeline.commandCalls(PutJobFailureResultCommand).at(-1)?.args[0].input,
  };
}

/** The token behind the first look at a canary. */
async function looked(token?: string): Promise<string> {
  const begun = token ?? ((await answered()).success.continuationToken as string);
  return (await answered(begun)).success.continuationToken as string;
}

/** Until its end, as CodePipeline brings it: each half minute, with its token. */
async function ran(change: (minute: number) => void = () => undefined) {
  let token: string | undefined;
  const shares: (number | undefined)[] = [];
  for (let calls = 0; calls < 200; calls++) {
    const { success, failure } = await answered(token);
    shares.push(stage.canarySettings?.percentTraffic);
    if (failure !== undefined) return { failed: failure.failureDetails.message as string, shares };
    if (success.continuationToken === undefined) return { passed: success.executionDetails.summary as string, shares };
    token = success.continuationToken as string;
    jest.setSystemTime(Date.now() + 30_000);
    change((Date.now() - Date.parse(BEGAN)) / 60_000);
  }
  throw new Error('the action never ends');
}

const ended = (state: string, run: unknown = EXECUTION) => handler({ detail: { state, 'execution-id': run } });
const logged = (): string => lines.join('');
const entries = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown);

describe('a new version', () => {
  test('gets its share, is watched for the whole bake, and then gets everything', async () => {
    const { passed, shares } = (await ran()) as { passed: string; shares: number[] };

    expect(passed).toContain('All requests go to the new version');
    expect(passed).toContain('alarm x passed');
    // It moves when CodePipeline has taken that it goes on; the next job tells the end.
    expect(shares.slice(0, -2)).toEqual(Array(shares.length - 2).fill(10));
    expect(shares.length).toBeGreaterThanOrEqual(11);
    expect(stage).toEqual({ deploymentId: 'd1' });
    expect(deployments.get('d1')).toBe(`Release ${EXECUTION}`);
  });

  test('gets more and more with a linear strategy', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 25, everyMinutes: 2, steps: 3 });
    process.env.GATES_HOOK_BAKE_MINUTES = '6';
    const { shares } = await ran();

    expect([...new Set(shares)]).toEqual([25, 50, 75, undefined]);
    expect(stage).toEqual({ deploymentId: 'd1' });
  });

  test('is gone as soon as a check fails', async () => {
    const { failed } = (await ran((minute) => minute >= 2 && alarm('ALARM'))) as { failed: string };

    expect(failed).toContain('The canary was removed, all requests go to the version before');
    expect(failed).toContain('alarm x failed');
    expect(failed).not.toContain('The time of the action was up');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('is gone when nobody can tell', async () => {
    const { failed } = (await ran((minute) => minute >= 1 && alarm('INSUFFICIENT_DATA'))) as { failed: string };

    expect(failed).toContain('The canary was removed');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('says how far it is', async () => {
    const { success } = await answered();

    expect(success.executionDetails).toEqual({
      summary: '10 % of the requests go to the new version, watched for 0 of 5 minutes',
      percentComplete: 0,
    });
    const token = await looked(success.continuationToken);
    jest.setSystemTime(Date.now() + 60_000);
    const next = await answered(token);
    expect(next.success.executionDetails.summary).toContain('watched for 1 of 5 minutes');
    expect(next.success.executionDetails.percentComplete).toBe(20);
  });
});

describe('what is repeated', () => {
  test('a job that comes twice makes one canary', async () => {
    await answered();
    await answered();

    expect(apigateway.commandCalls(CreateDeploymentCommand)).toHaveLength(1);
    expect(stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });

  test('a share that is right is not set again', async () => {
    const token = (await answered()).success.continuationToken as string;
    apigateway.resetHistory();
    await answered(token);

    expect(apigateway.commandCalls(UpdateStageCommand)).toEqual([]);
  });

  test('a promotion that was not told is told', async () => {
    deployments.set('mine', `Release ${EXECUTION}`);
    stage = { deploymentId: 'mine', canarySettings: { deploymentId: 'mine', percentTraffic: 0 } };
    const { success } = await answered();

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(stage).toEqual({ deploymentId: 'mine' });
  });

  test('a job that was answered already is no error', async () => {
    codepipeline.on(PutJobSuccessResultCommand).rejects(new InvalidJobStateException({ message: 'no', $metadata: {} }));

    await expect(handler(job())).resolves.toBeUndefined();
  });
});

describe('what comes late', () => {
  const OVER = ['Cancelled', 'Stopped', 'Succeeded', 'Superseded', 'Failed'] as const;

  test.each(OVER)(
    'a first job begins nothing in a run that is %s, and leaves the canary of another one',
    async (status) => {
      runIs(status);
      canaryOf(OTHER_RUN);
      const { failure } = await answered();

      expect(failure.failureDetails.message).toBe('The run of this action is over');
      expect(stage).toEqual({ deploymentId: 'first', canarySettings: { deploymentId: 'theirs', percentTraffic: 10 } });
      expect(entries()).toContainEqual({
        level: 'WARN',
        message: 'a job came after the end of its run',
        executionId: EXECUTION,
      });
    },
  );

  test('nothing is promoted in a run that was stopped', async () => {
    const { failed } = (await ran((minute) => minute === 5 && runIs('Stopped'))) as { failed: string };

    expect(failed).toBe('The run of this action is over');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('a canary goes whose action ended before it began', async () => {
    // It is stopped between the answer and the share.
    atChange('replace', '/canarySettings/deploymentId', { before: () => runIs('Stopped') });
    await handler(job());

    expect(stage).toEqual({ deploymentId: 'first' });
    expect(entries()).toContainEqual({
      level: 'WARN',
      message: 'the action had ended before its canary began: it was removed',
      executionId: EXECUTION,
    });
  });

  test.each([InvalidJobStateException, JobNotFoundException])(
    'a canary goes that its function could not remove before it died: %p',
    async (Refusal) => {
      const token = (await answered()).success.continuationToken as string;
      runIs('Stopped');
      noAnswerIsTaken(Refusal);
      await handler(job(token));

      expect(stage).toEqual({ deploymentId: 'first' });
    },
  );

  test('a later job leaves the canary to whoever has answered it', async () => {
    const token = (await answered()).success.continuationToken as string;
    noAnswerIsTaken(InvalidJobStateException);
    await handler(job(token));

    expect(stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });

  test('a first job takes no share back', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 25, everyMinutes: 1, steps: 2 });
    const token = await looked();
    jest.setSystemTime(Date.now() + 60_000);
    await answered(token);
    const { success } = await answered();

    expect(stage.canarySettings?.percentTraffic).toBe(50);
    expect(success.executionDetails.summary).toContain('50 % of the requests');
  });

  test('a job of a run that has everything leaves the canary of the next one', async () => {
    deployments.set('mine', `Release ${EXECUTION}`);
    canaryOf(OTHER_RUN);
    stage.deploymentId = 'mine';
    const { success } = await answered();

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });

  test('where the run cannot be read, the canary of another one may be in use', async () => {
    codepipeline.on(GetPipelineExecutionCommand).rejects(new Error('no'));
    canaryOf(OTHER_RUN);
    const { failure } = await answered();

    expect(failure.failureDetails.message).toContain('The rollout could not go on');
    expect(stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });
});

describe('the bake', () => {
  test('begins with the first look at a canary that has its share', async () => {
    const token = (await answered()).success.continuationToken as string;
    jest.setSystemTime(Date.now() + 90_000);
    const first = await answered(token);
    jest.setSystemTime(Date.now() + 60_000);
    const second = await answered(first.success.continuationToken);

    expect(first.success.executionDetails.summary).toContain('watched for 0 of 5 minutes');
    expect(second.success.executionDetails.summary).toContain('watched for 1 of 5 minutes');
  });

  test('begins anew where the action is tried again and finds its canary', async () => {
    await answered();
    madeAt.set('d1', new Date(BEGAN));
    jest.setSystemTime(Date.now() + 2 * 60_000);

    expect((await answered()).success.executionDetails.summary).toContain('watched for 0 of 5 minutes');
  });

  test('has its whole time after the first look, however long that took', async () => {
    const token = (await answered()).success.continuationToken as string;
    madeAt.set('d1', new Date(BEGAN));
    jest.setSystemTime(Date.now() + 4 * 60_000);
    let next = (await answered(token)).success;
    for (let minute = 1; minute < 5; minute++) {
      jest.setSystemTime(Date.now() + 60_000);
      next = (await answered(next.continuationToken)).success;
      expect(next.executionDetails.summary).toContain(`watched for ${minute} of 5 minutes`);
    }
    jest.setSystemTime(Date.now() + 60_000);
    next = (await answered(next.continuationToken)).success;

    expect(next.executionDetails.summary).toContain('The checks have passed: all requests go to the new version');
    expect(stage).toEqual({ deploymentId: 'd1' });
  });

  test('counts what was seen between the share and the first look', async () => {
    const token = (await answered()).success.continuationToken as string;
    madeAt.set('d1', new Date(BEGAN));
    cloudwatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [{ AlarmName: 'x', StateValue: 'OK', StateTransitionedTimestamp: new Date(Date.now() + 20_000) }],
    });
    const red = { oldState: { stateValue: 'OK' }, newState: { stateValue: 'ALARM' } };
    const Timestamp = new Date(Date.now() + 10_000);
    cloudwatch
      .on(DescribeAlarmHistoryCommand)
      .resolves({ AlarmHistoryItems: [{ Timestamp, HistoryData: JSON.stringify(red) }] });
    jest.setSystemTime(Date.now() + 60_000);
    const { failure } = await answered(token);

    expect(failure.failureDetails.message).toContain('alarm x failed');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('begins anew with a canary that was made anew', async () => {
    const token = await looked();
    jest.setSystemTime(Date.now() + 4 * 60_000);
    deployments.set('anew', `Release ${EXECUTION}`);
    madeAt.set('anew', new Date());
    stage.canarySettings = { deploymentId: 'anew', percentTraffic: 10 };
    jest.setSystemTime(Date.now() + 60_000);

    expect((await answered(token)).success.executionDetails.summary).toContain('watched for 0 of 5 minutes');
  });

  test('is not moved by a clock of API Gateway that goes ahead', async () => {
    const token = await looked();
    madeAt.set('d1', new Date(Date.now() + 3_600_000));
    jest.setSystemTime(Date.now() + 60_000);

    expect((await answered(token)).success.executionDetails.summary).toContain('watched for 1 of 5 minutes');
  });
});

describe('what was done and not told', () => {
  test('a promotion whose answer is lost has succeeded', async () => {
    atChange('copy', '/deploymentId', { loses: true });
    const { passed } = (await ran()) as { passed: string };

    expect(passed).toContain('All requests go to the new version');
    expect(stage).toEqual({ deploymentId: 'd1' });
  });

  test('a canary that fails has succeeded where another invocation has promoted it', async () => {
    let token = (await answered()).success.continuationToken as string;
    for (let minute = 1; minute < 5; minute++) {
      jest.setSystemTime(Date.now() + 60_000);
      token = (await answered(token)).success.continuationToken as string;
    }
    alarm('ALARM');
    jest.setSystemTime(Date.now() + 60_000);
    cloudwatch.on(DescribeAlarmsCommand).callsFake(() => {
      stage.deploymentId = 'd1';
      return { MetricAlarms: [{ AlarmName: 'x', StateValue: 'ALARM' }] };
    });
    const { success } = await answered(token);

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(stage).toEqual({ deploymentId: 'd1' });
  });
});

describe('what somebody else did to the stage', () => {
  test('a canary that was removed in the moment before its next share leaves none', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 25, everyMinutes: 1, steps: 2 });
    const token = await looked();
    atChange('replace', '/canarySettings/percentTraffic', { before: () => delete stage.canarySettings });
    jest.setSystemTime(Date.now() + 60_000);
    const { success } = await answered(token);
    const { failure } = await answered(success.continuationToken);

    expect(failure.failureDetails.message).toContain('The canary is gone');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('all requests are given back that went to a canary which nobody has watched', async () => {
    deployments.set('somebodys', 'a canary of somebody');
    atChange('copy', '/deploymentId', {
      before: () => (stage.canarySettings = { deploymentId: 'somebodys', percentTraffic: 5 }),
    });
    const { failed } = (await ran()) as { failed: string };

    expect(failed).toContain('Somebody gave the stage another canary');
    expect(logged()).toContain('the rollout could not go on');
    expect(stage.deploymentId).toBe('first');
    expect(stage.canarySettings?.deploymentId).toBe('somebodys');
  });

  test('a canary that another run left is removed, and the new version begins', async () => {
    canaryOf(OTHER_RUN, 90);
    await answered();

    expect(stage.canarySettings).toEqual({ deploymentId: 'd2', percentTraffic: 10 });
  });

  test('a canary of somebody is left alone', async () => {
    stage.canarySettings = { deploymentId: 'first', percentTraffic: 5 };
    const { failure } = await answered();

    expect(failure.failureDetails.message).toContain('a canary that no rollout made');
    expect(entries()).toContainEqual({
      level: 'ERROR',
      message: 'the stage is not as this rollout has left it',
      executionId: EXECUTION,
      reason: failure.failureDetails.message,
    });
    expect(stage.canarySettings).toEqual({ deploymentId: 'first', percentTraffic: 5 });
    expect(apigateway.commandCalls(UpdateStageCommand)).toEqual([]);
  });

  test('a version that a person promotes has succeeded, and nothing is said of its checks', async () => {
    const token = await looked();
    stage = { deploymentId: 'd1' };
    const { success } = await answered(token);

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(success.continuationToken).toBeUndefined();
  });

  test('a canary that was removed is not made again', async () => {
    const { failed } = (await ran((minute) => minute === 1 && delete stage.canarySettings)) as { failed: string };

    expect(failed).toContain('The canary is gone');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('a deployment that was deleted is none of a rollout', async () => {
    stage.deploymentId = 'deleted';
    const { success } = await answered();

    expect(success.continuationToken).toEqual(expect.any(String));
  });

  test('a stage that changes in between is not promoted', async () => {
    let token = (await answered()).success.continuationToken as string;
    apigateway.on(UpdateStageCommand).callsFake(({ patchOperations }) => {
      // Another canary takes the place of this one just before it is copied.
      if (patchOperations[0].op === 'copy') stage.canarySettings = { deploymentId: 'first', percentTraffic: 10 };
      patchOperations.forEach(patch);
      return structuredClone(stage);
    });
    let failure: any;
    for (let calls = 0; calls < 30 && failure === undefined; calls++) {
      jest.setSystemTime(Date.now() + 30_000);
      const answer = await answered(token);
      ({ failure } = answer);
      token = answer.success?.continuationToken;
    }

    expect(failure.failureDetails.message).toContain('Somebody gave the stage another canary');
    expect(stage.deploymentId).toBe('first');
  });
});

describe('a rollback', () => {
  test('gives everything to the version before at once', async () => {
    executionType('ROLLBACK');
    canaryOf(OTHER_RUN);
    const { success } = await answered();

    expect(success.executionDetails.summary).toBe('A rollback: all requests go to the version before, at once');
    expect(stage).toEqual({ deploymentId: 'd2' });
    expect(codepipeline.commandCalls(GetPipelineExecutionCommand)[0]!.args[0].input).toEqual({
      pipelineName: 'shop',
      pipelineExecutionId: EXECUTION,
    });
  });

  test('that cannot be told from another run is said', async () => {
    codepipeline.on(GetPipelineExecutionCommand).rejects(Object.assign(new Error('no'), { name: 'Denied' }));
    await expect(answered()).rejects.toThrow('Lambda brings the job again');

    expect(entries()[0]).toEqual({
      level: 'WARN',
      message: 'the run cannot be read: whether it is a rollback, and goes on',
      executionId: EXECUTION,
      error: 'Denied',
    });
  });

  test('goes the careful way where the run cannot be read', async () => {
    codepipeline.on(GetPipelineExecutionCommand).rejects(new Error('no'));
    await expect(answered()).rejects.toThrow();

    expect(stage).toEqual({ deploymentId: 'first', canarySettings: { deploymentId: 'd1', percentTraffic: 10 } });
  });

  test('has succeeded when the next job finds it there', async () => {
    executionType('ROLLBACK');
    expect((await ran()).passed).toBe('A rollback: all requests went to the version before, at once');
    expect(stage).toEqual({ deploymentId: 'd1' });
  });

  test('is tried once more where it is not there, and then fails', async () => {
    executionType('ROLLBACK');
    apigateway
      .on(UpdateStageCommand)
      .rejectsOnce(new Error('no'))
      .callsFake(({ patchOperations }) => {
        patchOperations.forEach(patch);
        return structuredClone(stage);
      });
    expect((await ran()).passed).toContain('A rollback');

    stage = { deploymentId: 'first' };
    apigateway.on(UpdateStageCommand).rejects(new Error('no'));
    expect((await ran()).failed).toContain('The requests could not be moved back');
    expect(stage).toEqual({ deploymentId: 'first' });
  });
});

describe('when it cannot go on', () => {
  test.each<[string, (token: string) => string]>([
    ['its checks cannot be read', (token) => ((process.env.GATES_HOOK_CHECKS = '{'), token)],
    ['its shift cannot be read', (token) => ((process.env.GATES_SHIFT = '[]'), token)],
    ['its bake time cannot be read', (token) => ((process.env.GATES_HOOK_BAKE_MINUTES = 'x'), token)],
    ['its token cannot be read', () => 'forged'],
  ])('because %s, the canary goes and the action fails', async (_why, spoil) => {
    const token = (await answered()).success.continuationToken as string;
    const { failure } = await answered(spoil(token));

    expect(failure.failureDetails.message).toMatch(/^The rollout could not go on.*The canary was removed$/);
    expect(entries()).toContainEqual({
      level: 'ERROR',
      message: 'the rollout could not go on',
      executionId: EXECUTION,
      error: 'Error',
    });
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('because the canary cannot be given its share, the action fails and nothing of it serves', async () => {
    apigateway.on(UpdateStageCommand).rejects(new Error('no'));
    const { failed } = (await ran()) as { failed: string };

    expect(failed).toContain('The canary is gone');
    expect(entries()).toContainEqual({
      level: 'ERROR',
      message: 'the rollout could not go on',
      executionId: EXECUTION,
      error: 'Error',
    });
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('and cannot even remove the canary, the job stays open, so that it is brought again', async () => {
    const token = (await answered()).success.continuationToken as string;
    alarm('ALARM');
    apigateway.on(UpdateStageCommand).rejects(new Error('no'));

    await expect(answered(token)).rejects.toThrow();
    expect(codepipeline.commandCalls(PutJobFailureResultCommand)).toEqual([]);
  });

  test.each([undefined, '', 'a b', 7])('an action with parameters %j is none of its own', async (parameters) => {
    const { failure } = await answered(undefined, parameters ?? null);

    expect(failure.failureDetails.message).toContain('not made by StageRollout');
    expect(entries()).toContainEqual({ level: 'ERROR', message: 'an action that nobody understands' });
    expect(apigateway.calls()).toEqual([]);
  });

  test('for a day, it ends by itself', async () => {
    process.env.GATES_HOOK_BAKE_MINUTES = '1500';
    const token = await looked();
    jest.setSystemTime(Date.now() + 23.5 * 3_600_000);
    const { failure } = await answered(token);

    expect(failure.failureDetails.message).toContain('The canary was removed');
    expect(failure.failureDetails.message).toContain('The time of the action was up');
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('because it knows too much for a token, the canary goes', async () => {
    const checks = Array.from({ length: 60 }, (_, n) => ({
      ...CHECK,
      id: `alarm-${createHash('sha256').update(`${n}`).digest('hex').slice(0, 34)}`,
    }));
    process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks });
    const token = (await answered()).success.continuationToken as string;
    const { failure } = await answered(token);

    expect(failure.failureDetails.message).toContain('The canary was removed');
    expect(stage).toEqual({ deploymentId: 'first' });
  });
});

describe('an action that ended without it', () => {
  test.each(['FAILED', 'ABANDONED', 'CANCELED'])('leaves no canary: %s', async (state) => {
    canaryOf(EXECUTION);
    await ended(state);

    expect(stage).toEqual({ deploymentId: 'first' });
    expect(entries()).toEqual([
      {
        level: 'WARN',
        message: 'the action ended and its canary was left: it was removed',
        executionId: EXECUTION,
      },
    ]);
  });

  test('and whose canary somebody removes in the same moment', async () => {
    canaryOf(EXECUTION);
    atChange('remove', '/canarySettings', { before: () => delete stage.canarySettings });

    await expect(ended('FAILED')).resolves.toBeUndefined();
    expect(stage).toEqual({ deploymentId: 'first' });
  });

  test('does not touch the canary of another run', async () => {
    canaryOf(OTHER_RUN);
    await ended('FAILED');

    expect(stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });

  test('does not take back what was promoted', async () => {
    deployments.set('mine', `Release ${EXECUTION}`);
    stage = { deploymentId: 'mine' };
    await ended('FAILED');

    expect(stage).toEqual({ deploymentId: 'mine' });
  });

  test.each([
    ['is later than the canary', '2026-11-23T10:00:01Z', undefined],
    ['is of the same second', '2026-11-23T10:00:00Z', undefined],
    ['is of an attempt before', '2026-11-23T09:59:59Z', { deploymentId: 'theirs', percentTraffic: 10 }],
  ])('and whose event %s', async (_what, time, left) => {
    canaryOf(EXECUTION);
    madeAt.set('theirs', new Date(BEGAN));
    await handler({ time, detail: { state: 'FAILED', 'execution-id': EXECUTION } });

    expect(stage.canarySettings).toEqual(left);
  });

  test('is told again when the canary could not be removed', async () => {
    canaryOf(EXECUTION);
    apigateway.on(UpdateStageCommand).rejects(new Error('no'));

    await expect(ended('FAILED')).rejects.toThrow();
  });

  test.each([
    ['SUCCEEDED', EXECUTION],
    ['STARTED', EXECUTION],
    ['FAILED', 7],
    ['FAILED', 'a b'],
  ])('%s of %j does nothing', async (state, run) => {
    canaryOf(EXECUTION);
    await ended(state, run);

    expect(entries()).toEqual([{ level: 'ERROR', message: 'an event that nobody understands' }]);
    expect(stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });
});

describe('a job that CodePipeline does not know', () => {
  test('gives no request to a new version', async () => {
    noAnswerIsTaken(JobNotFoundException);
    await handler(job());

    expect(stage).toEqual({ deploymentId: 'first' });
    expect(apigateway.commandCalls(CreateDeploymentCommand)).toEqual([]);
  });

  test('moves nothing back, in a rollback', async () => {
    executionType('ROLLBACK');
    noAnswerIsTaken(JobNotFoundException);
    await handler(job());

    expect(stage).toEqual({ deploymentId: 'first' });
  });

  /** The token of somebody who saw, or forged, that the canary is healthy. */
  async function healthySoFar(minutes: number): Promise<string> {
    let token = await looked();
    for (let minute = 0; minute < minutes; minute++) {
      jest.setSystemTime(Date.now() + 60_000);
      token = (await answered(token)).success.continuationToken as string;
    }
    noAnswerIsTaken(JobNotFoundException);
    jest.setSystemTime(Date.now() + 60_000);
    return token;
  }

  test('promotes nothing, whatever its token claims', async () => {
    const token = await healthySoFar(4);
    apigateway.resetHistory();
    await handler(job(token));

    expect(stage).toEqual({ deploymentId: 'first', canarySettings: { deploymentId: 'd1', percentTraffic: 10 } });
    expect(apigateway.commandCalls(UpdateStageCommand)).toEqual([]);
  });

  test('makes no share larger', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 10, everyMinutes: 2, steps: 9 });
    process.env.GATES_HOOK_BAKE_MINUTES = '20';
    await handler(job(await healthySoFar(1)));

    expect(stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });
});

test('logs neither credentials nor the id of the job', async () => {
  await ran((minute) => minute >= 2 && alarm('ALARM'));

  expect(logged()).not.toMatch(/s3cret|t0ken|AKIA|job-1/);
});
