/** Runs scenarios on the reference app, with its synthesized templates and bundled functions. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assemblyOf } from '../../rehearsal/scenario/app';
import { loadScenario } from '../../rehearsal/scenario/load';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { ScenarioResult } from '../../rehearsal/scenario/run';
import { runScenario } from '../../rehearsal/scenario/run';
import type { Scenario } from '../../rehearsal/scenario/schema';
import { World } from '../../rehearsal/world';

const FOLDER = join(__dirname, '../../rehearsal/scenarios');

export const SCENARIOS = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** Runs a scenario, or the one of that file, and lets `inspect` look at what it left behind. */
export async function rehearse(
  scenario: Scenario | string,
  inspect: (rehearsal: Rehearsal) => Promise<void> = () => Promise.resolve(),
): Promise<ScenarioResult> {
  const loaded = typeof scenario === 'string' ? loadScenario(join(FOLDER, scenario)) : scenario;
  const assembly = await assemblyOf(loaded.app ?? 'reference', loaded.context);
  const rehearsal = new Rehearsal(await World.create(assembly, { start: loaded.start }), loaded.pipeline);
  try {
    const result = await runScenario(rehearsal, loaded);
    await inspect(rehearsal);
    return result;
  } finally {
    await rehearsal.close();
  }
}
