/** The app that `init` writes: it compiles, synthesizes, and its rehearsals go as they say. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** Inside of the repository: the app finds its packages there. */
const APPS = join(ROOT, '.templates', 'init');

beforeAll(() => {
  rmSync(APPS, { recursive: true, force: true });
  mkdirSync(APPS, { recursive: true });
});
afterAll(() => rmSync(APPS, { recursive: true, force: true }));

function run(cwd: string, ...command: readonly string[]): void {
  // What an app gets by npm install.
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd, env, encoding: 'utf8' });
  expect(`${status}\n${status === 0 ? '' : stdout + stderr}`).toBe('0\n');
}

test.each([
  ['one stage and the longest names', 'one', ['--stages', `L${'i'.repeat(14)}`, '--service', 's'.repeat(22)]],
  [
    'stages in three accounts and two Regions',
    'three',
    ['--stages', 'Dev, Staging@222222222222/eu-west-1, Prod@333333333333/eu-central-1'],
  ],
  [
    'two stages in one other account',
    'workload',
    ['--stages', 'Test@222222222222/eu-west-1, Prod@222222222222/eu-west-1'],
  ],
])(
  'with %s',
  (_what, name, flags) => {
    run(APPS, join(ROOT, 'assets/cli/index.mjs'), 'init', name, '--yes', ...flags);
    const app = join(APPS, name);

    writeFileSync(
      join(app, 'here.json'),
      JSON.stringify({
        extends: './tsconfig.json',
        compilerOptions: { types: ['node'], paths: { 'cdk-approval-gates': ['../../../lib/index.ts'] } },
        include: ['bin', 'lib'],
      }),
    );
    run(app, join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', 'here.json');
    const scenarios = ['goes-to-production', 'errors-roll-back'].map((scenario) => `rehearsal/${scenario}.yaml`);
    run(app, join(ROOT, 'rehearsal/start.mjs'), '--quiet', '--script', ...scenarios);
  },
  180_000,
);
