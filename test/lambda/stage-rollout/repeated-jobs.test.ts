/** Jobs that come twice or late, and answers that get lost. */
import { CreateDeploymentCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidJobStateException,
  JobNotFoundException,
  type PipelineExecutionStatus,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { handler } from '../../../lambda/stage-rollout/handler';
import { EXECUTION } from '../samples';
import {
  actionIs,
  alarm,
  answered,
  api,
  apigateway,
  atChange,
  canaryOf,
  cloudwatch,
  codepipeline,
  eachTestHasAStage,
  entries,
  job,
  looked,
  noAnswerIsTaken,
  OTHER_RUN,
  ran,
} from './stage-fixture';

eachTestHasAStage();

const runIs = (status: PipelineExecutionStatus) =>
  codepipeline.on(GetPipelineExecutionCommand).resolves({ pipelineExecution: { executionType: 'STANDARD', status } });

describe('what is repeated', () => {
  test('a job that comes twice makes one canary', async () => {
    await answered();
    await answered();

    expect(apigateway.commandCalls(CreateDeploymentCommand)).toHaveLength(1);
    expect(api.stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });

  test('a share that is right is not set again', async () => {
    const token = (await answered()).success.continuationToken as string;
    apigateway.resetHistory();
    await answered(token);

    expect(apigateway.commandCalls(UpdateStageCommand)).toEqual([]);
  });

  test('a promotion that was not told is told', async () => {
    api.deployments.set('mine', `Release ${EXECUTION}`);
    api.stage = { deploymentId: 'mine', canarySettings: { deploymentId: 'mine', percentTraffic: 0 } };
    const { success } = await answered();

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(api.stage).toEqual({ deploymentId: 'mine' });
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
      expect(api.stage).toEqual({
        deploymentId: 'first',
        canarySettings: { deploymentId: 'theirs', percentTraffic: 10 },
      });
      expect(entries()).toContainEqual({
        level: 'WARN',
        message: 'a job came after the end of its run',
        executionId: EXECUTION,
      });
    },
  );

  test('nothing is promoted in a run that was stopped', async () => {
    const stop = () => {
      runIs('Stopped');
      actionIs('Abandoned');
    };
    const { failed } = (await ran((minute) => minute === 5 && stop())) as { failed: string };

    expect(failed).toBe('The run of this action is over');
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('a canary goes whose action ended before it began, though its run goes on with others beside it', async () => {
    // It ends between the answer and the share.
    atChange('replace', '/canarySettings/deploymentId', { before: () => actionIs('Abandoned') });
    await handler(job());

    expect(api.stage).toEqual({ deploymentId: 'first' });
    expect(entries()).toContainEqual({
      level: 'WARN',
      message: 'the action had ended before its canary began: it was removed',
      executionId: EXECUTION,
    });
  });

  test('where nobody can tell whether the action goes on, Lambda brings the job again', async () => {
    const cannotBeRead = () => codepipeline.on(GetPipelineStateCommand).rejects(new Error('no'));
    atChange('replace', '/canarySettings/deploymentId', { before: cannotBeRead });

    await expect(handler(job())).rejects.toThrow('whether the action goes on cannot be read');
    expect(api.stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });

  test.each([InvalidJobStateException, JobNotFoundException])(
    'a canary goes that its function could not remove before it died: %p',
    async (Refusal) => {
      const token = (await answered()).success.continuationToken as string;
      actionIs('Abandoned');
      noAnswerIsTaken(Refusal);
      await handler(job(token));

      expect(api.stage).toEqual({ deploymentId: 'first' });
    },
  );

  test('a later job leaves the canary to whoever has answered it', async () => {
    const token = (await answered()).success.continuationToken as string;
    noAnswerIsTaken(InvalidJobStateException);
    await handler(job(token));

    expect(api.stage.canarySettings).toEqual({ deploymentId: 'd1', percentTraffic: 10 });
  });

  test('a first job takes no share back', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 25, everyMinutes: 1, steps: 2 });
    const token = await looked();
    jest.setSystemTime(Date.now() + 60_000);
    await answered(token);
    const { success } = await answered();

    expect(api.stage.canarySettings?.percentTraffic).toBe(50);
    expect(success.executionDetails.summary).toContain('50 % of the requests');
  });

  test('a job of a run that has everything leaves the canary of the next one', async () => {
    api.deployments.set('mine', `Release ${EXECUTION}`);
    canaryOf(OTHER_RUN);
    api.stage.deploymentId = 'mine';
    const { success } = await answered();

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(api.stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });

  test('where the run cannot be read, the canary of another one may be in use', async () => {
    codepipeline.on(GetPipelineExecutionCommand).rejects(new Error('no'));
    canaryOf(OTHER_RUN);
    const { failure } = await answered();

    expect(failure.failureDetails.message).toContain('The rollout could not go on');
    expect(api.stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });
});

describe('what was done and not told', () => {
  test('a promotion whose answer is lost has succeeded', async () => {
    atChange('copy', '/deploymentId', { loses: true });
    const { passed } = (await ran()) as { passed: string };

    expect(passed).toContain('All requests go to the new version');
    expect(api.stage).toEqual({ deploymentId: 'd1' });
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
      api.stage.deploymentId = 'd1';
      return { MetricAlarms: [{ AlarmName: 'x', StateValue: 'ALARM' }] };
    });
    const { success } = await answered(token);

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(api.stage).toEqual({ deploymentId: 'd1' });
  });
});
