/**
 * Virtual time. It moves only when nothing runs and nothing is due: work that is under way is `track`ed,
 * and what is scheduled runs in the order of its time, then of its scheduling.
 */
export interface Timer {
  readonly at: number;
  readonly what: string;
  cancel(): void;
}

export interface Clock {
  /** Virtual time in epoch milliseconds. */
  now(): number;
  /** Runs `task` when virtual time reaches `at` (at once when that is past). */
  schedule(at: number, what: string, task: () => void | Promise<void>): Timer;
  /** Time stands still while `work` is under way. */
  track<T>(work: Promise<T>): Promise<T>;
  /** What is scheduled, soonest first. */
  readonly pending: readonly Timer[];
}
