import fc from 'fast-check';
import { matchesAlias } from '../../../contract/alias';
import type { Person } from '../../../contract/policy';
import { isOurs } from '../../../lambda/domain/console-answer';
import { eligibility, isPerson } from '../../../lambda/domain/eligibility';
import { evidenceText, withEvidence } from '../../../lambda/domain/evidence';
import { parseChecks, parsePeople, parsePolicy } from '../../../lambda/domain/parse-policy';
import { same } from '../../../lambda/domain/same';
import { SUMMARY_LIMIT, summaryOf } from '../../../lambda/domain/summary';
import { checkPlan, GATE, policyOf } from '../decide/stage';

const ANA: Person = {
  id: 'a'.repeat(12),
  mail: 'ana@example.com',
  alsoKnownAs: ['ana-gh', '*/assumed-role/Release/ana'],
  shared: false,
};

describe('an alias', () => {
  test.each([
    ['ana-gh', 'ANA-gh', true],
    ['ana-gh', 'ana-ghost', false],
    ['*/assumed-role/Release/ana', 'arn:aws:sts::111111111111:assumed-role/Release/ana', true],
    ['*/assumed-role/Release/ana', 'arn:aws:sts::111111111111:assumed-role/Release/anabel', false],
    ['arn:aws:iam::*:user/ana', 'arn:aws:iam::111111111111:user/ana', true],
    ['a.b', 'axb', false],
    ['*', 'anybody', true],
    ['a*a', 'a', false],
    ['a*ba', 'aba', true],
    ['*/Release/*/ana', 'x/Release/ana', false],
    ['', '', false],
  ])('%s against %s: %s', (alias, identity, expected) => {
    expect(matchesAlias(alias, identity)).toBe(expected);
  });

  test('matches what its pattern means, whatever stars it has', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (alias, identity) => {
        const meant = alias !== '' && new RegExp(`^${alias.replace(/\*/g, '.*')}$`).test(identity);
        expect(matchesAlias(alias, identity)).toBe(meant);
      }),
    );
  });

  test('of many stars is answered in no time, whatever the author is called', () => {
    const begun = performance.now();

    expect(matchesAlias('*a'.repeat(120) + '*b', 'a'.repeat(320))).toBe(false);

    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test('of a shared mailbox is nobody', () => {
    expect(isPerson(ANA, 'ana@example.com')).toBe(true);
    expect(isPerson({ ...ANA, shared: true }, 'ana@example.com')).toBe(false);
  });
});

test.each([
  ['wrote this change', { authors: ['Ana-GH'] }, ANA],
  ['started this run', { startedBy: 'arn:aws:sts::111111111111:assumed-role/Release/ana' }, ANA],
  ['a shared mailbox cannot show that it is not the author', {}, { ...ANA, shared: true }],
])('whoever %s has no vote where authors are excluded', (excluded, change, person) => {
  const policy = { approvers: { quorum: 1, ids: [ANA.id] }, excludeAuthor: true };

  expect(eligibility({ invited: [ANA.id], ...change }, policy, [person])).toEqual([{ person, excluded }]);
  expect(eligibility({ invited: [ANA.id], ...change }, { ...policy, excludeAuthor: false }, [person])).toEqual([
    { person },
  ]);
});

test('somebody who stands in the parameters twice is one voter, and none if either description excludes them', () => {
  const policy = { approvers: { quorum: 2, ids: [ANA.id] }, excludeAuthor: true };
  const plain = { ...ANA, alsoKnownAs: [] };

  expect(eligibility({ invited: [ANA.id] }, policy, [ANA, plain])).toHaveLength(1);
  for (const people of [
    [ANA, plain],
    [plain, ANA],
  ]) {
    const [voter, ...others] = eligibility({ invited: [ANA.id], authors: ['ana-gh'] }, policy, people);
    expect(voter?.excluded).toBe('wrote this change');
    expect(others).toEqual([]);
  }
});

test('our own session is known by its role and its whole name', () => {
  const id = '0'.repeat(32);
  const roles = ['arn:aws:iam::111111111111:role/approval-gates/shop/answer'];
  const ours = (updatedBy: string | undefined) => isOurs(updatedBy, id, roles);

  expect(ours(`arn:aws:sts::111111111111:assumed-role/answer/${id}`)).toBe(true);
  expect(ours(`arn:aws:sts::111111111111:assumed-role/answer/x${id}`)).toBe(false);
  expect(ours(`arn:aws:sts::111111111111:assumed-role/Admin/${id}`)).toBe(false);
  expect(ours(`arn:aws:sts::222222222222:assumed-role/answer/${id}`)).toBe(false);
  expect(ours(`arn:aws:iam::111111111111:user/${id}`)).toBe(false);
  expect(ours(undefined)).toBe(false);
  expect(isOurs(`arn:aws:sts::111111111111:assumed-role/answer/${id}`, id, [])).toBe(false);
});

describe('evidence', () => {
  const source = {
    revisions: [{ name: 'app', id: 'abc', message: 'fix' }],
    deployedNow: [{ name: 'app', id: 'aaa' }],
    newerRunWaiting: false,
    checks: [
      { id: 'b', title: 'b', verdict: 'PASS' as const, reason: '3 of 5', observeOnly: false },
      { id: 'a', title: 'a', verdict: 'RUNNING' as const, reason: 'not yet', observeOnly: false },
    ],
  };

  test('is the same whatever the readings, titles, messages and order of checks', () => {
    const checks = [...source.checks].reverse().map((check) => ({ ...check, reason: 'other', title: 'other' }));
    const revisions = [{ name: 'app', id: 'abc', message: 'other' }];

    expect(evidenceText({ ...source, checks, revisions })).toBe(evidenceText(source));
  });

  test.each([
    ['revision', { revisions: [{ name: 'app', id: 'abd' }] }],
    ['what is deployed', { deployedNow: [] }],
    ['a verdict', { checks: source.checks.map((check) => ({ ...check, verdict: 'PASS' as const })) }],
    ['a newer run', { newerRunWaiting: true }],
  ])('changes with %s', (_, change) => {
    expect(evidenceText({ ...source, ...change })).not.toBe(evidenceText(source));
  });

  test('keeps its last twenty states', () => {
    const history = Array.from({ length: 25 }, (_, n) => n).reduce<ReturnType<typeof withEvidence>>(
      (earlier, n) => withEvidence(earlier, String(n), '2026-11-23T08:00:00.000Z'),
      [],
    );

    expect(history.map(({ hash }) => hash)).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 5)));
  });
});

test('a summary is one line of at most 512 units, without characters that hide or reorder', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 3 }), (parts) => {
      const text = summaryOf(...parts);
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(SUMMARY_LIMIT);
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]/);
      expect(Buffer.from(text).toString()).toBe(text);
    }),
  );
});

describe('documents', () => {
  test('that are right are read as they are', () => {
    const policy = policyOf({ checks: { parameter: '/p', role: policyOf().answerRole, bakeMinutes: 15 } });
    expect(parsePolicy(JSON.stringify(policy), GATE)).toEqual({ ok: true, value: policy });
    expect(parseChecks(JSON.stringify({ v: 1, checks: [checkPlan()] }))).toEqual({
      ok: true,
      value: { v: 1, checks: [checkPlan()] },
    });
    expect(parsePeople(JSON.stringify({ v: 1, people: [ANA] }))).toEqual({ ok: true, value: [ANA] });
  });

  test.each([
    ['answerRole', { answerRole: 'secret' }],
    ['timeoutMinutes', { timeoutMinutes: 4 }],
    ['timeoutMinutes', { timeoutMinutes: 86_401 }],
    ['reason', { reason: 'secret' }],
    ['onReject', { onReject: 'secret' }],
    ['excludeAuthor', { excludeAuthor: 'secret' }],
    ['quorum', { approvers: { quorum: 2, ids: ['a'.repeat(12), 'a'.repeat(12)] } }],
    ['id', { approvers: { quorum: 1, ids: ['secret'] } }],
    [
      'onInconclusive',
      { checks: { parameter: '/p', role: policyOf().answerRole, bakeMinutes: 0, onInconclusive: 'secret' } },
    ],
    ['bakeMinutes', { checks: { parameter: '/p', role: policyOf().answerRole, bakeMinutes: -1 } }],
  ])('with a wrong `%s` are refused by name, repeating nothing', (name, change) => {
    const read = parsePolicy(JSON.stringify({ ...policyOf(), ...change }), GATE);

    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(`\`${name}\``) as string });
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  test('of checks need distinct ids and whole numbers', () => {
    expect(parseChecks(JSON.stringify({ v: 1, checks: [checkPlan(), checkPlan()] })).ok).toBe(false);
    expect(parseChecks(JSON.stringify({ v: 1, checks: [] })).ok).toBe(false);
    expect(parseChecks(JSON.stringify({ v: 1, checks: [checkPlan({ minimumSamples: 0 })] })).ok).toBe(false);
    expect(parseChecks(JSON.stringify({ v: 1, checks: [{ ...checkPlan(), kind: 'guess' }] })).ok).toBe(false);
  });

  test('never throw, whatever they hold', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parsePolicy(text, GATE).ok).toBe(false);
        expect(parseChecks(text).ok).toBe(false);
        expect(parsePeople(text).ok).toBe(false);
      }),
    );
  });
});

test('two values are the same whatever the order of their properties', () => {
  expect(same({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 })).toBe(true);
  expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});
