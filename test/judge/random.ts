/** Chance with a seed: every run of a test or a simulation sees the same numbers. */

export interface Chance {
  /** From 0 up to 1, not 1 itself. */
  uniform(): number;
  /** Of the standard normal distribution. */
  normal(): number;
  /** A whole number from 0 up to `below`, not `below` itself. */
  whole(below: number): number;
}

/** Marsaglia's xorshift with 32 bits would repeat too soon for simulations: this is sfc32, with the seed stirred in. */
export function chance(seed: number): Chance {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let stir = 0; stir < 15; stir += 1) next();
  const uniform = (): number => (next() + next() / 2 ** 32) / 2 ** 32;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal, whole: (below) => Math.floor(uniform() * below) };
}
