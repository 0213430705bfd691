/** The scripts that `appspec` writes, run for a service that really answers; systemd, which containers lack, is played by a script that starts and stops it. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { serverFiles } from '../../cli/appspec/files';

/** What of systemctl the scripts use. A unit has one line that counts: `ExecStart`. */
const SYSTEMCTL = `#!/bin/bash
set -eu
at="$STANDS_IN"
echo "$*" >> "$at/calls"
for last; do :; done
unit="$at/units/$last"
runs() { [[ -f "$at/pid" ]] && kill -0 "$(cat "$at/pid")" 2>/dev/null; }
case "$1" in
  cat) [[ -f "$unit" ]] ;;
  is-active) runs ;;
  stop) [[ ! -f "$at/stuck" ]] || exit 1; if runs; then kill "$(cat "$at/pid")"; while runs; do sleep 0.05; done; fi; rm -f "$at/pid" ;;
  restart)
    "$0" stop "$2"
    read -ra command <<< "$(sed -n 's/^ExecStart=//p' "$unit")"
    "\${command[@]}" > /dev/null 2>&1 & echo $! > "$at/pid" ;;
  enable | daemon-reload) ;;
  status) echo "stand-in: $last"; exit 3 ;;
  *) exit 64 ;;
esac
`;

/** Answers what its version says on /health. */
const SERVICE = `
const { createServer } = require('node:http');
const [, , port, status] = process.argv;
createServer((_, answer) => answer.writeHead(Number(status)).end()).listen(Number(port), '127.0.0.1');
`;

/** Of a user who is neither root nor the one that the files are for. */
const NOBODY = 65_534;

let folder: string;
let port: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'appspec-scripts-'));
  ['bin', 'units', 'revision/scripts'].forEach((path) => mkdirSync(join(folder, path), { recursive: true }));
  put('bin/systemctl', SYSTEMCTL);
  put('service.cjs', SERVICE);
  port = await freePort();
  revision(200);
});
afterEach(() => {
  run('application-stop');
  rmSync(folder, { recursive: true });
});

function put(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), 0o755);
}

/** A version whose service answers so. Only the folder of systemd is another one than on a server. */
function revision(status: number): void {
  const files = serverFiles({
    service: 'shop',
    destination: join(folder, 'opt', 'shop'),
    health: `http://127.0.0.1:${port}/health`,
    wait: 10,
    user: userInfo().username,
  });
  for (const [path, text] of Object.entries(files)) {
    put(join('revision', path), text.replaceAll('/etc/systemd/system', join(folder, 'units')));
  }
  put(
    'revision/shop.service',
    `[Service]\nExecStart=${process.execPath} ${join(folder, 'service.cjs')} ${port} ${status}\n`,
  );
}

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    STANDS_IN: folder,
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
    http_proxy: 'http://127.0.0.1:1',
  };
}

function run(script: string) {
  return spawnSync(join(folder, 'revision', 'scripts', `${script}.sh`), { env: environment(), encoding: 'utf8' });
}

const install = () => ['before-install', 'after-install', 'application-start'].map((script) => run(script).status);
const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

test('a first deployment has nothing to stop, makes its folder, and starts a service that is well', () => {
  const stopped = run('application-stop');
  expect([stopped.status, stopped.stdout]).toEqual([0, 'there is no service shop yet: nothing to stop\n']);

  expect(install()).toEqual([0, 0, 0]);
  expect(existsSync(join(folder, 'opt', 'shop'))).toBe(true);
  const { status, stdout } = run('validate-service');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^service shop is well: http:\/\/127\.0\.0\.1:\d+\/health answered 200 at try [12] of 2\n$/);
  expect(calls()).toContain('daemon-reload\nenable shop.service\nrestart shop.service\n');
});

test('a folder that is there keeps owner and mode, and the script says that it may be another one’s', () => {
  const taken = join(folder, 'opt', 'shop');
  const root = process.getuid?.() === 0;
  mkdirSync(taken, { recursive: true, mode: 0o700 });
  // Only root can give a folder away: as anybody else, the mode alone tells.
  if (root) chownSync(taken, NOBODY, NOBODY);
  const { status, stderr } = run('before-install');

  expect([status, statSync(taken).mode & 0o777]).toEqual([0, 0o700]);
  expect(statSync(taken).uid).toBe(root ? NOBODY : userInfo().uid);
  expect(stderr.includes(`${taken} was there before and belongs to`)).toBe(root);
});

test('each script may run twice', () => {
  install();
  expect(install()).toEqual([0, 0, 0]);
  expect([run('validate-service').status, run('application-stop').status, run('application-stop').status]).toEqual([
    0, 0, 0,
  ]);
});

test.each([503, 302])(
  'a service that answers %i is not well, after a bounded number of tries, and says so',
  (answer) => {
    revision(answer);
    install();
    const { status, stderr } = run('validate-service');

    expect(status).toBe(1);
    expect(stderr).toContain(`answered ${answer} at the last of 2 tries`);
    expect(stderr).toContain('stand-in: shop.service');
  },
);

test('so is one that does not answer at all', () => {
  const { status, stderr } = run('validate-service');

  expect(status).toBe(1);
  expect(stderr).toContain('answered 000 at the last of 2 tries (000: not at all)');
});

test('a service that needs a moment is waited for', async () => {
  const validating = spawn(join(folder, 'revision', 'scripts', 'validate-service.sh'), { env: environment() });
  const ended = new Promise((resolve) => validating.on('close', resolve));
  let said = '';
  validating.stdout.on('data', (data: Buffer) => (said += data.toString()));
  install();

  expect(await ended).toBe(0);
  expect(said).toContain('answered 200');
});

test('a version that does not stop keeps no newer one away by its own script, but by that of the newer one', () => {
  install();
  put('stuck', '');
  const stopped = run('application-stop');
  expect([stopped.status, stopped.stderr]).toEqual([0, 'service shop did not stop\n']);
  expect(run('before-install').status).not.toBe(0);

  rmSync(join(folder, 'stuck'));
  expect(run('before-install').status).toBe(0);
});

test('an artifact without the unit is refused, with what is missing', () => {
  rmSync(join(folder, 'revision', 'shop.service'));
  const { status, stderr } = run('after-install');

  expect(status).toBe(1);
  expect(stderr).toContain('the artifact has no shop.service beside its appspec.yml: add it');
});
