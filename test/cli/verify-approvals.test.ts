import type { PeopleRule } from '../../contract/policy';
import type { RecordEntry } from '../../contract/record';
import { at } from '../lambda/samples';
import { ANA, approved, BO, CY, exported, forged, vote } from './recorded';
import { findings, outcome, rule } from './verify-fixture';

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
