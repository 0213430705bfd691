// Synthesizes the reference app and every example as their users would, with CloudFormation's own rules as errors.
// Usage: node scripts/synth-templates.mjs [folder for the assemblies, default .templates]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

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

let failed = 0;
for (const app of apps) {
  const run = spawnSync('npx', ['tsx', app.file], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: join(out, app.name),
      CDK_CONTEXT_JSON: JSON.stringify(app.context),
      CDK_VALIDATION: '',
    },
  });
  const bad = run.status !== 0;
  failed += bad ? 1 : 0;
  console.log(`${bad ? 'FAILED' : 'ok'}  ${app.name}`);
  if (bad) {
    console.error(run.stdout + run.stderr);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
