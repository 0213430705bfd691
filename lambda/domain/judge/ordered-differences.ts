/** Picks from all differences between two samples by place, without making them all: 2,000 values a side have 4,000,000. */
import type { Sorted } from './ranking';
import { select } from './select';

/** So few differences are all looked at. */
const FEW = 256;
/** One of so many values stands for its neighbours. */
const THIN = 4;
/**
 * How far off the place of a guess is, as a share of the root of the number of values that stand for the others: about two
 * standard errors, whatever the distribution.
 */
const DOUBT = 0.7;

/**
 * One in four values of both sides have one in sixteen of the differences, which are spread as all are. So what is wanted lies
 * between two of these; and to find the two is the same task again, with fewer values. What lies below and between them is then
 * counted among all differences. So a guess that misses costs time, but the answer is exact.
 */
export class Differences {
  readonly count: number;
  private readonly rows: number;
  private readonly columns: number;
  /** Ascending, with Infinity at the end. A row has the differences of one of these values, a column those of one of the baseline. */
  private readonly canary: Float64Array;
  private readonly baseline: Float64Array;
  /** Of each row, these columns are in question. */
  private readonly from: Int32Array;
  private readonly to: Int32Array;
  private readonly thinned: Differences | undefined;

  constructor({ canary, baseline }: Sorted) {
    this.rows = canary.length;
    this.columns = baseline.length;
    this.count = this.rows * this.columns;
    this.canary = withEnd(canary);
    this.baseline = withEnd(baseline);
    this.from = new Int32Array(this.rows + 1);
    this.to = new Int32Array(this.rows + 1);
    this.thinned = this.count <= FEW ? undefined : new Differences({ canary: thin(canary), baseline: thin(baseline) });
  }

  /** The differences at these two places of all of them in ascending order; the first place is 1. */
  at(first: number, last: number): readonly [number, number] {
    const { thinned } = this;
    if (thinned !== undefined) {
      const share = thinned.count / this.count;
      let margin = DOUBT * Math.sqrt(Math.max(thinned.rows, thinned.columns));
      for (; first * share > margin || last * share + margin < thinned.count; margin *= 2) {
        const lowest = Math.floor(first * share - margin);
        const highest = Math.ceil(last * share + margin);
        const guess = thinned.at(Math.max(1, lowest), Math.min(thinned.count, highest));
        const low = lowest < 1 ? -Number.MAX_VALUE : guess[0];
        const high = highest > thinned.count ? Number.MAX_VALUE : guess[1];
        const [below, upTo] = this.mark(low, high);
        if (below < first && last <= upTo) {
          return low === high ? guess : this.pick(upTo - below, first - below, last - below);
        }
      }
    }
    this.from.fill(0);
    this.to.fill(this.columns);
    return this.pick(this.count, first, last);
  }

  /** Marks the columns from `low` to `high`, and counts the differences below `low` and those up to `high`. */
  private mark(low: number, high: number): readonly [below: number, upTo: number] {
    const { rows, columns, canary, baseline, from, to } = this;
    let below = 0;
    let upTo = 0;
    let fromRow = 0;
    let fromColumn = 0;
    let toRow = 0;
    let toColumn = 0;
    // Two walks along the border between what is counted and what is not, by a column or by a row a step. There is no `if`,
    // because half of the steps would be guessed wrong by the processor.
    for (let step = 0; step < rows + columns; step += 1) {
      from[fromRow] = fromColumn;
      const isAbove = Number((canary[fromRow] as number) - (baseline[fromColumn] as number) > high);
      upTo += isAbove * fromRow;
      fromColumn += isAbove;
      fromRow += 1 - isAbove;
      to[toRow] = toColumn;
      const isInside = Number((canary[toRow] as number) - (baseline[toColumn] as number) >= low);
      below += isInside * toRow;
      toColumn += isInside;
      toRow += 1 - isInside;
    }
    return [below, upTo];
  }

  /** Of those that are marked. */
  private pick(count: number, first: number, last: number): readonly [number, number] {
    const marked = new Float64Array(count);
    let filled = 0;
    for (let row = 0; row < this.rows; row += 1) {
      const value = this.canary[row] as number;
      const end = this.to[row] as number;
      for (let column = this.from[row] as number; column < end; column += 1) {
        marked[filled] = value - (this.baseline[column] as number);
        filled += 1;
      }
    }
    const low = select(marked, first - 1);
    return [low, last === first ? low : select(marked, last - 1, first)];
  }
}

function withEnd(values: Float64Array): Float64Array {
  const longer = new Float64Array(values.length + 1);
  longer.set(values);
  longer[values.length] = Infinity;
  return longer;
}

/** The middle one of each four. */
function thin(values: Float64Array): Float64Array {
  const few = new Float64Array(Math.ceil(values.length / THIN));
  for (let at = 0; at < few.length; at += 1) {
    few[at] = values[Math.floor(((at + 0.5) * values.length) / few.length)] as number;
  }
  return few;
}
