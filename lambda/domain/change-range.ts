/**
 * The changes between what serves in a stage and the run that asks. A run that was superseded or that failed before the gate has left its
 * change in the source all the same, so the next run brings it along. CodePipeline tells the newest revision of each run, and no more.
 */
import type { Revision } from './request';

/** A run of the pipeline, as a list of runs tells it. */
export interface ListedRun {
  readonly executionId: string;
  /** Milliseconds. */
  readonly startedAt: number;
  readonly isParallel: boolean;
  readonly isRollback: boolean;
  /** The run that a rollback goes back to. */
  readonly target?: string;
  /** By the names of their source actions. */
  readonly revisions: readonly Revision[];
  readonly authors: readonly string[];
}

export interface RunList {
  readonly runs: readonly ListedRun[];
  /** There are no older ones. */
  readonly isAll: boolean;
}

export type ChangeRange = KnownRange | UnknownRange;

export interface KnownRange {
  /** ALONG: the run brings them. BACK: it goes back over them, because what serves is newer. */
  readonly kind: 'ALONG' | 'BACK';
  /** Newest first, at most `MOST_LISTED`; with those of the run itself where it brings them. */
  readonly changes: readonly Revision[];
  /** How many there are, and how many of them are not the run's own. */
  readonly total: number;
  readonly others: number;
  /** Older ones may belong to it. */
  readonly isCut: boolean;
  /** Who wrote what the run brings along, and its own change where an earlier run brought it, too; empty where it goes back. */
  readonly authors: readonly string[];
}

export interface UnknownRange {
  readonly kind: 'UNKNOWN';
  readonly reason: keyof typeof WHY_UNKNOWN;
}

export const WHY_UNKNOWN = {
  PARALLEL: 'the runs of this pipeline go in parallel, so none of them comes between two others',
  UNLISTED: 'CodePipeline does not list the runs that would tell',
  UNREADABLE: 'the role of this gate may not list the runs of its pipeline',
} as const;

/** So many are kept with a request. */
const MOST_LISTED = 20;
/** So many runs are looked at. */
const MOST_RUNS = 50;
const MESSAGE_LIMIT = 200;
const URL_LIMIT = 500;

/** Runs between what serves and what asks, newest first. */
export interface RunsBetween {
  readonly kind: 'ALONG' | 'BACK';
  readonly runs: readonly ListedRun[];
  readonly isCut: boolean;
  /** The revisions where the range begins: what is the same there has not changed. */
  readonly since: readonly Revision[];
}

/**
 * Undefined where nothing serves in the stage: it may deploy nothing, as a stage that only asks, and then it has no such range.
 *
 * @param own the run that asks
 * @param serving the run that serves in the stage, if any
 */
export function runsBetween(
  { runs, isAll }: RunList,
  own: string,
  serving: string | undefined,
): RunsBetween | UnknownRange | undefined {
  const find = (id: string | undefined) => runs.find(({ executionId }) => executionId === id);
  /** A rollback brings what its target brought. */
  const origin = (id: string | undefined) => {
    const run = find(id);
    return run?.isRollback === true ? find(run.target) : run;
  };
  const asking = origin(own);
  if (find(own)?.isParallel === true) {
    return { kind: 'UNKNOWN', reason: 'PARALLEL' };
  }
  if (asking === undefined) {
    return { kind: 'UNKNOWN', reason: 'UNLISTED' };
  }
  if (serving === undefined) {
    return isAll ? undefined : { kind: 'UNKNOWN', reason: 'UNLISTED' };
  }
  const live = origin(serving);
  const isBack = live !== undefined && live.startedAt > asking.startedAt;
  const [older, newer] = isBack ? [asking, live] : [live, asking];
  const between = runs
    .filter(({ isRollback, startedAt }) => !isRollback && startedAt <= newer.startedAt)
    .filter(({ startedAt }) => older === undefined || startedAt > older.startedAt)
    .sort((a, b) => b.startedAt - a.startedAt);
  return {
    kind: isBack ? 'BACK' : 'ALONG',
    runs: between.slice(0, MOST_RUNS),
    isCut: between.length > MOST_RUNS || older === undefined,
    since: older?.revisions ?? [],
  };
}

/**
 * Undefined where nothing comes along and nothing is left open: the change of the run itself is shown anyway. Several runs may bring the
 * same change, as when one is started again by hand, and not each of them tells who wrote it.
 */
export function changeRange({ kind, runs, isCut, since }: RunsBetween, own: string): KnownRange | undefined {
  const served = new Set(since.map(keyOf));
  const seen = new Set(served);
  const isNew = (revision: Revision) => !seen.has(keyOf(revision)) && seen.add(keyOf(revision)) !== undefined;
  const ofRuns = runs.map((run) => ({ run, revisions: run.revisions.filter(isNew) }));
  const changes = ofRuns.flatMap(({ revisions }) => revisions);
  const others = ofRuns.filter(({ run }) => run.executionId !== own).flatMap(({ revisions }) => revisions).length;
  const bringing = runs.filter(
    (run) => run.executionId !== own && run.revisions.some((one) => !served.has(keyOf(one))),
  );
  const authors = kind === 'BACK' ? [] : [...new Set(bringing.flatMap((run) => run.authors))];
  return others === 0 && authors.length === 0 && !isCut
    ? undefined
    : {
        kind,
        changes: changes.slice(0, MOST_LISTED).map(shortened),
        total: changes.length,
        others,
        isCut,
        authors,
      };
}

/** One line; undefined where there is nothing to say in passing. */
export function rangeInWords(range: ChangeRange | undefined): string | undefined {
  if (range === undefined || range.kind === 'UNKNOWN' || range.others === 0) {
    return undefined;
  }
  const count = `${range.isCut ? 'at least ' : ''}${range.others} ${range.kind === 'BACK' ? '' : 'earlier '}change${range.others === 1 ? '' : 's'}`;
  return range.kind === 'BACK'
    ? `goes back over ${count}`
    : `brings along ${count} that ${range.others === 1 ? 'is' : 'are'} not live now`;
}

function keyOf({ name, id }: Revision): string {
  return JSON.stringify([name, id]);
}

function shortened({ message, url, ...revision }: Revision): Revision {
  return {
    ...revision,
    ...(message === undefined ? {} : { message: (message.split('\n', 1)[0] ?? '').slice(0, MESSAGE_LIMIT) }),
    ...(url === undefined || url.length > URL_LIMIT ? {} : { url }),
  };
}
