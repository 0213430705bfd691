// Compiles the package into dist/, with what is a module already and the JSON schema of scenarios beside it.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '--project', here], { stdio: 'inherit' });
for (const folder of ['functions', 'kit']) {
  for (const name of readdirSync(join(here, folder)).filter((file) => /\.m(js|ts)$/.test(file))) {
    copyFileSync(join(here, folder, name), join(dist, folder, name));
  }
}
const { jsonSchema } = createRequire(import.meta.url)(join(dist, 'scenario', 'document.js'));
writeFileSync(join(dist, 'scenario.schema.json'), `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
chmodSync(join(dist, 'main.js'), 0o755);
