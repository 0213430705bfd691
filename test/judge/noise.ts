/** What metrics of a healthy service look like, minute by minute, and how a worse version changes them. */
import type { Chance } from './random';

export const BAKE_MINUTES = 240;

/** One minute after the other: each depends on the one before by `likeness`, the whole is standard normal. */
export function alike(chance: Chance, likeness: number, minutes = BAKE_MINUTES): Float64Array {
  const fresh = Math.sqrt(1 - likeness ** 2);
  const values = new Float64Array(minutes);
  let value = chance.normal();
  for (let minute = 0; minute < minutes; minute += 1) {
    values[minute] = value;
    value = likeness * value + fresh * chance.normal();
  }
  return values;
}

export interface Variation {
  readonly name: string;
  /** Both sides, the canary worse by this share of its mean. */
  draw(chance: Chance, worse: number): { readonly canary: Float64Array; readonly baseline: Float64Array };
}

/** Values above 0 that scatter by a share of their mean, as latencies do. */
function latency(name: string, scatter: number, likeness: number): Variation {
  const spread = Math.sqrt(Math.log(1 + scatter ** 2));
  const side = (chance: Chance, mean: number) =>
    alike(chance, likeness).map((normal) => mean * Math.exp(spread * normal - spread ** 2 / 2));
  return { name, draw: (chance, worse) => ({ canary: side(chance, 100 * (1 + worse)), baseline: side(chance, 100) }) };
}

/** So many errors a minute on average, whole ones. */
function errors(name: string, mean: number): Variation {
  const side = (chance: Chance, by: number) => Float64Array.from({ length: BAKE_MINUTES }, () => count(chance, by));
  return {
    name,
    draw: (chance, worse) => ({ canary: side(chance, mean * (1 + worse)), baseline: side(chance, mean) }),
  };
}

/** Of Poisson's distribution. */
function count(chance: Chance, mean: number): number {
  const limit = Math.exp(-mean);
  let events = -1;
  for (let product = 1; product > limit; product *= chance.uniform()) events += 1;
  return events;
}

/** Both sides get the same load, which goes up and down. */
function sharedLoad(name: string, scatter: number): Variation {
  const plain = latency(name, scatter, 0);
  return {
    name,
    draw(chance, worse) {
      const start = chance.uniform() * 2 * Math.PI;
      const load = (minute: number) => 1 + 0.5 * Math.sin(start + minute / 40);
      const { canary, baseline } = plain.draw(chance, worse);
      return {
        canary: canary.map((value, minute) => value * load(minute)),
        baseline: baseline.map((value, minute) => value * load(minute)),
      };
    },
  };
}

export const VARIATIONS: readonly Variation[] = [
  latency('latency, scatter 20 %', 0.2, 0),
  latency('latency, scatter 50 %', 0.5, 0),
  latency('latency, scatter 50 %, minutes alike (0.6)', 0.5, 0.6),
  sharedLoad('latency, scatter 20 %, load goes up and down', 0.2),
  errors('errors, 10 a minute', 10),
  errors('errors, 1 in 5 minutes', 0.2),
];
