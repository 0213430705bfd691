/** The command itself: what it accepts, and how it ends. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json';
import { sharedAssembly } from '../support/shared-assembly';

const ROOT = join(__dirname, '../../..');

const rehearse = (...args: string[]) => rehearseIn(ROOT, ...args);

function rehearseIn(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'rehearsal/start.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { status, stdout, stderr };
}

function scenario(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'scenario-')), 'mine.yaml');
  writeFileSync(file, text);
  return file;
}

describe('npm start', () => {
  test.each([
    ['--help', 0],
    ['--speed', 2],
  ])('answers %s before anything is built', (argument, code) => {
    const began = performance.now();
    const { status, stdout, stderr } = rehearse(argument);

    expect(status).toBe(code);
    expect(`${stdout}${stderr}`).toContain('--script <file...>');
    expect(`${stdout}${stderr}`).not.toMatch(/Building|Synthesizing/);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  test.each([
    ['--help', '--script <file...>'],
    ['--port=0', 'Loading the rehearsal…'],
  ])('says something for %s before it loads what takes long', (argument, first) => {
    const trap = join(mkdtempSync(join(tmpdir(), 'trap-')), 'trap.cjs');
    writeFileSync(
      trap,
      `const Module = require('node:module');
       const load = Module._load;
       Module._load = (name, ...rest) => (/^(dynalite|hono)/.test(name) ? process.exit(99) : load(name, ...rest));`,
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--require', trap, 'rehearsal/start.mjs', argument],
      { cwd: ROOT, encoding: 'utf8' },
    );

    expect(`${stdout}${stderr}`).toContain(first);
    expect(status).toBe(argument === '--help' ? 0 : 99);
  });

  test('says its version', () => {
    expect(rehearse('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test('a Node.js that is too old is told so first', () => {
    const old = join(mkdtempSync(join(tmpdir(), 'node-')), 'old.cjs');
    writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });");
    const { status, stderr } = spawnSync(process.execPath, ['--require', old, 'rehearsal/start.mjs'], {
      cwd: ROOT,
      encoding: 'utf8',
    });

    expect(status).toBe(2);
    expect(stderr).toBe('The rehearsal needs Node.js 20 or newer; this is 18.20.0.\n');
  });

  test.each([
    ['a scenario that is not there', ['--script', 'nowhere.yaml'], 'nowhere.yaml cannot be run'],
    ['an option nobody knows', ['--speed', '2'], "unknown option '--speed'"],
    ['a port that is none', ['--port', 'http'], 'must be a whole number from 0'],
    ['an app that is none', ['--app', tmpdir(), '--port', '0'], 'is no app: it has to be a folder with a cdk.json'],
    ['context that is none', ['--context', 'quorum'], 'must be key=value'],
    ['a report of no scripts', ['--junit', 'report.xml'], '--junit needs --script'],
  ])('ends with 2 for %s', (_what, args, message) => {
    const { status, stderr } = rehearse(...args);

    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test('ends with 2 for a pipeline that is none', async () => {
    const { status, stderr } = rehearse('--app', await sharedAssembly(), '--pipeline', 'tea', '--port', '0');

    expect(stderr).toContain('the app has no pipeline tea; it has shop-release');
    expect(status).toBe(2);
  }, 120_000);

  test('ends with 2 when the port is in use, and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const { status, stderr } = rehearse('--app', await sharedAssembly(), '--port', String(port));
    other.close();

    expect(stderr).toContain(`port ${port} is in use: give another by --port`);
    expect(status).toBe(2);
  }, 120_000);

  test('ends with 2 and every mistake of a file', () => {
    const { status, stderr } = rehearse('--script', scenario('title: t\nsteps:\n  - push: {}\n  - jump: {}\n'));

    expect(status).toBe(2);
    expect(stderr).toContain('steps[0].push: needs message');
    expect(stderr).toContain('steps[1]: must be exactly one of push, wait');
  });

  test('ends with 0 when all is as expected, and is plain when piped', () => {
    const file = scenario(
      'title: It starts\nsteps:\n  - push: { message: Sell tea }\n  - expect: { run: InProgress }\n',
    );

    const { status, stdout } = rehearse('--script', file);

    expect(status).toBe(0);
    expect(stdout).toContain('1. push “Sell tea”');
    expect(stdout).toContain('1 passed');
    expect(stdout).not.toContain('\u001b');
  }, 120_000);

  test('ends with 2 where there is no app', () => {
    const { status, stderr } = rehearseIn(mkdtempSync(join(tmpdir(), 'empty-')), '--list');

    expect(status).toBe(2);
    expect(stderr).toContain('no app here: neither a cdk.json nor a cdk.out; name one by --app');
  });

  test('lists what a scenario may name, of an app that a command makes', () => {
    const { status, stdout } = rehearse('--list', '--json', '--app', 'npx tsx bin/app.ts', '--context', 'quorum=2');

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      pipelines: [{ name: 'shop-release', actions: expect.arrayContaining(['Prod/Approve', 'Prod/Healthy']) }],
      aliases: ['shop-dev:live', 'shop-staging:live', 'shop-prod:live'],
      mailboxes: ['ana@example.com', 'bo@example.com', 'cy@example.com'],
      notRehearsed: [],
    });
  }, 120_000);

  test('has no use for context of an app that is synthesized already', async () => {
    const { status, stderr } = rehearse('--list', '--app', await sharedAssembly(), '--context', 'quorum=2');

    expect(status).toBe(2);
    expect(stderr).toContain('is synthesized already, so context has no effect on it');
  }, 120_000);

  test('gives results to programs: JSON alone, and JUnit XML', async () => {
    const good = scenario('title: It starts\nsteps:\n  - push: { message: Sell tea }\n');
    const bad = scenario('title: It "ends" & more\nsteps:\n  - push: { message: Tea }\n  - expect: { run: Failed }\n');
    const report = join(mkdtempSync(join(tmpdir(), 'report-')), 'junit.xml');

    const args = ['--app', await sharedAssembly(), '--json', '--junit', report, '--script', good, bad];
    const { status, stdout } = rehearse(...args);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 1,
      failed: 1,
      scenarios: [
        { title: 'It starts', passed: true, steps: 1 },
        { passed: false, failure: { step: 2, why: 'the run is InProgress, not Failed' } },
      ],
    });
    const xml = readFileSync(report, 'utf8');
    expect(xml).toContain('<testsuites tests="2" failures="1"');
    expect(xml).toContain('<testcase name="It &quot;ends&quot; &amp; more"');
    expect(xml).toContain('<failure message="the run is InProgress, not Failed">step 2, expect run Failed: the run');
  }, 120_000);

  test('ends with 1 when something is not', async () => {
    const file = scenario('title: It ends\nsteps:\n  - push: { message: Sell tea }\n  - expect: { run: Succeeded }\n');

    const { status, stdout } = rehearse('--app', await sharedAssembly(), '--quiet', '--script', file);

    expect(status).toBe(1);
    expect(stdout).toContain('the run is InProgress, not Succeeded');
    expect(stdout).toContain('1 of 1 failed');
  }, 120_000);
});
