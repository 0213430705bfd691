import fc from 'fast-check';
import type { FindingsRule, WaiverPlan } from '../../../contract/checks';
import { isInEffect, judgeFindings, waivesNoMore, type SecurityFinding } from '../../../lambda/domain/findings';

const NOW = '2026-12-31T23:59:59.999Z';
const LATER = '2027-01-01T00:00:00.000Z';
const STRICT = { critical: 0, high: 0, unrated: 0 };
const WAIVER: WaiverPlan = { finding: 'CVE-1', owner: 'ana', reason: 'no fix yet', until: '2026-12-31' };

const finding = (id: string, severity = 'CRITICAL'): SecurityFinding => ({ id, severity });
const judge = (findings: readonly SecurityFinding[], rule: Partial<FindingsRule> = {}, now = NOW) =>
  judgeFindings({ limits: STRICT, waivers: [], ...rule }, findings, now);

test.each<[string, readonly SecurityFinding[], Partial<FindingsRule>, string, RegExp]>([
  ['nothing', [], {}, 'PASS', /^no findings, within the limits\.$/],
  ['a critical finding', [finding('CVE-1')], {}, 'FAIL', /^1 critical finding, but at most 0 may be: CVE-1\.$/],
  ['a high finding', [finding('CVE-1', 'HIGH')], {}, 'FAIL', /^1 high finding, but/],
  ['a finding that nobody has rated', [finding('CVE-1', 'UNTRIAGED')], {}, 'FAIL', /^1 unrated finding, but/],
  ['a severity of the future', [finding('CVE-1', 'toString')], {}, 'FAIL', /^1 unrated finding, but/],
  ['what has no limit', [finding('a', 'MEDIUM'), finding('b', 'LOW')], {}, 'PASS', /^1 medium, 1 low found, within/],
  ['a hint', [finding('CVE-1', 'INFORMATIONAL')], {}, 'PASS', /^no findings/],
  [
    'as many as may be',
    [finding('a', 'MEDIUM'), finding('b', 'MEDIUM')],
    { limits: { medium: 2 } },
    'PASS',
    /^2 medium found/,
  ],
  [
    'one more than may be',
    [finding('a', 'MEDIUM'), finding('b', 'MEDIUM')],
    { limits: { medium: 1 } },
    'FAIL',
    /^2 medium findings, but at most 1 may be: a, b\.$/,
  ],
  [
    'several severities',
    [finding('a', 'HIGH'), finding('b')],
    {},
    'FAIL',
    /^1 critical finding, but at most 0 may be: b\. 1 high finding, but at most 0 may be: a\.$/,
  ],
  [
    'one weakness in four packages',
    'abcd'.split('').map(() => finding('CVE-1')),
    {},
    'FAIL',
    /^4 critical.*: CVE-1\.$/,
  ],
  ['many', 'abcd'.split('').map((id) => finding(id)), {}, 'FAIL', /: a, b, c, …\.$/],
])('of %s', (_, findings, rule, verdict, reason) => {
  const judged = judge(findings, rule);

  expect(judged.verdict).toBe(verdict);
  expect(judged.reason).toMatch(reason);
});

describe('a waived finding', () => {
  test('does not count, and is told with owner, last day and reason', () => {
    expect(judge([finding('CVE-1'), finding('CVE-1')], { waivers: [WAIVER] })).toMatchObject({
      verdict: 'PASS',
      reason: 'no findings, within the limits. CVE-1 is waived by ana until 2026-12-31: no fix yet.',
    });
  });

  test('lets no other finding pass', () => {
    expect(judge([finding('CVE-1'), finding('CVE-11')], { waivers: [WAIVER] })).toMatchObject({
      verdict: 'FAIL',
      reason: '1 critical finding, but at most 0 may be: CVE-11. CVE-1 is waived by ana until 2026-12-31: no fix yet.',
    });
  });

  test('counts again after the last day, and it is said whose waiver ended', () => {
    expect(judge([finding('CVE-1')], { waivers: [WAIVER] }, LATER)).toMatchObject({
      verdict: 'FAIL',
      reason: '1 critical finding, but at most 0 may be: CVE-1. The waiver of CVE-1 by ana ended on 2026-12-31.',
    });
  });

  test('is not told where it was not found', () => {
    expect(judge([], { waivers: [WAIVER] }).reason).toBe('no findings, within the limits.');
  });

  const waived = (...ids: readonly string[]) => ({
    findings: ids.map((id) => finding(id)),
    rule: { waivers: ids.map((id) => ({ ...WAIVER, finding: id })) },
  });

  test('is told with two others, and three are all', () => {
    const { findings, rule } = waived('a', 'b', 'c');

    expect(judge(findings, rule).reason).toMatch(/a is waived .* b is waived .* c is waived by ana[^.]*\.$/);
    expect(judge(findings, rule).reason).not.toContain('more');
  });

  test('of which three are told, and three whose waivers ended', () => {
    const { findings, rule } = waived('a', 'b', 'c', 'd');

    expect(judge(findings, rule).reason).toMatch(/c is waived by ana[^.]*\. 1 more are waived\.$/);
    expect(judge(findings, rule).reason).not.toContain('d is waived');
    expect(judge(findings, rule, LATER).reason).toMatch(/The waiver of c by ana ended on 2026-12-31\.$/);
  });

  test('whose waiver ended is not told where it does not matter', () => {
    const rule = { waivers: [WAIVER], limits: { critical: 1 } };

    expect(judge([finding('CVE-1')], rule, LATER).reason).toBe('1 critical found, within the limits.');
    expect(judge([finding('a'), finding('b')], rule, LATER).reason).not.toContain('The waiver of');
  });

  test('is one of a few that are told', () => {
    const waivers = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...WAIVER, finding: id }));

    expect(
      judge(
        waivers.map((one) => finding(one.finding)),
        { waivers },
      ).reason,
    ).toMatch(/c is waived .* 2 more are waived\.$/);
  });
});

test.each([
  ['2026-12-31', NOW, true],
  ['2026-12-31', LATER, false],
  ['2026-12-31', 'never', false],
  ['soon', NOW, false],
  ['', NOW, false],
])('a waiver until %j is in effect at %s: %s', (until, now, expected) => {
  expect(isInEffect({ ...WAIVER, until }, now)).toBe(expected);
});

test('three findings are all named, and the limits are told', () => {
  expect(judge([finding('a'), finding('b'), finding('c')]).reason).toMatch(/: a, b, c\.$/);
  expect(judge([]).threshold).toBe('at most 0 critical, at most 0 high, at most 0 unrated');
  expect(judge([], { limits: { medium: 2 } }).threshold).toBe('at most 2 medium');
});

test.each<[string, readonly Partial<WaiverPlan>[], readonly Partial<WaiverPlan>[], boolean]>([
  ['the same', [{}], [{}], true],
  ['none any more', [{}], [], true],
  ['a shorter one', [{}], [{ until: '2026-12-30' }], true],
  ['a longer one', [{}], [{ until: '2027-01-01' }], false],
  ['one for another finding', [{}], [{ finding: 'CVE-2' }], false],
  ['one more', [{}], [{}, { finding: 'CVE-2' }], false],
  ['a first one', [], [{}], false],
])('waives no more with %s: %j, then %j', (_, before, after, expected) => {
  const full = (all: readonly Partial<WaiverPlan>[]) => all.map((one) => ({ ...WAIVER, ...one }));

  expect(waivesNoMore(full(before), full(after))).toBe(expected);
});

test('texts of others are one clean line', () => {
  const { reason } = judge([finding('CVE-1\n\u202eabc'), finding('w')], {
    waivers: [{ ...WAIVER, finding: 'w', owner: 'a\nb', reason: `${'x'.repeat(300)}` }],
  });

  expect(reason).not.toMatch(/[\n\u202e]/);
  expect(reason.length).toBeLessThan(250);
});

test('what passes is within every limit without what is waived, and a waiver that ended changes nothing', () => {
  const findings = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      severity: fc.constantFrom('CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'NEW'),
    }),
    { maxLength: 8 },
  );
  const limit = fc.option(fc.nat(2), { nil: undefined });
  const limits = fc.record({ critical: limit, high: limit, medium: limit, low: limit, unrated: limit });
  const waivers = fc.array(
    fc.record({
      finding: fc.constantFrom('a', 'b', 'x'),
      owner: fc.constant('ana'),
      reason: fc.constant('because'),
      until: fc.constantFrom('2026-12-30', '2026-12-31', '2027-05-01'),
    }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(findings, limits, waivers, (found, given, all) => {
      const rule = { limits: given as FindingsRule['limits'], waivers: all };
      const valid = all.filter(({ until }) => until >= '2026-12-31');
      const left = found.filter(({ id }) => !valid.some((one) => one.finding === id));
      const count = (severity: string) => left.filter((one) => one.severity === severity).length;
      const within = (found: number, most: number | undefined) => most === undefined || found <= most;
      const expected =
        within(count('CRITICAL'), given.critical) &&
        within(count('HIGH'), given.high) &&
        within(count('MEDIUM'), given.medium) &&
        within(count('LOW'), given.low) &&
        within(count('NEW'), given.unrated);

      expect(judge(found, rule).verdict).toBe(expected ? 'PASS' : 'FAIL');
      expect(judge(found, { ...rule, waivers: valid }).verdict).toBe(expected ? 'PASS' : 'FAIL');
    }),
    { numRuns: 2000 },
  );
});
