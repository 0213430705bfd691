/** What values are about. Written as loops, since `reduce` takes most of the time of a sum to call its function. */

export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    sum += values[at] as number;
  }
  return sum;
}

export function meanOf(values: Float64Array): number {
  return sumOf(values) / values.length;
}

export function medianOf(sorted: Float64Array): number {
  const [low = 0, high = low] = sorted.subarray((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return (low + high) / 2;
}
