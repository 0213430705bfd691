import { takeDecisions, type StreamRecord } from '../../../lambda/decide/decisions';
import { newSeed, publicKeyOf, sha256, signText } from '../../../lambda/signing/link-key';
import { decisionText } from '../../../lambda/domain/vote';
import { requestIdOf } from '../../../lambda/signing/link-key';
import { ANA, at, BO, CY, days, GATE, hours, minutes, person, policyOf, REQUEST, ruleOf, START } from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
  await gate.ask();
  await gate.look(1);
});

const votes = async () => (await gate.records()).votes;
const voteTimers = () => [...gate.timers].filter(([name]) => name.startsWith('vote-'));

test('a decision becomes a vote of its approver, at the time when the table wrote it', async () => {
  const record = await gate.decision(ANA, 'APPROVE', 60, { comment: 'fine' });

  expect(await takeDecisions(gate.ports, [record])).toEqual([]);

  expect(await votes()).toEqual([
    {
      approver: ANA.id,
      verdict: 'APPROVE',
      comment: 'fine',
      evidence: (await gate.known()).shown.evidence,
      seq: Date.parse(at(60)),
      at: at(60),
      sig: record.row['sig'],
      key: publicKeyOf(gate.seedOf(ANA)),
      current: true,
      shown: { newerRunWaiting: false, verdicts: [] },
    },
  ]);
});

describe('details of a decision', () => {
  const details = { notBefore: at(hours(5)) };
  const text = JSON.stringify(details);

  test('become part of its vote, as they were signed', async () => {
    await gate.decide(ANA, 'APPROVE', 60, { details });

    expect(await votes()).toMatchObject([{ approver: ANA.id, details: text }]);
  });

  test.each([
    ['changed', { details: JSON.stringify({ notBefore: at(hours(1)) }) }],
    ['removed', { details: undefined }],
  ])('that were %s after it was signed make it no vote', async (_, change) => {
    const record = await gate.decision(ANA, 'APPROVE', 60, { details });

    expect(await takeDecisions(gate.ports, [{ ...record, row: { ...record.row, ...change } }])).toEqual([]);

    expect(await votes()).toEqual([]);
    expect(logged().join('')).toContain('a decision whose signature is not valid');
  });

  test('that were added to one that has none make it no vote', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);

    await takeDecisions(gate.ports, [{ ...record, row: { ...record.row, details: text } }]);

    expect(await votes()).toEqual([]);
  });

  test('that are not known make it no vote, however well it is signed', async () => {
    const more = JSON.parse('{"unless":"the alarm is red"}') as object;
    const record = await gate.decision(ANA, 'APPROVE', 60, { details: { ...details, ...more } });

    expect(await takeDecisions(gate.ports, [record])).toEqual([]);

    expect(await votes()).toEqual([]);
    expect(logged().join('')).toContain('junk in the decisions table');
  });

  test('that are other ones are looked at, although the answer is the same as moments ago', async () => {
    const first = await gate.decision(ANA, 'APPROVE', 60, { details });
    const again = await gate.decision(ANA, 'APPROVE', 61, { details });
    const later = await gate.decision(ANA, 'APPROVE', 62, { details: { notBefore: at(hours(6)) } });

    await takeDecisions(gate.ports, [first, again, later]);

    expect(voteTimers()).toHaveLength(2);
    expect(await votes()).toMatchObject([{ details: JSON.stringify({ notBefore: at(hours(6)) }) }]);
  });
});

test('a no that came right after a yes is copied before the look for the yes begins', async () => {
  const yes = await gate.decision(ANA, 'APPROVE', 60);
  const no = await gate.decision(ANA, 'REJECT', 61);
  const order: string[] = [];
  gate.around = (call, when) => {
    if (when === 'after' && /^(store.vote|stepFunctions.startTimer)$/.test(call)) {
      order.push(call);
    }
  };

  await takeDecisions(gate.ports, [yes, no]);

  expect(order).toEqual(['store.vote', 'store.vote', 'stepFunctions.startTimer', 'stepFunctions.startTimer']);
});

test('a yes whose look could not be started gets it when it comes again, although a newer yes has taken its place', async () => {
  const first = await gate.decision(ANA, 'APPROVE', 60);
  const second = await gate.decision(ANA, 'APPROVE', 61);
  gate.around = (call, when) => {
    if (call === 'stepFunctions.startTimer' && when === 'before') {
      throw new Error('throttled');
    }
  };
  expect(await takeDecisions(gate.ports, [first, second])).toEqual([first.sequenceNumber]);
  expect(voteTimers()).toEqual([]);
  gate.around = () => undefined;

  expect(await takeDecisions(gate.ports, [first, second])).toEqual([]);

  expect(voteTimers().map(([name]) => name)).toContain(
    `vote-${REQUEST}-${sha256(first.row['sig'] as string).slice(0, 32)}`,
  );
});

test('the look that follows is a run of its own, named by the decision, and started once', async () => {
  const record = await gate.decision(ANA, 'APPROVE', 60);
  await takeDecisions(gate.ports, [record]);
  await takeDecisions(gate.ports, [record]);

  const hash = sha256(record.row['sig'] as string).slice(0, 32);
  expect(voteTimers()).toEqual([
    [`vote-${REQUEST}-${hash}`, { target: { requestId: REQUEST, vote: true }, at: at(60) }],
  ]);
  expect(gate.codePipeline.answers).toEqual([]);
});

describe('a record is done once its vote is copied', () => {
  test('whatever becomes of the look that it starts: no other request waits for that', async () => {
    const record = await gate.decision(ANA, 'REJECT', 60);
    gate.around = (call) => {
      if (call.startsWith('pipeline.') || call.startsWith('policies.')) {
        throw new Error('unreachable');
      }
    };

    expect(await takeDecisions(gate.ports, [record])).toEqual([]);

    expect(await votes()).toHaveLength(1);
    expect(voteTimers()).toHaveLength(1);
  });

  test('and is brought again where the run could not be started', async () => {
    const record = await gate.decision(ANA, 'REJECT', 60);
    gate.around = (call) => {
      if (call === 'stepFunctions.startTimer') {
        throw new Error('throttled');
      }
    };
    expect(await takeDecisions(gate.ports, [record])).toEqual([record.sequenceNumber]);
    gate.around = () => undefined;

    expect(await takeDecisions(gate.ports, [record])).toEqual([]);
    expect(voteTimers()).toHaveLength(1);
  });

  test('a record that fails holds back later ones of its request, and no other request', async () => {
    const other = { ...(await gate.decision(BO, 'APPROVE', 62)), sequenceNumber: 'other' };
    const ofOther = { ...other, row: { ...other.row, pk: 'f'.repeat(32) } };
    const [first, second] = [await gate.decision(ANA, 'APPROVE', 60), await gate.decision(BO, 'APPROVE', 61)];
    let failures = 0;
    gate.around = (call, when) => {
      if (call === 'store.vote' && when === 'before' && failures === 0) {
        failures += 1;
        throw new Error('throttled');
      }
    };

    expect(await takeDecisions(gate.ports, [first, second, ofOther])).toEqual([first.sequenceNumber]);

    expect(await votes()).toEqual([]);
    expect(logged().filter((line) => line.includes('a decision of nobody invited'))).toHaveLength(1);
  });
});

describe('one row for each approver', () => {
  test('holds the newest decision: the higher sequence number, in whatever order they arrive', async () => {
    const [earlier, later] = [await gate.decision(ANA, 'APPROVE', 60), await gate.decision(ANA, 'REJECT', 61)];

    await takeDecisions(gate.ports, [later, earlier]);

    expect(await votes()).toMatchObject([{ verdict: 'REJECT', seq: Date.parse(at(61)) }]);
  });

  test.each([
    ['APPROVE', 'REJECT'],
    ['REJECT', 'APPROVE'],
  ] as const)('of equal sequence numbers the rejection counts: first %s, then %s', async (first, second) => {
    const seq = Date.parse(at(60));
    const given = [await gate.decision(ANA, first, 60, { seq }), await gate.decision(ANA, second, 60, { seq })];

    await takeDecisions(gate.ports, given);

    expect(await votes()).toMatchObject([{ verdict: 'REJECT' }]);
  });

  test('whatever the flood: many yeses of one approver are one row, and no quorum', async () => {
    for (let count = 0; count < 50; count += 1) {
      await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60 + count)]);
    }
    await gate.look(300);

    const rows = await gate.rows.query(REQUEST);
    expect(rows.filter(({ sk }) => String(sk).startsWith('vote#'))).toHaveLength(1);
    expect(rows).toHaveLength(1 + 3 + 1);
    expect(gate.codePipeline.answers).toEqual([]);
  });
});

describe('opens nothing and is not brought again: a decision', () => {
  test.each<[string, () => Promise<StreamRecord>]>([
    ['signed by the link of another', () => gate.decision(ANA, 'APPROVE', 60, { seed: gate.seedOf(BO) })],
    [
      'for another request',
      async () => {
        const record = await gate.decision(ANA, 'APPROVE', 60, { request: 'f'.repeat(32) });
        return { ...record, row: { ...record.row, pk: REQUEST } };
      },
    ],
    [
      'with a turned verdict',
      async () => {
        const record = await gate.decision(ANA, 'REJECT', 60);
        return { ...record, row: { ...record.row, verdict: 'APPROVE' } };
      },
    ],
    [
      'with another comment',
      async () => {
        const record = await gate.decision(ANA, 'APPROVE', 60);
        return { ...record, row: { ...record.row, comment: 'more' } };
      },
    ],
    [
      'of somebody who is not invited',
      () => gate.decision(person('mallory@example.com'), 'APPROVE', 60, { seed: gate.seedOf(BO) }),
    ],
    ['of a link that was never mailed', () => gate.decision(ANA, 'APPROVE', 60, { seed: newSeed() })],
    ['that came at the deadline', () => gate.decision(ANA, 'APPROVE', days(1))],
    [
      'under a name that is not its own',
      async () => {
        const record = await gate.decision(ANA, 'APPROVE', 60);
        return { ...record, row: { ...record.row, sk: `${ANA.id}#${'0'.repeat(64)}` } };
      },
    ],
    [
      'that misses what a decision has',
      async () => ({ ...(await gate.decision(ANA, 'APPROVE', 60)), row: { pk: REQUEST } }),
    ],
  ])('%s', async (_, make) => {
    const record = await make();

    expect(await takeDecisions(gate.ports, [record])).toEqual([]);

    expect(await votes()).toEqual([]);
    expect(voteTimers()).toEqual([]);
  });

  test('on evidence that was never shown is kept, and does not count', async () => {
    await gate.decide(ANA, 'APPROVE', 60, { evidence: 'e'.repeat(64) });
    await gate.decide(BO, 'APPROVE', 61);

    expect(await votes()).toMatchObject([{ approver: expect.any(String) as string }, {}]);
    expect((await votes()).find(({ approver }) => approver === ANA.id)?.current).toBe(false);
    expect(gate.codePipeline.answers).toEqual([]);
  });
});

describe('a signature has one spelling', () => {
  /** The last character carries two bits: sixteen spellings decode to the same bytes. */
  function spelledOtherwise(sig: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(sig.at(-1)!);
    return `${sig.slice(0, -1)}${alphabet[last + 1]!}`;
  }

  test('and any other is junk, so that nobody replays a decision under another key of the table', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);
    const sig = spelledOtherwise(record.row['sig'] as string);
    expect(Buffer.from(sig, 'base64url')).toEqual(Buffer.from(record.row['sig'] as string, 'base64url'));
    const replayed = { ...record, row: { ...record.row, sig, sk: `${ANA.id}#${sha256(sig)}` } };

    expect(await takeDecisions(gate.ports, [replayed])).toEqual([]);

    expect(await votes()).toEqual([]);
  });

  test('an equal decision again changes nothing, also after what is shown changed: a yes stays a yes', async () => {
    const record = await gate.decision(ANA, 'APPROVE', 60);
    await takeDecisions(gate.ports, [record]);
    const before = await votes();
    gate.codePipeline.newerRunWaiting = true;
    await gate.look(minutes(30));

    await takeDecisions(gate.ports, [{ ...record, at: at(minutes(40)) }]);

    expect(await votes()).toEqual(before);
    await gate.decide(BO, 'APPROVE', minutes(50));
    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });

  test('an earlier decision again does not take the place of a newer one', async () => {
    const yes = await gate.decision(ANA, 'APPROVE', 60, { evidence: 'e'.repeat(64) });
    await takeDecisions(gate.ports, [yes, await gate.decision(ANA, 'APPROVE', 70)]);

    await takeDecisions(gate.ports, [{ ...yes, at: at(80) }]);

    expect(await votes()).toMatchObject([{ seq: Date.parse(at(70)), current: true }]);
  });
});

describe('until the outcome', () => {
  test('a yes may become a no', async () => {
    await gate.decide(ANA, 'APPROVE', 60);

    await gate.decide(ANA, 'REJECT', 61, { comment: 'wait' });

    expect(gate.codePipeline.answers).toEqual([{ approved: false, summary: 'Rejected by ana@example.com. wait' }]);
  });

  test('a no that was kept after a look has read the votes is not missed: that look decides nothing, and reads again', async () => {
    const yeses = [await gate.decision(BO, 'APPROVE', 60), await gate.decision(CY, 'APPROVE', 60)];
    const no = await gate.decision(ANA, 'REJECT', 60);
    await takeDecisions(gate.ports, yeses);
    const decide = gate.store.decide.bind(gate.store);
    jest.spyOn(gate.store, 'decide').mockImplementationOnce(async (...of) => {
      await takeDecisions(gate.ports, [no]);
      return decide(...of);
    });

    await gate.look(61, { vote: true });

    expect(gate.codePipeline.answers).toEqual([{ approved: false, summary: 'Rejected by ana@example.com' }]);
  });

  test('a no whose count failed is counted when it is brought again', async () => {
    const no = await gate.decision(ANA, 'REJECT', 60);
    let failures = 0;
    gate.around = (call, when) => {
      if (call === 'store.countRejection' && when === 'before' && failures === 0) {
        failures += 1;
        throw new Error('throttled');
      }
    };
    expect(await takeDecisions(gate.ports, [no])).toEqual([no.sequenceNumber]);
    expect(await gate.request()).not.toHaveProperty('rejections');

    expect(await takeDecisions(gate.ports, [no])).toEqual([]);

    expect(await gate.request()).toMatchObject({ phase: 'WAITING', rejections: 1 });
  });

  test('a first yes is not counted, and one in the place of another answer is', async () => {
    await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60), await gate.decision(BO, 'APPROVE', 60)]);
    expect(await gate.request()).not.toHaveProperty('rejections');

    await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 61, { comment: 'again' })]);
    expect(await gate.request()).toMatchObject({ rejections: 1 });
  });

  test('a decision counts by the time when the table wrote it, however late the stream brings it', async () => {
    const early = await gate.decision(CY, 'APPROVE', 60);
    await gate.decide(ANA, 'REJECT', 61);

    await takeDecisions(gate.ports, [early]);

    expect(await votes()).toHaveLength(2);
  });

  test('and not from then on', async () => {
    await gate.decide(ANA, 'REJECT', 61);
    const timers = gate.timers.size;

    expect(await takeDecisions(gate.ports, [await gate.decision(CY, 'APPROVE', 61)])).toEqual([]);

    expect(await votes()).toHaveLength(1);
    expect(gate.timers.size).toBe(timers);
  });
});

describe('a wrong number', () => {
  test('is counted once, however often it comes, and starts no look', async () => {
    const wrong = await gate.decision(ANA, 'WRONG_NUMBER', 60);

    await takeDecisions(gate.ports, [wrong, wrong]);

    expect(await gate.invitation(ANA)).toMatchObject({ wrongNumbers: 1 });
    expect(gate.timers.size).toBe(0);
  });
});

describe('a revoked link', () => {
  test('is dead, and the gate says at once when too few are left', async () => {
    await gate.decide(CY, 'REVOKE', 59);
    await gate.decide(ANA, 'REVOKE', 61);
    await gate.decide(ANA, 'REJECT', 62);

    expect((await gate.invitation(ANA))?.keys).toEqual([]);
    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).consoleOnly).toBe('only 1 of 2 approvers needed can be reached by mail');
  });

  test('leaves the other links of its approver alive', async () => {
    const other = newSeed();
    await gate.invitations.addKey(REQUEST, ANA.id, publicKeyOf(other));

    await gate.decide(ANA, 'REVOKE', 61, { seed: gate.seedOf(ANA) });

    expect((await gate.invitation(ANA))?.keys).toEqual([publicKeyOf(other)]);
  });

  test('keeps the vote that was given by it, also when its record is brought again', async () => {
    const yes = await gate.decision(ANA, 'APPROVE', 60);
    await takeDecisions(gate.ports, [yes]);
    await gate.decide(ANA, 'REVOKE', 61);

    expect(await takeDecisions(gate.ports, [yes])).toEqual([]);

    expect(await votes()).toHaveLength(1);
    expect(logged().join('')).not.toContain('signature is not valid');
  });

  test('is brought again when another look wrote the invitation meanwhile', async () => {
    const record = await gate.decision(ANA, 'REVOKE', 61);
    const remove = gate.ports.invitations.removeKey;
    Object.assign(gate.ports.invitations, { removeKey: () => Promise.resolve(false) });
    expect(await takeDecisions(gate.ports, [record])).toEqual([record.sequenceNumber]);
    Object.assign(gate.ports.invitations, { removeKey: remove });

    expect(await takeDecisions(gate.ports, [record])).toEqual([]);
    expect((await gate.invitation(ANA))?.keys).toEqual([]);
  });

  test('the newest link works and can be revoked, however often mail was tried', async () => {
    const newest = newSeed();
    await gate.rows.set(
      REQUEST,
      `invite#${ANA.id}`,
      { keys: Array.from({ length: 100 }, (_, count) => `key-${count}`) },
      { expression: 'attribute_exists(pk)' },
    );
    await gate.invitations.addKey(REQUEST, ANA.id, publicKeyOf(newest));
    expect((await gate.invitation(ANA))?.keys).toHaveLength(100);

    await gate.decide(ANA, 'APPROVE', 60, { seed: newest });
    expect(await votes()).toHaveLength(1);
    await gate.decide(ANA, 'REVOKE', 61, { seed: newest });

    expect((await gate.invitation(ANA))?.keys).toHaveLength(99);
    expect((await gate.invitation(ANA))?.keys).not.toContain(publicKeyOf(newest));
  });
});

describe('a row that was changed or removed', () => {
  test.each([
    ['MODIFY', 'changed'],
    ['REMOVE', 'removed'],
  ] as const)('is an alarm and never a vote: %s', async (kind, word) => {
    const record = await gate.decision(ANA, 'REJECT', 60);

    expect(await takeDecisions(gate.ports, [{ ...record, kind }])).toEqual([]);

    expect(logged().filter((line) => line.includes('"DecisionsTampered":1'))).toHaveLength(1);
    expect(logged().join('')).toContain(`a decision was ${word}`);
    expect(await votes()).toEqual([]);
  });

  test('by the time to live of the table is neither', async () => {
    const record = await gate.decision(ANA, 'REJECT', 60);

    await takeDecisions(gate.ports, [{ ...record, kind: 'REMOVE', byTtl: true }]);

    expect(logged().join('')).not.toContain('DecisionsTampered');
    expect(await votes()).toEqual([]);
  });
});

test('a yes still counts after what is shown changed more often than its history remembers', async () => {
  await gate.decide(ANA, 'APPROVE', 60);
  for (let change = 1; change <= 25; change += 1) {
    gate.codePipeline.newerRunWaiting = change % 2 === 1;
    await gate.look(60 + change * 600);
  }

  await gate.decide(BO, 'APPROVE', hours(6));

  expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
});

test('a request whose rows are of version 0.1.0 takes no vote, and that is counted', async () => {
  const id = requestIdOf(GATE.pipeline, GATE.stage, GATE.action, 'another-token');
  const seed = newSeed();
  const invitation = { approver: ANA.id, mail: ANA.mail, shared: false, keys: [publicKeyOf(seed)] };
  await gate.rows.putIfAbsent({ pk: id, sk: 'meta', ...GATE, requestedAt: START, openedBy: 'notification' });
  await gate.rows.putIfAbsent({ ...invitation, pk: id, sk: `invite#${ANA.id}` });
  const said = { request: id, approver: ANA.id, verdict: 'APPROVE', comment: '', evidence: 'e'.repeat(64) } as const;
  const sig = signText(seed, decisionText({ ...said, seq: 1 }));
  const row = { ...said, pk: id, sk: `${ANA.id}#${sha256(sig)}`, seq: 1, sig };

  expect(
    await takeDecisions(gate.ports, [{ sequenceNumber: '1', kind: 'INSERT', at: at(60), byTtl: false, row }]),
  ).toEqual([]);

  expect(await gate.rows.query(id)).toHaveLength(2);
  expect(logged().filter((line) => line.includes('"Unreadable":1'))).toHaveLength(1);
});
