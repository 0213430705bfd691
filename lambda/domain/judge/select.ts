/**
 * The value that would stand at this place if the values were sorted; the first place is 0. Hoare's algorithm: it sorts no more
 * than it has to. Afterwards smaller values stand before that place, and larger ones behind it.
 */
export function select(values: Float64Array, place: number, start = 0): number {
  let from = start;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number;
    let low = from;
    let high = to;
    while (low <= high) {
      while ((values[low] as number) < pivot) low += 1;
      while ((values[high] as number) > pivot) high -= 1;
      if (low <= high) {
        const value = values[low] as number;
        values[low] = values[high] as number;
        values[high] = value;
        low += 1;
        high -= 1;
      }
    }
    if (place <= high) to = high;
    else if (place >= low) from = low;
    else break;
  }
  return values[place] as number;
}
