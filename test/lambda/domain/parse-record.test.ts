import type { ClosingEntry, RecordEntry, RecordRow } from '../../../contract/record';
import { parseRecordExport, parseRecordPlace, parseRecordRow } from '../../../lambda/domain/parse-record';
import type { Fields } from '../../../lambda/domain/parsed';
import { exportDocument, NOTHING_BEFORE } from '../../../lambda/domain/record';
import { ANA, at, BO, CY, EVIDENCE, EXECUTION, GATE, peopleRule, REQUEST, START } from '../samples';

const SIGNED = { evidence: EVIDENCE, seq: 1, at: at(60), sig: 's'.repeat(86), key: 'k'.repeat(43) };

/** With all that an entry may have. */
const FULL: RecordEntry = {
  workflow: 'shop',
  request: REQUEST,
  gate: GATE,
  asked: { at: START, by: 'EVENT' },
  run: {
    executionId: EXECUTION,
    deadline: at(900),
    kind: 'ROLLBACK',
    target: 'run-0',
    trigger: 'AutomatedRollback',
    startedBy: 'arn:aws:iam::1:user/ana',
    authors: ['ana'],
    revisions: [{ name: 'app', id: 'abc', message: 'fix', url: 'https://x.example', author: 'ana', createdAt: START }],
    serving: [{ name: 'app', id: 'abb' }],
  },
  rule: { kind: 'GUARDED', people: peopleRule(), weakens: ['a check less'] },
  invited: [
    { approver: ANA.id, mail: ANA.mail, name: 'Ana', shared: false, sentAt: at(1), excluded: 'wrote this change' },
  ],
  votes: [{ approver: BO.id, verdict: 'APPROVE', comment: 'read it', ...SIGNED, current: true }],
  shown: {
    [EVIDENCE]: {
      newerRunWaiting: false,
      verdicts: [['errors', 'PASS']],
      changeSets: [1],
      weakens: ['a check less'],
      weaker: 'f'.repeat(64),
    },
  },
  changeSets: [
    { stack: 'shop-data', name: 'release', says: 'could not be read: no answer' },
    { stack: 'shop-prod', name: 'release', id: 'arn:1', says: '1 added' },
  ],
  standIns: [{ person: ANA.id, mail: ANA.mail, name: 'Ana', delegate: BO.id, since: at(1), until: at(900) }],
  checks: [
    {
      title: 'alarm a',
      verdict: 'FAIL',
      reason: 'red',
      observeOnly: false,
      course: {
        from: START,
        steps: [
          [60, 'PASS', 0.1, 0.2, 0],
          [120, 'FAIL'],
        ],
        limit: 1,
        unit: '%',
      },
    },
  ],
  outcome: { kind: 'APPROVED', by: 'PEOPLE', at: at(60), summary: 'Approved by Bo', fields: { ticket: 'CHG-1' } },
  overtakenBy: { kind: 'REJECTED', by: 'BYPASS', at: at(59), summary: 'Rejected by eve' },
  deliveredAt: at(61),
};

/** With nothing that an entry may lack: its request ended before its run was found. */
const BARE: RecordEntry = {
  workflow: 'shop',
  request: REQUEST,
  gate: GATE,
  asked: { at: START, by: 'NOTIFICATION' },
  invited: [],
  votes: [],
  shown: {},
  changeSets: [],
  outcome: { kind: 'STOPPED', by: 'CODEPIPELINE', at: at(60), summary: 'Stopped' },
  deliveredAt: at(61),
};

const CLOSED: ClosingEntry = {
  kind: 'FOLLOW_UP_CLOSED',
  workflow: 'shop',
  request: REQUEST,
  gate: GATE,
  about: 7,
  openedAt: at(60),
  openedBy: [BO.id],
  reviewer: { approver: CY.id, mail: CY.mail, name: 'Cy' },
  review: { comment: 'was right', ...SIGNED },
};

const row = (entry: unknown, more: object = {}): RecordRow => ({
  ...({ v: 1, n: 3, at: at(61), previous: NOTHING_BEFORE, hash: 'f'.repeat(64), entry } as RecordRow),
  ...more,
});
const parse = (value: unknown) => parseRecordRow(value as Fields);

/** The same, but for the part at `run.revisions.0.name`. */
function withPart(whole: unknown, path: string, part: unknown): unknown {
  const [first = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? () => part : (old: unknown) => withPart(old, rest.join('.'), part);
  return Array.isArray(whole)
    ? whole.map((one: unknown, index) => (String(index) === first ? inner(one) : one))
    : { ...(whole as Fields), [first]: inner((whole as Fields)[first]) };
}

const FORM = 'is missing or not of the expected form';
const OBJECT = 'is not an object';
const LIST = 'is not a list';
const FLAG = 'is neither true nor false';
const FOREIGN = 'is not a text of at most 16384 characters';
const [LONG, TOO_LONG] = ['x'.repeat(16_384), 'x'.repeat(16_385)];

describe('a row of the record', () => {
  test.each<[string, unknown]>([
    ['that has all there may be', FULL],
    ['that has no more than it must', BARE],
    ['of a gate that asks nobody', withPart(FULL, 'rule', { kind: 'AUTOMATED' })],
    ['of a gate with people beside its checks', withPart(FULL, 'rule.kind', 'AUTOMATED_ELSE_PEOPLE')],
    ['of a gate with people alone', withPart(FULL, 'rule', { kind: 'MANUAL', people: peopleRule() })],
    ['of a usual run', withPart(FULL, 'run.kind', 'STANDARD')],
    [
      'of a run of which nothing is told but what it must',
      withPart(FULL, 'run', {
        executionId: EXECUTION,
        deadline: at(900),
        kind: 'STANDARD',
        authors: [],
        revisions: [{ name: 'app', id: 'abc' }],
        serving: [],
      }),
    ],
    [
      'of a page that showed no change sets',
      withPart(FULL, `shown.${EVIDENCE}`, { newerRunWaiting: true, verdicts: [] }),
    ],
    ['with a property that says nothing', withPart(FULL, 'invited.0.name', null)],
    ['with the longest comment', withPart(FULL, 'votes.0.comment', 'x'.repeat(400))],
    ['with the longest message', withPart(FULL, 'run.revisions.0.message', LONG)],
    ['with as many votes as there may be', { ...FULL, votes: Array.from({ length: 1_000 }, () => FULL.votes[0]) }],
    ['of a follow-up that was closed', CLOSED],
    ['of a follow-up that somebody without a name closed', withPart(CLOSED, 'reviewer.name', undefined)],
  ])('%s is read as it was written', (_, entry) => {
    expect(parse(row(entry))).toEqual({ ok: true, value: row(entry) });
  });

  test.each<[string, unknown, string]>([
    ['workflow', '', FORM],
    ['request', 'x'.repeat(31), FORM],
    ['gate', 1, OBJECT],
    ['gate.pipeline', 'a/b', FORM],
    ['gate.stage', 'a/b', FORM],
    ['gate.action', 'a/b', FORM],
    ['asked', [], OBJECT],
    ['asked.at', 'once', FORM],
    ['asked.by', 'MAIL', 'is none of NOTIFICATION, EVENT'],
    ['run', undefined, OBJECT],
    ['run.executionId', '', FORM],
    ['run.deadline', '2026-13-01T00:00:00Z', 'is not a time'],
    ['run.kind', 'OTHER', 'is none of STANDARD, ROLLBACK'],
    ['run.target', 1, FOREIGN],
    ['run.trigger', TOO_LONG, FOREIGN],
    ['run.startedBy', {}, FOREIGN],
    ['run.authors', 'ana', LIST],
    ['run.authors', [1], FOREIGN],
    ['run.revisions', {}, LIST],
    ['run.revisions', [1], OBJECT],
    ['run.serving', 'abb', LIST],
    ['run.serving', [null], OBJECT],
    ...['name', 'id', 'message', 'url', 'author', 'createdAt'].map((name): [string, unknown, string] => [
      `run.revisions.0.${name}`,
      1,
      FOREIGN,
    ]),
    ['run.revisions.0.id', undefined, FOREIGN],
    ['run.serving.0.name', undefined, FOREIGN],
    ['run.serving.0.id', TOO_LONG, FOREIGN],
    ['rule', undefined, OBJECT],
    ['rule.kind', 'OTHER', 'is none of MANUAL, AUTOMATED, GUARDED, AUTOMATED_ELSE_PEOPLE'],
    ['rule.people', undefined, OBJECT],
    ['rule.onFail', 'ASK_APPROVERS', 'stands in a rule of another kind'],
    ['rule.onFail', 'REJECT', 'is none of ASK_APPROVERS'],
    ['rule.weakens', 'a check', LIST],
    ['rule.weakens', [1], FOREIGN],
    ['invited', {}, LIST],
    ['invited', [1], OBJECT],
    ['invited.0.approver', 'ana', FORM],
    ['invited.0.mail', '', FORM],
    ['invited.0.name', 1, FORM],
    ['invited.0.shared', 'no', FLAG],
    ['invited.0.sentAt', 'once', FORM],
    ['invited.0.excluded', true, FORM],
    ['votes', {}, LIST],
    ['votes.0.approver', 'bo', FORM],
    ['votes.0.verdict', 'REVIEWED', 'is none of APPROVE, REJECT, BREAK_GLASS'],
    ['votes.0.comment', 'x'.repeat(401), 'is not a text of at most 400 characters'],
    ['votes.0.evidence', 'e'.repeat(63), FORM],
    ['votes.0.seq', -1, `is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`],
    ['votes.0.at', 'once', FORM],
    ['votes.0.sig', 's'.repeat(87), FORM],
    ['votes.0.sig', `${'s'.repeat(86)}=`, FORM],
    ['votes.0.sig', 's'.repeat(42), FORM],
    ['votes.0.key', `+${'k'.repeat(43)}`, FORM],
    ['votes.0.current', 1, FLAG],
    ['changeSets', {}, LIST],
    ['changeSets', [1], OBJECT],
    ['changeSets.0.stack', '', FORM],
    ['changeSets.0.name', '', FORM],
    ['changeSets.0.says', undefined, FORM],
    ['changeSets.1.id', '', FORM],
    ['shown', [], OBJECT],
    [`shown.${EVIDENCE}.newerRunWaiting`, 'no', FLAG],
    [`shown.${EVIDENCE}.weakens`, 'a check', LIST],
    [`shown.${EVIDENCE}.weakens`, [1], FOREIGN],
    [`shown.${EVIDENCE}.weaker`, '', FORM],
    [`shown.${EVIDENCE}.verdicts`, {}, LIST],
    [`shown.${EVIDENCE}.verdicts`, ['errors'], LIST],
    [`shown.${EVIDENCE}.changeSets`, {}, LIST],
    ['standIns', {}, LIST],
    ['standIns.0.person', 'ana', FORM],
    ['standIns.0.delegate', 'bo', FORM],
    ['standIns.0.mail', '', FORM],
    ['standIns.0.name', 1, FORM],
    ['standIns.0.since', 'once', FORM],
    ['standIns.0.until', undefined, FORM],
    ['checks', {}, LIST],
    ['checks', ['alarm a'], OBJECT],
    ['checks.0.title', undefined, FOREIGN],
    ['checks.0.reason', TOO_LONG, FOREIGN],
    ['checks.0.verdict', 'FINE', 'is none of PASS, FAIL, INCONCLUSIVE, ERROR, RUNNING, UNREADABLE'],
    ['checks.0.observeOnly', 'no', FLAG],
    ['checks.0.course', [], OBJECT],
    ['checks.0.course.from', 'once', FORM],
    ['checks.0.course.steps', {}, LIST],
    ['checks.0.course.steps', Array.from({ length: 49 }, () => [1, 'PASS']), 'has more than 48 members'],
    ['checks.0.course.limit', '1', 'holds what is no number'],
    ['checks.0.course.unit', 7, FORM],
    ['outcome', 'APPROVED', OBJECT],
    ['outcome.kind', 'MAYBE', 'is none of APPROVED, REJECTED, EXPIRED, STOPPED'],
    ['outcome.by', 'EVE', 'is none of PEOPLE, BREAK_GLASS, CHECKS, ROLLBACK, NEWER_RUN, CONSOLE, BYPASS, CODEPIPELINE'],
    ['outcome.at', 'once', FORM],
    ['outcome.summary', '', FORM],
    ['outcome.fields', [], OBJECT],
    ['outcome.fields', { ticket: 'CHG-1', count: 1 }, 'are not texts'],
    ['overtakenBy', [], OBJECT],
    ['overtakenBy.kind', 'MAYBE', 'is none of APPROVED, REJECTED, EXPIRED, STOPPED'],
    ['deliveredAt', undefined, FORM],
  ])('is refused where `%s` is %j', (path, part, problem) => {
    const name = path.split('.').at(-1);

    expect(parse(row(withPart(FULL, path, part)))).toEqual({ ok: false, problem: `entry 3: \`${name}\` ${problem}` });
  });

  test.each<[string, unknown, string]>([
    [`shown.${EVIDENCE}.verdicts`, [[1, 'PASS']], `\`check\` ${FORM}`],
    [`shown.${EVIDENCE}.verdicts`, [['errors']], `\`verdict\` ${FORM}`],
    [`shown.${EVIDENCE}.changeSets`, [2], '`place` is not a whole number from 0 to 1'],
    [`shown.${EVIDENCE}.changeSets`, [-1], '`place` is not a whole number from 0 to 1'],
    [`shown.${EVIDENCE}`, 1, '`shown` is not an object'],
    ['shown', { short: {} }, `\`evidence\` ${FORM}`],
    ['rule.kind', 'AUTOMATED', '`people` stands in a rule that asks nobody'],
    ['votes', Array.from({ length: 1_001 }, () => FULL.votes[0]), '`votes` has more than 1000 members'],
    ['invited', Array.from({ length: 1_001 }, () => FULL.invited[0]), '`invited` has more than 1000 members'],
    ['checks.0.course.steps', [7], '`step` is not a list'],
    ['checks.0.course.steps', [[1, 'FINE']], '`verdict` is none of FAIL, ERROR, INCONCLUSIVE, WORKING, PASS'],
    ['checks.0.course.steps', [[1, 'PASS', 'much']], '`step` holds what is no number'],
    ['checks.0.course.steps', [[-1, 'PASS']], `\`end\` is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`],
    ['kind', 'OTHER', '`kind` is none of FOLLOW_UP_CLOSED'],
  ])('is refused, and says what of `%s` is wrong', (path, part, problem) => {
    expect(parse(row(withPart(FULL, path, part)))).toEqual({ ok: false, problem: `entry 3: ${problem}` });
  });

  test.each<[string, unknown, string]>([
    ['kind', 'CLOSED', 'is none of FOLLOW_UP_CLOSED'],
    ['workflow', '', FORM],
    ['request', undefined, FORM],
    ['gate', undefined, OBJECT],
    ['gate.pipeline', 'a/b', FORM],
    ['gate.stage', 'a/b', FORM],
    ['gate.action', 'a/b', FORM],
    ['about', 0, 'is not a whole number from 1 to 999999999999'],
    ['openedAt', 'once', FORM],
    ['openedBy', BO.id, LIST],
    ['reviewer', CY.id, OBJECT],
    ['reviewer.approver', 'cy', FORM],
    ['reviewer.mail', '', FORM],
    ['reviewer.name', 1, FORM],
    ['review', undefined, OBJECT],
    ['review.comment', undefined, 'is not a text of at most 400 characters'],
    ['review.evidence', undefined, FORM],
    ['review.seq', undefined, `is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`],
    ['review.at', undefined, FORM],
    ['review.sig', undefined, FORM],
    ['review.key', undefined, FORM],
  ])('of a follow-up that was closed is refused where `%s` is %j', (path, part, problem) => {
    const name = path.split('.').at(-1);

    expect(parse(row(withPart(CLOSED, path, part)))).toEqual({ ok: false, problem: `entry 3: \`${name}\` ${problem}` });
  });

  test('of a follow-up is refused where whoever opened the gate is nobody who approves', () => {
    expect(parse(row({ ...CLOSED, openedBy: [BO.id, 'cy'] }))).toEqual({
      ok: false,
      problem: `entry 3: \`approver\` ${FORM}`,
    });
  });

  test.each<[object, string]>([
    [{ v: 2 }, 'entry 3: `v` is not 1: this was written by another version of the library'],
    [{ n: 0 }, 'entry 0: `n` is not a whole number from 1 to 999999999999'],
    [{ n: 1.5 }, 'an entry without a number: `n` is not a whole number from 1 to 999999999999'],
    [{ n: '3' }, 'an entry without a number: `n` is not a whole number from 1 to 999999999999'],
    [{ at: 'once' }, `entry 3: \`at\` ${FORM}`],
    [{ hash: 'F'.repeat(64) }, `entry 3: \`hash\` ${FORM}`],
    [{ hash: 'f'.repeat(65) }, `entry 3: \`hash\` ${FORM}`],
    [{ previous: `x${'0'.repeat(64)}` }, `entry 3: \`previous\` ${FORM}`],
    [{ entry: [FULL] }, 'entry 3: `entry` is not an object'],
  ])('is refused with %j', (more, problem) => {
    expect(parse(row(FULL, more))).toEqual({ ok: false, problem });
  });
});

describe('the place in the record that the next entry follows', () => {
  const place = { n: 3, at: at(61), hash: 'f'.repeat(64), request: REQUEST };

  test('is read of the entry of a request, and of a follow-up that was closed', () => {
    expect(parseRecordPlace({ ...row(FULL) })).toEqual({ ok: true, value: { ...place, isClosing: false } });
    expect(parseRecordPlace({ ...row(CLOSED) })).toEqual({ ok: true, value: { ...place, isClosing: true } });
  });

  test.each<[object, string]>([
    [{ v: 2 }, '`v` is not 1: this was written by another version of the library'],
    [{ n: 0 }, '`n` is not a whole number from 1 to 999999999999'],
    [{ at: 'once' }, `\`at\` ${FORM}`],
    [{ hash: undefined }, `\`hash\` ${FORM}`],
    [{ entry: 1 }, '`entry` is not an object'],
    [{ entry: { ...FULL, request: 'x' } }, `\`request\` ${FORM}`],
  ])('is refused with %j', (more, problem) => {
    expect(parseRecordPlace({ ...row(FULL, more) })).toEqual({ ok: false, problem: `record: ${problem}` });
  });
});

describe('an export', () => {
  const exported = exportDocument('shop', [row(FULL), row(CLOSED, { n: 4 })]);

  test('of all entries has no range, and none is made up', () => {
    const read = parseRecordExport({ ...exported });

    expect(read).toStrictEqual({ ok: true, value: exported });
  });

  test.each<[object, string]>([
    [{ workflow: '' }, `\`workflow\` ${FORM}`],
    [{ from: '' }, `\`from\` ${FORM}`],
    [{ to: 1 }, `\`to\` ${FORM}`],
    [{ entries: [row(FULL), 1] }, '`entries[1]` is not an object'],
  ])('is refused with %j', (more, problem) => {
    expect(parseRecordExport({ ...exported, ...more })).toEqual({ ok: false, problem: `export: ${problem}` });
  });
});
