import fc from 'fast-check';
import type { PeopleRule } from '../../contract/policy';
import type { RecordedVote, RecordEntry, RecordExport } from '../../contract/record';
import { recordIn } from '../../cli/read';
import { verify, type Anchor, type Verification } from '../../cli/verify';
import { newSeed, publicKeyOf } from '../../lambda/signing/link-key';
import { eachTestHasAGate, type GateFixture } from '../lambda/decide/gate-fixture';
import { ANA as ANA_OF_SAMPLES, at, BO as BO_OF_SAMPLES, days, peopleRule, policyOf, ruleOf } from '../lambda/samples';
import { exportDocument, RECORD } from '../../lambda/domain/record';
import { ANA, approved, BO, chained, CY, exported, forged, rejected, requestNamed, tampered, vote } from './recorded';

const RECORDED = exported(approved(), rejected('second'), approved('third'));

function findings(
  document: RecordExport,
  { after, anchors = [] }: { after?: Anchor; anchors?: readonly Anchor[] } = {},
): readonly string[] {
  const options = { anchors, ...(after === undefined ? {} : { after }) };
  return verify(document, options).findings.map(({ n, problem }) => `${n ?? ''}: ${problem}`);
}

const firstOf = (entries: Verification['entries']) => entries[0]?.row.entry as RecordEntry;
const placeOf = (document: RecordExport, n: number): Anchor => ({ n, hash: document.entries[n - 1]?.hash ?? '' });
const firstVote = ({ votes }: RecordEntry) => votes[0] as RecordedVote;
const withVote = (change: Partial<RecordedVote>) => (entry: RecordEntry) => ({
  votes: [{ ...firstVote(entry), ...change }, ...entry.votes.slice(1)],
});

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

function rule() {
  return approved().rule as NonNullable<RecordEntry['rule']>;
}

function run() {
  return approved().run as NonNullable<RecordEntry['run']>;
}

function rollback() {
  return { ...run(), kind: 'ROLLBACK' as const, target: 'run-0' };
}

function ofQuorum(quorum: number): NonNullable<RecordEntry['rule']> {
  return { kind: 'MANUAL', people: peopleRule({ groups: [{ quorum, ids: [ANA.id, BO.id, CY.id] }] }) };
}

function outcome(kind: RecordEntry['outcome']['kind'], by: RecordEntry['outcome']['by']) {
  return { kind, by, at: at(90), summary: 'as told' };
}

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

describe('a vote with details', () => {
  const details = { notBefore: at(80) };
  const entry = approved('first', { votes: [vote(ANA, 'APPROVE', 60, { details }), vote(BO, 'APPROVE', 90)] });

  test('is verified with them', () => {
    expect(findings(exported(entry))).toEqual([]);
  });

  test.each([
    ['changed', JSON.stringify({ notBefore: at(70) })],
    ['removed', undefined],
  ])('is not the one that was signed when they were %s', (_, other) => {
    const change = ({ votes }: RecordEntry) => ({ votes: [{ ...votes[0], details: other }, votes[1]] });
    expect(findings(forged(exported(entry), 1, change))).toContain(
      '1: the signature of ana@example.com is not of this vote',
    );
  });
});

describe('an approval for later', () => {
  const later = (seconds: number) => ({ details: { notBefore: at(seconds) } });
  const votes = (seconds: number) => [vote(ANA, 'APPROVE', 60, later(seconds)), vote(BO, 'APPROVE', 90)];
  const console = { kind: 'APPROVED', by: 'CONSOLE', at: at(95), summary: 'Approved in the console by cy' } as const;

  test('supports no outcome before its time', () => {
    const outcome = { ...approved().outcome, at: at(200) };
    expect(findings(exported(approved('first', { votes: votes(200), outcome })))).toEqual([]);
    expect(findings(exported(approved('first', { votes: votes(201), outcome })))).toEqual([
      expect.stringMatching(/^1: APPROVED by people, and their votes say no earlier than .* as ana@example.com asked$/),
    ]);
  });

  test('supports no answer in the console before its time', () => {
    const entry = (seconds: number) =>
      approved('first', { votes: votes(seconds).slice(0, 1), outcome: console, deliveredAt: at(96) });
    expect(findings(exported(entry(95)))).toEqual([]);
    expect(findings(exported(entry(96)))).toEqual([
      '1: APPROVED by an approver, and with that answer there are not enough approvals',
    ]);
  });
});

describe('fields that approvers filled in', () => {
  const TRAFFIC = { kind: 'CHOICE', name: 'traffic', label: 'Traffic', choices: ['10', '50'] } as const;
  const filled = (first: string, second: string, fields?: Record<string, string>, more: Partial<RecordEntry> = {}) =>
    approved('first', {
      rule: { ...rule(), people: { ...rule().people, fields: [TRAFFIC] } as PeopleRule },
      votes: [
        vote(ANA, 'APPROVE', 60, { details: { fields: { traffic: first } } }),
        vote(BO, 'APPROVE', 90, { details: { fields: { traffic: second } } }),
      ],
      outcome: { ...approved().outcome, ...(fields === undefined ? {} : { fields }) },
      ...more,
    });

  test('are those of the newest approval', () => {
    expect(findings(exported(filled('10', '50', { traffic: '50' })))).toEqual([]);
  });

  test.each<[string, RecordEntry]>([
    ['changed', filled('10', '50', { traffic: '100' })],
    ['taken of an earlier approval', filled('10', '50', { traffic: '10' })],
    ['removed', filled('10', '50')],
  ])('are found out when they were %s', (_, entry) => {
    expect(findings(exported(entry))).toEqual(['1: its fields are not those that the newest approval filled in']);
  });

  test('that the gate does not take make an approval no vote', () => {
    expect(findings(exported(filled('10', '100', { traffic: '100' })))).toEqual([
      '1: APPROVED by people, and the votes do not support it: 1 of 2 approvals count',
    ]);
  });

  test('are nobody’s where somebody answered in the console', () => {
    const outcome = { kind: 'APPROVED', by: 'BYPASS', at: at(95), summary: 'eve', fields: { traffic: '10' } } as const;

    expect(findings(exported(filled('10', '10', undefined, { outcome })))).toEqual([
      '1: it has fields, and nobody who approved filled them in',
    ]);
  });
});

describe('a gate that one person opened in an emergency', () => {
  const alone = (more: Partial<RecordEntry> = {}, breakGlass: PeopleRule['breakGlass'] = [ANA.id]) =>
    approved('first', {
      rule: { ...rule(), people: { ...rule().people, breakGlass } as PeopleRule },
      votes: [vote(ANA, 'BREAK_GLASS', 60, { comment: 'Customers are ill' })],
      outcome: outcome('APPROVED', 'BREAK_GLASS'),
      ...more,
    });
  const without = (who: { readonly id: string }) => (entry: RecordEntry) =>
    entry.invited.map((one) => (one.approver === who.id ? { ...one, excluded: 'wrote this change' } : one));

  test('is proven by the signature of whoever the rule names, with or without a vote', () => {
    expect(findings(exported(alone()))).toEqual([]);
    expect(findings(exported(alone({}, 'APPROVERS')))).toEqual([]);
    expect(findings(exported(alone({ invited: without(ANA)(alone()) })))).toEqual([]);
  });

  test.each<[string, RecordEntry, string]>([
    ['the rule lets nobody do that', alone({ rule: rule() }), 'its rule does not let anybody do that'],
    ['nobody signed it', alone({ votes: [] }), 'nobody who may do that signed it'],
    ['somebody else signed it', alone({}, [BO.id]), 'nobody who may do that signed it'],
    [
      'a shared mailbox signed it',
      alone({ invited: alone().invited.map((one) => ({ ...one, shared: true })) }),
      'nobody who may do that signed it',
    ],
    ['it was signed later', alone({ votes: [vote(ANA, 'BREAK_GLASS', 95)] }), 'nobody who may do that signed it'],
    [
      'it was about something else',
      alone({ votes: [vote(ANA, 'BREAK_GLASS', 60, { current: false })] }),
      'nobody who may do that signed it',
    ],
    [
      'somebody had rejected it',
      alone({ votes: [vote(ANA, 'BREAK_GLASS', 60), vote(BO, 'REJECT', 50)] }),
      'somebody had rejected it',
    ],
    ['it was an approval', alone({ votes: [vote(ANA, 'APPROVE', 60)] }), 'nobody who may do that signed it'],
  ])('is a finding where %s', (_, entry, problem) => {
    expect(findings(exported(entry))).toEqual([`1: APPROVED in an emergency, and ${problem}`]);
  });

  test('is no rejection', () => {
    expect(findings(exported(alone({ outcome: outcome('REJECTED', 'BREAK_GLASS') })))).toEqual([
      '1: REJECTED in an emergency, and an emergency only opens a gate',
    ]);
  });

  test('is no approval of people', () => {
    expect(findings(exported(alone({ outcome: outcome('APPROVED', 'PEOPLE') })))).toEqual([
      '1: APPROVED by people, and the votes do not support it: 0 of 2 approvals count',
    ]);
  });
});

describe('a forger who makes every hash anew', () => {
  const stranger = newSeed();
  const unsupported = expect.stringMatching(
    /^1: APPROVED by people, and the votes do not support it: 1 of 2/,
  ) as string;

  test.each<[string, (entry: RecordEntry) => object, readonly string[]]>([
    [
      'cannot change a comment',
      withVote({ comment: 'I did not' }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot turn a verdict',
      withVote({ verdict: 'REJECT' }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot add details',
      withVote({ details: JSON.stringify({ notBefore: at(80) }) }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot use the signature of another vote',
      ({ votes }) => ({ votes: [{ ...votes[0], sig: votes[1]?.sig }, votes[1]] }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot use a vote of another request',
      () => ({ votes: [vote(ANA, 'APPROVE', 60, { request: requestNamed('other') }), vote(BO, 'APPROVE', 90)] }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot put another change in the place of the one that was signed',
      (entry) => ({ run: { ...entry.run, revisions: [{ name: 'app', id: 'evil' }] } }),
      [
        '1: ana@example.com signed something else than this change',
        '1: bo@example.com signed something else than this change',
        expect.stringContaining('0 of 2') as string,
      ],
    ],
    [
      'cannot leave out what was shown beside it',
      () => ({ shown: {} }),
      [
        '1: ana@example.com signed something else than this change',
        '1: bo@example.com signed something else than this change',
        expect.stringContaining('0 of 2') as string,
      ],
    ],
    [
      'cannot change what was shown beside it',
      ({ shown }) => ({
        shown: Object.fromEntries(Object.entries(shown).map(([of, one]) => [of, { ...one, newerRunWaiting: true }])),
      }),
      [
        '1: ana@example.com signed something else than this change',
        '1: bo@example.com signed something else than this change',
        expect.stringContaining('0 of 2') as string,
      ],
    ],
    [
      'cannot move a vote in time',
      withVote({ at: at(30 * 60) }),
      ['1: the time of the vote of ana@example.com is not the one that was signed', unsupported],
    ],
    [
      'cannot let somebody vote who was not invited',
      (entry) => ({ invited: entry.invited.filter(({ approver }) => approver !== ANA.id) }),
      [`1: approver ${ANA.id} voted, and was not invited`, unsupported],
    ],
    [
      'cannot name somebody else as the voter',
      (entry) => ({
        invited: entry.invited.map((one) => (one.approver === ANA.id ? { ...one, mail: 'eve@example.com' } : one)),
      }),
      [`1: the approver ${ANA.id} is not eve@example.com`],
    ],
    [
      'cannot count one person twice',
      (entry) => ({
        votes: [firstVote(entry), firstVote(entry)],
        invited: [...entry.invited, ...entry.invited.slice(0, 1)],
      }),
      [`1: approver ${ANA.id} has more than one vote`, '1: ana@example.com was invited twice', unsupported],
    ],
    [
      'cannot count one person for two groups',
      (entry) => ({
        rule: {
          ...entry.rule,
          people: {
            ...entry.rule?.people,
            groups: [
              { name: 'Security', quorum: 1, ids: [ANA.id] },
              { name: 'Operations', quorum: 1, ids: [ANA.id, CY.id] },
            ],
          },
        },
      }),
      [
        '1: APPROVED by people, and the votes do not support it: 1 of 1 for Security, 0 of 1 for Operations approvals count; ' +
          'bo@example.com had no vote (no longer an approver of this gate)',
      ],
    ],
    ['cannot leave out a vote that is needed', ({ votes }) => ({ votes: votes.slice(1) }), [unsupported]],
    [
      'cannot count an excluded person',
      (entry) => ({
        invited: entry.invited.map((one) =>
          one.approver === ANA.id ? { ...one, excluded: 'wrote this change' } : one,
        ),
      }),
      [
        '1: APPROVED by people, and the votes do not support it: 1 of 2 approvals count; ana@example.com had no vote (wrote this change)',
      ],
    ],
    [
      'cannot count the author of the change',
      (entry) => ({ run: { ...entry.run, authors: ['ana@example.com'] } }),
      [
        '1: APPROVED by people, and the votes do not support it: 1 of 2 approvals count; ana@example.com had no vote (wrote this change)',
      ],
    ],
    [
      'cannot count an approval of something else than what was shown',
      (entry) => ({ votes: [vote(ANA, 'APPROVE', 60, { current: false }), entry.votes[1]] }),
      [unsupported],
    ],
    [
      'cannot count a vote after the deadline',
      (entry) => ({
        votes: [vote(ANA, 'APPROVE', days(2)), entry.votes[1]],
        outcome: { ...entry.outcome, at: at(days(3)) },
      }),
      [unsupported],
    ],
    [
      'cannot count a vote after the outcome',
      (entry) => ({ votes: [vote(ANA, 'APPROVE', 95), entry.votes[1]] }),
      [unsupported],
    ],
    [
      'cannot pass over a rejection',
      (entry) => ({ votes: [...entry.votes, vote(CY, 'REJECT', 80)] }),
      ['1: APPROVED by people, and their votes say REJECTED'],
    ],
    [
      'cannot claim people where nobody decides',
      () => ({ rule: { kind: 'AUTOMATED' } }),
      ['1: APPROVED by people, and its rule names nobody'],
    ],
    [
      'cannot claim checks where there are none',
      () => ({ outcome: outcome('APPROVED', 'CHECKS') }),
      ['1: APPROVED by checks, and its rule does not let them'],
    ],
    [
      'cannot let checks approve where they only guard',
      (entry) => ({ rule: { ...entry.rule, kind: 'GUARDED' }, outcome: outcome('APPROVED', 'CHECKS') }),
      ['1: APPROVED by checks, and its rule does not let them'],
    ],
    [
      'cannot let checks reject where a failure asks people',
      (entry) => ({
        rule: { ...entry.rule, kind: 'AUTOMATED_ELSE_PEOPLE', onFail: 'ASK_APPROVERS' },
        outcome: outcome('REJECTED', 'CHECKS'),
      }),
      ['1: REJECTED by checks, and its rule does not let them'],
    ],
    [
      'cannot let checks stop a run',
      () => ({ rule: { kind: 'AUTOMATED' }, outcome: outcome('STOPPED', 'CHECKS') }),
      ['1: STOPPED by checks, and its rule does not let them'],
    ],
    [
      'cannot claim a rollback',
      () => ({ outcome: outcome('APPROVED', 'ROLLBACK') }),
      ['1: APPROVED as a rollback, and its run is none'],
    ],
    [
      'cannot claim a rollback to nothing',
      (entry) => ({ run: { ...entry.run, kind: 'ROLLBACK' }, votes: [], outcome: outcome('APPROVED', 'ROLLBACK') }),
      ['1: APPROVED as a rollback, and its run goes back to nothing'],
    ],
    [
      'cannot pass over a rejection of a rollback',
      () => ({ run: rollback(), votes: [vote(CY, 'REJECT', 80)], outcome: outcome('APPROVED', 'ROLLBACK') }),
      ['1: APPROVED as a rollback, and somebody had rejected it'],
    ],
    ...(['AUTOMATED', 'AUTOMATED_ELSE_PEOPLE'] as const).map(
      (kind): [string, (entry: RecordEntry) => object, readonly string[]] => [
        `cannot let a rollback pass a gate that is ${kind}`,
        ({ rule: { people } = { kind } }) => ({
          run: rollback(),
          rule: kind === 'AUTOMATED' ? { kind } : { kind, people },
          votes: [],
          outcome: outcome('APPROVED', 'ROLLBACK'),
        }),
        ['1: APPROVED as a rollback, and its rule does not say so'],
      ],
    ),
    [
      'cannot let a rollback step aside where people decide',
      () => ({ run: rollback(), votes: [], outcome: outcome('REJECTED', 'ROLLBACK') }),
      ['1: REJECTED as a rollback, and its rule does not say so'],
    ],
    [
      'cannot let a rollback expire',
      () => ({ run: rollback(), votes: [], outcome: outcome('EXPIRED', 'ROLLBACK') }),
      ['1: EXPIRED as a rollback, and its rule does not say so'],
    ],
    [
      'cannot let one approver in the console stand for two',
      () => ({ votes: [], outcome: outcome('APPROVED', 'CONSOLE') }),
      ['1: APPROVED by an approver, and with that answer there are not enough approvals'],
    ],
    [
      'cannot count an approver in the console twice',
      (entry) => ({
        votes: entry.votes.slice(0, 1),
        invited: entry.invited.map((one) =>
          one.approver === ANA.id ? one : { ...one, excluded: 'wrote this change' },
        ),
        outcome: outcome('APPROVED', 'CONSOLE'),
      }),
      ['1: APPROVED by an approver, and with that answer there are not enough approvals'],
    ],
    [
      'cannot count an approval that came after the answer in the console was known',
      () => ({ votes: [vote(ANA, 'APPROVE', 95)], outcome: outcome('APPROVED', 'CONSOLE'), deliveredAt: at(94) }),
      ['1: APPROVED by an approver, and with that answer there are not enough approvals'],
    ],
    [
      'cannot pass over a rejection in the console',
      (entry) => ({ votes: [...entry.votes, vote(CY, 'REJECT', 80)], outcome: outcome('APPROVED', 'CONSOLE') }),
      ['1: APPROVED by an approver, and somebody had rejected it'],
    ],
    [
      'cannot let a shared mailbox or an excluded person answer in the console',
      (entry) => ({
        rule: ofQuorum(1),
        invited: entry.invited.map((one, index) =>
          index === 0 ? { ...one, shared: true } : { ...one, excluded: 'wrote this change' },
        ),
        votes: [],
        outcome: outcome('REJECTED', 'CONSOLE'),
      }),
      ['1: REJECTED by an approver, and nobody was left who could be one'],
    ],
    [
      'cannot let an answer in the console expire',
      () => ({ votes: [], outcome: outcome('EXPIRED', 'CONSOLE') }),
      ['1: EXPIRED, and nobody did it'],
    ],
    [
      'cannot let an approver in the console overtake without enough others',
      () => ({
        votes: [vote(CY, 'REJECT', 70)],
        outcome: outcome('REJECTED', 'PEOPLE'),
        overtakenBy: outcome('APPROVED', 'CONSOLE'),
      }),
      ['1: APPROVED by an approver, and somebody had rejected it'],
    ],
    [
      'cannot claim an approver where there is none',
      () => ({ rule: { kind: 'AUTOMATED' }, votes: [], outcome: outcome('APPROVED', 'CONSOLE') }),
      ['1: APPROVED by an approver, and its rule names nobody'],
    ],
    [
      'cannot say that CodePipeline approved',
      () => ({ votes: [], outcome: outcome('APPROVED', 'CODEPIPELINE') }),
      ['1: APPROVED, and nobody did it'],
    ],
    [
      'cannot say that something else overtook it',
      () => ({ overtakenBy: outcome('APPROVED', 'PEOPLE') }),
      ['1: it was overtaken by what does not overtake'],
    ],
  ])('%s', (_, change, expected) => {
    expect(findings(forged(RECORDED, 1, change))).toEqual(expected);
  });

  test('can invent a vote with a key of their own, which only an anchor shows', () => {
    const invented = vote(ANA, 'APPROVE', 60, { seed: stranger });
    expect(invented.key).toBe(publicKeyOf(stranger));
    const anew = forged(RECORDED, 1, ({ votes }) => ({ votes: [invented, votes[1]] }));

    expect(findings(anew)).toEqual([]);
    expect(findings(anew, { anchors: [placeOf(RECORDED, 1)] })).toHaveLength(1);
  });
});

test('any change of a single character of an export is found, or the export is no record any more', () => {
  const text = JSON.stringify(RECORDED);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0aZ"\\ {,e9'), (place, character) => {
      const changed = text.slice(0, place) + character + text.slice(place + 1);
      fc.pre(changed !== text);
      const read = recordIn(changed);
      expect(read.ok && verify(read.value, { anchors: [] }).findings.length === 0).toBe(false);
    }),
    { numRuns: 2_000 },
  );
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

describe('a delegate who answered in somebody’s place', () => {
  const handedOver = (more: Partial<RecordEntry> = {}) =>
    approved('first', {
      rule: {
        kind: 'MANUAL',
        people: {
          groups: [{ quorum: 2, ids: [ANA.id, CY.id] }],
          excludeAuthor: true,
          reason: 'OPTIONAL',
          delegates: { [ANA.id]: [BO.id] },
        },
      },
      invited: [BO, CY].map(({ id, mail }) => ({ approver: id, mail, shared: false, sentAt: at(1) })),
      votes: [vote(BO, 'APPROVE', 30), vote(CY, 'APPROVE', 40)],
      standIns: [{ person: ANA.id, mail: ANA.mail, delegate: BO.id, since: at(1), until: at(100) }],
      ...more,
    });

  test('has a vote that the record explains', () => {
    expect(findings(exported(handedOver()))).toEqual([]);
  });

  test.each<[string, Partial<RecordEntry>, string]>([
    ['was not asked in it', { standIns: [] }, '1 of 2 approvals count'],
    [
      'answered after the absence',
      { standIns: [{ person: ANA.id, mail: ANA.mail, delegate: BO.id, since: at(1), until: at(20) }] },
      '1 of 2 approvals count',
    ],
    [
      'is not named by the rule',
      { standIns: [{ person: CY.id, mail: CY.mail, delegate: BO.id, since: at(1), until: at(100) }] },
      'bo@example.com was asked in the place of cy@example.com, and the rule does not name them as a delegate',
    ],
    [
      'answered for the author of the change',
      { run: { ...approved().run!, authors: [ANA.mail] } },
      '1 of 2 approvals count',
    ],
    [
      'answered for somebody under another address',
      { standIns: [{ person: ANA.id, mail: 'eve@example.com', delegate: BO.id, since: at(1), until: at(100) }] },
      'is not eve@example.com',
    ],
    [
      'answered, and the approver did, too',
      {
        invited: [ANA, BO].map(({ id, mail }) => ({ approver: id, mail, shared: false, sentAt: at(1) })),
        votes: [vote(BO, 'APPROVE', 30), vote(ANA, 'APPROVE', 40)],
      },
      '1 of 2 approvals count',
    ],
  ])('has none when they %s', (_, more, problem) => {
    expect(findings(exported(handedOver(more))).join()).toContain(problem);
  });
});
