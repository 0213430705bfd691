/** No role of the app calls anything in a rolling deployment of ECS, so this scenario stands apart from those that are judged by their calls. */
import { sharedAssembly } from '../support/shared-assembly';
import { parseScenario } from '../../scenario/load';
import { Rehearsal } from '../../scenario/rehearsal';
import { runScenario } from '../../scenario/run';
import { World } from '../../world';

const SCENARIO = `
title: A rolling deployment of ECS brings its old tasks back when an alarm turns red
steps:
  - alarm: { name: web-5xx, state: OK }
  - push: { message: Sell tea }
  - wait: { until: { run: Succeeded }, within: 30m }
  - expect: { revision: { web: new } }
  - push: { message: Sell broken tea, breaks: { web: errors } }
  - wait: { until: { traffic: { web: 25 } }, within: 30m }
  - wait: { until: { run: Failed }, within: 10m }
  - expect: { traffic: { web: 0 }, revision: { web: old }, summary: { Prod/Deploy: alarm web-5xx went red } }
`;

test('a rolling deployment of ECS brings its old tasks back when an alarm turns red', async () => {
  const assembly = await sharedAssembly('rehearsal/test/fixtures/ecs-task-sets.ts', { by: 'rolling' });
  const world = await World.create(assembly);
  try {
    const { failure } = await runScenario(new Rehearsal(world), parseScenario(SCENARIO, 'ecs-rolling.yaml'));

    expect(failure).toBeUndefined();
    expect(world.refusals).toEqual([]);
  } finally {
    await world.close();
  }
}, 60_000);
