// Says how many mutants of the last mutation runs were killed, folder by folder, and fails below a score.
// Usage: node scripts/mutation-score.mjs [lowest score in per cent] [report ...] [--survivors]
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PARTS } from './mutation-parts.mjs';

const [lowest = '0', ...others] = process.argv.slice(2);
const names = others.filter((name) => !name.startsWith('--'));
const wanted = names.length > 0 ? names : PARTS;
const DETECTED = new Set(['Killed', 'Timeout']);
const UNDETECTED = new Set(['Survived', 'NoCoverage']);

const folders = new Map();
const survivors = [];
for (const name of wanted) {
  const file = new URL(`../.mutation/${name}.json`, import.meta.url);
  if (!existsSync(file)) {
    console.error(`no report of ${name}: run npm run mutation ${name}`);
    process.exitCode = 1;
    continue;
  }
  for (const [path, { mutants, source }] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).files)) {
    const folder = dirname(path);
    const count = folders.get(folder) ?? { killed: 0, survived: 0 };
    for (const { status, location, mutatorName, replacement } of mutants) {
      if (DETECTED.has(status)) {
        count.killed += 1;
      } else if (UNDETECTED.has(status)) {
        count.survived += 1;
        const line = source.split('\n')[location.start.line - 1]?.trim() ?? '';
        survivors.push(`${path}:${location.start.line} ${mutatorName}: ${line} → ${replacement ?? ''}`);
      }
    }
    folders.set(folder, count);
  }
}

const scoreOf = ({ killed, survived }) => (100 * killed) / (killed + survived);
for (const [folder, count] of [...folders].sort()) {
  const score = scoreOf(count);
  if (!(score >= Number(lowest))) process.exitCode = 1;
  console.log(`${folder}: ${score.toFixed(1)} % (${count.killed} of ${count.killed + count.survived} mutants killed)`);
}
if (others.includes('--survivors')) {
  survivors.forEach((line) => console.log(line));
}
if (folders.size === 0) process.exitCode = 1;
