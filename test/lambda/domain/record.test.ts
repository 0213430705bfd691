import fc from 'fast-check';
import { MOST_APPROVERS, MOST_CHANGE_SETS } from '../../../contract/policy';
import type { RecordEntry, RecordRow } from '../../../contract/record';
import { COMMENT_LIMIT, DETAILS_LIMIT } from '../../../lambda/domain/limits';
import { parseRecordExport, parseRecordRow } from '../../../lambda/domain/parse-record';
import {
  closingEntryOf,
  entryOf,
  exportDocument,
  NOTHING_BEFORE,
  recordKey,
  recordText,
} from '../../../lambda/domain/record';
import type { FollowedUp } from '../../../lambda/domain/follow-up';
import type { Delivered } from '../../../lambda/domain/request';
import { MOST_COURSES } from '../../../lambda/domain/shown-checks';
import {
  ANA,
  at,
  CY,
  days,
  decidedRequest,
  EVIDENCE,
  EXECUTION,
  GATE,
  peopleRule,
  REQUEST,
  runOf,
  START,
  voteOf,
} from '../samples';

const delivered = (more: Partial<Delivered> = {}): Delivered =>
  ({ ...decidedRequest(), phase: 'DELIVERED', deliveredAt: at(61), ...more }) as Delivered;

const invitation = (who: typeof ANA, more: object = {}) => ({
  approver: who.id,
  mail: who.mail,
  shared: false,
  keys: ['secret-free'],
  sentAt: at(1),
  mailbox: 'confirmed' as const,
  toldAt: at(62),
  ...more,
});

const records = (request = delivered()) => ({
  request,
  invitations: [invitation(ANA), invitation(CY, { name: 'Cy', excluded: 'wrote this change' })],
  votes: [voteOf(ANA, 'APPROVE', 60, { comment: 'read it', shown: { newerRunWaiting: false, verdicts: [] } })],
});

const row = (entry: RecordEntry, n = 1): RecordRow => ({
  v: 1,
  n,
  at: at(61),
  previous: NOTHING_BEFORE,
  hash: 'f'.repeat(64),
  entry,
});

/** An entry whose ids and signatures have the form that real ones have. */
const entry = entryOf('shop', {
  ...records(),
  votes: [voteOf(ANA, 'APPROVE', 60, { sig: 's'.repeat(86), key: 'k'.repeat(43) })],
});

describe('an entry', () => {
  test('holds what the checks had come to, with their courses, and none of their links', () => {
    const check = { id: 'a', title: 'alarm a', verdict: 'FAIL', reason: 'red', observeOnly: false } as const;
    const course = {
      from: START,
      steps: [[60, 'PASS', 0.1, 0.1] as const, [120, 'FAIL', 3, 3] as const],
      limit: 1,
      unit: '%',
    };
    const request = delivered();
    const checks = [{ ...check, course, seenAt: { link: 'https://eu-west-1.console.aws.amazon.com/' } }];
    const written = entryOf('shop', {
      ...records({ ...request, shown: { ...request.shown!, checks } }),
      votes: [],
    });

    const { id: _, ...kept } = { ...check, course };
    expect(written.checks).toEqual([kept]);
    expect(parseRecordRow(row(written) as never)).toEqual({ ok: true, value: row(written) });
    expect(entryOf('shop', records())).not.toHaveProperty('checks');
  });

  test('holds what asked, who was invited, who answered what, and what became of it', () => {
    expect(entryOf('shop', records())).toEqual({
      workflow: 'shop',
      request: REQUEST,
      gate: GATE,
      asked: { at: START, by: 'NOTIFICATION' },
      run: {
        executionId: EXECUTION,
        deadline: at(days(1)),
        kind: 'STANDARD',
        authors: [],
        revisions: [{ name: 'source', id: 'abc123', message: 'fix the cart' }],
        serving: [],
      },
      rule: {
        kind: 'MANUAL',
        people: peopleRule(),
      },
      invited: [
        { approver: ANA.id, mail: ANA.mail, shared: false, sentAt: at(1) },
        { approver: CY.id, mail: CY.mail, name: 'Cy', shared: false, sentAt: at(1), excluded: 'wrote this change' },
      ],
      votes: [
        {
          approver: ANA.id,
          verdict: 'APPROVE',
          comment: 'read it',
          evidence: EVIDENCE,
          seq: Date.parse(at(60)),
          at: at(60),
          sig: 'sig-60',
          key: `key-of-${ANA.id}`,
          current: true,
        },
      ],
      shown: { [EVIDENCE]: { newerRunWaiting: false, verdicts: [] } },
      changeSets: [],
      outcome: { kind: 'APPROVED', by: 'PEOPLE', at: at(60), summary: 'Approved by ana@example.com' },
      deliveredAt: at(61),
    });
  });

  test('names who answered in whose place, and when that was so', () => {
    const place = { person: CY.id, mail: CY.mail, name: 'Cy', delegate: ANA.id, since: START, until: at(days(3)) };

    expect(entryOf('shop', { ...records(), standIns: [{ ...place, setAt: START }] }).standIns).toEqual([place]);
    expect(entryOf('shop', { ...records(), standIns: [] })).not.toHaveProperty('standIns');
  });

  test('names each author once, also of changes that come along, but none of changes that it goes back over', () => {
    const range = { changes: [], total: 2, others: 1, isCut: false, authors: ['dora', 'cy'] };
    const authors = (kind: 'ALONG' | 'BACK') =>
      entryOf('shop', records(delivered({ run: runOf({ authors: ['dora'], range: { ...range, kind } }) } as object)))
        .run?.authors;

    expect(authors('ALONG')).toEqual(['dora', 'cy']);
    expect(authors('BACK')).toEqual(['dora']);
  });

  test('of a rollback names the run that it goes back to', () => {
    const kind = { type: 'ROLLBACK' as const, target: EXECUTION };

    expect(entryOf('shop', records(delivered({ run: runOf({ kind } as object) } as object))).run).toMatchObject({
      kind: 'ROLLBACK',
      target: EXECUTION,
    });
  });

  test('tells whether a failed check asked people instead of rejecting', () => {
    const checks = { bakeMinutes: 0, document: '/checks', functionArn: 'arn:function' };
    const rule = { kind: 'AUTOMATED_ELSE_PEOPLE', people: peopleRule(), checks, onFail: 'ASK_APPROVERS' };
    const request = delivered();
    const shown = { ...('shown' in request ? request.shown : {}), policy: { v: 2, rule } };

    expect(entryOf('shop', records(delivered({ shown } as object))).rule).toEqual({
      kind: 'AUTOMATED_ELSE_PEOPLE',
      people: peopleRule(),
      onFail: 'ASK_APPROVERS',
    });
  });

  test('of a follow-up tells which entry it closes, and who looked at what, without the keys of any link', () => {
    const followUp = { since: at(61), openedBy: [ANA.id] };
    const request = delivered({ followUp, recorded: 7 } as Partial<Delivered>) as FollowedUp;
    const review = { comment: 'It had to be', evidence: EVIDENCE, seq: 5, at: at(90), sig: 's', key: 'k' };

    expect(closingEntryOf('shop', request, { approver: CY.id, ...review }, { ...CY, name: 'Cy' })).toEqual({
      kind: 'FOLLOW_UP_CLOSED',
      workflow: 'shop',
      request: REQUEST,
      gate: GATE,
      about: 7,
      openedAt: at(61),
      openedBy: [ANA.id],
      reviewer: { approver: CY.id, mail: CY.mail, name: 'Cy' },
      review,
    });
  });

  test('keeps the details of a vote as they were signed', () => {
    const details = '{"notBefore":"2026-11-23T22:00:00.000Z"}';
    const votes = [voteOf(ANA, 'APPROVE', 60, { details })];
    const kept = entryOf('shop', { ...records(delivered()), votes });

    expect(kept.votes).toMatchObject([{ details }]);
  });

  test('fits into a row of 400 KB, though a hundred people answer at length what is shown to each of them anew', () => {
    const changeSets = Array.from({ length: MOST_CHANGE_SETS }, (_, number) => ({
      stack: `shop-prod-stack-${number}`,
      name: 'PipelineChange',
      id: `arn:aws:cloudformation:eu-west-1:111122223333:changeSet/PipelineChange/${'0'.repeat(36)}-${number}`,
      says: '12 added, 3 REPLACED (Table Orders, Table Carts and 1 more), 2 IAM changes '.repeat(4),
    }));
    const votes = Array.from({ length: MOST_APPROVERS }, (_, number) =>
      voteOf(ANA, 'APPROVE', number, {
        comment: '\u20ac'.repeat(COMMENT_LIMIT),
        details: 'x'.repeat(DETAILS_LIMIT),
        evidence: String(number).padStart(64, '0'),
        sig: 's'.repeat(86),
        shown: {
          newerRunWaiting: false,
          verdicts: Array.from({ length: 10 }, (_each, check) => [`check-of-the-service-${check}`, 'INCONCLUSIVE']),
          changeSets,
        },
      }),
    );

    const steps = Array.from({ length: 24 }, (_, n) => [n * 3600, 'INCONCLUSIVE', 0.1234, 1234, 0.1234] as const);
    const checks = Array.from({ length: 20 }, (_, n) => ({
      id: `check-of-the-service-${n}`,
      title: 'x'.repeat(100),
      verdict: 'INCONCLUSIVE' as const,
      reason: '\u20ac'.repeat(300),
      observeOnly: false,
      ...(n < MOST_COURSES ? { course: { from: START, steps, limit: 0.1234, unit: '%' } } : {}),
    }));
    const request = delivered({ shown: { ...delivered().shown!, checks } });

    const entry = entryOf('shop', { ...records(request), votes });
    expect(entry.checks).toHaveLength(20);
    expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThan(400 * 1024);
  });

  test('names the run that a rollback goes back to, and who triggered it', () => {
    const kind = { type: 'ROLLBACK', automatic: true, proven: true, target: 'run-0' } as const;
    const run = runOf({ kind, trigger: 'AutomatedRollback', startedBy: 'arn:aws:iam::1:user/ana', authors: ['ana'] });

    expect(entryOf('shop', records(delivered({ run }))).run).toMatchObject({
      kind: 'ROLLBACK',
      target: 'run-0',
      trigger: 'AutomatedRollback',
      startedBy: 'arn:aws:iam::1:user/ana',
      authors: ['ana'],
    });
  });

  test('tells what really happened beside what was decided', () => {
    const overtakenBy = { kind: 'REJECTED', by: 'BYPASS', at: at(59), summary: 'Rejected by eve' } as const;

    expect(entryOf('shop', records(delivered({ overtakenBy })))).toMatchObject({
      outcome: { kind: 'APPROVED' },
      overtakenBy: { kind: 'REJECTED' },
    });
  });

  test('shortens long messages, and never in the middle of a character', () => {
    const revisions = [{ name: 'source', id: 'abc', message: `${'a'.repeat(298)}🙂🙂🙂` }];
    const message = entryOf('shop', records(delivered({ run: runOf({ revisions }) }))).run?.revisions[0]?.message ?? '';

    expect(message.length).toBeLessThanOrEqual(300);
    // Half a character would become another one on its way through a table.
    expect(Buffer.from(message).toString()).toBe(message);
  });

  test('is the same text in whatever order its properties are kept', () => {
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, part]) => [name, turned(part)]),
            )
          : value;

    expect(recordText(row(turned(entry) as RecordEntry))).toBe(recordText(row(entry)));
  });

  test('is another text for any other content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const text = (value: unknown) => recordText(row({ value } as unknown as RecordEntry));
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        const same = isEqual(a, b);
        expect(text(a) === text(b)).toBe(same);
      }),
    );
  });

  test('stands under its number, in the order of numbers', () => {
    expect([9, 10, 123456789012].map(recordKey)).toEqual(['000000000009', '000000000010', '123456789012']);
  });
});

function isEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}

describe('a reader of the record', () => {
  const document = (...entries: readonly unknown[]) => ({ ...exportDocument('shop', []), entries });
  const problem = (value: unknown) => {
    const read = parseRecordExport(value);
    return read.ok ? undefined : read.problem;
  };

  test('takes what was exported', () => {
    const range = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
    const exported = exportDocument('shop', [row(entry)], range);

    expect(parseRecordExport(JSON.parse(JSON.stringify(exported)))).toEqual({ ok: true, value: exported });
  });

  test('takes whatever was recorded, be it what others wrote', () => {
    const some = fc.string({ unit: 'grapheme', maxLength: 2_048 });
    const revision = fc.record(
      { name: some, id: some, message: some, url: some, author: some, createdAt: some },
      { requiredKeys: ['name', 'id'] },
    );
    const told = fc.record({
      authors: fc.array(some),
      revisions: fc.array(revision),
      serving: fc.array(revision),
      trigger: some,
      startedBy: some,
    });
    fc.assert(
      fc.property(told, fc.string({ unit: 'grapheme', maxLength: 400 }), (run, comment) => {
        const votes = entry.votes.map((given) => ({ ...given, comment }));
        const recorded = row(entryOf('shop', { ...records(delivered({ run: runOf(run) })), votes }));
        const kept = JSON.parse(JSON.stringify(recorded)) as Record<string, unknown>;

        expect(parseRecordRow(kept)).toEqual({ ok: true, value: recorded });
        expect(recordText(kept as unknown as RecordRow)).toBe(recordText(recorded));
      }),
    );
  });

  test('takes a row of the table without what belongs to the table', () => {
    expect(parseRecordRow({ ...row(entry), pk: 'record', sk: recordKey(1), ttl: 1 })).toEqual({
      ok: true,
      value: row(entry),
    });
  });

  test.each<[string, unknown, RegExp]>([
    ['what is no document', [], /^export: `export` is not an object/],
    ['another kind of document', { ...document(), kind: 'other' }, /`kind` is not cdk-approval-gates\/record/],
    ['a document of another version', { ...document(), v: 2 }, /`v` is not 1/],
    ['a document without entries', { ...document(), entries: undefined }, /`entries` is not a list/],
    ['an entry of another version', document({ ...row(entry, 7), v: 2 }), /entry 7: `v` is not 1/],
    ['an entry without a number', document({ ...row(entry), n: undefined }), /an entry without a number: `n` is not/],
    ['an entry that is none', document(1), /`entries\[0\]` is not an object/],
  ])('refuses %s', (_, value, expected) => {
    expect(problem(value)).toMatch(expected);
  });

  const changed = (change: object) => document(row({ ...entry, ...change } as RecordEntry, 3));
  const vote = entry.votes[0];
  test('takes a vote with details', () => {
    const details = '{"notBefore":"2026-11-23T22:00:00.000Z"}';
    const read = parseRecordExport(changed({ votes: [{ ...vote, details }] }));
    expect(read).toMatchObject({ ok: true, value: { entries: [{ entry: { votes: [{ details }] } }] } });
  });

  const set = { stack: 'shop-prod', name: 'release', id: 'arn:1' };
  const told = { ...set, says: '1 added' };
  const shown = { newerRunWaiting: true, verdicts: [] };
  const run = entry.run;
  test.each<[string, object]>([
    ['hash', row({} as RecordEntry)],
    ...(
      [
        'workflow',
        'request',
        'gate',
        'asked',
        'invited',
        'votes',
        'shown',
        'changeSets',
        'outcome',
        'deliveredAt',
        'run',
        'rule',
      ] as const
    ).map((name): [string, object] => [name, changed({ [name]: undefined })]),
    ...(['approver', 'verdict', 'comment', 'evidence', 'seq', 'at', 'sig', 'key', 'current'] as const).map(
      (name): [string, object] => [name, changed({ votes: [{ ...vote, [name]: undefined }] })],
    ),
    ...(['executionId', 'deadline', 'kind', 'authors', 'revisions', 'serving'] as const).map(
      (name): [string, object] => [name, changed({ run: { ...run, [name]: undefined } })],
    ),
    ...(['approver', 'mail', 'shared'] as const).map((name): [string, object] => [
      name,
      changed({ invited: [{ ...entry.invited[0], [name]: undefined }] }),
    ]),
    ['people', changed({ rule: { kind: 'MANUAL' } })],
    ['people', changed({ rule: { kind: 'AUTOMATED', people: peopleRule() } })],
    ['votes', changed({ votes: Array.from({ length: 1_001 }, () => vote) })],
    ['groups', changed({ rule: { kind: 'MANUAL', people: peopleRule({ groups: [] }) } })],
    ['quorum', changed({ rule: { kind: 'MANUAL', people: peopleRule({ quorum: 0 }) } })],
    ['shown', changed({ shown: 1 })],
    ['shown', changed({ shown: { [EVIDENCE]: 1 } })],
    ['evidence', changed({ shown: { constructor: shown } })],
    ['weakens', changed({ shown: { [EVIDENCE]: { ...shown, weakens: [1] } } })],
    ['verdicts', changed({ shown: { [EVIDENCE]: { ...shown, verdicts: [1] } } })],
    ['changeSets', changed({ shown: { [EVIDENCE]: { ...shown, changeSets: 1 } } })],
    ['place', changed({ shown: { [EVIDENCE]: { ...shown, changeSets: [0] } } })],
    ['place', changed({ shown: { [EVIDENCE]: { ...shown, changeSets: [-1] } }, changeSets: [told] })],
    ['changeSets', changed({ changeSets: 1 })],
    ['says', changed({ changeSets: [set] })],
    ['overtakenBy', changed({ overtakenBy: 1 })],
    ['sentAt', changed({ invited: [{ ...entry.invited[0], sentAt: 'soon' }] })],
    ['summary', changed({ outcome: { ...entry.outcome, summary: '' } })],
    ['message', changed({ run: { ...run, revisions: [{ name: 'a', id: 'b', message: 1 }] } })],
    ['comment', changed({ votes: [{ ...vote, comment: 'x'.repeat(401) }] })],
    ['details', changed({ votes: [{ ...vote, details: '{"unless":"x"}' }] })],
  ])('says that `%s` is wrong, and in which entry', (name, value) => {
    const problems = 'kind' in value ? problem(value) : problem(document({ ...value, hash: 1, n: 3 }));
    expect(problems).toMatch(new RegExp(`^export: entry 3: \`${name}\` `));
  });

  test('refuses what is nested without end, which nobody could hash', () => {
    const deep = Array.from({ length: 50_000 }).reduce<object>((inner) => ({ inner }), {});
    expect(problem(changed({ more: deep }))).toMatch(/entry 3: it is nested deeper than 16 levels/);
  });

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseRecordExport(value).ok).toBe(false);
        expect(parseRecordExport(document(value)).ok).toBe(false);
      }),
    );
  });
});
