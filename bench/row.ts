/** One line of the benchmark. */

export interface Bench {
  /** What `--only` knows it by. */
  readonly name: string;
  readonly title: string;
  run(scale: Scale): Promise<readonly Row[]>;
}

/** How thoroughly to measure. */
export interface Scale {
  /** Pairs of fresh processes. */
  readonly pairs: number;
  /** Everything once and small, to see that it runs. */
  readonly smoke: boolean;
}

export interface Row {
  readonly what: string;
  readonly ours: string;
  /** What stands beside it: the anchor, or how many pairs. */
  readonly beside: string;
  readonly goal?: Goal;
}

export interface Goal {
  readonly text: string;
  readonly met: boolean;
}

/** A goal is an upper bound here: all that is measured is better when it is less. */
export function atMost(limit: number, value: number, shown: string): Goal {
  return { text: `≤ ${shown}`, met: value <= limit };
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
