/** Times judgements of a metric, each of other values: `judge.ts <values of each side> <judgements> <judgement|test>` prints the median, in milliseconds. */
import { median } from 'simple-statistics';
import { inflationOf } from '../../lambda/domain/judge/effective-samples';
import { judgeMetric } from '../../lambda/domain/judge/judge-metric';
import { mannWhitney } from '../../lambda/domain/judge/mann-whitney';
import { rankingOf } from '../../lambda/domain/judge/ranking';

const [values, judgements] = process.argv.slice(2).map(Number) as [number, number];
const isBare = process.argv[4] === 'test';
const RULE = { name: 'latency', worseWhen: 'HIGHER', minEffect: 0.1 } as const;
const side = () => Float64Array.from({ length: values }, () => Math.exp(Math.random() * 3));

function timed(): number {
  const paired = { canary: side(), baseline: side() };
  const began = performance.now();
  const ranking = rankingOf(paired);
  if (isBare) mannWhitney(ranking);
  else judgeMetric(RULE, ranking, 2.935, inflationOf(ranking));
  return performance.now() - began;
}

// The first ones are interpreted, not compiled.
Array.from({ length: judgements }, timed);
process.stdout.write(String(median(Array.from({ length: judgements }, timed))));
