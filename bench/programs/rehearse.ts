/** Rehearses the scenario that comes as JSON, in a process of its own, and prints what it took. */
import { costOf, totalOf, type CostLine } from '../../rehearsal/cost';
import type { Counts } from '../../rehearsal/counts';
import { assemblyOf } from '../../rehearsal/scenario/app';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { runScenario } from '../../rehearsal/scenario/run';
import type { Scenario } from '../../rehearsal/scenario/schema';
import { World } from '../../rehearsal/world';
import { cpu } from '../cpu';

export interface Rehearsed {
  readonly counts: Counts;
  readonly lines: readonly CostLine[];
  readonly dollars: number;
  /** Processor time after the stacks were deployed. */
  readonly seconds: number;
  /** How often the state machine was in its state `Decide`. */
  readonly passes: number;
}

async function main(scenario: Scenario): Promise<Rehearsed> {
  const assembly = await assemblyOf(scenario.app ?? '.', scenario.context);
  const rehearsal = new Rehearsal(await World.create(assembly, { start: scenario.start }));
  try {
    const began = cpu();
    const { failure } = await runScenario(rehearsal, scenario);
    if (failure !== undefined) {
      throw new Error(`${scenario.title}: step ${failure.step}, ${failure.what}: ${failure.why}`);
    }
    const seconds = cpu() - began;
    const counts = rehearsal.world.counts();
    const lines = costOf(counts);
    const passes = rehearsal.world.executions.reduce((sum, { entered }) => sum + (entered.Decide ?? 0), 0);
    return { counts, lines, dollars: totalOf(lines), seconds, passes };
  } finally {
    await rehearsal.close();
  }
}

main(JSON.parse(process.argv[2] ?? '{}') as Scenario).then(
  (result) => process.stdout.write(`\n${JSON.stringify(result)}`),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exitCode = 1;
  },
);
