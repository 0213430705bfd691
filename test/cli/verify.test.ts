import type { RecordEntry, RecordExport } from '../../contract/record';
import { recordIn } from '../../cli/read';
import { verify, type Anchor, type Verification } from '../../cli/verify';
import { eachTestHasAGate, type GateFixture } from '../lambda/decide/gate-fixture';
import { ANA as ANA_OF_SAMPLES, at, BO as BO_OF_SAMPLES, policyOf, ruleOf } from '../lambda/samples';
import { exportDocument, RECORD } from '../../lambda/domain/record';
import { ANA, approved, chained, CY, exported, forged, rejected, tampered, vote } from './recorded';
import { findings, ofQuorum, outcome, placeOf, RECORDED, rollback, rule, withVote } from './verify-fixture';

const firstOf = (entries: Verification['entries']) => entries[0]?.row.entry as RecordEntry;

describe('a record as it was written', () => {
  test('has no findings, and says where its chain ends', () => {
    expect(verify(RECORDED, { anchors: [] })).toMatchObject({ findings: [], last: placeOf(RECORDED, 3) });
  });

  test('fits the anchors of its events, and what came before', () => {
    const [first, ...others] = RECORDED.entries;
    const rest = { ...RECORDED, entries: others };

    expect(findings(RECORDED, { anchors: [placeOf(RECORDED, 1), placeOf(RECORDED, 3)] })).toEqual([]);
    expect(findings(rest, { after: { n: 1, hash: first?.hash ?? '' } })).toEqual([]);
    expect(verify(rest, { anchors: [] })).toMatchObject({ findings: [], unpinned: 2 });
  });

  test('may be empty', () => {
    expect(verify(exported(), { anchors: [] })).toEqual({ workflow: 'shop', entries: [], open: [], findings: [] });
  });

  test.each<[string, Partial<RecordEntry>]>([
    ['by the checks', { rule: { kind: 'AUTOMATED' }, votes: [], outcome: outcome('APPROVED', 'CHECKS') }],
    [
      'by checks beside people',
      { rule: { ...rule(), kind: 'GUARDED' }, votes: [], outcome: outcome('REJECTED', 'CHECKS') },
    ],
    ['as a rollback', { run: rollback(), votes: [], outcome: outcome('APPROVED', 'ROLLBACK') }],
    [
      'as a rollback beside checks',
      { run: rollback(), rule: { ...rule(), kind: 'GUARDED' }, votes: [], outcome: outcome('APPROVED', 'ROLLBACK') },
    ],
    [
      'for a fix that waits behind a rollback',
      {
        run: rollback(),
        rule: { ...rule(), kind: 'AUTOMATED_ELSE_PEOPLE' },
        votes: [],
        outcome: outcome('REJECTED', 'ROLLBACK'),
      },
    ],
    ['in the console', { votes: [vote(ANA, 'APPROVE', 60)], outcome: outcome('APPROVED', 'CONSOLE') }],
    ['in the console with a rejection', { votes: [], outcome: outcome('REJECTED', 'CONSOLE') }],
    [
      'in the console while an approval was on its way',
      { votes: [vote(ANA, 'APPROVE', 95)], outcome: outcome('APPROVED', 'CONSOLE'), deliveredAt: at(96) },
    ],
    [
      'in the console before anybody was invited',
      { rule: ofQuorum(1), invited: [], votes: [], outcome: outcome('APPROVED', 'CONSOLE') },
    ],
    [
      'by an approver in the console who came first',
      { votes: approved().votes, overtakenBy: outcome('REJECTED', 'CONSOLE') },
    ],
    ['outside of the workflow', { votes: [], outcome: outcome('APPROVED', 'BYPASS') }],
    ['by the deadline', { votes: [], outcome: outcome('EXPIRED', 'CODEPIPELINE') }],
    ['by an answer that came first', { overtakenBy: outcome('REJECTED', 'BYPASS') }],
    ['with an approval that came too late to count', { votes: [...approved().votes, vote(CY, 'APPROVE', 95)] }],
    ['with a rejection after the outcome', { votes: [...approved().votes, vote(CY, 'REJECT', 95)] }],
    ['by people beside checks', { rule: { ...rule(), kind: 'AUTOMATED_ELSE_PEOPLE' } }],
  ])('may hold a request that ended %s', (_, more) => {
    expect(findings(exported(approved('first', more)))).toEqual([]);
  });

  test('may hold a request that never was matched to a run', () => {
    const { run: _run, rule: _rule, ...rest } = approved();
    const never = { ...rest, invited: [], votes: [], outcome: outcome('STOPPED', 'CODEPIPELINE') };

    expect(findings(exported(never))).toEqual([]);
  });
});

describe('the chain', () => {
  const changed = 'its hash is not that of what it says: it was changed';

  test.each<[string, RecordExport, readonly string[]]>([
    [
      'a comment that was changed',
      tampered(RECORDED, 1, withVote({ comment: 'I did not' })),
      [
        `1: ${changed}`,
        '1: the signature of ana@example.com is not of this vote',
        expect.stringContaining('1 of 2') as string,
      ],
    ],
    [
      'a gate that was changed',
      tampered(RECORDED, 2, () => ({ gate: { pipeline: 'p', stage: 's', action: 'a' } })),
      [`2: ${changed}`],
    ],
    [
      'an entry that was taken out',
      { ...RECORDED, entries: RECORDED.entries.filter(({ n }) => n !== 2) },
      ['3: entry 2 is missing before it'],
    ],
    [
      'several that were taken out',
      { ...RECORDED, entries: [...RECORDED.entries.slice(0, 1), ...chained([approved('x')], 5)] },
      ['5: entries 2 to 4 are missing before it'],
    ],
    [
      'entries in another order',
      { ...RECORDED, entries: [...RECORDED.entries].sort((a, b) => (a.n === 2 ? 1 : b.n === 2 ? -1 : 0)) },
      ['2: it stands after entry 3: numbers only rise', '3: entry 2 is missing before it'],
    ],
    [
      'an entry that stands there twice',
      { ...RECORDED, entries: [...RECORDED.entries, ...RECORDED.entries.slice(2)] },
      ['3: it stands after entry 3: numbers only rise', '3: its request is that of entry 3'],
    ],
    [
      'an entry of another chain',
      { ...RECORDED, entries: [...RECORDED.entries.slice(0, 2), ...chained([approved('third')], 3)] },
      ['3: it does not hang on the hash of entry 2', '3: it is earlier than entry 2'],
    ],
    [
      'a number that was changed',
      { ...RECORDED, entries: RECORDED.entries.slice(0, 1).map((row) => ({ ...row, n: 2 })) },
      [`2: ${changed}`],
    ],
    [
      'a beginning that hangs on something',
      exportDocument('shop', chained([approved()], 1, 'a'.repeat(64))),
      ['1: it is the first one, and hangs on another'],
    ],
    ['one request twice', exported(approved(), approved()), ['2: its request is that of entry 1']],
    ['another workflow', { ...RECORDED, workflow: 'billing' }, [1, 2, 3].map((n) => `${n}: it is of another workflow`)],
    [
      'a time that runs backwards',
      exportDocument(
        'shop',
        [...chained([approved(), rejected('second')])]
          .reverse()
          .map((row, index, rows) => ({ ...(rows[1 - index] ?? row), at: row.at })),
      ),
      [`1: ${changed}`, '2: it is earlier than entry 1', `2: ${changed}`],
    ],
  ])('shows %s', (_, document, expected) => {
    expect(findings(document)).toEqual(expected);
  });

  test('that was cut off fits no anchor any more', () => {
    const cut = { ...RECORDED, entries: RECORDED.entries.slice(0, 2) };

    expect(findings(cut)).toEqual([]);
    expect(findings(cut, { anchors: [placeOf(RECORDED, 3)] })).toEqual([
      '3: an anchor names it, and it is not here: the record was cut off, or this is another time',
    ]);
  });

  test('that was written anew fits no anchor any more', () => {
    const anew = forged(RECORDED, 1, () => ({ gate: { pipeline: 'p', stage: 's', action: 'a' } }));

    expect(findings(anew)).toEqual([]);
    expect(findings(anew, { anchors: [placeOf(RECORDED, 2)] })).toEqual([
      '2: its hash is not that of the anchor: the record was written anew',
    ]);
  });

  test('that follows something else is told by --after', () => {
    const rest = { ...RECORDED, entries: RECORDED.entries.slice(1) };

    expect(findings(rest, { after: { n: 1, hash: 'a'.repeat(64) } })).toEqual([
      '2: it does not hang on the hash of entry 1 that --after names',
    ]);
    expect(findings(rest, { after: { n: 4, hash: 'a'.repeat(64) } })).toEqual([
      '2: it does not follow entry 4, which --after names',
    ]);
  });
});

describe('what decide records', () => {
  let gate: GateFixture;
  eachTestHasAGate(async (fresh) => {
    gate = fresh;
    await gate.ask();
  });

  async function document(): Promise<RecordExport> {
    const read = recordIn(JSON.stringify({ ...exportDocument('shop', []), entries: await gate.rows.query(RECORD) }));
    if (!read.ok) {
      throw new Error(read.problem);
    }
    return read.value;
  }

  test('is verified, even where the evidence changed and a link was revoked in between', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED', { people: { quorum: 2 } }) });
    await gate.look(1);
    await gate.decide(ANA_OF_SAMPLES, 'APPROVE', 60, { comment: 'über-“quoted” 🙂' });
    await gate.decide(ANA_OF_SAMPLES, 'REVOKE', 61);
    gate.codePipeline.newerRunWaiting = true;
    gate.measuring = () => 'FAIL';
    await gate.look(200);
    gate.measuring = () => 'PASS';
    await gate.look(400);
    await gate.decide(BO_OF_SAMPLES, 'APPROVE', 500);

    const { findings: found, entries } = verify(await document(), { anchors: [] });
    expect(found).toEqual([]);
    expect(firstOf(entries).outcome).toMatchObject({ kind: 'APPROVED', by: 'PEOPLE' });
    const shown = Object.values(firstOf(entries).shown);
    expect(shown.map(({ newerRunWaiting }) => newerRunWaiting).sort()).toEqual([false, true]);
  });

  test('is verified where a policy weakened its gate; who signs has seen that', async () => {
    const quorumOf = (quorum: number) => policyOf({ rule: ruleOf('MANUAL', { people: { quorum } }) });
    await gate.ports.inForce.orFirst(policyOf().gate, quorumOf(2));
    gate.policy = quorumOf(1);
    await gate.look(1);
    await gate.decide(ANA_OF_SAMPLES, 'APPROVE', 60);
    await gate.decide(BO_OF_SAMPLES, 'APPROVE', 70);

    const record = await document();
    const { findings: found, entries } = verify(record, { anchors: [] });
    expect(found).toEqual([]);
    expect(firstOf(entries).rule).toMatchObject({
      people: { groups: [{ quorum: 2 }] },
      weakens: ['quorum 2 → 1'],
    });

    const unseen = JSON.parse(
      JSON.stringify(record).replaceAll('"weakens":["quorum 2 → 1"]', '"weakens":[]'),
    ) as RecordExport;
    expect(
      verify(unseen, { anchors: [] })
        .findings.map(({ problem }) => problem)
        .join(),
    ).toContain('signed something else than this change');
  });

  test('fits the anchor of its event', async () => {
    await gate.look(1);
    await gate.decide(ANA_OF_SAMPLES, 'REJECT', 60);
    const anchor = gate.events.at(-1)?.details['record'] as Anchor;

    expect(findings(await document(), { anchors: [anchor] })).toEqual([]);
    expect(findings(await document(), { anchors: [{ ...anchor, n: 2 }] })).toHaveLength(1);
  });
});
