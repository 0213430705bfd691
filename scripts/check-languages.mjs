// The constructs in Python: packs them for it, synthesizes examples/python with them, and compares the template with what the
// TypeScript example gives with the same version of the CDK, the floor of the peers.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import ts from 'typescript';

const root = new URL('..', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'languages-'));
const floor = (peer) => manifest.peerDependencies[peer].replace(/^\^/, '');
const SYNTH = { CDK_VALIDATION: 'false', CDK_DISABLE_VERSION_CHECK: 'true' };

function run(command, args, { env = {}, ...options } = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env }, ...options });
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

function typescript() {
  const app = join(work, 'typescript');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', work], { cwd: root }),
  );
  const peers = ['aws-cdk-lib', 'constructs'].map((peer) => `${peer}@${floor(peer)}`);
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', join(work, filename), ...peers], { cwd: app });
  const source = readFileSync(join(root, 'examples/workflow-gate.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(join(app, 'app.js'), outputText);
  const out = join(work, 'out.typescript');
  run(process.execPath, ['app.js'], { cwd: app, env: { ...SYNTH, CDK_OUTDIR: out } });
  return templateIn(out);
}

function python() {
  const packed = join(work, 'packed');
  run('npx', ['jsii-pacmak', '--target', 'python', '--code-only', '--outdir', packed], { cwd: root });
  const venv = join(work, 'venv');
  run('python3', ['-m', 'venv', venv]);
  const pip = (...args) => run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...args]);
  pip(`aws-cdk-lib==${floor('aws-cdk-lib')}`, 'publication', 'setuptools', 'wheel');
  // The build of the generated package pins a version of setuptools; what is installed does as well.
  pip('--no-build-isolation', '--no-deps', join(packed, 'python'));
  const out = join(work, 'out.python');
  run(join(venv, 'bin/python'), [join(root, 'examples/python/workflow_gate.py')], {
    cwd: work,
    env: { ...SYNTH, CDK_OUTDIR: out },
  });
  return templateIn(out);
}

/** Without what the CDK says of itself: its own versions and languages. */
function templateIn(out) {
  const template = JSON.parse(readFileSync(join(out, 'WorkflowGate.template.json'), 'utf8'));
  delete template.Resources.CDKMetadata;
  delete template.Conditions;
  return template;
}

try {
  const [wanted, found] = [typescript(), python()];
  const names = [...new Set([...Object.keys(wanted.Resources), ...Object.keys(found.Resources)])];
  const different = names.filter((name) => !isDeepStrictEqual(wanted.Resources[name], found.Resources[name]));
  different.forEach((name) => {
    const [one, other] = [wanted, found].map(({ Resources }) => JSON.stringify(Resources[name]));
    console.error(`${name}:\n  TypeScript ${one}\n  Python     ${other}`);
  });
  const isEqual = isDeepStrictEqual(wanted, found);
  console.log(
    isEqual
      ? `Python gives the template of TypeScript: ${names.length} resources, aws-cdk-lib ${floor('aws-cdk-lib')}`
      : `Python gives another template: ${different.length} of ${names.length} resources differ`,
  );
  process.exitCode = isEqual ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
