import fc from 'fast-check';
import type { LicensePolicyPlan, WaiverPlan } from '../../../contract/checks';
import { judgeLicenses } from '../../../lambda/domain/licenses';
import type { License, Package } from '../../../lambda/domain/sbom';

const NOW = '2026-12-31T12:00:00.000Z';
const ALLOW: LicensePolicyPlan = { only: 'ALLOWED', licenses: ['MIT', 'Apache-2.0', 'Own License'] };
const REFUSE: LicensePolicyPlan = { only: 'REFUSED', licenses: ['GPL-3.0-only', 'AGPL-3.0'] };

const pack = (name: string, ...licenses: License[]): Package => ({ name, version: '1.0', licenses });
const by = (...texts: string[]): Package => pack('a', ...texts.map((text) => ({ text })));
const verdictOf = (policy: LicensePolicyPlan, one: Package) =>
  judgeLicenses({ policy, waivers: [] }, [one], NOW).verdict;
const waiver = (finding: string, until = '2026-12-31'): WaiverPlan => ({
  finding,
  owner: 'ana',
  reason: 'bought',
  until,
});

test.each<[string, Package, string, string]>([
  ['a listed licence', by('MIT'), 'PASS', 'PASS'],
  ['one in another case', by('mit'), 'PASS', 'PASS'],
  ['a refused licence', by('GPL-3.0-only'), 'FAIL', 'FAIL'],
  ['one that neither list names', by('ISC'), 'FAIL', 'PASS'],
  ['an alternative', by('GPL-3.0-only OR MIT'), 'PASS', 'PASS'],
  ['both', by('GPL-3.0-only AND MIT'), 'FAIL', 'FAIL'],
  ['a refused licence with an exception', by('GPL-3.0-only WITH GCC-exception-3.1'), 'FAIL', 'FAIL'],
  ['a refused licence or later', by('AGPL-3.0+'), 'FAIL', 'FAIL'],
  ['two licences, of which one is not allowed', by('MIT', 'GPL-3.0-only'), 'FAIL', 'FAIL'],
  ['no licence', by(), 'FAIL', 'FAIL'],
  ['no known licence', by('NOASSERTION'), 'FAIL', 'FAIL'],
  ['a licence of the document alone', by('LicenseRef-own'), 'FAIL', 'FAIL'],
  ['what is no expression', by('MIT/X11'), 'FAIL', 'FAIL'],
  ['a name that is listed', pack('a', { text: 'Own License', isName: true }), 'PASS', 'FAIL'],
  ['a name that is not', pack('a', { text: 'MIT OR GPL-3.0-only', isName: true }), 'FAIL', 'FAIL'],
])('%s', (_, one, allowing, refusing) => {
  expect(verdictOf(ALLOW, one)).toBe(allowing);
  expect(verdictOf(REFUSE, one)).toBe(refusing);
});

describe('a refusing policy', () => {
  const refuse = (...licenses: string[]): LicensePolicyPlan => ({ only: 'REFUSED', licenses });

  test.each([
    ['GPL-2.0+', 'GPL-2.0+'],
    ['GPL-2.0+', 'GPL-2.0'],
    ['GPL-2.0', 'GPL-2.0+'],
    ['gpl-2.0', 'GPL-2.0+ AND MIT'],
  ])('of %s refuses %s', (refused, text) => {
    expect(verdictOf(refuse(refused), by(text))).toBe('FAIL');
  });

  test.each(['GPLv3', 'UNLICENSED', 'Proprietary', 'UNKNOWN', 'GPL', 'MIT AND Proprietary', 'constructor'])(
    'lets %s not pass, which is no id of SPDX',
    (text) => {
      expect(verdictOf(refuse('GPL-2.0+'), by(text))).toBe('FAIL');
    },
  );

  test.each(['MIT', 'mit', 'ISC', 'GPL-3.0', 'GPL-3.0+', 'LGPL-2.1-or-later', 'Proprietary OR Apache-2.0'])(
    'lets %s pass',
    (text) => {
      expect(verdictOf(refuse('GPL-2.0+'), by(text))).toBe('PASS');
    },
  );
});

test('up to three packages are named, each in a few clean words', () => {
  const bad = ['a\nb', 'c', 'd', 'e'].map((name) => pack(name, { text: 'ISC' }));

  expect(judgeLicenses({ policy: ALLOW, waivers: [] }, [by('MIT'), ...bad], NOW)).toEqual({
    verdict: 'FAIL',
    reason: '4 packages have licences that may not be used: a b (ISC), c (ISC), d (ISC), ….',
    value: '4 of 5 packages refused',
    threshold: 'only MIT, Apache-2.0, Own License',
  });
  expect(judgeLicenses({ policy: ALLOW, waivers: [] }, bad.slice(0, 3), NOW).reason).toBe(
    '3 packages have licences that may not be used: a b (ISC), c (ISC), d (ISC).',
  );
});

test('a package alone is named with all of its licences, or with none', () => {
  const reasonOf = (one: Package) => judgeLicenses({ policy: REFUSE, waivers: [] }, [one], NOW);

  expect(reasonOf(by('MIT', 'AGPL-3.0'))).toEqual({
    verdict: 'FAIL',
    reason: '1 package has a licence that may not be used: a (MIT AND AGPL-3.0).',
    value: '1 of 1 package refused',
    threshold: 'none of GPL-3.0-only, AGPL-3.0',
  });
  expect(reasonOf(by()).reason).toBe('1 package has a licence that may not be used: a (no licence).');
});

test('a document without packages opens nothing', () => {
  expect(judgeLicenses({ policy: REFUSE, waivers: [] }, [], NOW)).toEqual({
    verdict: 'INCONCLUSIVE',
    reason: 'The software bill of materials lists no packages.',
  });
});

describe('a waiver', () => {
  const judged = (...waivers: WaiverPlan[]) => judgeLicenses({ policy: ALLOW, waivers }, [by('ISC'), by('MIT')], NOW);

  test.each(['a', 'a@1.0'])('of %s accepts the package until its last day is over, and is told', (finding) => {
    expect(judged(waiver(finding))).toMatchObject({
      verdict: 'PASS',
      reason: `2 packages with licences that may be used. ${finding} is waived by ana until 2026-12-31: bought.`,
    });
    expect(judged(waiver(finding, '2026-12-30'))).toMatchObject({
      verdict: 'FAIL',
      reason: expect.stringContaining(`The waiver of ${finding} by ana ended on 2026-12-30.`),
    });
  });

  test.each(['A', 'a@2.0', 'a@', 'b'])('of %s does not', (finding) => {
    expect(judged(waiver(finding)).verdict).toBe('FAIL');
  });

  test('of a package that needs none is not told', () => {
    const { reason } = judgeLicenses({ policy: ALLOW, waivers: [waiver('a')] }, [by('MIT')], NOW);

    expect(reason).toBe('1 package with licences that may be used.');
  });

  test('of any version accepts a package without one, and that of a version does not', () => {
    const verdict = (finding: string) =>
      judgeLicenses({ policy: ALLOW, waivers: [waiver(finding)] }, [{ name: 'a', licenses: [] }], NOW).verdict;

    expect(verdict('a')).toBe('PASS');
    expect(verdict('a@1.0')).toBe('FAIL');
    expect(verdict('a@undefined')).toBe('FAIL');
  });

  test('that ended is told only where its package is refused for want of it, three of them at most', () => {
    const names = ['b', 'c', 'd', 'e'];
    const refused = names.map((name) => pack(name, { text: 'ISC' }));
    const ended = [...names, 'mit'].map((name) => waiver(name, '2026-12-30'));
    const told = (...waivers: WaiverPlan[]) =>
      judgeLicenses({ policy: ALLOW, waivers }, [pack('mit', { text: 'MIT' }), ...refused], NOW).reason.match(
        /of \S+ by/g,
      );

    expect(told(...ended)).toEqual(['of b by', 'of c by', 'of d by']);
    expect(told(...ended.slice(3))).toEqual(['of e by']);
    expect(told(...ended, ...names.map((name) => waiver(`${name}@1.0`)))).toBeNull();
    expect(told(waiver('b'), waiver('mit'))).toBeNull();
  });
});

test('what passes is listed, or waived', () => {
  const text = fc.constantFrom('MIT', 'ISC', 'GPL-3.0-only', 'MIT OR ISC', 'NONE', '');
  const packages = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), licenses: fc.array(fc.record({ text })) }));
  fc.assert(
    fc.property(packages, fc.boolean(), (all, isWaived) => {
      const waivers = isWaived ? [waiver('b')] : [];
      if (judgeLicenses({ policy: ALLOW, waivers }, all, NOW).verdict !== 'PASS') return;
      const counting = all.filter(({ name }) => !isWaived || name !== 'b');
      expect(counting.every(({ licenses }) => licenses.length > 0)).toBe(true);
      expect(counting.flatMap(({ licenses }) => licenses).every((one) => one.text.startsWith('MIT'))).toBe(true);
    }),
  );
});
