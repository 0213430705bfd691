/** What approvers fill in, from their decisions to the row that later actions read. */
import { supportOf } from '../../../cli/support';
import type { FieldRule } from '../../../contract/fields';
import type { RecordEntry } from '../../../contract/record';
import { FieldsStore } from '../../../lambda/aws/fields-store';
import { takeDecisions } from '../../../lambda/decide/decisions';
import { RECORD } from '../../../lambda/domain/record';
import { ANA, at, BO, BY_ANA, CHOICE, EXECUTION, GATE, hours, policyOf, ruleOf, TICKET } from '../samples';
import { eachTestHasAGate, type GateFixture, logged } from './gate-fixture';

let gate: GateFixture;
let fields: FieldsStore;

const asking = (rules: readonly FieldRule[] = [TICKET, CHOICE], quorum = 1) =>
  policyOf({ rule: ruleOf('MANUAL', { people: { quorum, fields: rules } }) });

eachTestHasAGate((fresh) => {
  gate = fresh;
  fields = new FieldsStore(gate.rows);
});

/** The gate asks people, by its first policy. */
async function begin(policy = asking()): Promise<void> {
  gate.policy = policy;
  await gate.ask();
  await gate.look(1);
}

const FILLED = { ticket: 'CHG-1', traffic: '10 %' };
const kept = (execution = EXECUTION) => fields.of(execution, GATE);

test('an approval with its fields opens the gate, and they are kept before CodePipeline has the answer', async () => {
  await begin();
  let keptFirst: unknown;
  gate.scheduled = async (call) => {
    if (call === 'pipeline.answer') keptFirst = await kept();
  };

  await gate.decide(ANA, 'APPROVE', 60, { details: { fields: FILLED } });

  expect(keptFirst).toEqual(FILLED);
  expect(gate.codePipeline.answers).toEqual([
    {
      approved: true,
      summary: 'Approved by ana@example.com. Change ticket: CHG-1, How much traffic first: 10 % (by ana@example.com)',
    },
  ]);
  expect(gate.events.find(({ type }) => type === 'Approval Decided')?.details).toMatchObject({ fields: FILLED });
  expect(gate.mailsTo(BO).at(-1)?.text).toContain('Change ticket: CHG-1');
});

test('the record has them with the vote that was signed, and with the outcome', async () => {
  await begin();
  await gate.decide(ANA, 'APPROVE', 60, { details: { fields: FILLED } });

  const [row] = await gate.rows.query(RECORD);
  expect(row?.['entry']).toMatchObject({
    outcome: { kind: 'APPROVED', fields: FILLED },
    rule: { people: { fields: [TICKET, CHOICE] } },
    votes: [{ details: '{"fields":{"ticket":"CHG-1","traffic":"10 %"}}' }],
  });
});

test.each<[string, Record<string, string> | undefined]>([
  ['without any field', undefined],
  ['without one of them', { ticket: 'CHG-1' }],
  ['with what is not among the choices', { ...FILLED, traffic: '100 %' }],
  ['with a text of another form', { ...FILLED, ticket: 'CHG-1; curl evil.example' }],
])('an approval that somebody puts past the form %s does not count', async (_, values) => {
  await begin();
  await gate.decide(ANA, 'APPROVE', 60, values === undefined ? {} : { details: { fields: values } });

  expect(gate.codePipeline.answers).toEqual([]);
  expect((await gate.records()).votes).toMatchObject([{ approver: ANA.id, current: false }]);
  expect(logged().join('')).toContain('an approval is outdated: a field is not filled in as the gate asks');
  expect(await kept()).toBeUndefined();

  await gate.decide(ANA, 'APPROVE', 120, { details: { fields: FILLED } });
  expect(gate.codePipeline.answers).toHaveLength(1);
});

test('a rejection needs none', async () => {
  await begin();
  await gate.decide(ANA, 'REJECT', 60);

  expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  expect(await kept()).toBeUndefined();
});

test('of two approvals, later actions read what the newer one says', async () => {
  await begin(asking([TICKET], 2));
  await gate.decide(ANA, 'APPROVE', 60, { details: { fields: { ticket: 'CHG-1' } } });
  await gate.decide(BO, 'APPROVE', 120, { details: { fields: { ticket: 'CHG-2' } } });

  expect(await kept()).toEqual({ ticket: 'CHG-2' });
  expect(gate.codePipeline.answers[0]?.summary).toContain('Change ticket: CHG-2 (by bo@example.com)');
});

test('a gate that asks for a field since then needs the approval once more', async () => {
  await begin(asking([TICKET], 2));
  await gate.decide(ANA, 'APPROVE', 60, { details: { fields: { ticket: 'CHG-1' } } });
  gate.policy = asking([TICKET, CHOICE], 2);
  await gate.decide(BO, 'APPROVE', 120, { details: { fields: FILLED } });
  expect(gate.codePipeline.answers).toEqual([]);

  await gate.decide(ANA, 'APPROVE', 180, { details: { fields: { ...FILLED, traffic: '50 %' } } });
  expect(await kept()).toEqual({ ...FILLED, traffic: '50 %' });
});

test('a gate that is weakened by asking for less still asks for it', async () => {
  await begin();
  gate.policy = policyOf();
  await gate.decide(ANA, 'APPROVE', 60);
  expect(gate.codePipeline.answers).toEqual([]);

  await gate.look(61);
  await gate.decide(ANA, 'APPROVE', 120, { details: { fields: FILLED } });
  expect(gate.codePipeline.answers[0]?.summary).toContain('no longer asks for: Change ticket');
  expect(await kept()).toEqual(FILLED);
});

test('whoever approves in the console fills in nothing', async () => {
  await begin();
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(60) } };
  await gate.look(90);

  expect(await gate.request()).toMatchObject({ outcome: { kind: 'APPROVED', by: 'CONSOLE' } });
  expect(await kept()).toBeUndefined();
});

test('a gate that asks once more in one run forgets what was filled in for its earlier approval', async () => {
  await fields.keep(EXECUTION, GATE, { at: at(-60), values: FILLED });
  await begin();
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(60) } };
  await gate.look(90);

  expect(await kept()).toBeUndefined();
});

test('no look fixes the values of an older approval once a newer one is stored', async () => {
  await begin();
  await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60, { details: { fields: FILLED } })]);
  const newer = { ...FILLED, ticket: 'CHG-2' };
  let isTaken = false;
  gate.scheduled = async (call) => {
    if (call === 'store.decide' && !isTaken) {
      isTaken = true;
      await takeDecisions(gate.ports, [await gate.decision(BO, 'APPROVE', 61, { details: { fields: newer } })]);
    }
  };
  await gate.look(62, { vote: true });
  await gate.live(63, hours(1));

  expect(isTaken).toBe(true);
  expect(await kept()).toEqual(newer);
  const [row] = await gate.rows.query(RECORD);
  const entry = row?.['entry'] as RecordEntry;
  expect(supportOf(entry, entry.votes)).toEqual([]);
});

test('delivered once more, the same values are kept', async () => {
  await begin();
  gate.codePipeline.refusing = Object.assign(new Error('unavailable'), { name: 'ServiceUnavailable' });
  await expect(gate.decide(ANA, 'APPROVE', 60, { details: { fields: FILLED } })).rejects.toThrow('unavailable');
  gate.codePipeline.refusing = undefined;
  await gate.look(90);

  expect(gate.codePipeline.answers).toHaveLength(1);
  expect(await kept()).toEqual(FILLED);
});

describe('a rollback that passes by itself', () => {
  const TARGET = '99999999-2222-3333-4444-555555555555';

  beforeEach(() => {
    gate.codePipeline.run = { isRollback: true, trigger: 'AutomatedRollback', target: TARGET };
  });

  test('has what was filled in for the run that it goes back to', async () => {
    await fields.keep(TARGET, GATE, { at: at(0), values: FILLED });
    await begin();

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
    expect(await kept()).toEqual(FILLED);
  });

  test('goes on without, where nothing is known of that run', async () => {
    await begin();

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
    expect(await kept()).toBeUndefined();
  });
});
