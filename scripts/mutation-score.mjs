// Says how many mutants of the last mutation run were killed, folder by folder, and fails below a score.
// Usage: node scripts/mutation-score.mjs [lowest score in per cent] [--survivors]
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(new URL('../.mutation/report.json', import.meta.url), 'utf8'));
const lowest = Number(process.argv[2] ?? 0);
const DETECTED = new Set(['Killed', 'Timeout']);
const UNDETECTED = new Set(['Survived', 'NoCoverage']);

const folders = new Map();
const survivors = [];
for (const [file, { mutants, source }] of Object.entries(report.files)) {
  const folder = file.split('/').slice(0, 2).join('/');
  const count = folders.get(folder) ?? { killed: 0, survived: 0 };
  for (const { status, location, mutatorName, replacement } of mutants) {
    if (DETECTED.has(status)) {
      count.killed += 1;
    } else if (UNDETECTED.has(status)) {
      count.survived += 1;
      const line = source.split('\n')[location.start.line - 1]?.trim() ?? '';
      survivors.push(`${file}:${location.start.line} ${mutatorName}: ${line} → ${replacement ?? ''}`);
    }
  }
  folders.set(folder, count);
}

const scoreOf = ({ killed, survived }) => (100 * killed) / (killed + survived);
let failed = false;
for (const [folder, count] of [...folders].sort()) {
  const score = scoreOf(count);
  failed ||= !(score >= lowest);
  console.log(`${folder}: ${score.toFixed(1)} % (${count.killed} of ${count.killed + count.survived} mutants killed)`);
}
if (process.argv.includes('--survivors')) {
  survivors.forEach((line) => console.log(line));
}
process.exitCode = failed || folders.size === 0 ? 1 : 0;
