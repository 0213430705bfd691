// Packs the package and uses it as a stranger would: an empty app, the tarball, the two peers, and nothing else.
// It has to hold what a consumer needs and nothing more, and synthesize without bundler and network.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { attempt, emptyApp, exampleInJavaScript, floor, manifest, pack, root, run } from './packed.mjs';

const work = mkdtempSync(join(tmpdir(), 'approval-gates-'));
const problems = [];

const FUNCTIONS = ['intake', 'decide', 'review', 'check', 'hook', 'fields'];
const REQUIRED = [
  'package.json',
  'README.md',
  'API.md',
  'LICENSE',
  'NOTICE',
  '.jsii',
  'assets/THIRD-PARTY-LICENSES.txt',
  'dist/lib/index.js',
  'dist/lib/index.d.ts',
  ...[...FUNCTIONS, 'cli'].map((name) => `assets/${name}/index.mjs`),
];
const FORBIDDEN = [
  /^(lib|lambda|contract|cli|rehearsal|bin|test|examples|scripts)\//,
  /\.map$/,
  /(?<!\.d)\.ts$/,
  /tsbuildinfo$/,
];
const APPS = ['native-gate', 'cdk-pipelines', 'promotion', 'two-stacks', 'two-stacks-pipeline-first'];
const LANES = [
  { name: 'floor of the peers', cdk: floor('aws-cdk-lib'), constructs: floor('constructs') },
  {
    name: 'version of development',
    cdk: manifest.devDependencies['aws-cdk-lib'],
    constructs: manifest.devDependencies.constructs,
  },
];

function expect(condition, problem) {
  if (!condition) {
    problems.push(problem);
    console.error(`FAILED  ${problem}`);
  }
}

function tarball() {
  const { file, paths, unpackedSize } = pack(root, work);
  for (const path of REQUIRED) {
    expect(paths.includes(path), `the tarball lacks ${path}`);
  }
  for (const path of paths) {
    expect(!FORBIDDEN.some((pattern) => pattern.test(path)), `the tarball holds ${path}`);
  }
  expect(Object.keys(manifest.dependencies ?? {}).length === 0, 'the package has run-time dependencies');
  expect((manifest.bundledDependencies ?? []).length === 0, 'the package bundles dependencies');
  const readme = run('tar', ['-xzOf', file, 'package/README.md']);
  const relative = readme.match(/\]\((?!https?:|#)[^)]*\)|<img src="(?!https:)[^"]*"/g) ?? [];
  expect(
    readme !== '' && relative.length === 0,
    `README.md has links that a registry cannot follow: ${relative.join()}`,
  );
  console.log(`ok  ${basename(file)}: ${paths.length} files, ${Math.round(unpackedSize / 1024)} KiB unpacked`);
  return file;
}

function consume(lane, file) {
  const app = join(work, lane.cdk);
  emptyApp(app, '--ignore-scripts', file, `aws-cdk-lib@${lane.cdk}`, `constructs@${lane.constructs}`);
  const bundlers = ['esbuild', 'webpack', 'rollup', 'tsx'].filter((name) =>
    existsSync(join(app, 'node_modules', name)),
  );
  expect(bundlers.length === 0, `${lane.name}: the app has a bundler: ${bundlers.join(', ')}`);
  loadsLittle(lane, app);
  verifies(lane, app);
  for (const name of APPS) {
    synthesize(lane, app, name);
  }
  typecheck(lane, app);
}

/** An app with a native gate alone pays for nothing else. */
function loadsLittle(lane, app) {
  const code =
    "require('cdk-approval-gates').ApprovalGateAction; console.log(Object.keys(require.cache).filter((file) => " +
    '/cdk-approval-gates.(dist.lib.(rollout|promotion|approval.workflow)|node_modules)|aws-(lambda|codedeploy|dynamodb).lib/.test(file)).join())';
  const { output } = attempt(process.execPath, ['-e', code], { cwd: app });
  expect(output.trim() === '', `${lane.name}: a native gate loads ${output}`);
}

/** Its command is there, and needs nothing else. */
function verifies(lane, app) {
  const { ok, output } = attempt('npx', ['--no-install', 'cdk-approval-gates', 'verify', '-'], {
    cwd: app,
    input: JSON.stringify({ kind: 'cdk-approval-gates/record', v: 1, workflow: 'shop', entries: [expiredRequest()] }),
  });
  expect(ok && output.includes('no findings'), `${lane.name}: the command does not verify a record: ${output}`);
}

/** The first entry of a record: nobody answered in time. */
function expiredRequest() {
  const [n, at, previous] = [1, '2026-11-02T09:00:00.000Z', '0'.repeat(64)];
  const outcome = { kind: 'EXPIRED', by: 'CODEPIPELINE', at, summary: 'Nobody answered in time' };
  const entry = {
    workflow: 'shop',
    request: '0123456789abcdef0123456789abcdef',
    gate: { pipeline: 'shop', stage: 'Prod', action: 'Approve' },
    asked: { at: '2026-11-01T09:00:00.000Z', by: 'NOTIFICATION' },
    invited: [],
    votes: [],
    shown: {},
    changeSets: [],
    outcome,
    deliveredAt: at,
  };
  const sorted = (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  const text = JSON.stringify(['cdk-approval-gates/record/v1', n, at, previous, entry], sorted);
  return { v: 1, n, at, previous, hash: createHash('sha256').update(text).digest('hex'), entry };
}

function synthesize(lane, app, name) {
  writeFileSync(join(app, `${name}.js`), exampleInJavaScript(name));
  const outdir = join(app, `cdk.out.${name}`);
  const synth = attempt(process.execPath, [`${name}.js`], {
    cwd: app,
    env: {
      // Neither a bundler on the path nor a way out.
      PATH: '/nonexistent',
      HOME: app,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      CDK_OUTDIR: outdir,
      // Loading CloudFormation's rules takes longer than the synth. One app sees them here, all do by synth-templates.mjs.
      ...(name === APPS[0] ? {} : { CDK_VALIDATION: 'false' }),
    },
  });
  const templates = synth.ok ? readdirSync(outdir).filter((file) => file.endsWith('.template.json')) : [];
  expect(synth.ok && templates.length > 0, `${lane.name}: ${name} does not synthesize: ${synth.output}`);
  if (synth.ok) {
    console.log(`ok  aws-cdk-lib ${lane.cdk}, constructs ${lane.constructs}: ${name} (${templates.length} templates)`);
  }
}

function typecheck(lane, app) {
  for (const name of APPS) {
    copyFileSync(join(root, 'examples', `${name}.ts`), join(app, `${name}.ts`));
  }
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'commonjs',
    '--moduleResolution',
    'bundler',
    '--skipLibCheck',
  ];
  const result = attempt(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...APPS.map((name) => `${name}.ts`)],
    { cwd: app },
  );
  expect(result.ok, `${lane.name}: the apps do not compile: ${result.output}`);
}

try {
  const file = tarball();
  for (const lane of LANES) {
    consume(lane, file);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(problems.length === 0 ? 'the package serves an empty app' : `${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
