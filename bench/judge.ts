/** How long the judge of a canary takes, beside the bare test in SciPy, which finds neither shift nor interval nor likeness. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './built';
import { atMost, number, type Bench, type Row } from './row';
import { compare } from './statistics';

const PYTHON = join(ROOT, '.venv/bin/python');
const SCIPY = `
import sys, time, statistics
import numpy as np
from scipy.stats import mannwhitneyu
values, tests = map(int, sys.argv[1:3])
chance = np.random.default_rng()
def timed():
    x, y = np.exp(3 * chance.random(values)), np.exp(3 * chance.random(values))
    began = time.perf_counter()
    mannwhitneyu(x, y, method='asymptotic')
    return (time.perf_counter() - began) * 1000
[timed() for _ in range(tests)]
print(statistics.median(timed() for _ in range(tests)))
`;

export const judging: Bench = {
  name: 'judge',
  title: 'a judgement of one metric beside scipy.stats.mannwhitneyu (medians within fresh processes)',
  async run({ pairs, smoke }) {
    if (!existsSync(PYTHON)) {
      return [{ what: 'judgement', ours: 'not measured', beside: 'SciPy is not installed: see .ci/requirements.txt' }];
    }
    const rows: Row[] = [];
    for (const what of ['test', 'judgement']) {
      for (const values of [60, 1000, 2000]) {
        const args = [String(values), smoke ? '5' : '300', what];
        const timed = (command: string, program: readonly string[]) => () =>
          Promise.resolve(Number(execFileSync(command, [...program, ...args], { cwd: ROOT, encoding: 'utf8' })));
        const { ratio, ours, anchor } = await compare(
          timed(process.execPath, ['--import', 'tsx', 'bench/programs/judge.ts']),
          timed(PYTHON, ['-c', SCIPY]),
          pairs,
        );
        rows.push({
          what: `${what === 'test' ? 'the same test alone' : 'whole judgement'}, ${number(values)} data points of each side`,
          ours: `${number(ratio.middle, 2)}× (${number(ratio.low, 2)} to ${number(ratio.high, 2)})`,
          beside: `${number(ours.middle, 2)} ms beside ${number(anchor.middle, 2)} ms of SciPy, ${pairs} pairs`,
          goal: atMost(1, ratio.middle, '1.00×'),
        });
      }
    }
    return rows;
  },
};
