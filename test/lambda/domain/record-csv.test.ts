import fc from 'fast-check';
import type { ClosingEntry, RecordEntry, RecordRow } from '../../../contract/record';
import { entryOf, NOTHING_BEFORE } from '../../../lambda/domain/record';
import { csvOf, decidersOf } from '../../../lambda/domain/record-csv';
import type { Delivered } from '../../../lambda/domain/request';
import { ANA, at, BO, CY, decidedRequest, EVIDENCE, START, voteOf } from '../samples';

const entry = entryOf('shop', {
  request: { ...decidedRequest(), phase: 'DELIVERED', deliveredAt: at(61) } as Delivered,
  invitations: [{ approver: ANA.id, mail: ANA.mail, shared: false, keys: [], mailbox: 'confirmed' }],
  votes: [voteOf(ANA, 'APPROVE', 60)],
});

const row = (recorded: RecordEntry, n = 1): RecordRow => ({
  v: 1,
  n,
  at: at(61),
  previous: NOTHING_BEFORE,
  hash: 'f'.repeat(64),
  entry: recorded,
});

/** The table with one entry, whose author and decider wrote this. */
function tableWith(message: string, summary = 'read it'): string {
  const run = { ...entry.run, authors: [summary], revisions: [{ name: 'a', id: 'b', message }] } as RecordEntry['run'];
  return csvOf([row({ ...entry, run, outcome: { ...entry.outcome, summary } } as RecordEntry)]);
}

const messageIn = (table: string) => cellsOf(table)[1]?.[6];
const quoted = (...cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',');

describe('the table for spreadsheets', () => {
  test('has a line for each entry, with what really happened, in quotes', () => {
    const overtakenBy = { kind: 'REJECTED', by: 'BYPASS', at: at(59), summary: 'Rejected by "eve", at once' } as const;
    const asked = [START, '', '', 'f'.repeat(64)];
    const change = ['shop', 'Prod', 'Approve', 'abc123', 'fix the cart', ''];
    const names =
      'number,time,pipeline,stage,action,change,message,author,outcome,decided by,how,reasons,asked at,not before,fields,hash';

    expect(csvOf([row(entry), row({ ...entry, overtakenBy }, 2)])).toBe(
      [
        `\ufeff${quoted(...names.split(','))}`,
        quoted('1', at(60), ...change, 'APPROVED', ANA.mail, 'PEOPLE', `Approved by ${ANA.mail}`, ...asked),
        quoted('2', at(59), ...change, 'REJECTED', '', 'BYPASS', 'Rejected by ""eve"", at once', ...asked),
        '',
      ].join('\r\n'),
    );
  });

  test('says the latest time for which it was approved, where people opened the gate', () => {
    const vote = (seconds: number, more: object = {}) =>
      voteOf(ANA, 'APPROVE', 60, { details: JSON.stringify({ notBefore: at(seconds) }), ...more });
    const votes = [vote(30), vote(50), vote(90, { current: false }), voteOf(ANA, 'APPROVE', 60)];
    const startOf = (more: object) => cellsOf(csvOf([row({ ...entry, votes, ...more } as RecordEntry)]))[1]?.[13];

    expect(startOf({})).toBe(at(50));
    expect(startOf({ votes: [] })).toBe('');
    expect(startOf({ outcome: { ...entry.outcome, kind: 'REJECTED' } })).toBe('');
    expect(startOf({ outcome: { ...entry.outcome, by: 'CONSOLE' } })).toBe('');
  });

  test('says what approvers filled in for later actions', () => {
    const outcome = { ...entry.outcome, fields: { ticket: 'CHG-1', note: '', traffic: '-50 %' } };

    expect(cellsOf(csvOf([row({ ...entry, outcome })]))[1]?.[14]).toBe('ticket: CHG-1\ntraffic: -50 %');
  });

  test.each([
    ['=cmd()', "'=cmd()"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝１', "'＝１"],
    ['＋１', "'＋１"],
    ['－１', "'－１"],
    ['＠A', "'＠A"],
    ['\t \u00a0=1', "\t \u00a0'=1"],
    ['fix;=1', "fix;'=1"],
    ['fix; =1', "fix; '=1"],
    ['fix,=1', "fix,'=1"],
    ['fix\t=1', "fix\t'=1"],
    ['fix\r\n=1', "fix\r\n'=1"],
    ['fix" =1', 'fix" \'=1'],
    [';"=1', ';"\'=1'],
  ])('takes no text for a formula: %j', (message, shown) => {
    expect(messageIn(tableWith(message))).toBe(shown);
  });

  test('leaves signs alone that stand behind words', () => {
    const message = "a=b - c@d.example + 1; it's (-1), x";

    expect(messageIn(tableWith(message))).toBe(message);
  });

  test('has no formula for a reader that splits it anywhere', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'=+-@＝＋－＠;,"\' \t\r\n\u00a0a') });
    fc.assert(
      fc.property(hostile, hostile, (message, summary) => {
        const pieces = tableWith(message, summary).split(/[,;\t\r\n]/);
        expect(pieces.filter((piece) => /^["\s]*[=+\-@＝＋－＠]/.test(piece))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('keeps one entry on one record, whatever stands in it', () => {
    const plain = (text: string | undefined) => text?.replace(/'(?=[=+\-@＝＋－＠])/g, '');
    fc.assert(
      fc.property(fc.string(), fc.string(), (message, summary) => {
        const cells = cellsOf(tableWith(message, summary));
        expect(cells).toHaveLength(2);
        expect(cells[1]).toHaveLength(16);
        expect(plain(cells[1]?.[6])).toBe(plain(message));
      }),
    );
  });

  test('takes little time for a text of nothing but blanks', () => {
    const [blanks, began] = ['\t'.repeat(100_000), performance.now()];

    expect(messageIn(tableWith(blanks))).toBe(blanks);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('names who rejected, and nobody where nobody voted', () => {
    const rejection = { ...entry.votes[0], verdict: 'REJECT', current: false } as RecordEntry['votes'][number];
    const outcome = { ...entry.outcome, kind: 'REJECTED' } as const;

    expect(decidersOf({ ...entry, votes: [rejection], outcome })).toEqual(['ana@example.com']);
    expect(decidersOf({ ...entry, outcome: { ...outcome, by: 'CHECKS' } })).toEqual([]);
    expect(csvOf([row({ ...entry, run: undefined, rule: undefined } as unknown as RecordEntry)])).toContain(
      ',"","","","APPROVED",',
    );
  });
});

describe('who decided', () => {
  const invited = [ANA, BO, CY].map(({ id, mail }) => ({ approver: id, mail, shared: false }));
  const [yes, no] = [voteOf(ANA, 'APPROVE', 60), voteOf(BO, 'REJECT', 61, { current: false })];
  const alone = voteOf(CY, 'BREAK_GLASS', 62);
  const decided = (outcome: object, more: object = {}) =>
    decidersOf({
      ...entry,
      invited,
      votes: [yes, no, alone],
      outcome: { ...entry.outcome, ...outcome },
      ...more,
    } as RecordEntry);

  test('is whoever voted as it ended', () => {
    expect(decided({ kind: 'APPROVED', by: 'PEOPLE' })).toEqual([ANA.mail]);
    expect(decided({ kind: 'REJECTED', by: 'PEOPLE' })).toEqual([BO.mail]);
    expect(decided({ kind: 'APPROVED', by: 'BREAK_GLASS' })).toEqual([CY.mail]);
    expect(decided({ kind: 'APPROVED', by: 'CHECKS' })).toEqual([]);
  });

  test('is nobody whose approval was of something else', () => {
    expect(decided({}, { votes: [{ ...yes, current: false }, voteOf(BO, 'APPROVE', 61)] })).toEqual([BO.mail]);
    expect(decided({ by: 'BREAK_GLASS' }, { votes: [{ ...alone, current: false }] })).toEqual([]);
  });

  test('is told with those in whose place somebody answered, who have not answered themselves', () => {
    const standIn = (who: typeof ANA, delegate: typeof ANA) => ({
      person: who.id,
      mail: who.mail,
      delegate: delegate.id,
      since: at(0),
      until: at(900),
    });
    const by = (votes: readonly unknown[], standIns: readonly unknown[]) => decided({}, { votes, standIns });
    const byCy = voteOf(CY, 'APPROVE', 60);

    expect(by([byCy], [standIn(ANA, CY), standIn(BO, CY)])).toEqual([
      `cy@example.com (for ${ANA.mail} and ${BO.mail})`,
    ]);
    expect(by([byCy, no], [standIn(ANA, CY), standIn(BO, CY)])).toEqual([`cy@example.com (for ${ANA.mail})`]);
    expect(by([byCy], [standIn(ANA, BO)])).toEqual([CY.mail]);
    expect(by([byCy], [])).toEqual([CY.mail]);
  });
});

test('every cell of a request with two changes, and of a follow-up that was closed', () => {
  const revisions = [
    { name: 'app', id: 'abc', message: 'fix the cart' },
    { name: 'base', id: 'def' },
  ];
  const invited = [ANA, BO].map(({ id, mail }) => ({ approver: id, mail, shared: false }));
  const votes = [ANA, BO].map((who) => voteOf(who, 'APPROVE', 60));
  const run = { ...entry.run, authors: ['dev', 'eve', 'dev'], revisions };
  const closed: ClosingEntry = {
    kind: 'FOLLOW_UP_CLOSED',
    workflow: 'shop',
    request: entry.request,
    gate: entry.gate,
    about: 1,
    openedAt: at(70),
    openedBy: [BO.id],
    reviewer: { approver: CY.id, mail: CY.mail, name: 'Cy' },
    review: { comment: 'was right', evidence: EVIDENCE, seq: 1, at: at(90), sig: 'sig', key: 'key' },
  };
  const rows = [row({ ...entry, run, invited, votes } as RecordEntry), { ...row(entry, 2), entry: closed }];
  const hash = 'f'.repeat(64);
  const gate = ['shop', 'Prod', 'Approve'];

  expect(cellsOf(csvOf(rows)).slice(1)).toEqual([
    [
      ...['1', at(60), ...gate, 'abc\ndef', 'fix the cart', 'dev, eve', 'APPROVED', `${ANA.mail}, ${BO.mail}`],
      ...['PEOPLE', `Approved by ${ANA.mail}`, START, '', '', hash],
    ],
    [...['2', at(90), ...gate, '', '', '', 'REVIEWED', 'Cy', 'follow-up of 1', 'was right', at(70), '', '', hash]],
  ]);
});

/** A small reader of RFC 4180, for a table in which every cell has quotes. */
function cellsOf(table: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  const cell = /"((?:[^"]|"")*)"(,|\r\n)/y;
  cell.lastIndex = 1;
  while (cell.lastIndex < table.length) {
    const [, text = '', end] = cell.exec(table) ?? [];
    expect(end).toBeDefined();
    cells.push(text.replaceAll('""', '"'));
    if (end === '\r\n') {
      lines.push(cells);
      cells = [];
    }
  }
  return lines;
}
