import fc from 'fast-check';
import {
  changeRange,
  rangeInWords,
  runsBetween,
  type ChangeRange,
  type ListedRun,
  type RunList,
} from '../../../lambda/domain/change-range';

/** Run n brings change n, by author n. */
const run = (n: number, more: Partial<ListedRun> = {}): ListedRun => ({
  executionId: `run-${n}`,
  startedAt: n,
  isParallel: false,
  isRollback: false,
  revisions: [{ name: 'Source', id: `change-${n}`, message: `Change ${n}\nwhy` }],
  authors: [`author-${n}`],
  ...more,
});
const rollback = (n: number, target: number) =>
  run(n, { isRollback: true, target: `run-${target}`, revisions: run(target).revisions });
const runs = (...ns: readonly number[]) => ns.map((n) => run(n));

function rangeOf(list: readonly ListedRun[], own: number, serving?: number, isAll = true): ChangeRange | undefined {
  const live = serving === undefined ? undefined : `run-${serving}`;
  const between = runsBetween({ runs: list, isAll } satisfies RunList, `run-${own}`, live);
  return between === undefined || between.kind === 'UNKNOWN' ? between : changeRange(between, `run-${own}`);
}
const idsOf = (range: ChangeRange | undefined) =>
  range === undefined || range.kind === 'UNKNOWN' ? range : range.changes.map(({ id }) => id);

describe('what a run brings along', () => {
  test('are the changes of all runs since what serves, newest first, and their authors', () => {
    expect(rangeOf(runs(1, 2, 3, 4, 5), 5, 1)).toEqual({
      kind: 'ALONG',
      changes: [5, 4, 3, 2].map((n) => ({ name: 'Source', id: `change-${n}`, message: `Change ${n}` })),
      total: 4,
      others: 3,
      isCut: false,
      authors: ['author-4', 'author-3', 'author-2'],
    });
  });

  test('is nothing beside its own change where none came between, and where it serves already', () => {
    expect(rangeOf(runs(1, 2), 2, 1)).toBeUndefined();
    expect(rangeOf(runs(1, 2), 2, 2)).toBeUndefined();
    expect(rangeOf(runs(1), 1)).toBeUndefined();
  });

  test('is not asked where nothing serves: a stage that only asks would bring along all that ever was', () => {
    expect(rangeOf(runs(1, 2, 3), 3)).toBeUndefined();
    expect(rangeOf(runs(1, 2, 3), 3, undefined, false)).toEqual({ kind: 'UNKNOWN', reason: 'UNLISTED' });
  });

  test('counts a change once that several runs bring, and not one that serves', () => {
    const again = run(3, { revisions: run(2).revisions });
    const reverted = run(4, { revisions: run(1).revisions });

    expect(idsOf(rangeOf([...runs(1, 2, 5), again, reverted], 5, 1))).toEqual(['change-5', 'change-2']);
  });

  test('has the author of a change that an earlier run brought, too, and not of what serves', () => {
    const again = run(4, { revisions: run(3).revisions, authors: [] });
    const live = run(2, { revisions: run(1).revisions });

    expect(rangeOf([run(1), live, run(3), again], 4, 1)).toEqual({
      kind: 'ALONG',
      changes: [{ name: 'Source', id: 'change-3', message: 'Change 3' }],
      total: 1,
      others: 0,
      isCut: false,
      authors: ['author-3'],
    });
    expect(rangeOf([run(1), live, run(3, { authors: [] }), again], 4, 1)).toBeUndefined();
  });

  test('is whole where there are as many runs as are looked at', () => {
    expect(rangeOf(runs(...Array.from({ length: 51 }, (_, n) => n)), 50, 0)).toMatchObject({ total: 50, isCut: false });
  });

  test('has the first line of each message, a link that is not too long, and neither where there is none', () => {
    const revision = { name: 'Source', id: 'a', message: `${'m'.repeat(201)}\nwhy`, url: 'u'.repeat(500) };
    const long = { name: 'Source', id: 'b', url: 'u'.repeat(501) };
    const range = rangeOf([run(1), run(2, { revisions: [long] }), run(3, { revisions: [revision] })], 3, 1);

    expect(range).toMatchObject({ total: 2, others: 1 });
    expect(range?.kind === 'ALONG' && range.changes).toStrictEqual([
      { name: 'Source', id: 'a', message: 'm'.repeat(200), url: 'u'.repeat(500) },
      { name: 'Source', id: 'b' },
    ]);
  });

  test('knows no later run', () => {
    expect(idsOf(rangeOf(runs(1, 2, 3, 4), 3, 1))).toEqual(['change-3', 'change-2']);
  });

  test('begins at what a rollback brought back, where that serves: the change that it took out comes again', () => {
    expect(idsOf(rangeOf([...runs(1, 2, 4), rollback(3, 1)], 4, 3))).toEqual(['change-4', 'change-2']);
  });

  test('says that it may be longer, where the run that serves is not listed, or there are very many', () => {
    expect(rangeOf(runs(5, 6), 6, 1)).toMatchObject({ others: 1, isCut: true });
    expect(rangeOf(runs(6), 6, 1)).toMatchObject({ others: 0, isCut: true });
    const many = rangeOf(runs(...Array.from({ length: 70 }, (_, n) => n)), 69, 0);
    expect(many).toMatchObject({ isCut: true, total: 50, others: 49 });
    expect(idsOf(many)).toHaveLength(20);
  });
});

describe('what a run goes back over', () => {
  test('are the changes since the run that a rollback goes back to; nobody is excluded for them', () => {
    expect(rangeOf([...runs(1, 2, 3), rollback(4, 1)], 4, 3)).toMatchObject({ kind: 'BACK', others: 2, authors: [] });
    expect(idsOf(rangeOf([...runs(1, 2, 3), rollback(4, 1)], 4, 3))).toEqual(['change-3', 'change-2']);
  });

  test('is told of an older run, too', () => {
    expect(rangeOf(runs(1, 2, 3), 2, 3)).toMatchObject({ kind: 'BACK', others: 1, changes: [{ id: 'change-3' }] });
  });
});

test('nothing is said in passing of what is not known, or of nothing', () => {
  expect(rangeInWords({ kind: 'UNKNOWN', reason: 'PARALLEL' })).toBeUndefined();
  expect(rangeInWords(rangeOf(runs(6), 6, 1))).toBeUndefined();
});

test('what cannot be known is said, never guessed', () => {
  expect(rangeOf([run(1), run(2, { isParallel: true })], 2, 1)).toEqual({ kind: 'UNKNOWN', reason: 'PARALLEL' });
  expect(rangeOf(runs(1), 2, 1)).toEqual({ kind: 'UNKNOWN', reason: 'UNLISTED' });
  expect(rangeOf([...runs(2, 3), rollback(4, 1)], 4, 3)).toEqual({ kind: 'UNKNOWN', reason: 'UNLISTED' });
});

test.each<[number, number | undefined, string | undefined]>([
  [2, 1, undefined],
  [3, 1, 'brings along 1 earlier change that is not live now'],
  [4, 1, 'brings along 2 earlier changes that are not live now'],
  [4, 9, 'brings along at least 3 earlier changes that are not live now'],
  [1, 3, 'goes back over 2 changes'],
])('run %i, while %s serves, %s', (own, serving, words) => {
  expect(rangeInWords(rangeOf(runs(1, 2, 3, 4), own, serving))).toBe(words);
});

test('whatever the order in which CodePipeline lists runs: the same range, bounded, each change once, none that serves', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(99), { minLength: 2, maxLength: 90 }),
      fc.nat(),
      fc.nat(),
      (ns, ownAt, servingAt) => {
        const own = ns[ownAt % ns.length]!;
        const serving = ns[servingAt % ns.length]!;
        const range = rangeOf(runs(...ns), own, serving);
        const sorted = rangeOf(runs(...[...ns].sort((a, b) => a - b)), own, serving);
        const ids = (idsOf(range) ?? []) as readonly string[];

        expect(range).toEqual(sorted);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBeLessThanOrEqual(20);
        expect(ids).not.toContain(own > serving ? `change-${serving}` : `change-${own}`);
      },
    ),
  );
});
