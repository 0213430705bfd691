/** Picks from all differences between two samples by place, without making them all: 2,000 values a side have 4,000,000. */
import type { Samples } from './samples';

/** So few differences are sorted. */
const FEW = 512;
/** While more than this share is left, a guess by interpolation would be poor. */
const MANY = 1 / 4;
/** How far beside the place to aim, so that the next pivot cuts off the other side. */
const ASIDE = 0.02;

/**
 * A row has the differences of one value of the canary, in ascending order, and each row lies above the one before. So one
 * walk along the border between rows and columns counts what lies below a pivot.
 */
export class Differences {
  private readonly canary: Float64Array;
  /** Descending, so that rows ascend. */
  private readonly baseline: Float64Array;
  readonly count: number;
  /** Of each row, these columns are still in question. */
  private from: Int32Array;
  private to: Int32Array;
  private border: Int32Array;

  constructor({ canary, baseline }: Samples) {
    this.canary = canary;
    this.baseline = baseline.slice().reverse();
    this.count = canary.length * baseline.length;
    this.from = new Int32Array(canary.length);
    this.to = new Int32Array(canary.length);
    this.border = new Int32Array(canary.length);
  }

  /** The difference at this place of all of them in ascending order; the first place is 1. */
  at(place: number): number {
    this.from.fill(0);
    this.to.fill(this.baseline.length);
    let low = { value: -Infinity, count: 0 };
    let high = { value: Infinity, count: this.count };
    let guess = NaN;
    let aside = ASIDE;
    for (let left = this.count; left > FEW; left = high.count - low.count) {
      const isGuess = guess > low.value && guess < high.value;
      const pivot = isGuess ? guess : this.middle(left);
      const upTo = this.upTo(pivot);
      const isBelow = upTo < place;
      if (isBelow) {
        low = { value: pivot, count: upTo };
        [this.from, this.border] = [this.border, this.from];
      } else {
        // What is left may be one difference many times.
        const below = isGuess ? upTo : this.below(pivot);
        if (below < place) return pivot;
        high = { value: pivot, count: below };
        [this.to, this.border] = [this.border, this.to];
      }
      const remaining = high.count - low.count;
      aside = isGuess && remaining > left / 2 ? aside * 4 : ASIDE;
      const aim = place + (isBelow ? 1 : -1) * Math.max(FEW / 3, remaining * aside);
      guess =
        remaining < this.count * MANY ? low.value + ((high.value - low.value) * (aim - low.count)) / remaining : NaN;
    }
    return this.rest(high.count - low.count)[place - low.count - 1] as number;
  }

  /** The smallest difference above this one. */
  after(value: number): number {
    this.upTo(value);
    let smallest = Infinity;
    for (let row = 0; row < this.border.length; row += 1) {
      const column = this.border[row] as number;
      if (column < this.baseline.length) {
        smallest = Math.min(smallest, this.difference(row, column));
      }
    }
    return smallest;
  }

  /** How many differences are this one or smaller. */
  upTo(pivot: number): number {
    const { canary, baseline, border } = this;
    let column = baseline.length;
    let count = 0;
    for (let row = 0; row < canary.length; row += 1) {
      const value = canary[row] as number;
      while (column > 0 && value - (baseline[column - 1] as number) > pivot) column -= 1;
      border[row] = column;
      count += column;
    }
    return count;
  }

  private below(pivot: number): number {
    const { canary, baseline, border } = this;
    let column = baseline.length;
    let count = 0;
    for (let row = 0; row < canary.length; row += 1) {
      const value = canary[row] as number;
      while (column > 0 && value - (baseline[column - 1] as number) >= pivot) column -= 1;
      border[row] = column;
      count += column;
    }
    return count;
  }

  /** A difference near the middle of those that are left: the middle of the row in which the middle is. */
  private middle(left: number): number {
    let row = -1;
    for (let before = 0; before * 2 < left;) {
      row += 1;
      before += (this.to[row] as number) - (this.from[row] as number);
    }
    return this.difference(row, ((this.from[row] as number) + (this.to[row] as number)) >> 1);
  }

  private rest(left: number): Float64Array {
    const few = new Float64Array(left);
    let filled = 0;
    for (let row = 0; row < this.canary.length; row += 1) {
      for (let column = this.from[row] as number; column < (this.to[row] as number); column += 1) {
        few[filled] = this.difference(row, column);
        filled += 1;
      }
    }
    return few.sort();
  }

  private difference(row: number, column: number): number {
    return (this.canary[row] as number) - (this.baseline[column] as number);
  }
}
