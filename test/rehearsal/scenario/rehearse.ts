/** Runs scenarios on the reference app, with its synthesized templates and bundled functions. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assemblyOf } from '../../../rehearsal/scenario/app';
import { loadScenario } from '../../../rehearsal/scenario/load';
import { Rehearsal } from '../../../rehearsal/scenario/rehearsal';
import type { ScenarioResult } from '../../../rehearsal/scenario/run';
import { runScenario } from '../../../rehearsal/scenario/run';
import type { Scenario } from '../../../rehearsal/scenario/schema';
import { World } from '../../../rehearsal/world';

const FOLDER = join(__dirname, '../../../rehearsal/scenarios');

/** Files whose names begin with a letter between these two: jest runs one test file on one core. */
export function scenarioFiles(from: string, to: string): readonly string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && name.charAt(0) >= from && name.charAt(0) <= to);
}

export async function rehearse(scenario: Scenario | string): Promise<ScenarioResult> {
  const loaded = typeof scenario === 'string' ? loadScenario(join(FOLDER, scenario)) : scenario;
  const assembly = await assemblyOf(loaded.app ?? 'reference', loaded.context);
  const rehearsal = new Rehearsal(await World.create(assembly, { start: loaded.start }), loaded.pipeline);
  try {
    return await runScenario(rehearsal, loaded);
  } finally {
    await rehearsal.close();
  }
}
