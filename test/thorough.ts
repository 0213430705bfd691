/** What takes minutes runs whole in CI, and in part by `npm test` on a developer's machine; both say so. */
const isCi = process.env.CI !== undefined;

/** Left out on a developer's machine. */
export function thoroughly(what: string): jest.Describe {
  if (isCi) return describe;
  process.stderr.write(`skipped: ${what}; CI=1 runs it\n`);
  return describe.skip;
}

/** Every so-many-th case on a developer's machine, all of them in CI. */
export function someOf<T>(what: string, cases: readonly T[], every: number): readonly T[] {
  if (isCi) return cases;
  const some = cases.filter((_one, index) => index % every === 0);
  process.stderr.write(`${some.length} of ${cases.length} ${what}; CI=1 runs all\n`);
  return some;
}
