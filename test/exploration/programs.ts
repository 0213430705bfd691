/**
 * The real code, run as processes that stop at each call to the outside. What a process does next depends on nothing but the
 * answers that it got so far; so all that is known about a process is a tree of answers, and the code runs once for each branch
 * of it, however many schedules lead there.
 */
import crypto from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Measurement } from '../../contract/messages';
import type { Call, Outside } from './calls';
import { REQUEST } from './world';
import type { Rows } from './memory-table';

/** The answer of a call; `key` tells it from every other one that the same call may get. */
export interface Answer {
  readonly key: string;
  readonly value?: unknown;
  readonly error?: Error;
  /** The rows that a query of the request found. */
  readonly loaded?: Rows;
  /** What a check found. */
  readonly measured?: Measurement;
}

export type Ending = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** A process after certain answers. */
export interface Point<C = Call, O = Outside> {
  readonly id: number;
  readonly program: Program<O>;
  readonly parent: Point<C, O> | undefined;
  readonly answer: Answer | undefined;
  readonly call: C | undefined;
  readonly ending: Ending | undefined;
  /** What the process knows of the request. */
  readonly loaded: Rows | undefined;
  /** What it has measured. */
  readonly measured: readonly Measurement[];
  readonly next: Map<string, Point<C, O>>;
}

export interface Program<O = Outside> {
  readonly name: string;
  run(outside: O): Promise<unknown>;
}

/** Running processes that are kept; others are run again from their beginning when they are needed. */
const MOST_ALIVE = 4_000;
/** Of a millisecond. */
const MOST_WAITS = 5_000;

/** Makes what the code takes for the outside, of a way to ask it. */
export type MakeOutside<C, O> = (ask: (call: C) => Promise<unknown>) => O;

interface Waiting<C> {
  readonly call: C;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

class Execution<C, O> {
  private readonly waiting: Waiting<C>[] = [];
  ending: Ending | undefined;
  private seeds = 0;

  constructor(
    private readonly program: Program<O>,
    private readonly make: MakeOutside<C, O>,
    private readonly watch: Watch,
  ) {}

  private get isSettled(): boolean {
    return this.call !== undefined || this.ending !== undefined;
  }

  get call(): C | undefined {
    return this.waiting[0]?.call;
  }

  async start(): Promise<void> {
    const ask = (call: C): Promise<unknown> =>
      new Promise((resolve, reject) => {
        this.waiting.push({ call, resolve, reject });
      });
    await this.watched(() => {
      this.program.run(this.make(ask)).then(
        (value) => {
          this.ending = { ok: true, value };
        },
        (error: unknown) => {
          this.ending = { ok: false, error };
        },
      );
    });
  }

  async goOn(answer: Answer): Promise<void> {
    const first = this.waiting.shift();
    await this.watched(() => {
      if (answer.error === undefined) {
        first?.resolve(answer.value);
      } else {
        first?.reject(answer.error);
      }
    });
  }

  /** Chance is made of the program's name, and nothing is printed. */
  private async watched(work: () => void): Promise<void> {
    const { randomBytes } = crypto;
    const { write } = process.stdout;
    const chance = (size: number): Buffer => {
      this.seeds += 1;
      const bytes = crypto.createHash('sha256').update(`${this.program.name} ${this.seeds}`).digest().subarray(0, size);
      this.watch.secret(bytes.toString('base64url'));
      return bytes;
    };
    Object.assign(crypto, { randomBytes: chance });
    process.stdout.write = ((line: string) => {
      this.watch.logged(line);
      return true;
    }) as typeof process.stdout.write;
    try {
      work();
      await new Promise((resolve) => setImmediate(resolve));
      // Code that is loaded when it is needed first has to be read from a disk.
      for (let waits = 0; waits < MOST_WAITS && !this.isSettled; waits += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      Object.assign(crypto, { randomBytes });
      process.stdout.write = write;
    }
  }
}

/** Who wants to know what the code makes and says. */
export interface Watch {
  secret(seed: string): void;
  logged(line: string): void;
}

export class Programs<C = Call, O = Outside> {
  private readonly roots = new Map<string, Point<C, O>>();
  private readonly alive = new Map<Point<C, O>, Execution<C, O>>();
  private points = 0;

  constructor(
    private readonly watch: Watch,
    private readonly make: MakeOutside<C, O>,
  ) {}

  get size(): number {
    return this.points;
  }

  async start(program: Program<O>): Promise<Point<C, O>> {
    const known = this.roots.get(program.name);
    if (known !== undefined) {
      return known;
    }
    const execution = new Execution(program, this.make, this.watch);
    await execution.start();
    const root = this.point(program, undefined, undefined, execution);
    this.roots.set(program.name, root);
    return root;
  }

  /** Where a process stands after one answer more. */
  goOn(from: Point<C, O>, answer: Answer): Point<C, O> | Promise<Point<C, O>> {
    return from.next.get(answer.key) ?? this.explore(from, answer);
  }

  private async explore(from: Point<C, O>, answer: Answer): Promise<Point<C, O>> {
    const execution = this.alive.get(from) ?? (await this.again(from));
    this.alive.delete(from);
    await execution.goOn(answer);
    const point = this.point(from.program, from, answer, execution);
    from.next.set(answer.key, point);
    return point;
  }

  private async again(point: Point<C, O>): Promise<Execution<C, O>> {
    const answers: Answer[] = [];
    for (let one: Point<C, O> | undefined = point; one !== undefined; one = one.parent) {
      if (one.answer !== undefined) {
        answers.unshift(one.answer);
      }
    }
    const execution = new Execution(point.program, this.make, this.watch);
    await execution.start();
    for (const answer of answers) {
      await execution.goOn(answer);
    }
    return execution;
  }

  private point(
    program: Program<O>,
    parent: Point<C, O> | undefined,
    answer: Answer | undefined,
    execution: Execution<C, O>,
  ): Point<C, O> {
    const { call, ending } = execution;
    if (call === undefined && ending === undefined) {
      throw new Error(`${program.name} waits for something that is no call`);
    }
    this.points += 1;
    const loaded = answer?.loaded ?? parent?.loaded;
    const known = parent?.measured ?? [];
    const measured = answer?.measured === undefined ? known : [...known, answer.measured];
    const next = new Map<string, Point<C, O>>();
    const point = { id: this.points, program, parent, answer, call, ending, loaded, measured, next };
    if (ending === undefined) {
      this.alive.set(point, execution);
      this.forgetTheOldest();
    }
    return point;
  }

  private forgetTheOldest(): void {
    const [oldest] = this.alive.keys();
    if (this.alive.size > MOST_ALIVE && oldest !== undefined) {
      this.alive.delete(oldest);
    }
  }
}

export function isLoad(call: Call | undefined): boolean {
  return (
    call?.port === 'table' &&
    call.command instanceof QueryCommand &&
    call.command.input.ExpressionAttributeValues?.[':pk'] === REQUEST
  );
}
