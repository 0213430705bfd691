/** Runs scenarios, with the synthesized templates and bundled functions of their apps. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sharedAssembly } from './shared-assembly';
import { loadScenario } from '../../scenario/load';
import { Rehearsal } from '../../scenario/rehearsal';
import type { ScenarioResult } from '../../scenario/run';
import { runScenario } from '../../scenario/run';
import type { Scenario } from '../../scenario/schema';
import { World } from '../../world';

const ROOT = join(__dirname, '../../..');

/** Those that are shown to people, and those of apps that only tests have. */
export const SCENARIOS = ['rehearsal/scenarios', 'rehearsal/test/fixtures'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
);

export const scenarioOf = (file: string): Scenario => loadScenario(join(ROOT, file));

export const OF_REFERENCE_APP = SCENARIOS.filter((file) => scenarioOf(file).app === undefined);
export const OF_OTHER_APPS = SCENARIOS.filter((file) => scenarioOf(file).app !== undefined);

/** Runs a scenario, and lets `inspect` look at what it left behind. */
export async function rehearse(
  scenario: Scenario,
  inspect: (rehearsal: Rehearsal) => Promise<void> = () => Promise.resolve(),
): Promise<ScenarioResult> {
  const assembly = await sharedAssembly(scenario.app, scenario.context);
  const rehearsal = new Rehearsal(await World.create(assembly, scenario), scenario.pipeline);
  try {
    const result = await runScenario(rehearsal, scenario);
    await inspect(rehearsal);
    return result;
  } finally {
    await rehearsal.close();
  }
}
