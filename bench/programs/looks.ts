/** Rehearses a timer of so many looks, in a process of its own, and prints the processor time that it took. */
import { join } from 'node:path';
import { assemblyOf } from '../../rehearsal/scenario/app';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { World } from '../../rehearsal/world';
import { cpu } from '../cpu';

export interface Looked {
  readonly looks: number;
  /** Calls of AWS by the functions. */
  readonly calls: number;
  /** Processor time after the stacks were deployed. */
  readonly seconds: number;
}

async function main(looks: number): Promise<Looked> {
  const assembly = await assemblyOf(join(__dirname, '../apps/looks/app.ts'), { looks: String(looks) });
  // The engine is measured, and the roles of its app have no policies.
  const rehearsal = new Rehearsal(await World.create(assembly, { permissions: 'ignored' }));
  const { world } = rehearsal;
  try {
    const began = cpu();
    rehearsal.push({ message: 'Sell tea' });
    await world.clock.advanceBy(60_000);
    const stateMachineArn = world.resources('AWS::StepFunctions::StateMachine')[0]?.arn;
    const input = JSON.stringify({ at: world.clock.iso(), looks: 0 });
    const { executionArn } = await world.call('sfn', 'StartExecution', { stateMachineArn, input });
    const run = world.executions.find(({ arn }) => arn === executionArn);
    await world.clock.runUntil(() => run?.status !== 'RUNNING');
    if (run?.status !== 'SUCCEEDED') throw new Error(`the timer ${String(run?.status)}: ${String(run?.cause)}`);
    const calls = Object.values(world.counts().calls).reduce((sum, count) => sum + count, 0);
    return { looks, calls, seconds: cpu() - began };
  } finally {
    await rehearsal.close();
  }
}

main(Number(process.argv[2] ?? 1_440)).then(
  (result) => process.stdout.write(`\n${JSON.stringify(result)}`),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exitCode = 1;
  },
);
