/** Visits every state that can be reached, the nearest first, so that a schedule that is found is a shortest one. */
import { Violation, type Invariant } from './violation';
import { Way } from './way';

export interface Found {
  readonly invariant: Invariant;
  readonly detail: string;
  readonly schedule: readonly string[];
}

export interface Visited {
  readonly states: number;
  readonly transitions: number;
  /** Ends of ways: states in which nothing is left to happen. */
  readonly ends: number;
  readonly seconds: number;
  /** Every reachable state was visited. */
  readonly complete: boolean;
  readonly found?: Found;
}

/** What an exploration saw. */
export interface Numbers extends Visited {
  readonly name: string;
  /** States from which it was tried whether all ends well, if all is well from there. */
  readonly recoveries: number;
  /** Branches of the real code that were run. */
  readonly branches: number;
}

export interface Bounds {
  readonly most?: number;
  /** Goes to the ends of ways first, so that a bounded visit sees them; the schedule that it finds may be a long one. */
  readonly deep?: boolean;
  readonly progress?: (states: number, waiting: number) => void;
}

interface Move<State> {
  words(): string;
  make(): State | Promise<State>;
}

/** What is visited. */
export interface Space<State> {
  readonly name: string;
  first(): Promise<State>;
  keyOf(state: State): string;
  moves(state: State): readonly Move<State>[];
  /** Nothing is in progress: whether all ends well, if all is well from here. */
  isQuiet(state: State): boolean;
  recover(state: State): Promise<void>;
  /** What happened in the recovery that did not end well. */
  recovered(): readonly string[];
}

export async function visit<State>(
  space: Space<State>,
  { most = Number.POSITIVE_INFINITY, deep = false, progress }: Bounds,
): Promise<Visited> {
  const began = process.hrtime.bigint();
  const way = new Way();
  const queue: { readonly state: State; readonly index: number }[] = [];
  let head = 0;
  let transitions = 0;
  let ends = 0;
  let found: Found | undefined;
  try {
    const first = await space.first();
    way.add(-1, () => 'begin', space.keyOf(first));
    queue.push({ state: first, index: 0 });
    while (head < queue.length) {
      const { state, index } = (deep ? queue.pop() : queue[head]) as (typeof queue)[number];
      if (!deep) {
        // What was visited is needed no more.
        delete queue[head];
        head += 1;
      }
      if (index % 5_000 === 0) {
        progress?.(way.size, queue.length - head);
      }
      const last = way.mark(index);
      if (space.isQuiet(state)) {
        last(() => 'and from here on all is well');
        await space.recover(state);
      }
      const moves = space.moves(state);
      ends += moves.length === 0 ? 1 : 0;
      for (const move of moves) {
        transitions += 1;
        last(() => move.words());
        const next = await move.make();
        if (way.size < most && way.add(index, () => move.words(), space.keyOf(next))) {
          queue.push({ state: next, index: way.size - 1 });
        }
      }
    }
  } catch (error) {
    if (!(error instanceof Violation)) {
      throw new Error(`${space.name}: ${way.words().slice(-12).join(' / ')}`, { cause: error });
    }
    const { invariant, detail } = error;
    found = { invariant, detail, schedule: [...way.words(), ...space.recovered()] };
  }
  return {
    states: way.size,
    transitions,
    ends,
    seconds: Number(process.hrtime.bigint() - began) / 1e9,
    complete: found === undefined && way.size < most,
    ...(found === undefined ? {} : { found }),
  };
}
