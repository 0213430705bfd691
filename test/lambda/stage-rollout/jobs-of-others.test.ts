/** Jobs that are none of this action, whatever they say: whoever may invoke the function brings them. */
import { CreateDeploymentCommand } from '@aws-sdk/client-api-gateway';
import {
  GetPipelineStateCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { handler } from '../../../lambda/stage-rollout/handler';
import { EXECUTION } from '../samples';
import {
  actionIs,
  answered,
  api,
  apigateway,
  canaryOf,
  codepipeline,
  eachTestHasAStage,
  entries,
  executionType,
  job,
  logged,
  OTHER_RUN,
  ran,
} from './stage-fixture';

eachTestHasAStage();

describe('a job of another pipeline, which CodePipeline knows', () => {
  const NOT_YET: [string, () => void][] = [
    ['waits for its approval', () => actionIs(undefined)],
    ['has ended', () => actionIs('Succeeded')],
    ['was abandoned', () => actionIs('Abandoned')],
    ['is in progress in another run', () => actionIs('InProgress', OTHER_RUN)],
    ['is in no stage of the pipeline', () => codepipeline.on(GetPipelineStateCommand).resolves({})],
    ['cannot be read', () => codepipeline.on(GetPipelineStateCommand).rejects(new Error('no'))],
  ];

  test.each(NOT_YET)('gives the new version no request while the action %s', async (_when, arrange) => {
    arrange();
    await expect(handler(job())).rejects.toThrow('does not say that this action is in progress');

    expect(api.stage).toEqual({ deploymentId: 'first' });
    expect(apigateway.commandCalls(CreateDeploymentCommand)).toEqual([]);
    expect(codepipeline.commandCalls(PutJobSuccessResultCommand)).toEqual([]);
    expect(codepipeline.commandCalls(PutJobFailureResultCommand)).toEqual([]);
  });

  test.each(NOT_YET)('moves nothing back in a rollback whose action %s', async (_when, arrange) => {
    executionType('ROLLBACK');
    canaryOf(OTHER_RUN);
    arrange();
    await expect(handler(job())).rejects.toThrow('does not say that this action is in progress');

    const theirs = { deploymentId: 'theirs', percentTraffic: 10 };
    expect(api.stage).toEqual({ deploymentId: 'first', canarySettings: theirs });
  });

  test('promotes nothing once the action has ended', async () => {
    const { failed } = (await ran((minute) => minute === 5 && actionIs('Abandoned'))) as { failed: string };

    expect(failed).toBe('The run of this action is over');
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('is put down in the log', async () => {
    actionIs(undefined);
    await expect(handler(job())).rejects.toThrow();

    expect(entries()).toEqual([
      { level: 'WARN', message: 'a job came while its action was not in progress', executionId: EXECUTION },
    ]);
  });
});

test('CodePipeline is asked about the pipeline of the rollout', async () => {
  await answered();

  expect(codepipeline.commandCalls(GetPipelineStateCommand)[0]!.args[0].input).toEqual({ name: 'shop' });
  expect(logged()).not.toContain('in progress');
});

test('a promotion of which CodePipeline does not say whether its action goes on waits until it does', async () => {
  const unread = (minute: number) => {
    if (minute === 5) codepipeline.on(GetPipelineStateCommand).rejects(new Error('no'));
    if (minute === 6) {
      expect(api.stage.canarySettings?.percentTraffic).toBe(10);
      actionIs('InProgress');
    }
  };
  const { passed, shares } = (await ran(unread)) as { passed: string; shares: unknown[] };

  expect(passed).toContain('All requests go to the new version');
  expect(shares.length).toBeGreaterThan(13);
  expect(api.stage).toEqual({ deploymentId: 'd1' });
});
