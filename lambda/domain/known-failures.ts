/** Which failed tests of a run had failed before. */

export interface FailedTest {
  readonly name: string;
  /** What makes it the same test in another run. Absent = nobody can say. */
  readonly id?: string;
}

/** Those that had not failed before: of tests that share an id, as many as there are more of now. */
export function newFailures(now: readonly FailedTest[], before: readonly FailedTest[]): readonly FailedTest[] {
  const left = new Map<string, number>();
  for (const { id } of before) {
    if (id !== undefined) {
      left.set(id, (left.get(id) ?? 0) + 1);
    }
  }
  return now.filter(({ id }) => {
    const known = id === undefined ? 0 : (left.get(id) ?? 0);
    if (id !== undefined && known > 0) {
      left.set(id, known - 1);
    }
    return known === 0;
  });
}
