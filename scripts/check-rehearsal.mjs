// Packs both packages and uses the rehearsal as a stranger would, with the tarballs and nothing of this repository: by command and
// by test kit, for an app without any construct of ours, one with a native gate, and the example's folder, which has a workflow.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, emptyApp, exampleInJavaScript, install, manifest, pack, root, run } from './packed.mjs';

const work = mkdtempSync(join(tmpdir(), 'rehearsal-package-'));
const CDK = [
  `aws-cdk-lib@${manifest.devDependencies['aws-cdk-lib']}`,
  `constructs@${manifest.devDependencies.constructs}`,
];
const problems = [];

/** Without a way out: what runs must not need the network. */
const OFFLINE = { ...process.env, HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };

function expect(condition, what, detail = '') {
  if (condition) {
    console.log(`ok  ${what}`);
  } else {
    problems.push(what);
    console.error(`FAILED  ${what}\n${detail}`);
  }
}

/** Without any construct of ours. */
const OWN_APP = `
const { App, Stack } = require('aws-cdk-lib');
const codepipeline = require('aws-cdk-lib/aws-codepipeline');
const actions = require('aws-cdk-lib/aws-codepipeline-actions');
const s3 = require('aws-cdk-lib/aws-s3');
const stack = new Stack(new App(), 'Own');
const output = new codepipeline.Artifact();
const bucket = (id) => new s3.Bucket(stack, id, { versioned: true });
const source = new actions.S3SourceAction({ actionName: 'Source', bucket: bucket('From'), bucketKey: 'app.zip', output });
const approve = new actions.ManualApprovalAction({ actionName: 'Approve', runOrder: 1, notifyEmails: ['ana@example.com'] });
const deploy = new actions.S3DeployAction({ actionName: 'Deploy', runOrder: 2, bucket: bucket('To'), input: output });
new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineName: 'own',
  pipelineType: codepipeline.PipelineType.V2,
  stages: [{ stageName: 'Source', actions: [source] }, { stageName: 'Prod', actions: [approve, deploy] }],
});
`;

const OWN_SCENARIO = `title: Without any construct of ours
steps:
  - push: { message: Sell tea }
  - wait: { until: { gate: { Prod/Approve: asks } }, within: 1h }
  - console: { gate: Prod/Approve, verdict: approve, as: 'arn:aws:iam::111111111111:user/ana' }
  - wait: { until: { run: Succeeded }, within: 1h }
`;

/** By jest, in plain JavaScript, from the assembly that cdk synth left. Both apps have these actions. */
const KIT_TEST = `
require('cdk-approval-gates-rehearsal/jest');
const { approvals, never, rehearse } = require('cdk-approval-gates-rehearsal');

test('a native gate', async () => {
  const world = await rehearse('cdk.out');
  await world.push();
  await world.untilWaitingAt('Prod/Approve');
  expect(world).toBeWaitingAt('Prod/Approve');
  expect(world).toHaveMailed('ana@example.com');
  await world.close();
});

test('never without an approval', async () => {
  const { complete } = await never('cdk.out').reaches('Prod/Deploy').without(approvals('Prod/Approve', 1));
  expect(complete).toBe(true);
});
`;

/** A scenario of this repository, for the app of the folder that it is copied to. */
function scenarioOf(name) {
  return readFileSync(join(root, `rehearsal/scenarios/${name}.yaml`), 'utf8').replace(/^app: .*\n/m, '');
}

function rehearsed(app, { name, source, scenario }) {
  writeFileSync(join(app, 'app.js'), source);
  writeFileSync(join(app, 'cdk.json'), JSON.stringify({ app: 'node app.js' }));
  writeFileSync(join(app, 'own.yaml'), scenario);
  writeFileSync(join(app, 'own.test.js'), KIT_TEST);
  const synth = attempt(process.execPath, ['app.js'], {
    cwd: app,
    env: { ...OFFLINE, CDK_OUTDIR: 'cdk.out', CDK_VALIDATION: 'false' },
  });
  expect(synth.ok, `an app with ${name} synthesizes, in ${synth.seconds.toFixed(1)} s`, synth.output);
  const command = join(app, 'node_modules/.bin/approval-rehearsal');

  const script = attempt(command, ['--script', 'own.yaml'], { cwd: app, env: OFFLINE });
  expect(script.ok && script.stdout.includes('1 passed'), 'the command rehearses it from its cdk.json', script.output);
  const cold = attempt(command, ['--script', 'own.yaml', '--app', 'cdk.out'], { cwd: app, env: OFFLINE });
  expect(cold.ok, `the command rehearses its assembly, in ${cold.seconds.toFixed(1)} s with its start`, cold.output);
  const list = attempt(command, ['--list', '--json', '--app', 'cdk.out'], { cwd: app, env: OFFLINE });
  expect(list.stdout.includes('Prod/Approve'), 'the command lists its names', list.output);
  const tests = attempt(join(app, 'node_modules/.bin/jest'), ['--rootDir', '.'], { cwd: app, env: OFFLINE });
  expect(tests.ok, 'the test kit rehearses it in jest', tests.output);
}

function example(constructs, rehearsal) {
  const folder = join(work, 'example');
  cpSync(join(root, 'rehearsal/example'), folder, { recursive: true });
  const own = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  own.devDependencies['cdk-approval-gates'] = `file:${constructs.file}`;
  own.devDependencies['cdk-approval-gates-rehearsal'] = `file:${rehearsal.file}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
  install(folder);
  const types = attempt(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--target', 'es2022', '--module', 'preserve', '--moduleResolution', 'bundler'],
      ...[
        '--skipLibCheck',
        '--types',
        'node',
        '--typeRoots',
        join(root, 'node_modules/@types'),
        'lib/shop-stack.ts',
        'test/shop.test.ts',
      ],
    ],
    { cwd: folder },
  );
  expect(types.ok, 'the example compiles', types.output);
  const tests = attempt('npm', ['test'], { cwd: folder, env: OFFLINE });
  expect(
    tests.ok && tests.stdout.includes('1 passed'),
    'the example’s tests and scenario pass, in vitest',
    tests.output,
  );
}

/** As somebody begins who has nothing yet: the package's own command writes the app. */
function begun(constructs, rehearsal) {
  const start = join(work, 'start');
  // The command needs no CDK.
  emptyApp(start, '--ignore-scripts', '--omit=peer', constructs.file);
  const init = attempt(join(start, 'node_modules/.bin/cdk-approval-gates'), ['init', 'app', '--yes'], {
    cwd: start,
    env: OFFLINE,
  });
  expect(init.ok, 'init writes an app', init.output);
  const folder = join(start, 'app');
  install(folder, constructs.file, rehearsal.file);
  const tests = attempt('npm', ['test'], { cwd: folder, env: OFFLINE });
  expect(tests.ok && tests.stdout.includes('2 passed'), 'it compiles, and its rehearsals pass', tests.output);
}

try {
  const constructs = pack(root, work);
  run(process.execPath, [join(root, 'rehearsal/build.mjs')]);
  const rehearsal = pack(join(root, 'rehearsal'), work);
  const needed = [
    'dist/main.js',
    'dist/index.d.ts',
    'dist/scenario.schema.json',
    'dist/functions/worker.mjs',
    'LICENSE',
    'README.md',
  ];
  const missing = needed.filter((path) => !rehearsal.paths.includes(path));
  expect(missing.length === 0, 'the tarball holds what it needs', missing.join());
  const foreign = rehearsal.paths.filter((path) => !/^(dist\/|package\.json$|LICENSE$|README\.md$)/.test(path));
  expect(foreign.length === 0, 'and nothing else', foreign.join());
  const app = join(work, 'app');
  emptyApp(app, rehearsal.file, ...CDK, `jest@${manifest.devDependencies.jest}`);
  rehearsed(app, { name: 'no construct of ours', source: OWN_APP, scenario: OWN_SCENARIO });
  install(app, constructs.file);
  rehearsed(app, {
    name: 'a native gate',
    source: exampleInJavaScript('native-gate'),
    scenario: scenarioOf('example-native-gate'),
  });
  example(constructs, rehearsal);
  begun(constructs, rehearsal);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(problems.length === 0 ? 'the rehearsal serves an empty folder' : `${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
