/** The command `appspec` as it is installed: the bundle, run by itself. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '..', '..');
const COMMAND = join(ROOT, 'assets', 'cli', 'index.mjs');
const EXAMPLE = join(ROOT, 'examples', 'server');
const SHELLCHECK = join(ROOT, '.venv', 'bin', 'shellcheck');
const FILES = [
  'appspec.yml',
  ...['after-install', 'application-start', 'application-stop', 'before-install', 'validate-service'].map(
    (name) => `scripts/${name}.sh`,
  ),
];

/** Folders whose owner would be another one, or that CodeDeploy would write into: of the system, of AWS, of other people. */
const OF_OTHERS = [
  ...[
    '/etc',
    '/etc/ssh',
    '/etc/systemd/system',
    '/usr/bin',
    '/usr/local/bin',
    '/bin/shop',
    '/lib64/shop',
    '/root/shop',
  ],
  ...['/tmp/shop', '/boot/shop', '/dev/shm/shop', '/proc/self/cwd', '/run/shop', '/data/shop', '/shop'],
  ...['/var', '/var/lib', '/var/lib/shop', '/var/spool/cron', '/var/wwwx/shop', '/opt', '/srv', '/var/opt', '/var/www'],
  ...['/opt/codedeploy-agent', '/opt/codedeploy-agent/bin', '/opt/aws/bin', '/opt/amazon/ssm', '/opt/containerd/bin'],
  ...['/home', '/home/root', '/home/root/shop', '/home/ec2-user', '/home/ec2-user/shop'],
];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'appspec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function appspec(...args: readonly string[]) {
  return spawnSync(process.execPath, [COMMAND, 'appspec', ...args], { cwd: folder, input: '', encoding: 'utf8' });
}

const text = (path: string): string => readFileSync(join(folder, path), 'utf8');
const written = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

interface AppSpec {
  readonly files: readonly object[];
  readonly permissions?: readonly object[];
  readonly hooks: Readonly<Record<string, readonly { readonly location: string; readonly timeout: number }[]>>;
}
const spec = (): AppSpec => parse(text('appspec.yml')) as AppSpec;

describe('appspec', () => {
  test('with --yes writes exactly what the example of servers has, scripts that can be run', () => {
    const { status, stdout, stderr } = appspec('--yes');

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Put shop.service, the unit of systemd, beside appspec.yml');
    expect(written()).toEqual(FILES);
    for (const path of FILES) {
      expect(text(path)).toBe(readFileSync(join(EXAMPLE, path), 'utf8'));
      expect(statSync(join(folder, path)).mode & 0o777).toBe(path.endsWith('.sh') ? 0o755 : 0o644);
    }
  });

  test('takes answers from flags, and puts them where they belong', () => {
    const health = 'https://localhost:8443/up?deep=1';
    const { status } = appspec(
      ...['app', '--service', 'tea', '--destination', '/srv/tea/house', '--health', health],
      ...['--wait', '3000', '--user', 'brew'],
    );
    folder = join(folder, 'app');

    expect(status).toBe(0);
    expect(spec().files).toEqual([{ source: '/', destination: '/srv/tea/house' }]);
    expect(spec().permissions).toEqual([
      { object: '/srv/tea/house', pattern: '**', owner: 'brew', type: ['file', 'directory'] },
    ]);
    expect(spec().hooks.ValidateService).toMatchObject([{ timeout: 3060 }]);
    expect(text('scripts/validate-service.sh')).toContain(`service=tea\nhealth='${health}'\ntries=600\n`);
    expect(text('scripts/before-install.sh')).toContain('service=tea\ndestination=/srv/tea/house\nuser=brew\n');
    expect(FILES.map(text).join()).not.toContain('shop');
    folder = join(folder, '..');
  });

  test('installs in a folder named as the service, where nobody says another', () => {
    appspec('--yes', '--service', 'tea');

    expect(spec().files).toEqual([{ source: '/', destination: '/opt/tea' }]);
    expect(spec().permissions).toBeUndefined();
  });

  test('with --dry-run prints every file and writes none, also where others are', () => {
    writeFileSync(join(folder, 'appspec.yml'), 'mine');
    const { status, stdout } = appspec('--yes', '--dry-run');

    expect(status).toBe(0);
    FILES.forEach((path) => expect(stdout).toContain(`==> ${path} <==\n${readFileSync(join(EXAMPLE, path), 'utf8')}`));
    expect([written(), text('appspec.yml')]).toEqual([['appspec.yml'], 'mine']);
  });

  test('overwrites nothing that differs, and then writes nothing at all, unless --force says so', () => {
    mkdirSync(join(folder, 'scripts'));
    writeFileSync(join(folder, 'scripts/validate-service.sh'), 'mine', { mode: 0o600 });

    const refused = appspec('--yes');
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^\. holds other files of these names: scripts\/validate-service\.sh; nothing was written/,
    );
    expect([written(), text('scripts/validate-service.sh')]).toEqual([['scripts/validate-service.sh'], 'mine']);

    expect(appspec('--yes', '--force').status).toBe(0);
    expect(written()).toEqual(FILES);
    expect(text('scripts/validate-service.sh')).not.toBe('mine');
    expect(statSync(join(folder, 'scripts/validate-service.sh')).mode & 0o777).toBe(0o755);
  });

  test('may be repeated: files that are as they would be written are in nobody’s way', () => {
    appspec('--yes');

    expect(appspec('--yes').status).toBe(0);
  });

  test('asks nobody who is not there', () => {
    const { status, stderr } = appspec('--service', 'tea', '--wait', '30');

    expect([status, written()]).toEqual([2, []]);
    expect(stderr).toBe(
      'nobody is there to be asked: give --user, --destination, --health, or --yes for the usual answers\n',
    );
  });

  test.each([
    '/opt/shop',
    '/opt/aws-shop',
    '/opt/shop/aws',
    '/srv/shop/v',
    '/var/opt/shop',
    '/var/www/shop',
    '/home/brew/tea',
  ])('installs in %s, which is of the service alone', (destination) => {
    expect(appspec('--yes', '--user', 'brew', '--destination', destination).status).toBe(0);
    expect(spec().files).toEqual([{ source: '/', destination }]);
  });

  test('installs in the home of no other user, and never takes a home itself', () => {
    const { status, stderr } = appspec('--yes', '--user', 'brew', '--destination', '/home/brewer/tea');

    expect([status, written()]).toEqual([2, []]);
    expect(stderr).toContain('or /home/<name of --user>');
    expect(appspec('--yes', '--user', 'brew', '--destination', '/home/brew').status).toBe(2);
  });

  test.each(['no', 'yes', 'on', 'off', 'true', 'false', 'null', 'y', 'n'])(
    'names the owner %s as a text, also to readers of older YAML',
    (user) => {
      expect(appspec('--yes', '--user', user).status).toBe(0);

      for (const version of ['1.1', '1.2'] as const) {
        expect(parse(text('appspec.yml'), { version })).toMatchObject({
          files: [{ destination: '/opt/shop' }],
          permissions: [{ object: '/opt/shop', owner: user }],
        });
      }
    },
  );

  test.each<[string, string, string]>([
    ['service', 'Shop', '1 to 63 lower-case letters'],
    ['service', '$(reboot)', '1 to 63 lower-case letters'],
    ['service', 'a'.repeat(64), '1 to 63 lower-case letters'],
    ['destination', 'opt/shop', 'an absolute path'],
    ['destination', '/opt/../etc', 'an absolute path'],
    ['destination', '/', 'an absolute path'],
    ...OF_OTHERS.map((taken): [string, string, string] => [
      'destination',
      taken,
      'a folder of the service alone, below /opt, /srv, /var/opt, /var/www or /home/<name of --user>, and none of ' +
        '/opt/amazon, /opt/aws, /opt/cni, /opt/codedeploy-agent, /opt/containerd: write it like "/opt/shop"',
    ]),
    ['health', '127.0.0.1:8080', 'an address with http:// or https://'],
    ['health', "http://a/'; reboot; '", 'an address with http:// or https://'],
    ['health', 'http://a:99999/', 'an address that exists'],
    ['wait', '4', 'a whole number of seconds from 5 to 3000'],
    ['wait', '3001', 'a whole number of seconds from 5 to 3000'],
    ['wait', '1e2', 'a whole number of seconds from 5 to 3000'],
    ['user', 'Web User', '1 to 32 lower-case letters'],
  ])('refuses --%s %s, and says what would be an answer', (flag, value, allowed) => {
    const { status, stderr } = appspec('--yes', `--${flag}`, value);

    expect([status, written()]).toEqual([2, []]);
    expect(stderr).toContain(`--${flag}: ${JSON.stringify(value)} has to be ${allowed}`);
  });

  test.each(['5', '60', '3000'])(
    'gives events less than an hour, and scripts less than their events (%s seconds)',
    (wait) => {
      expect(appspec('--yes', '--wait', wait).status).toBe(0);

      for (const [{ location, timeout } = { location: '', timeout: 0 }] of Object.values(spec().hooks)) {
        const script = text(location);
        const limits = [...script.matchAll(/\btimeout (\d+) /g)].map(([, seconds]) => Number(seconds));
        const tries = Number(/^tries=(\d+)$/m.exec(script)?.[1] ?? 0);
        const most = limits.reduce((sum, seconds) => sum + seconds, 0) + tries * 5;
        expect(tries === 0 || tries * 5 <= Number(wait)).toBe(true);
        expect(most).toBeLessThan(timeout);
        expect(timeout).toBeLessThanOrEqual(3600);
      }
    },
  );

  test('writes scripts in which ShellCheck finds nothing', () => {
    appspec('--yes', '--user', 'web');
    const scripts = FILES.filter((path) => path.endsWith('.sh'));
    // Where ShellCheck is not installed, Bash at least has to understand them.
    const command = existsSync(SHELLCHECK) ? [SHELLCHECK] : ['bash', '-n'];
    for (const script of scripts) {
      const [program = '', ...args] = [...command, script];
      const { stdout, stderr, status } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
      expect([stdout, stderr, status]).toEqual(['', '', 0]);
    }
  });
});
