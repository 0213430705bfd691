/** What somebody meant who misspelt one of a few names: at most two letters too many, too few or others. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, apart: distance(written, name) }))
    .filter(({ name, apart }) => apart <= 2 && apart < name.length)
    .sort((one, other) => one.apart - other.apart);
  return best?.name;
}

/** By Levenshtein. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, otherLetter] of [...other].entries()) {
      const [before, above, left] = [row[j] ?? 0, row[j + 1] ?? 0, next[j] ?? 0];
      next.push(Math.min(before + (letter === otherLetter ? 0 : 1), above + 1, left + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
