import { CreateDeploymentCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetPipelineExecutionCommand,
  JobNotFoundException,
  PutJobFailureResultCommand,
} from '@aws-sdk/client-codepipeline';
import { createHash } from 'node:crypto';
import { POLICY_VERSION } from '../../../contract/policy';
import { handler } from '../../../lambda/stage-rollout/handler';
import { EXECUTION } from '../samples';
import {
  alarm,
  answered,
  api,
  apigateway,
  BEGAN,
  canaryOf,
  CHECK,
  cloudwatch,
  codepipeline,
  eachTestHasAStage,
  entries,
  executionType,
  job,
  logged,
  looked,
  noAnswerIsTaken,
  OTHER_RUN,
  patch,
  ran,
} from './stage-fixture';

eachTestHasAStage();

describe('a new version', () => {
  test('gets its share, is watched for the whole bake, and then gets everything', async () => {
    const { passed, shares } = (await ran()) as { passed: string; shares: number[] };

    expect(passed).toContain('All requests go to the new version');
    expect(passed).toContain('alarm x passed');
    // It moves when CodePipeline has taken that it goes on; the next job tells the end.
    expect(shares.slice(0, -2)).toEqual(Array(shares.length - 2).fill(10));
    expect(shares.length).toBeGreaterThanOrEqual(11);
    expect(api.stage).toEqual({ deploymentId: 'd1' });
    expect(api.deployments.get('d1')).toBe(`Release ${EXECUTION}`);
  });

  test('gets more and more with a linear strategy', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 25, everyMinutes: 2, steps: 3 });
    process.env.GATES_HOOK_BAKE_MINUTES = '6';
    const { shares } = await ran();

    expect([...new Set(shares)]).toEqual([25, 50, 75, undefined]);
    expect(api.stage).toEqual({ deploymentId: 'd1' });
  });

  test('is gone as soon as a check fails', async () => {
    const { failed } = (await ran((minute) => minute >= 2 && alarm('ALARM'))) as { failed: string };

    expect(failed).toContain('The canary was removed, all requests go to the version before');
    expect(failed).toContain('alarm x failed');
    expect(failed).not.toContain('The time of the action was up');
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('is gone when nobody can tell', async () => {
    const { failed } = (await ran((minute) => minute >= 1 && alarm('INSUFFICIENT_DATA'))) as { failed: string };

    expect(failed).toContain('The canary was removed');
    expect(api.stage).toEqual({ deploymentId: 'first' });
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
    api.madeAt.set('d1', new Date(BEGAN));
    jest.setSystemTime(Date.now() + 2 * 60_000);

    expect((await answered()).success.executionDetails.summary).toContain('watched for 0 of 5 minutes');
  });

  test('has its whole time after the first look, however long that took', async () => {
    const token = (await answered()).success.continuationToken as string;
    api.madeAt.set('d1', new Date(BEGAN));
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
    expect(api.stage).toEqual({ deploymentId: 'd1' });
  });

  test('counts what was seen between the share and the first look', async () => {
    const token = (await answered()).success.continuationToken as string;
    api.madeAt.set('d1', new Date(BEGAN));
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
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('begins anew with a canary that was made anew', async () => {
    const token = await looked();
    jest.setSystemTime(Date.now() + 4 * 60_000);
    api.deployments.set('anew', `Release ${EXECUTION}`);
    api.madeAt.set('anew', new Date());
    api.stage.canarySettings = { deploymentId: 'anew', percentTraffic: 10 };
    jest.setSystemTime(Date.now() + 60_000);

    expect((await answered(token)).success.executionDetails.summary).toContain('watched for 0 of 5 minutes');
  });

  test('is not moved by a clock of API Gateway that goes ahead', async () => {
    const token = await looked();
    api.madeAt.set('d1', new Date(Date.now() + 3_600_000));
    jest.setSystemTime(Date.now() + 60_000);

    expect((await answered(token)).success.executionDetails.summary).toContain('watched for 1 of 5 minutes');
  });
});

describe('a rollback', () => {
  test('gives everything to the version before at once', async () => {
    executionType('ROLLBACK');
    canaryOf(OTHER_RUN);
    const { success } = await answered();

    expect(success.executionDetails.summary).toBe('A rollback: all requests go to the version before, at once');
    expect(api.stage).toEqual({ deploymentId: 'd2' });
    expect(codepipeline.commandCalls(GetPipelineExecutionCommand)[0]!.args[0].input).toEqual({
      pipelineName: 'shop',
      pipelineExecutionId: EXECUTION,
    });
  });

  test('that cannot be told from another run is said', async () => {
    codepipeline.on(GetPipelineExecutionCommand).rejects(Object.assign(new Error('no'), { name: 'Denied' }));
    await answered();

    expect(entries()[0]).toEqual({
      level: 'WARN',
      message: 'the run cannot be read: whether it is a rollback, and goes on',
      executionId: EXECUTION,
      error: 'Denied',
    });
  });

  test('goes the careful way where the run cannot be read', async () => {
    codepipeline.on(GetPipelineExecutionCommand).rejects(new Error('no'));
    await answered();

    expect(api.stage).toEqual({ deploymentId: 'first', canarySettings: { deploymentId: 'd1', percentTraffic: 10 } });
  });

  test('has succeeded when the next job finds it there', async () => {
    executionType('ROLLBACK');
    expect((await ran()).passed).toBe('A rollback: all requests went to the version before, at once');
    expect(api.stage).toEqual({ deploymentId: 'd1' });
  });

  test('is tried once more where it is not there, and then fails', async () => {
    executionType('ROLLBACK');
    apigateway
      .on(UpdateStageCommand)
      .rejectsOnce(new Error('no'))
      .callsFake(({ patchOperations }) => {
        patchOperations.forEach(patch);
        return structuredClone(api.stage);
      });
    expect((await ran()).passed).toContain('A rollback');

    api.stage = { deploymentId: 'first' };
    apigateway.on(UpdateStageCommand).rejects(new Error('no'));
    expect((await ran()).failed).toContain('The requests could not be moved back');
    expect(api.stage).toEqual({ deploymentId: 'first' });
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
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('because the canary cannot be given its share, the action fails and nothing of it serves', async () => {
    apigateway.on(UpdateStageCommand).rejects(new Error('no'));
    const { failed } = (await ran()) as { failed: string };

    expect(failed).toContain('The canary could not begin: API Gateway did not take it');
    expect(entries()).toContainEqual({
      level: 'ERROR',
      message: 'the rollout could not go on',
      executionId: EXECUTION,
      error: 'Error',
    });
    expect(api.stage).toEqual({ deploymentId: 'first' });
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
    expect(api.stage).toEqual({ deploymentId: 'first' });
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
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });
});

describe('a job that CodePipeline does not know', () => {
  test('gives no request to a new version', async () => {
    noAnswerIsTaken(JobNotFoundException);
    await handler(job());

    expect(api.stage).toEqual({ deploymentId: 'first' });
    expect(apigateway.commandCalls(CreateDeploymentCommand)).toEqual([]);
  });

  test('moves nothing back, in a rollback', async () => {
    executionType('ROLLBACK');
    noAnswerIsTaken(JobNotFoundException);
    await handler(job());

    expect(api.stage).toEqual({ deploymentId: 'first' });
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

    expect(api.stage).toEqual({ deploymentId: 'first', canarySettings: { deploymentId: 'd1', percentTraffic: 10 } });
    expect(apigateway.commandCalls(UpdateStageCommand)).toEqual([]);
  });

  test('makes no share larger', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 10, everyMinutes: 2, steps: 9 });
    process.env.GATES_HOOK_BAKE_MINUTES = '20';
    await handler(job(await healthySoFar(1)));

    expect(api.stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });
});

test('logs neither credentials nor the id of the job', async () => {
  await ran((minute) => minute >= 2 && alarm('ALARM'));

  expect(logged()).not.toMatch(/s3cret|t0ken|AKIA|job-1/);
});
