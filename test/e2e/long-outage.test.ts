/** Lambda cannot run `decide` for 59 days. The timer of a request lives on, and goes on as if nothing had been. */
import { join } from 'node:path';
import { RunHistory } from '../../contract/messages';
import { gateState, runOf } from '../../rehearsal/scenario/observe';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

const GATE = 'Prod/Approve';
const ANA = 'ana@example.com';
const DAY = 86_400_000;

test('a timer whose looks fail for 59 days is alive at the end, within the limits of its history, and delivers', async () => {
  const rehearsal = new Rehearsal(
    await World.create(await sharedAssembly(join(__dirname, '../../rehearsal/test/fixtures/patient.ts'))),
  );
  try {
    const { world } = rehearsal;
    const steps = new Steps(rehearsal);
    rehearsal.push({ message: 'Sell tea' });
    await steps.run({ wait: { until: { mail: [{ to: ANA, subject: 'Prod' }] }, within: 3_600_000 } } as Step);
    await steps.run({ fail: { operation: 'lambda:Invoke', for: 59 * DAY, code: 'ServiceException' } } as Step);
    await world.clock.advanceBy(59 * DAY);

    const running = world.executions.filter(({ status }) => status === 'RUNNING');
    expect(running.length).toBeGreaterThan(0);
    // More than one history would have held: successors went on.
    expect(world.executions.length).toBeGreaterThan(2);
    for (const { usage } of world.executions) {
      expect(usage.events).toBeLessThan(RunHistory.LIMIT);
    }
    expect(gateState(runOf(rehearsal, GATE))).toBe('asks');
    // Records are cut when they grow long: two months of trying fit into little memory.
    const { calls, logs, events, journal, executions } = world;
    expect(calls.length).toBeGreaterThan(10_000);
    const kept = JSON.stringify([calls, logs, events, journal.entries, executions]);
    expect(kept.length).toBeLessThan(20_000_000);
    for (const { history } of executions) {
      expect(history.length).toBeLessThanOrEqual(1_000);
    }

    await world.clock.advanceBy(3_600_000);
    await steps.run({ approve: { gate: GATE, as: ANA } } as Step);
    await steps.run({ wait: { until: { gate: { [GATE]: 'approved' } }, within: 1_800_000 } } as Step);
    expect(rehearsal.latest?.execution.status).toBe('Succeeded');
  } finally {
    await rehearsal.close();
  }
}, 120_000);
