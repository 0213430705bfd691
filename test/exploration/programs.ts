/**
 * The real code, run as processes that stop at each call to the outside. What a process does next depends on nothing but the
 * answers that it got so far; so all that is known about a process is a tree of answers, and the code runs once for each branch
 * of it, however many schedules lead there.
 */
import crypto from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Measurement } from '../../contract/messages';
import { outsideOf, type Ask, type Call, type Outside } from './calls';
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
export interface Point {
  readonly id: number;
  readonly program: Program;
  readonly parent: Point | undefined;
  readonly answer: Answer | undefined;
  readonly call: Call | undefined;
  readonly ending: Ending | undefined;
  /** What the process knows of the request. */
  readonly loaded: Rows | undefined;
  /** What it has measured. */
  readonly measured: readonly Measurement[];
  readonly next: Map<string, Point>;
}

export interface Program {
  readonly name: string;
  run(outside: Outside): Promise<unknown>;
}

/** Running processes that are kept; others are run again from their beginning when they are needed. */
const MOST_ALIVE = 4_000;

interface Waiting {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

class Execution {
  private readonly waiting: Waiting[] = [];
  ending: Ending | undefined;
  private seeds = 0;

  constructor(
    private readonly program: Program,
    private readonly wrap: (outside: Outside) => Outside,
    private readonly watch: Watch,
  ) {}

  get call(): Call | undefined {
    return this.waiting[0]?.call;
  }

  async start(): Promise<void> {
    const ask: Ask = (call) =>
      new Promise((resolve, reject) => {
        this.waiting.push({ call, resolve, reject });
      });
    await this.watched(() => {
      this.program.run(this.wrap(outsideOf(ask))).then(
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

export class Programs {
  private readonly roots = new Map<string, Point>();
  private readonly alive = new Map<Point, Execution>();
  private points = 0;

  /** @param wrap plants a bug */
  constructor(
    private readonly watch: Watch,
    private readonly wrap: (outside: Outside) => Outside = (outside) => outside,
  ) {}

  get size(): number {
    return this.points;
  }

  async start(program: Program): Promise<Point> {
    const known = this.roots.get(program.name);
    if (known !== undefined) {
      return known;
    }
    const execution = new Execution(program, this.wrap, this.watch);
    await execution.start();
    const root = this.point(program, undefined, undefined, execution);
    this.roots.set(program.name, root);
    return root;
  }

  /** Where a process stands after one answer more. */
  goOn(from: Point, answer: Answer): Point | Promise<Point> {
    return from.next.get(answer.key) ?? this.explore(from, answer);
  }

  private async explore(from: Point, answer: Answer): Promise<Point> {
    const execution = this.alive.get(from) ?? (await this.again(from));
    this.alive.delete(from);
    await execution.goOn(answer);
    const point = this.point(from.program, from, answer, execution);
    from.next.set(answer.key, point);
    return point;
  }

  private async again(point: Point): Promise<Execution> {
    const answers: Answer[] = [];
    for (let one: Point | undefined = point; one !== undefined; one = one.parent) {
      if (one.answer !== undefined) {
        answers.unshift(one.answer);
      }
    }
    const execution = new Execution(point.program, this.wrap, this.watch);
    await execution.start();
    for (const answer of answers) {
      await execution.goOn(answer);
    }
    return execution;
  }

  private point(program: Program, parent: Point | undefined, answer: Answer | undefined, execution: Execution): Point {
    const { call, ending } = execution;
    if (call === undefined && ending === undefined) {
      throw new Error(`${program.name} waits for something that is no call`);
    }
    this.points += 1;
    const loaded = answer?.loaded ?? parent?.loaded;
    const known = parent?.measured ?? [];
    const measured = answer?.measured === undefined ? known : [...known, answer.measured];
    const next = new Map<string, Point>();
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
