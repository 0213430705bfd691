// Bundles each function of lambda/ into assets/<name>/index.mjs, so that a consumer's synth needs no bundler.
import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const names = readdirSync(join(root, 'lambda')).filter((name) => existsSync(join(root, 'lambda', name, 'handler.ts')));

for (const name of names) {
  const outdir = join(root, 'assets', name);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [join('lambda', name, 'handler.ts')],
    outfile: join(outdir, 'index.mjs'),
    bundle: true,
    minify: true,
    legalComments: 'linked',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
console.log(`bundled ${names.join(', ')}`);
