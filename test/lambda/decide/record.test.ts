/** The record of a gate: an entry for each request that ended, whatever else goes wrong. */
import { supportOf } from '../../../cli/support';
import type { RecordEntry } from '../../../contract/record';
import { takeDecisions } from '../../../lambda/decide/decisions';
import { NotDelivered, perform } from '../../../lambda/decide/effects';
import { NOTHING_BEFORE, RECORD, recordKey } from '../../../lambda/domain/record';
import { waitingRequest } from '../samples';
import { ANA, at, BO, days, EVE, EXECUTION, GATE, hours, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { publicKeyOf } from '../../../lambda/signing/link-key';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

const rows = () => gate.rows.query(RECORD);
const entries = async () => (await rows()).map(({ entry }) => entry as RecordEntry);
const unavailable = () => Object.assign(new Error('unavailable'), { name: 'ServiceUnavailable' });

/** From now on this call of a port fails. */
function failing(call: string, error: () => Error = unavailable): void {
  gate.around = (made, when) => {
    if (made === call && when === 'before') {
      throw error();
    }
  };
}

test.each([
  ['approves again', 'APPROVE', 'APPROVE', {}],
  ['starts it later', 'APPROVE', 'APPROVE', { details: { notBefore: at(hours(2)) } }],
  ['rejects', 'APPROVE', 'REJECT', {}],
  ['approves like everybody', 'BREAK_GLASS', 'APPROVE', {}],
] as const)('who %s while a look decides leaves a record that supports its outcome', async (_, first, second, more) => {
  gate.policy = policyOf({
    rule: ruleOf('MANUAL', { people: { startLater: 'ALLOWED', breakGlass: [ANA.id] } }),
  });
  await gate.look(1);
  await takeDecisions(gate.ports, [await gate.decision(ANA, first, 60, { comment: 'first' })]);
  const again = await gate.decision(ANA, second, 61, more);
  let isTaken = false;
  gate.scheduled = async (call) => {
    if (call === 'store.decide' && !isTaken) {
      isTaken = true;
      await takeDecisions(gate.ports, [again]);
    }
  };
  await gate.look(60, { vote: true });
  await gate.live(62, hours(3));

  const [entry] = await entries();
  expect(isTaken).toBe(true);
  expect(supportOf(entry!, entry!.votes)).toEqual([]);
  expect(entry).toMatchObject({ votes: [{ at: at(61) }] });
});

test('a request that people approved is recorded with all that proves it', async () => {
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 60, { comment: 'read it' });
  await gate.decide(BO, 'APPROVE', 90);

  expect(await rows()).toEqual([
    {
      pk: RECORD,
      sk: recordKey(1),
      v: 1,
      n: 1,
      at: at(90),
      previous: NOTHING_BEFORE,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      entry: expect.anything() as object,
    },
  ]);
  const [entry] = await entries();
  expect(entry).toMatchObject({
    workflow: 'shop',
    request: REQUEST,
    gate: GATE,
    run: { executionId: EXECUTION, revisions: [{ name: 'source', id: 'abc123', message: 'fix the cart' }] },
    rule: { kind: 'MANUAL', people: { groups: [{ quorum: 2 }] } },
    outcome: { kind: 'APPROVED', by: 'PEOPLE', at: at(90) },
    deliveredAt: at(90),
  });
  expect(entry?.votes).toMatchObject(
    [
      { approver: BO.id, verdict: 'APPROVE', key: publicKeyOf(gate.seedOf(BO, 0)), current: true },
      { approver: ANA.id, verdict: 'APPROVE', key: publicKeyOf(gate.seedOf(ANA, 0)), comment: 'read it' },
    ].sort((a, b) => (a.approver < b.approver ? -1 : 1)),
  );
  expect(await gate.request()).toMatchObject({ phase: 'CLOSED', recorded: 1 });
});

test('the key of a vote outlives the link that gave it', async () => {
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
  await gate.look(1);
  const key = publicKeyOf(gate.seedOf(ANA));
  await gate.decide(ANA, 'APPROVE', 60);
  await gate.decide(ANA, 'REVOKE', 70);
  expect((await gate.invitation(ANA))?.keys).toEqual([]);

  await gate.decide(BO, 'REJECT', 80);

  const [entry] = await entries();
  expect(entry?.votes.find(({ approver }) => approver === ANA.id)?.key).toBe(key);
});

describe('an end without a vote is recorded, too', () => {
  test('of a request that was never matched to a run', async () => {
    gate.codePipeline.visible = false;
    await gate.look(days(62));

    expect(await entries()).toMatchObject([
      { outcome: { kind: 'STOPPED', by: 'CODEPIPELINE' }, invited: [], votes: [] },
    ]);
    expect((await entries())[0]).not.toHaveProperty('run');
  });

  test('by somebody the policy does not know', async () => {
    await gate.look(1);
    gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: EVE, at: at(30) } };
    await gate.look(40);

    const summary = `Approved outside the workflow by ${EVE}`;
    expect(await entries()).toMatchObject([{ outcome: { kind: 'APPROVED', by: 'BYPASS', summary } }]);
  });

  test('by the deadline', async () => {
    await gate.look(1);
    gate.codePipeline.action = { status: 'FAILED', answer: { at: at(days(1)) } };
    await gate.look(days(1) + minutes(5));

    expect(await entries()).toMatchObject([{ outcome: { kind: 'EXPIRED', by: 'CODEPIPELINE' } }]);
  });

  test('by an answer that overtook what was decided here', async () => {
    await gate.look(1);
    gate.codePipeline.refusing = unavailable();
    await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow('unavailable');
    gate.codePipeline.action = { status: 'FAILED', answer: { by: EVE, at: at(70) } };
    await gate.look(80);

    expect(await entries()).toMatchObject([
      { outcome: { kind: 'APPROVED', by: 'PEOPLE' }, overtakenBy: { kind: 'REJECTED', by: 'BYPASS' } },
    ]);
  });
});

test('a mail outage of a day does not delay the record', async () => {
  await gate.look(1);
  failing('mailer.send');

  await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow();

  expect(await entries()).toMatchObject([{ request: REQUEST }]);
  expect((await gate.request()).phase).toBe('DELIVERED');
  await expect(gate.look(hours(20))).rejects.toThrow();
  expect(await rows()).toHaveLength(1);
});

test('the event with the place in the record is put although nobody could be mailed for a day', async () => {
  await gate.look(1);
  failing('mailer.send');
  await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow();

  await gate.look(days(1) + minutes(2));

  expect(gate.events.at(-1)).toMatchObject({ type: 'Approval Decided', details: { record: { n: 1 } } });
  expect(await gate.request()).toMatchObject({ phase: 'CLOSED' });
});

test('a record that cannot be written keeps nobody from being told, and the request open', async () => {
  await gate.look(1);
  failing('record.append');

  await expect(gate.decide(ANA, 'APPROVE', 60)).rejects.toThrow('unavailable');

  expect(gate.mails.slice(3)).toHaveLength(3);
  expect(gate.events.map(({ type }) => type)).not.toContain('Approval Decided');
  expect((await gate.request()).phase).toBe('DELIVERED');
  await expect(gate.look(days(3))).rejects.toThrow('unavailable');
  expect((await gate.request()).phase).toBe('DELIVERED');

  gate.around = () => undefined;
  await gate.look(days(3) + 1);

  expect(await gate.request()).toMatchObject({ phase: 'CLOSED', recorded: 1 });
  expect(gate.mails.slice(3)).toHaveLength(3);
  expect(gate.events.at(-1)).toMatchObject({ type: 'Approval Decided', details: { record: { n: 1 } } });
});

test('a crash after any call leaves one entry and a request that closes', async () => {
  for (const call of ['record.append', 'mailer.send', 'events.put', 'store.close', 'invitations.claimMail']) {
    for (const when of ['before', 'after'] as const) {
      const fresh = await once(call, when);
      expect([call, when, (await fresh.rows.query(RECORD)).length]).toEqual([call, when, 1]);
      expect((await fresh.request()).phase).toBe('CLOSED');
    }
  }

  async function once(call: string, when: 'before' | 'after'): Promise<GateFixture> {
    const fresh = new GateFixture();
    await fresh.ask();
    await fresh.look(1);
    let left = 1;
    fresh.around = (made, moment) => {
      if (made === call && moment === when && left > 0) {
        left -= 1;
        throw unavailable();
      }
    };
    await fresh.decide(ANA, 'REJECT', 60).catch(() => undefined);
    await fresh.look(61 + minutes(6));
    return fresh;
  }
});

test('a newest entry of another version stops the record until somebody looks, and no mail', async () => {
  await gate.look(1);
  await gate.rows.putIfAbsent({ pk: RECORD, sk: recordKey(1), v: 2, n: 1 });

  await gate.decide(ANA, 'APPROVE', 60);

  expect(gate.mails.slice(3)).toHaveLength(3);
  expect(await gate.request()).toMatchObject({ phase: 'DELIVERED' });
  expect(logged().filter((line) => line.includes('"Unreadable":1'))).toHaveLength(1);
});

test('nothing is recorded that CodePipeline does not have', async () => {
  const request = waitingRequest();
  const records = { request, tallies: [], invitations: [], votes: [], reviews: [], standIns: [] };
  const outcome = { kind: 'APPROVED', by: 'PEOPLE', at: at(1), summary: 'yes' } as const;
  const facts = { request } as unknown as Parameters<typeof perform>[1]['facts'];

  const told = perform(
    { kind: 'tell', outcome },
    { ports: gate.ports, facts, records, pipeline: undefined, now: at(1) },
  );

  await expect(told).rejects.toBeInstanceOf(NotDelivered);
  expect(await rows()).toEqual([]);
});

test('no outcome is older than a vote that it counts', async () => {
  await gate.look(1);
  await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60)]);
  await gate.look(30);

  const [entry] = await entries();
  expect(entry?.outcome.at).toBe(at(60));
});
