import { ecsAction } from '../../deploy/ecs-action';
import { Course } from '../../pipeline/course';
import type { ActionWork } from '../../pipeline/provider';
import { MINUTE, stand } from './ecs-stand';

describe('the ECS action of a pipeline', () => {
  async function acted(configuration: object, resolvedConfiguration: object, change: object = {}) {
    const s = stand(configuration);
    const result: { answer?: unknown; at?: number } = {};
    const work = {
      run: { id: 'r', stage: 'Prod', action: 'Deploy', resolvedConfiguration },
      action: { category: 'Deploy', provider: 'ECS' },
      pipeline: { name: 'web' },
      execution: { change },
      progress: () => undefined,
    } as unknown as ActionWork;
    Course.run(s.clock, 'action', async (course) => {
      result.answer = await ecsAction(s.host, s.ecs)(work, course);
      result.at = s.minute();
    });
    await s.clock.advanceBy(4 * 60 * MINUTE);
    return { ...s, result };
  }
  const WEB = { ClusterName: 'shop', ServiceName: 'web' };

  test('waits until ECS has deployed', async () => {
    const { result } = await acted({}, WEB);

    expect(result).toEqual({ answer: { status: 'Succeeded', summary: 'web was deployed' }, at: 7 });
  });

  test('fails with a change whose tasks return errors', async () => {
    const Alarms = { AlarmNames: ['errors'], Enable: true, Rollback: true };
    const { result } = await acted({ Strategy: 'CANARY', Alarms }, WEB, { breaks: { web: 'errors' } });

    expect(result.answer).toMatchObject({ status: 'Failed', summary: expect.stringContaining('returns errors') });
  });

  test.each([
    ['an hour', {}, 60],
    ['its own time', { DeploymentTimeout: '20' }, 20],
  ])('gives up after %s, and the deployment goes on', async (_, own, minutes) => {
    const { result, ecs, service } = await acted({ BakeTimeInMinutes: 120 }, { ...WEB, ...own });

    expect(result).toMatchObject({ answer: { status: 'Failed' }, at: minutes });
    expect(ecs.revisionOf(service)).toBe(2);
  });

  test.each([
    ['a service of another app', {}, { ClusterName: 'shop', ServiceName: 'other' }],
    ['a rolling deployment', { Strategy: 'ROLLING' }, WEB],
  ])('succeeds with %s, as every action that nobody knows', async (_, configuration, action) => {
    const { result, ecs } = await acted(configuration, action);

    expect(result.answer).toMatchObject({ status: 'Succeeded' });
    expect(ecs.deployments).toEqual([]);
  });
});
