import type { Clock, Timer } from './clock';

interface Entry extends Timer {
  readonly order: number;
  readonly task: () => void | Promise<void>;
}

/** A skip runs so many tasks of one moment at most: what begins itself again at once must not hang it. */
const MOST_AT_ONCE = 1_000;

/** How often the live mode looks at the real clock, in milliseconds. */
const TICK = 50;

/**
 * The clock of the rehearsal. Whoever drives it (`settle`, `advanceTo`, `runUntil`, or the live mode) runs one task
 * at a time and waits until everything it started has ended, so that a rehearsal goes the same way every time.
 * A task must never drive the clock itself: it schedules what comes later.
 */
export class VirtualClock implements Clock {
  private time: number;
  private order = 0;
  private entries: Entry[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private turn: Promise<unknown> = Promise.resolve();
  private liveTimer?: NodeJS.Timeout;
  private failures: unknown[] = [];
  private readonly looks: (() => void)[] = [];

  constructor(start: number | string | Date = '2030-01-07T09:00:00Z') {
    this.time = new Date(start).getTime();
  }

  now(): number {
    return this.time;
  }

  /** Virtual time as the functions see it. */
  iso(): string {
    return new Date(this.time).toISOString();
  }

  schedule(at: number, what: string, task: () => void | Promise<void>): Timer {
    const entry: Entry = {
      at: Math.max(at, this.time),
      what,
      task,
      order: this.order++,
      cancel: () => {
        this.entries = this.entries.filter((other) => other !== entry);
      },
    };
    const index = this.entries.findIndex((other) => other.at > entry.at);
    this.entries.splice(index < 0 ? this.entries.length : index, 0, entry);
    return entry;
  }

  /** Resolves when it is `at`. What waits so holds nothing up; what it does next without real I/O counts as the task. */
  sleepUntil(at: number, what: string): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(at, what, resolve);
    });
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
    }
  }

  /** Whoever wants to see each moment in which nothing is under way any more. Must not change anything. */
  onQuiet(look: () => void): void {
    this.looks.push(look);
  }

  get pending(): readonly Timer[] {
    return this.entries;
  }

  /** True while work is under way. */
  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Runs what is due now, and waits until nothing is under way. */
  settle(): Promise<void> {
    return this.advanceTo(this.time);
  }

  /** Runs everything up to and including `at`; afterwards it is `at`. */
  advanceTo(at: number | string | Date): Promise<void> {
    const target = new Date(at).getTime();
    return this.exclusively(async () => {
      await this.quiet();
      while (this.next() <= target) {
        await this.step();
      }
      this.time = Math.max(this.time, target);
    });
  }

  advanceBy(milliseconds: number): Promise<void> {
    return this.advanceTo(this.time + milliseconds);
  }

  /**
   * Goes from one scheduled thing to the next until `condition` holds. False when nothing is left to happen, or when
   * the next thing lies behind `limit` (a point in time; 90 days from now when absent).
   */
  runUntil(
    condition: () => boolean | Promise<boolean>,
    options: { readonly limit?: number | string | Date } = {},
  ): Promise<boolean> {
    const limit = options.limit === undefined ? this.time + 90 * 86_400_000 : new Date(options.limit).getTime();
    return this.exclusively(async () => {
      await this.quiet();
      for (;;) {
        if (await condition()) {
          return true;
        }
        if (this.next() > limit || this.entries.length === 0) {
          this.time = this.entries.length === 0 ? this.time : Math.max(this.time, limit);
          return false;
        }
        await this.step();
      }
    });
  }

  /** One second a second from now on, except while work is under way. */
  live(onError: (error: unknown) => void): void {
    if (this.liveTimer !== undefined) {
      return;
    }
    let last = performance.now();
    let driving = false;
    this.liveTimer = setInterval(() => {
      const real = performance.now();
      const elapsed = real - last;
      last = real;
      if (driving || this.busy) {
        return;
      }
      driving = true;
      this.advanceTo(Math.round(this.time + elapsed))
        .catch(onError)
        .finally(() => {
          driving = false;
          last = performance.now();
        });
    }, TICK);
  }

  /** Jumps to the next thing that is scheduled (and runs what is then due). Answers whether there was one. */
  skip(): Promise<boolean> {
    return this.exclusively(async () => {
      await this.quiet();
      const at = this.next();
      if (at === Infinity) {
        return false;
      }
      for (let steps = 0; this.next() <= at && steps < MOST_AT_ONCE; steps += 1) {
        await this.step();
      }
      return true;
    });
  }

  /** Ends the live mode. */
  stop(): void {
    clearInterval(this.liveTimer);
    this.liveTimer = undefined;
  }

  /** Stops for good: what is scheduled never happens. */
  close(): void {
    this.stop();
    this.entries = [];
  }

  private next(): number {
    return this.entries[0]?.at ?? Infinity;
  }

  private async step(): Promise<void> {
    const entry = this.entries.shift();
    if (entry === undefined) {
      return;
    }
    this.time = Math.max(this.time, entry.at);
    const work = (async () => entry.task())();
    this.track(work).catch((error: unknown) => this.failures.push(error));
    await this.quiet();
  }

  /** Waits until nothing is under way: work may start more work, also a turn of the event loop later. */
  private async quiet(): Promise<void> {
    do {
      while (this.running.size > 0) {
        await Promise.allSettled([...this.running]);
        await Promise.resolve();
      }
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.running.size > 0);
    this.looks.forEach((look) => look());
    const failure = this.failures.shift();
    if (failure !== undefined) {
      this.failures = [];
      throw failure;
    }
  }

  /** Two drivers take turns. */
  private exclusively<T>(drive: () => Promise<T>): Promise<T> {
    const result = this.turn.then(drive);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
