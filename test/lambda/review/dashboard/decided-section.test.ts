/** What was decided: how entries of the record are told. */
import type { Course } from '../../../../contract/check-course';
import type { RecordRow, RequestRow } from '../../../../contract/record';
import type { Delivered, Outcome } from '../../../../lambda/domain/request';
import { detailsText } from '../../../../lambda/domain/decision-details';
import { entryOf } from '../../../../lambda/domain/record';
import type { Vote } from '../../../../lambda/domain/vote';
import { decidedSection } from '../../../../lambda/review/dashboard/decided-section';
import { ANA, BO, CY, DELIVERED, RULES, RUN, scene, SHOWN, vote, waiting } from '../fixture';
import { closing, entry } from './fixture';
import { linesOf, pageOf, viewOf } from './seen';

const HEAD = ['Decided', '{CSV → /dashboard/record.csv?} {JSON → /dashboard/record.json?}'];
const GATE = 'shop-release › Prod › Approve';
const TITLE = 'Round basket totals once, at the end';
const ENDED = 'asked Monday 23 November 2026, 09:00 UTC · ended Monday 23 November 2026, 09:20 UTC';
const { invitations } = scene();

const UNCHECKED: Delivered = { ...DELIVERED, shown: { ...SHOWN, checks: [] } };

/** A request that ended like this, with these votes. */
function row(outcome: Partial<Outcome> = {}, votes: readonly Vote[] = [], request: Delivered = UNCHECKED): RequestRow {
  const ended = { ...request, outcome: { ...request.outcome, ...outcome } };
  return { ...entry(7), entry: entryOf('Shop', { request: ended, invitations, votes }) } as RequestRow;
}

const section = (rows: readonly RecordRow[], more: Parameters<typeof viewOf>[0] = {}) =>
  decidedSection(viewOf({ decided: { rows }, ...more }));
const linesFor = async (one: RecordRow) => (await linesOf(section([one]))).slice(HEAD.length);

test('an entry tells what became of which change, who said what, and where it stands in the record', async () => {
  const votes = [
    vote(ANA, 'APPROVE', { comment: 'Tried it,\nlooks right' }),
    vote(BO, 'APPROVE'),
    vote(CY, 'REJECT', { comment: 'Not today' }),
  ];
  const one = row({}, votes);

  expect(await linesOf(section([one]))).toEqual([
    ...HEAD,
    `[good: Approved] ${TITLE} ${GATE} Ana Lopez, bo@example.com 10 minutes ago`,
    GATE,
    'Approved by Ana Lopez, Bo (2 of 2 needed). Ana Lopez: Tried it on staging, looks right',
    `9b1deb4d3b7d · Cyrus Wong · run ${RUN.executionId} · ${ENDED}`,
    'Ana Lopez Monday 23 November 2026, 09:10 UTC',
    '“Tried it,',
    'looks right”',
    '[good: approved]',
    'bo@example.com Monday 23 November 2026, 09:10 UTC',
    '[good: approved]',
    'cy@example.com Monday 23 November 2026, 09:10 UTC',
    '“Not today”',
    '[bad: rejected]',
    `{See what changed ↗ → ${RUN.revisions[0]?.url}}`,
    `Number 7 of the record, recorded Monday 23 November 2026, 09:20 UTC, hash ${one.hash}`,
  ]);
});

test('an entry tells what its checks had come to, and how', async () => {
  const course: Course = {
    from: '2026-11-23T09:00:00.000Z',
    steps: [
      [60, 'PASS'],
      [120, 'FAIL'],
    ],
  };
  const check = {
    id: 'a',
    title: 'alarm shop-5xx',
    verdict: 'FAIL',
    reason: 'red <b>',
    observeOnly: false,
    course,
  } as const;
  const page = await pageOf(section([row({}, [], { ...DELIVERED, shown: { ...SHOWN, checks: [check] } })]));

  expect(page).toContain('alarm shop-5xx');
  expect(page).toContain('red &lt;b&gt;');
  expect(page).toContain('<figure class="course">');
  expect(page).toContain('failed first by 09:02');
});

test('an entry of a request that ended before its run was found says so', async () => {
  const { run: _run, shown: _shown, asking: _asking, ...request } = DELIVERED;
  const one = row({ kind: 'STOPPED', by: 'CODEPIPELINE', summary: 'The run was stopped' }, [], request);

  expect(await linesFor(one)).toEqual([
    `[wait: The run was stopped] No revision named ${GATE} by CodePipeline 10 minutes ago`,
    GATE,
    'The run was stopped',
    `Its run was never found. · ${ENDED}`,
    `Number 7 of the record, recorded Monday 23 November 2026, 09:20 UTC, hash ${one.hash}`,
  ]);
});

test('an entry of a run without revisions names none, and leads nowhere', async () => {
  const lines = await linesFor(row({}, [], { ...DELIVERED, run: { ...RUN, revisions: [] } }));

  expect(lines[0]).toContain('No revision named');
  expect(lines.filter((line) => line.startsWith('{See what changed'))).toEqual([]);
});

test('the closing of a follow-up tells who looked at it, and what they found', async () => {
  const one = closing(8);
  const where = 'Number 8 of the record, recorded Monday 23 November 2026, 09:25 UTC';

  expect(await linesFor(one)).toEqual([
    `[good: Follow-up closed] “The fix was right, and the outage is over” ${GATE} cy@example.com 6 minutes ago`,
    GATE,
    '“The fix was right,',
    'and the outage is over”',
    `The follow-up of number 1, where one person opened the gate alone in an emergency. ${where}, hash ${one.hash}`,
  ]);
  const { entry: said } = one;
  const named = { ...one, entry: { ...said, reviewer: { ...said.reviewer, name: 'Cy Wong' } } };
  expect((await linesFor(named))[0]).toContain(`${GATE} Cy Wong 6 minutes ago`);
});

describe('an outcome', () => {
  const votes = [vote(ANA, 'BREAK_GLASS'), vote(BO, 'BREAK_GLASS')];

  test.each<[Partial<Outcome>, string, string]>([
    [{ kind: 'APPROVED', by: 'CHECKS' }, '[good: Approved]', 'by its checks'],
    [{ kind: 'APPROVED', by: 'ROLLBACK' }, '[good: Approved]', 'as a rollback'],
    [{ kind: 'REJECTED', by: 'NEWER_RUN' }, '[bad: Rejected]', 'for a newer run'],
    [{ kind: 'REJECTED', by: 'CONSOLE' }, '[bad: Rejected]', 'by an approver in the console'],
    [{ kind: 'APPROVED', by: 'BYPASS' }, '[bad: Approved: bypass]', 'in the console, by someone unknown'],
    [{ kind: 'EXPIRED', by: 'CODEPIPELINE' }, '[wait: Time ran out]', 'by CodePipeline'],
    [{ kind: 'APPROVED', by: 'BREAK_GLASS' }, '[wait: Opened in an emergency]', 'Ana Lopez, bo@example.com, alone'],
  ])('%j is told with who or what decided', async (outcome, label, by) => {
    expect((await linesFor(row(outcome, votes)))[0]).toBe(`${label} ${TITLE} ${GATE} ${by} 10 minutes ago`);
  });

  test('that was overtaken is told as what really happened', async () => {
    const overtakenBy: Outcome = {
      kind: 'REJECTED',
      by: 'BYPASS',
      at: '2026-11-23T09:15:00.000Z',
      summary: 'Rejected by eve',
    };
    const lines = await linesFor(row({}, [], { ...DELIVERED, overtakenBy }));

    expect(lines[0]).toBe(`[bad: Rejected: bypass] ${TITLE} ${GATE} in the console, by someone unknown 15 minutes ago`);
    expect(lines[2]).toBe('Rejected by eve');
    expect(lines[3]).toContain('ended Monday 23 November 2026, 09:15 UTC');
  });
});

describe('a vote', () => {
  const said = async (one: Vote, request: Delivered = UNCHECKED) =>
    (await linesFor(row({}, [one], request))).slice(4, -2);
  const ANA_SAID = 'Ana Lopez Monday 23 November 2026, 09:10 UTC';

  test('of an older view says so, where it approves', async () => {
    expect(await said(vote(ANA, 'APPROVE', { current: false }))).toEqual([ANA_SAID, '[wait: approved an older view]']);
    expect(await said(vote(ANA, 'REJECT', { current: false }))).toEqual([ANA_SAID, '[bad: rejected]']);
    expect(await said(vote(ANA, 'BREAK_GLASS'))).toEqual([ANA_SAID, '[wait: opened in an emergency]']);
  });

  test('tells what was chosen and filled in', async () => {
    const fields = [{ kind: 'TEXT', name: 'ticket', label: 'Change ticket' }] as const;
    const rule = { kind: 'MANUAL', people: { ...RULES.MANUAL.people, fields } } as const;
    const { shown } = waiting({ rule, shown: { checks: [] } });
    const details = detailsText({ notBefore: '2026-11-24T08:00:00.000Z', fields: { ticket: 'CHG-1' } })!;

    expect(await said(vote(ANA, 'APPROVE', { details }), { ...DELIVERED, shown })).toEqual([
      ANA_SAID,
      'to start no earlier than Tuesday 24 November 2026, 08:00 UTC',
      'Change ticket: CHG-1',
      '[good: approved]',
    ]);
  });

  test('of somebody whose invitation is not there goes by their id', async () => {
    expect(await said(vote('ffffffffffff', 'APPROVE'))).toEqual([
      'ffffffffffff Monday 23 November 2026, 09:10 UTC',
      '[good: approved]',
    ]);
  });

  test('is one of a hundred at most', async () => {
    const votes = Array.from({ length: 101 }, (_, index) => vote(`${index}`.padStart(12, '0'), 'APPROVE'));
    const page = await pageOf(section([row({}, votes)]));

    expect(page).toContain('000000000099');
    expect(page).not.toContain('000000000100');
  });
});

describe('where nothing was decided', () => {
  test.each([
    [{ text: '' }, 'No decisions yet.'],
    [{ text: 'x' }, 'No decision matches.'],
    [{ text: '', before: 5 }, 'No decisions yet.'],
  ])('by %j, the page says %j', async (filter, sentence) => {
    expect((await linesOf(section([], { filter }))).at(-1)).toBe(sentence);
  });
});

describe('the page leads on', () => {
  const filter = { text: 'tea', stage: 'Prod', before: 50 };
  const links = async (rows: readonly RecordRow[], before?: number) =>
    (await linesOf(section(rows, { filter, decided: { rows, ...(before === undefined ? {} : { before }) } }))).filter(
      (line) => /^\{(?!See)/.test(line),
    );
  const FILES = '{CSV → /dashboard/record.csv?q=tea&stage=Prod} {JSON → /dashboard/record.json?q=tea&stage=Prod}';

  test('to what is older, by the same filter, and to all of what it leaves as a file', async () => {
    expect(await links([entry(49)], 49)).toEqual([FILES, '{Older → /dashboard?q=tea&stage=Prod&before=49}']);
  });

  test('further back, where this part of the record has nothing', async () => {
    expect(await links([], 20)).toEqual([FILES, '{Search further back → /dashboard?q=tea&stage=Prod&before=20}']);
  });

  test('no further, at the beginning of the record', async () => {
    expect(await links([entry(1)])).toEqual([FILES]);
  });
});
