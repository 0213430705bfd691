/** What takes minutes runs whole in CI, and in part by `npm test` on a developer's machine; both say so. */
const isCi = process.env.CI !== undefined;

/** Left out on a developer's machine. */
export function thoroughly(what: string): jest.Describe {
  if (isCi) return describe;
  process.stderr.write(`skipped: ${what}; CI=1 runs it\n`);
  return describe.skip;
}

/**
 * Every so-many-th case on a developer's machine, more of them or all in CI, all of them with WIDE=1. Of cases that fall into groups
 * they are taken group by group, beginning with the first, so that no group goes without.
 */
export function someOf<T>(
  what: string,
  cases: readonly T[],
  every: number,
  everyInCi = 1,
  groupOf: (one: T) => string = () => '',
): readonly T[] {
  const step = process.env.WIDE !== undefined ? 1 : isCi ? everyInCi : every;
  if (step === 1) return cases;
  const seen = new Map<string, number>();
  const some = cases.filter((one) => {
    const group = groupOf(one);
    const index = seen.get(group) ?? 0;
    seen.set(group, index + 1);
    return index % step === 0;
  });
  process.stderr.write(`${some.length} of ${cases.length} ${what}; ${everyInCi === 1 ? 'CI=1' : 'WIDE=1'} runs all\n`);
  return some;
}
