/** The bundled hook of examples/ecs-health-hook.ts reads with the permissions of its role. A whole deployment is in test/lambda/ecs-hook. */
import { join } from 'node:path';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

test('a hook watches on while its alarm is green, and ends the deployment once it is red', async () => {
  const world = await World.create(await sharedAssembly(join(__dirname, '../../examples/ecs-health-hook.ts')));
  try {
    const hook = world.functionNamed('Healthy/Checks').arn!;
    world.alarms.set('web-5xx', 'OK');
    const first = (await world.invoke(hook, {})).payload as { hookDetails: unknown };

    expect(first).toMatchObject({ hookStatus: 'IN_PROGRESS', callBackDelay: 60 });

    world.alarms.set('web-5xx', 'ALARM');
    const { payload } = await world.invoke(hook, {});

    expect(payload).toEqual({ hookStatus: 'FAILED' });
    expect(world.refusals).toEqual([]);
  } finally {
    await world.close();
  }
}, 60_000);
