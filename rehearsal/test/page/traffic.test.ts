/** What the page shows of traffic that is being shifted. */
import { join } from 'node:path';
import { sharedAssembly } from '../support/shared-assembly';
import { snapshot } from '../../page/snapshot';
import { Rehearsal } from '../../scenario/rehearsal';
import { World } from '../../world';

test('a canary of ECS is shown with its share of the traffic, while it is under way', async () => {
  const world = await World.create(await sharedAssembly(join(__dirname, '../fixtures/ecs-canary.ts')));
  try {
    const rehearsal = new Rehearsal(world);
    const shown = () =>
      snapshot(rehearsal)
        .pipelines.flatMap(({ stages }) => stages)
        .flatMap(({ actions }) => actions)
        .find(({ name }) => name === 'Deploy')?.traffic;
    world.alarms.set('web-5xx', 'OK');
    rehearsal.push({ message: 'Sell tea' });
    expect(shown()).toEqual([]);

    await world.clock.runUntil(() => rehearsal.ecs.deployments[0]?.percent === 10);
    expect(shown()).toEqual([{ of: 'web', percent: 10, from: 'revision 1', to: 'revision 2' }]);

    await world.clock.runUntil(() => rehearsal.latest?.execution.status === 'Failed');
    expect(shown()).toEqual([]);
  } finally {
    await world.close();
  }
}, 60_000);

test('a deployment of CodeDeploy for ECS is shown with both task sets', async () => {
  const world = await World.create(await sharedAssembly(join(__dirname, '../../../examples/ecs-codedeploy.ts')));
  try {
    const rehearsal = new Rehearsal(world);
    const shown = () =>
      snapshot(rehearsal)
        .pipelines.flatMap(({ stages }) => stages)
        .flatMap(({ actions }) => actions)
        .find(({ name }) => name === 'Deploy')?.traffic;
    ['web-5xx', 'web-smoke-test'].forEach((name) => world.alarms.set(name, 'OK'));
    rehearsal.push({ message: 'Sell tea' });
    expect(shown()).toEqual([]);

    await world.clock.runUntil(() => rehearsal.taskSets.deployments[0]?.percent === 10);
    expect(shown()).toEqual([{ of: 'web', percent: 10, from: 'task set 1', to: 'task set 2' }]);

    await world.clock.runUntil(() => rehearsal.latest?.execution.status === 'Succeeded');
    expect(shown()).toEqual([]);
  } finally {
    await world.close();
  }
}, 60_000);
