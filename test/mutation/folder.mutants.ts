/**
 * The tests of folders of lambda/ as one file; MUTATED names the folders. Property tests and tests of faults are left out.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const LEFT_OUT = ['invariants', 'faults', 'fuzz', 'orders', 'judge/false-rejections', 'false-rejections'];
const load = createRequire(__filename);

for (const folder of (process.env.MUTATED ?? 'domain').split(',')) {
  const code = join(__dirname, '../../lambda', folder);
  // Some is loaded late, by the test that needs it first: what runs while it is loaded would count as tested then.
  for (const file of readdirSync(code, { recursive: true, encoding: 'utf8' })) {
    if (/\.tsx?$/.test(file) && !file.endsWith('handler.ts')) {
      load(join(code, file));
    }
  }
  const path = join(__dirname, '../lambda', folder);
  for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    const [, name] = /^(.*)\.test\.tsx?$/.exec(file) ?? [];
    if (name !== undefined && !LEFT_OUT.includes(name)) {
      describe(name, () => {
        load(join(path, file));
      });
    }
  }
}
