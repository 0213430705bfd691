// Synthesizes the reference app and every example with the context of `cdk synth` and CloudFormation's own rules as errors.
// All of them in one process: the CDK and CloudFormation's rules take seconds to load, an app a fraction of one.
// Usage: node scripts/synth-templates.mjs [folder for the assemblies, default .templates]
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { register } from 'tsx/cjs/api';

const root = new URL('..', import.meta.url).pathname;
const out = resolve(process.argv[2] ?? join(root, '.templates'));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
const weak = { ...context, '@aws-cdk/core:defaultCrossStackReferences': 'weak' };
const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));
const apps = [
  { name: 'reference-app', file: 'bin/app.ts', context },
  { name: 'reference-app-weak', file: 'bin/app.ts', context: weak },
  {
    name: 'reference-app-quorum',
    file: 'bin/app.ts',
    context: { ...context, quorum: '2', mailFrom: 'releases@example.com' },
  },
  ...examples.map((file) => ({ name: file.replace(/\.ts$/, ''), file: `examples/${file}`, context })),
];

register();
const require = createRequire(import.meta.url);
process.chdir(root);
process.env.CDK_VALIDATION = '';

/** What an app would do when its process ends: synthesize. */
function synthesize({ name, file, context }) {
  process.env.CDK_OUTDIR = join(out, name);
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  const path = join(root, file);
  delete require.cache[path];
  require(path);
  const atExit = process.rawListeners('beforeExit');
  process.removeAllListeners('beforeExit');
  if (atExit.length === 0) throw new Error('no app was made');
  atExit.forEach((listener) => listener());
  if (process.exitCode) throw new Error(`it would exit with ${process.exitCode}`);
}

let failed = 0;
for (const app of apps) {
  try {
    synthesize(app);
    console.log(`ok  ${app.name}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED  ${app.name}\n${error.stack}`);
  }
  process.removeAllListeners('beforeExit');
  process.exitCode = 0;
}
process.exitCode = failed > 0 ? 1 : 0;
