/** Times judgements of a metric, each of other values: `judge.ts <values of each side> <judgements> <judgement|test>` prints the median, in milliseconds. */
import { median } from 'simple-statistics';
import { inflationOf } from '../../lambda/domain/judge/effective-samples';
import { judgeMetric } from '../../lambda/domain/judge/judge-metric';
import { mannWhitney } from '../../lambda/domain/judge/mann-whitney';
import { sortedSamples } from '../../lambda/domain/judge/samples';

const [values, judgements] = process.argv.slice(2).map(Number) as [number, number];
const isBare = process.argv[4] === 'test';
const RULE = { name: 'latency', worseWhen: 'HIGHER', minEffect: 0.1 } as const;
const side = () => Float64Array.from({ length: values }, () => Math.exp(Math.random() * 3));

function timed(): number {
  const paired = { canary: side(), baseline: side() };
  const began = performance.now();
  if (isBare) mannWhitney(sortedSamples(paired.canary, paired.baseline));
  else judgeMetric(RULE, paired, 2.935, inflationOf(paired));
  return performance.now() - began;
}

// The first ones are interpreted, not compiled.
Array.from({ length: judgements }, timed);
process.stdout.write(String(median(Array.from({ length: judgements }, timed))));
