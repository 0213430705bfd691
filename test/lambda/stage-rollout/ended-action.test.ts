/** The event by which a rollout learns that its action has ended. */
import { UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { handler } from '../../../lambda/stage-rollout/handler';
import { EXECUTION } from '../samples';
import { api, apigateway, atChange, BEGAN, canaryOf, eachTestHasAStage, entries, OTHER_RUN } from './stage-fixture';

eachTestHasAStage();

const ended = (state: string, run: unknown = EXECUTION) => handler({ detail: { state, 'execution-id': run } });

describe('an action that ended without it', () => {
  test.each(['FAILED', 'ABANDONED', 'CANCELED'])('leaves no canary: %s', async (state) => {
    canaryOf(EXECUTION);
    await ended(state);

    expect(api.stage).toEqual({ deploymentId: 'first' });
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
    atChange('remove', '/canarySettings', { before: () => delete api.stage.canarySettings });

    await expect(ended('FAILED')).resolves.toBeUndefined();
    expect(api.stage).toEqual({ deploymentId: 'first' });
  });

  test('does not touch the canary of another run', async () => {
    canaryOf(OTHER_RUN);
    await ended('FAILED');

    expect(api.stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });

  test('does not take back what was promoted', async () => {
    api.deployments.set('mine', `Release ${EXECUTION}`);
    api.stage = { deploymentId: 'mine' };
    await ended('FAILED');

    expect(api.stage).toEqual({ deploymentId: 'mine' });
  });

  test.each([
    ['is later than the canary', '2026-11-23T10:00:01Z', undefined],
    ['is of the same second', '2026-11-23T10:00:00Z', undefined],
    ['is of an attempt before', '2026-11-23T09:59:59Z', { deploymentId: 'theirs', percentTraffic: 10 }],
  ])('and whose event %s', async (_what, time, left) => {
    canaryOf(EXECUTION);
    api.madeAt.set('theirs', new Date(BEGAN));
    await handler({ time, detail: { state: 'FAILED', 'execution-id': EXECUTION } });

    expect(api.stage.canarySettings).toEqual(left);
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
    expect(api.stage.canarySettings).toEqual({ deploymentId: 'theirs', percentTraffic: 10 });
  });
});
