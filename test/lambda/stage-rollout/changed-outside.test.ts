/** A stage that somebody else changes during a rollout. */
import { GetStageCommand, NotFoundException, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { EXECUTION } from '../samples';
import {
  answered,
  api,
  apigateway,
  atChange,
  canaryOf,
  eachTestHasAStage,
  entries,
  logged,
  looked,
  OTHER_RUN,
  patch,
  ran,
} from './stage-fixture';

eachTestHasAStage();

describe('what somebody else did to the stage', () => {
  test('a canary that was removed in the moment before its next share leaves none', async () => {
    process.env.GATES_SHIFT = JSON.stringify({ percent: 25, everyMinutes: 1, steps: 2 });
    const token = await looked();
    atChange('replace', '/canarySettings/percentTraffic', { before: () => delete api.stage.canarySettings });
    jest.setSystemTime(Date.now() + 60_000);
    const { success } = await answered(token);
    const { failure } = await answered(success.continuationToken);

    expect(failure.failureDetails.message).toContain('The canary is gone');
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('all requests are given back that went to a canary which nobody has watched', async () => {
    api.deployments.set('somebodys', 'a canary of somebody');
    atChange('copy', '/deploymentId', {
      before: () => (api.stage.canarySettings = { deploymentId: 'somebodys', percentTraffic: 5 }),
    });
    const { failed } = (await ran()) as { failed: string };

    expect(failed).toContain('Somebody gave the stage another canary');
    expect(logged()).toContain('the rollout could not go on');
    expect(api.stage.deploymentId).toBe('first');
    expect(api.stage.canarySettings?.deploymentId).toBe('somebodys');
  });

  test('a canary that another run left is removed, and the new version begins', async () => {
    canaryOf(OTHER_RUN, 90);
    await answered();

    expect(api.stage.canarySettings).toEqual({ deploymentId: 'd2', percentTraffic: 10 });
  });

  test('a canary of somebody is left alone', async () => {
    api.stage.canarySettings = { deploymentId: 'first', percentTraffic: 5 };
    const { failure } = await answered();

    expect(failure.failureDetails.message).toContain('a canary that no rollout made');
    expect(entries()).toContainEqual({
      level: 'ERROR',
      message: 'the stage is not as this rollout has left it',
      executionId: EXECUTION,
      reason: failure.failureDetails.message,
    });
    expect(api.stage.canarySettings).toEqual({ deploymentId: 'first', percentTraffic: 5 });
    expect(apigateway.commandCalls(UpdateStageCommand)).toEqual([]);
  });

  test('a version that a person promotes has succeeded, and nothing is said of its checks', async () => {
    const token = await looked();
    api.stage = { deploymentId: 'd1' };
    const { success } = await answered(token);

    expect(success.executionDetails.summary).toBe('All requests go to the new version');
    expect(success.continuationToken).toBeUndefined();
  });

  test.each(['begins', 'goes on'])(
    'a stage that is gone when the rollout %s is told as that, and no job waits',
    async (when) => {
      const token = when === 'begins' ? undefined : await looked();
      apigateway.on(GetStageCommand).rejects(new NotFoundException({ message: 'no', $metadata: {} }));
      const { failure } = await answered(token);

      expect(failure.failureDetails.message).toMatch(/^The stage is gone: API Gateway has no stage of this name/);
      expect(entries()).toContainEqual(expect.objectContaining({ level: 'ERROR', error: 'StageGone' }));
    },
  );

  test('a stage that cannot be read is not told as gone', async () => {
    const token = await looked();
    apigateway.on(GetStageCommand).rejects(new Error('no'));

    await expect(answered(token)).rejects.toThrow('no');
  });

  test('a canary that was removed is not made again', async () => {
    const { failed } = (await ran((minute) => minute === 1 && delete api.stage.canarySettings)) as { failed: string };

    expect(failed).toContain('The canary is gone');
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('a deployment that was deleted is none of a rollout', async () => {
    api.stage.deploymentId = 'deleted';
    const { success } = await answered();

    expect(success.continuationToken).toEqual(expect.any(String));
  });

  test('a stage that changes in between is not promoted', async () => {
    let token = (await answered()).success.continuationToken as string;
    apigateway.on(UpdateStageCommand).callsFake(({ patchOperations }) => {
      // Another canary takes the place of this one just before it is copied.
      if (patchOperations[0].op === 'copy') api.stage.canarySettings = { deploymentId: 'first', percentTraffic: 10 };
      patchOperations.forEach(patch);
      return structuredClone(api.stage);
    });
    let failure: any;
    for (let calls = 0; calls < 30 && failure === undefined; calls++) {
      jest.setSystemTime(Date.now() + 30_000);
      const answer = await answered(token);
      ({ failure } = answer);
      token = answer.success?.continuationToken;
    }

    expect(failure.failureDetails.message).toContain('Somebody gave the stage another canary');
    expect(api.stage.deploymentId).toBe('first');
  });
});
