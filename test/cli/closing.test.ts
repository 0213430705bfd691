import type { ClosingEntry, RecordEntry } from '../../contract/record';
import { CLOSING } from '../../contract/record';
import { recordIn } from '../../cli/read';
import { json, report } from '../../cli/report';
import { verify } from '../../cli/verify';
import { csvOf } from '../../lambda/domain/record-csv';
import { decisionText } from '../../lambda/domain/vote';
import { newSeed, publicKeyOf, sha256, signText } from '../../lambda/signing/link-key';
import { at, GATE } from '../lambda/samples';
import { ANA, approved, BO, CY, exported, requestNamed, vote } from './recorded';

const opened = (more: Partial<RecordEntry> = {}): RecordEntry => {
  const rule = approved().rule!;
  return approved('first', {
    rule: { ...rule, people: { ...rule.people!, breakGlass: [ANA.id] } },
    votes: [vote(ANA, 'BREAK_GLASS', 60, { comment: 'Customers are ill' })],
    outcome: { kind: 'APPROVED', by: 'BREAK_GLASS', at: at(90), summary: 'Opened in an emergency by Ana alone' },
    ...more,
  });
};

interface Signer {
  readonly id: string;
  readonly mail: string;
  readonly seed: string;
}

function closing(
  by: Signer = BO,
  more: Partial<ClosingEntry> = {},
  seed = by.seed,
  comment = 'The fix was right',
): ClosingEntry {
  const request = requestNamed('first');
  const seq = Date.parse(at(95));
  const signed = { comment, evidence: sha256('shown'), seq };
  const sig = signText(seed, decisionText({ request, approver: by.id, verdict: 'REVIEWED', ...signed }));
  return {
    kind: CLOSING,
    workflow: 'shop',
    request,
    gate: GATE,
    about: 1,
    openedAt: at(92),
    openedBy: [ANA.id],
    reviewer: { approver: by.id, mail: by.mail },
    review: { ...signed, at: at(95), sig, key: publicKeyOf(seed) },
    ...more,
  };
}

const found = (...entries: readonly (RecordEntry | ClosingEntry)[]) =>
  verify(exported(...entries), { anchors: [] }).findings.map(({ n, problem }) => `${n ?? ''}: ${problem}`);

test('a follow-up that a second person closed is proven, and named', () => {
  const verified = verify(exported(opened(), closing()), { anchors: [] });

  expect(verified).toMatchObject({ findings: [], open: [] });
  const words = report(verified).join('\n');
  expect(words).toContain('in an emergency, by one person alone: Opened in an emergency by Ana alone');
  expect(words).toContain('the follow-up of entry 1, closed by <bo@example.com> (signed) “The fix was right”');
  expect(words).toContain('2 signatures verified');
  expect(JSON.parse(json(verified))).toMatchObject({ open: [], entries: [{ n: 1 }, { n: 2, about: 1, proven: true }] });
});

test('one that is open is listed, and is no finding', () => {
  const verified = verify(exported(approved('other'), opened()), { anchors: [] });

  expect(verified).toMatchObject({ findings: [], open: [2] });
  expect(report(verified).join('\n')).toContain('Follow-ups of emergencies that are open here: entry 2');
});

test('a closing whose emergency came before this export is proven by what stands in it', () => {
  expect(found(closing(BO, { about: 1 }))).toEqual([
    '1: it closes the follow-up of entry 1, which comes later',
    expect.anything(),
  ]);
  const row = exported(opened(), closing()).entries[1];
  expect(verify({ ...exported(), entries: [row!] }, { anchors: [] })).toMatchObject({ findings: [], open: [] });
});

test('it is read as it was written, and anything else is refused', () => {
  const document = exported(opened(), closing());

  expect(recordIn(JSON.stringify(document))).toEqual({ ok: true, value: document });
  for (const wrong of [{ kind: 'OTHER' }, { about: 0 }, { openedBy: ['Ana'] }, { review: {} }, { reviewer: {} }]) {
    const [first, second] = document.entries;
    const entries = [first, { ...second, entry: { ...second!.entry, ...wrong } }];
    expect(recordIn(JSON.stringify({ ...document, entries }))).toMatchObject({ ok: false });
  }
});

test('a spreadsheet has a line for it', () => {
  const lines = csvOf(exported(opened(), closing()).entries).split('\r\n');

  expect(lines[2]).toContain('"REVIEWED","bo@example.com","follow-up of 1","The fix was right"');
});

test.each<[string, RecordEntry, ClosingEntry, string]>([
  [
    'whoever opened it',
    opened(),
    closing(ANA, { openedBy: [CY.id] }),
    'ana@example.com broke the glass, and is no second person',
  ],
  [
    'whoever it says opened it',
    opened(),
    closing(BO, { openedBy: [ANA.id, BO.id] }),
    'bo@example.com opened the gate alone, and is no second person',
  ],
  [
    'an author',
    opened({
      invited: opened().invited.map((one) =>
        one.approver === BO.id ? { ...one, excluded: 'wrote this change' } : one,
      ),
    }),
    closing(),
    'bo@example.com wrote or started what was opened',
  ],
  ['somebody else in their name', opened(), closing(BO, {}, newSeed(), 'x'), ''],
  [
    'nobody who has that address',
    opened(),
    closing(BO, { reviewer: { approver: BO.id, mail: 'eve@example.com' } }),
    `the reviewer ${BO.id} is not eve@example.com`,
  ],
  [
    'another signature',
    opened(),
    closing(BO, { request: requestNamed('other') }),
    'the signature of bo@example.com is not of this review',
  ],
  [
    'another time',
    opened(),
    closing(BO, { review: { ...closing().review, at: at(9_000) } }),
    'the time of the review of bo@example.com is not the one that was signed',
  ],
  ['not a word', opened(), closing(BO, {}, BO.seed, ' '), 'bo@example.com closed the follow-up without a word'],
  ['a review of what needs none', approved(), closing(), 'it closes the follow-up of entry 1, which needs none'],
])('a follow-up is not closed by %s', (_, entry, close, problem) => {
  expect(found(entry, close)).toEqual(problem === '' ? [] : expect.arrayContaining([`2: ${problem}`]));
});

test('nor twice', () => {
  expect(found(opened(), closing(), closing(CY))).toEqual(['3: its request is that of entry 2']);
});
