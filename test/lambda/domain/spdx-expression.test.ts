import fc from 'fast-check';
import { isUsable } from '../../../lambda/domain/spdx-expression';

const mit = (license: string) => license === 'MIT';

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT)', true],
  ['MIT OR GPL-3.0-only', true],
  ['GPL-3.0-only OR MIT', true],
  ['MIT AND GPL-3.0-only', false],
  ['MIT AND MIT', true],
  // AND binds more closely than OR.
  ['MIT OR GPL-3.0-only AND Apache-2.0', true],
  ['GPL-3.0-only AND Apache-2.0 OR MIT', true],
  ['(MIT OR GPL-3.0-only) AND Apache-2.0', false],
  ['MIT AND (GPL-3.0-only OR MIT)', true],
  ['MIT+', true],
  ['MIT WITH Some-exception', true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', false],
  ['GPL-2.0-only WITH MIT', false],
  ['mit or gpl', false],
  ['gpl or MIT', true],
  ['LicenseRef-own', false],
  // Words that only begin or end like an operator.
  ['Oracle-terms OR MIT', true],
  ['LicenseRef-brand OR MIT', true],
  ['MIT AND LicenseRef-floor', false],
  ['X OR MIT', true],
  ['MIT  OR  ISC', true],
  ['DocumentRef-other:LicenseRef-own OR MIT', true],
])('%s: %s', (expression, expected) => {
  expect(isUsable(expression, mit)).toBe(expected);
});

test('brackets stand twenty deep within each other, and an expression has 2000 characters, no more of either', () => {
  const nested = (deep: number) => `${'('.repeat(deep)}MIT${')'.repeat(deep)}`;

  expect(isUsable(nested(20), mit)).toBe(true);
  expect(isUsable(nested(21), mit)).toBeUndefined();
  expect(isUsable('MIT'.padEnd(2000), mit)).toBe(true);
  expect(isUsable('MIT'.padEnd(2001), mit)).toBeUndefined();
});

test.each([
  '',
  ' ',
  '()',
  'MIT OR',
  'OR MIT',
  'MIT OR OR MIT',
  'MIT MIT',
  'MIT WITH',
  'MIT WITH AND',
  '(MIT',
  'MIT)',
  'MIT OR (GPL',
  'MIT OR )',
  'MIT WITH )',
  'MIT, OR GPL',
  'MIT OR §GPL',
  'MIT, GPL',
  'MIT/X11',
  'The MIT License',
  `${'('.repeat(30)}MIT${')'.repeat(30)}`,
  `MIT${' OR MIT'.repeat(500)}`,
])('%j is no expression', (expression) => {
  expect(isUsable(expression, () => true)).toBeUndefined();
  expect(isUsable(expression, () => false)).toBeUndefined();
});

type Tree = { readonly id: string } | { readonly by: 'AND' | 'OR'; readonly parts: readonly Tree[] };

const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ id: fc.constantFrom('MIT', 'ISC', 'GPL-3.0-only', 'X11+') }),
    fc.record({
      by: fc.constantFrom<'AND' | 'OR'>('AND', 'OR'),
      parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).tree;

function written(one: Tree): string {
  return 'id' in one ? one.id : `(${one.parts.map(written).join(` ${one.by} `)})`;
}

function meant(one: Tree, allowed: readonly string[]): boolean {
  if ('id' in one) {
    return allowed.includes(one.id) || allowed.includes(one.id.replace('+', ''));
  }
  return one.by === 'AND'
    ? one.parts.every((part) => meant(part, allowed))
    : one.parts.some((part) => meant(part, allowed));
}

test('every expression means what its brackets say', () => {
  fc.assert(
    fc.property(tree, fc.subarray(['MIT', 'ISC', 'X11', 'GPL-3.0-only']), (one, allowed) => {
      expect(isUsable(written(one), (license) => allowed.includes(license))).toBe(meant(one, allowed));
    }),
  );
});
