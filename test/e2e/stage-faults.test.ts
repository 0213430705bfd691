/**
 * The rollout of a REST API, while one AWS operation of its function after the other fails as often as the SDK tries by itself: before it takes
 * effect, or after. However that ends, nothing of a version that was not promoted serves on, and the action says what is so.
 */
import { join } from 'node:path';
import type { Fault } from '../../rehearsal/aws/faults';
import { runOf } from '../../rehearsal/scenario/observe';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { World } from '../../rehearsal/world';
import { someOf } from '../../rehearsal/test/support/thorough';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

const APP = join(__dirname, '../../examples/stage-rollout.ts');
const STAGE = 'shop/prod';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The SDK tries six times. */
const TIMES = 6;

const READS = [
  'apigateway:GetDeployment',
  'apigateway:GetStage',
  'cloudwatch:GetMetricData',
  'codepipeline:GetPipelineExecution',
  'codepipeline:GetPipelineState',
];
const WRITES = [
  'apigateway:CreateDeployment',
  'apigateway:UpdateStage',
  'codepipeline:PutJobFailureResult',
  'codepipeline:PutJobSuccessResult',
];

/** Shares of the canary's requests that fail: a version that is promoted, and one that is not. */
const VERSIONS = [
  ['a healthy version', 0],
  ['a bad version', 0.05],
] as const;

/** In minutes after the push: while it begins, while it is watched, and while it is promoted. */
const MOMENTS = [0, 10, 21] as const;

async function rolledOut(share: number, fault?: Fault, after = 0): Promise<Rehearsal> {
  const rehearsal = new Rehearsal(await World.create(await sharedAssembly(APP)));
  const { world } = rehearsal;
  rehearsal.stageTraffic.set(STAGE, { perMinute: 500, canary: share });
  rehearsal.push({ message: 'Sell tea' });
  await world.clock.advanceBy(after * MINUTE);
  if (fault !== undefined) world.faults.add(fault);
  const isOver = () => !['InProgress', 'Stopping'].includes(rehearsal.latest!.execution.status);
  expect(await world.clock.runUntil(isOver, { limit: world.clock.now() + 3 * HOUR })).toBe(true);
  await world.clock.advanceBy(10 * MINUTE);
  return rehearsal;
}

function expectSound(rehearsal: Rehearsal): void {
  const { canary, production } = rehearsal.world.restApis.all.get(STAGE)!;
  const isNew = production.revision === rehearsal.latest?.execution.change?.id;

  expect(canary).toBeUndefined();
  // What has no answer of its own fails by time, although it was promoted: the release may be repeated, and finds that out.
  if (runOf(rehearsal, 'Prod/Release')?.status === 'Succeeded') expect(isNew).toBe(true);
}

const FAULTS = VERSIONS.flatMap(([version, share]) =>
  [...READS, ...WRITES].flatMap((operation) =>
    MOMENTS.flatMap((moment) =>
      (WRITES.includes(operation) ? [false, true] : [false]).map(
        (after) => [operation, after ? 'after it took effect' : 'before', version, moment, share, after] as const,
      ),
    ),
  ),
);

test('nothing is left out: its function makes these calls', async () => {
  const made = new Set<string>();
  for (const [, share] of VERSIONS) {
    const rehearsal = await rolledOut(share);
    expectSound(rehearsal);
    expect(rehearsal.latest?.execution.status).toBe(share === 0 ? 'Succeeded' : 'Failed');
    const { calls } = rehearsal.world;
    calls
      .filter(({ principal }) => principal.includes('Prod/Release'))
      .forEach(({ service, operation }) => made.add(`${service}:${operation}`));
    await rehearsal.close();
  }

  expect([...made].sort()).toEqual([...READS, ...WRITES].sort());
}, 60_000);

test.each(someOf('faults of a stage', FAULTS, 6, 2))(
  '%s fails %s, with %s, %d minutes after the push',
  async (operation, _when, _version, moment, share, after) => {
    const rehearsal = await rolledOut(share, { operation, times: TIMES, after }, moment);
    expectSound(rehearsal);
    if (share > 0) expect(rehearsal.latest?.execution.status).toBe('Failed');
    await rehearsal.close();
  },
  60_000,
);
