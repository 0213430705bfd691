// Mutation tests of the folders that are named, or of all, one after the other; then their scores.
// Usage: node scripts/mutation.mjs [domain|domain/judge|review ...]
import { spawnSync } from 'node:child_process';
import { PARTS } from './mutation-parts.mjs';

const folders = process.argv.length > 2 ? process.argv.slice(2) : PARTS;

for (const folder of folders) {
  if (!PARTS.includes(folder)) {
    console.error(`${folder} has no mutation tests; ${PARTS.join(', ')} have`);
    process.exit(2);
  }
  console.log(`lambda/${folder}`);
  const { status } = spawnSync('npx', ['stryker', 'run'], {
    stdio: 'inherit',
    env: { ...process.env, MUTATED: folder },
  });
  if (status !== 0) process.exit(status ?? 1);
}
const score = spawnSync(process.execPath, ['scripts/mutation-score.mjs', '90', ...folders], { stdio: 'inherit' });
process.exitCode = score.status ?? 1;
