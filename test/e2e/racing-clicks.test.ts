/** A thousand clicks of a hundred people at once, over the bundled functions. */
import type { RecordEntry } from '../../contract/record';
import { join } from 'node:path';
import { DashboardClient } from '../../rehearsal/approval-gates/dashboard';
import { ReviewClient } from '../../rehearsal/approval-gates/review-page';
import { gateState, runOf } from '../../rehearsal/scenario/observe';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { parseRecordExport } from '../../lambda/domain/parse-record';
import { verify } from '../../cli/verify';
import { thoroughly } from '../../rehearsal/test/support/thorough';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

const GATE = 'Prod/Approve';
const PEOPLE = 100;
const CLICKS = 10;
/** The same again, with fewer of them; WIDE=1 has all. */
const FEWER = process.env.WIDE === undefined ? 3 : CLICKS;
const MINUTE = 60_000;

let rehearsal: Rehearsal;

/** Everybody opens their page, and then all press at once, each so many times. */
async function clickAll(
  verdictOf: (person: number) => 'APPROVE' | 'REJECT',
  times: number,
): Promise<readonly number[]> {
  const client = new ReviewClient(rehearsal.world);
  const everybody = Array.from({ length: PEOPLE }, (_, person) => person);
  const pages = await Promise.all(
    everybody.map((person) => client.open({ gate: GATE, as: `person-${person}@example.com` })),
  );
  const clicks = pages.flatMap((page, person) => Array.from({ length: times }, () => ({ page, person })));
  // Neither person by person nor in turns.
  clicks.sort((a, b) => ((a.person * 7_919) % 101) - ((b.person * 7_919) % 101));
  const answers = await Promise.all(
    clicks.map(({ page, person }) =>
      client.submit(page, { verdict: verdictOf(person), number: page.number ?? '', comment: '' }),
    ),
  );
  await rehearsal.world.clock.advanceBy(10 * MINUTE);
  expect(answers).toHaveLength(PEOPLE * times);
  return answers.map(({ status }) => status);
}

/** What the record says, as somebody takes it from the dashboard, verified. */
async function recorded() {
  const viewer = new DashboardClient(rehearsal.world, 'person-0@example.com');
  await viewer.signIn();
  const read = parseRecordExport(JSON.parse((await viewer.get('/dashboard/record.json')).html));
  if (!read.ok) throw new Error(read.problem);
  expect(verify(read.value, { anchors: [] }).findings).toEqual([]);
  return read.value.entries;
}

async function judge(statuses: readonly number[]) {
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
  const answers = rehearsal.world.calls.filter(({ operation }) => operation === 'PutApprovalResult');
  expect(answers.filter(({ error }) => error === undefined)).toHaveLength(1);
  const told = rehearsal.world.inbox.filter(({ subject }) => /^(Approved|Rejected):/.test(subject));
  expect(new Set(told.map(({ to }) => to)).size).toBe(PEOPLE);
  expect(told).toHaveLength(PEOPLE);
  expect(new Set(told.map(({ subject }) => subject)).size).toBe(1);
  const entries = await recorded();
  expect(entries).toHaveLength(1);
  return entries[0]!.entry as RecordEntry;
}

thoroughly('a thousand clicks at once')('a thousand clicks at once', () => {
  beforeEach(async () => {
    const app = join(__dirname, '../../rehearsal/test/fixtures/hundred.ts');
    rehearsal = new Rehearsal(await World.create(await sharedAssembly(app)));
    rehearsal.push({ message: 'Sell tea' });
    const asked = { wait: { until: { gate: { [GATE]: 'asks' } }, within: 10 * MINUTE } } as unknown as Step;
    await new Steps(rehearsal).run(asked);
    await rehearsal.world.clock.advanceBy(5 * MINUTE);
  }, 60_000);

  afterEach(() => rehearsal.close());

  test('of a hundred people who all say yes, ten times each at once: one outcome, told once to everybody, proven by sixty signatures', async () => {
    const entry = await judge(await clickAll(() => 'APPROVE', CLICKS));

    expect(gateState(runOf(rehearsal, GATE))).toBe('approved');
    expect(entry.outcome).toMatchObject({ kind: 'APPROVED', by: 'PEOPLE' });
    expect(
      entry.votes.filter(({ verdict, current }) => verdict === 'APPROVE' && current).length,
    ).toBeGreaterThanOrEqual(60);
  }, 240_000);

  test('among whom some say no: one outcome, and it is the one that the votes before it make', async () => {
    const entry = await judge(await clickAll((person) => (person % 25 === 24 ? 'REJECT' : 'APPROVE'), FEWER));

    expect(['approved', 'rejected']).toContain(gateState(runOf(rehearsal, GATE)));
    // A vote that came after the outcome is not kept.
    const isRejected = entry.votes.some(({ verdict }) => verdict === 'REJECT');
    expect(entry.outcome.kind).toBe(isRejected ? 'REJECTED' : 'APPROVED');
  }, 240_000);
});
