/** The scenarios of the reference app, with its synthesized templates and bundled functions. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assemblyOf } from '../../../rehearsal/scenario/app';
import { loadScenario } from '../../../rehearsal/scenario/load';
import { Rehearsal } from '../../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../../rehearsal/scenario/run';
import { parseScenario } from '../../../rehearsal/scenario/load';
import { World } from '../../../rehearsal/world';

const FOLDER = join(__dirname, '../../../rehearsal/scenarios');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

async function run(scenario: ReturnType<typeof loadScenario>) {
  const assembly = await assemblyOf(scenario.app ?? 'reference', scenario.context);
  const rehearsal = new Rehearsal(await World.create(assembly, { start: scenario.start }), scenario.pipeline);
  try {
    return await runScenario(rehearsal, scenario);
  } finally {
    await rehearsal.close();
  }
}

describe('rehearsed', () => {
  test.each(FILES)(
    '%s',
    async (file) => {
      const result = await run(loadScenario(join(FOLDER, file)));

      expect(result.failure).toBeUndefined();
      expect(result.passed).toBe(true);
    },
    180_000,
  );

  // Negative control: a scenario that asks for what must not be, fails.
  test('a scenario that expects an unanswered gate to be open fails, and says at which step', async () => {
    const scenario = parseScenario(
      [
        'title: wishful',
        'steps:',
        '  - push: { message: Sell tea }',
        '  - wait: { until: { gate: { Prod/Approve: asks } }, within: 2h }',
        '  - expect: { gate: { Prod/Approve: approved }, action: { Prod/Deploy: Succeeded } }',
      ].join('\n'),
      'wishful.yaml',
    );

    const result = await run(scenario);

    expect(result).toMatchObject({
      passed: false,
      failure: {
        step: 3,
        why: 'Prod/Deploy is NotStarted, not Succeeded; Prod/Approve is asks, not approved',
      },
    });
  }, 180_000);
});
