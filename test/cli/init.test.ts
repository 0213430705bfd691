/** The command `init` as it is installed: the bundle, run by itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import manifest from '../../package.json';

const ROOT = join(__dirname, '..', '..');
const COMMAND = join(ROOT, 'assets', 'cli', 'index.mjs');
const BLUEPRINT = join(ROOT, 'cli', 'blueprint');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'init-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function init(...args: readonly string[]) {
  return spawnSync(process.execPath, [COMMAND, 'init', ...args], { cwd: folder, input: '', encoding: 'utf8' });
}

const text = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8');
const settings = (app: string) => JSON.parse(text(app, 'settings.json')) as Record<string, unknown>;
const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

describe('init', () => {
  test('with --yes asks nothing, and writes the blueprint as it is', () => {
    const { status, stdout, stderr } = init('--yes');

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('cd shop-release');
    const same = filesIn(BLUEPRINT).filter((path) => !['package.json', 'gitignore'].includes(path));
    expect(filesIn(join(folder, 'shop-release'))).toEqual([...same, 'package.json', '.gitignore'].sort());
    for (const path of same) {
      const [written, ours] = [text('shop-release', path), readFileSync(join(BLUEPRINT, path), 'utf8')];
      expect(path.endsWith('.json') ? JSON.parse(written) : written).toEqual(
        path.endsWith('.json') ? JSON.parse(ours) : ours,
      );
    }
  });

  test('takes answers from flags, and puts them where they belong', () => {
    const { status } = init(
      ...['app', '--service', 'tea', '--pipeline', '444444444444/us-gov-west-1', '--repository', 'acme/tea-house'],
      ...['--stages', 'Dev, Live@222222222222/us-gov-east-1', '--approvers', 'cy@example.com'],
    );

    expect(status).toBe(0);
    expect(settings('app')).toEqual({
      service: 'tea',
      pipeline: { account: '444444444444', region: 'us-gov-west-1' },
      stages: [
        { name: 'Dev', account: '444444444444', region: 'us-gov-west-1' },
        { name: 'Live', account: '222222222222', region: 'us-gov-east-1' },
      ],
      repository: 'acme/tea-house',
      branch: 'main',
      connectionArn:
        'arn:aws-us-gov:codeconnections:us-gov-west-1:444444444444:connection/00000000-0000-0000-0000-000000000000',
      approvers: ['cy@example.com'],
      approvals: 1,
    });
    const scenario = text('app', 'rehearsal', 'errors-roll-back.yaml');
    expect(scenario).toContain("approve: { gate: Live/Approve, as: 'cy@example.com' }");
    expect(scenario).toContain('alarm: { name: tea-live-errors,');
    expect(scenario).not.toMatch(/Prod\b|shop|ana@/);
    const readme = text('app', 'README.md');
    expect(readme).toContain(
      '   npx cdk bootstrap aws://444444444444/us-gov-west-1\n   npx cdk bootstrap aws://222222222222/us-gov-east-1 --trust 444444444444',
    );
    expect(readme).toContain('`acme/tea-house`');
  });

  test('depends on this version of the package, and on the versions that it was tested with', () => {
    init('--yes', 'app');

    const written = JSON.parse(text('app', 'package.json')) as Record<string, unknown>;
    expect(written).toMatchObject({
      name: 'shop-release',
      dependencies: { ...manifest.peerDependencies, 'cdk-approval-gates': `^${manifest.version}` },
      devDependencies: {
        'cdk-approval-gates-rehearsal': `^${manifest.version}`,
        tsx: manifest.devDependencies.tsx,
        typescript: manifest.devDependencies.typescript,
      },
    });
  });

  test('goes into a folder that holds nothing but a repository', () => {
    mkdirSync(join(folder, '.git'));

    expect(init('.', '--yes').status).toBe(0);
    expect(existsSync(join(folder, 'settings.json'))).toBe(true);
  });

  test('touches no folder that holds something', () => {
    mkdirSync(join(folder, 'shop-release'));
    writeFileSync(join(folder, 'shop-release', 'notes.md'), 'mine');

    expect(init('--yes')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'shop-release holds notes.md already: name a folder that is empty or not there yet\n',
    });
    expect(filesIn(join(folder, 'shop-release'))).toEqual(['notes.md']);
  });

  test('takes no file for a folder', () => {
    writeFileSync(join(folder, 'notes.md'), 'mine');

    expect(init('notes.md', '--yes')).toMatchObject({
      status: 2,
      stderr: 'notes.md is no folder: name one that is empty or not there yet\n',
    });
  });

  test.each(["o'neil@example.com", '#ops@example.com', '{ana@example.com', '&ana@example.com', '!ana@example.com'])(
    'writes scenarios that say %s, whatever YAML makes of such letters',
    (approver) => {
      expect(init('app', '--yes', '--approvers', approver).status).toBe(0);

      const { steps } = parse(text('app', 'rehearsal', 'goes-to-production.yaml')) as { readonly steps: object[] };
      expect(steps).toContainEqual({ approve: { gate: 'Prod/Approve', as: approver } });
    },
  );

  test('takes a repository in groups of GitLab', () => {
    expect(init('app', '--yes', '--repository', 'acme/shops/tea-house').status).toBe(0);
    expect(settings('app')).toMatchObject({ repository: 'acme/shops/tea-house' });
  });

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-isob-east-1', 'aws-iso-b'],
  ])('knows the partition of %s', (region, partition) => {
    init('app', '--yes', '--pipeline', `111111111111/${region}`);

    expect(settings('app')['connectionArn']).toMatch(new RegExp(`^arn:${partition}:`));
  });

  test('does not wait for answers where nobody is', () => {
    const { status, stderr } = init('--service', 'tea', '--pipeline', '444444444444/eu-west-1');

    expect(status).toBe(2);
    expect(stderr).toBe(
      'nobody is there to be asked: give --stages, --repository, --approvers, or --yes for the usual answers\n',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['service', 'Tea House', 'lower-case letters'],
    ['service', '', 'lower-case letters'],
    ['service', 'tea-', 'no - last'],
    ['service', 'a'.repeat(23), '1 to 22'],
    ['pipeline', '1111/eu-west-1', '12 digits'],
    ['pipeline', '111111111111', '12 digits'],
    ['pipeline', '111111111111/Ireland', 'a Region'],
    ['stages', '', '1 to 10 stages, with commas between them'],
    ['stages', ' , ', '1 to 10 stages'],
    ['stages', 'A,B,C,D,E,F,G,H,I,J,K', '1 to 10 stages'],
    ['stages', 'dev', '"dev" has to be a name of 1 to 15 letters and digits, a capital first'],
    ['stages', 'Dev@222222222222', '"222222222222" has to be an account of 12 digits'],
    ['stages', 'Dev, Prod@222/eu-west-1', '/ and a Region: write it like "Prod@222222222222/eu-west-1"'],
    ['stages', 'Dev@222222222222/eu-west-1@2', '"222222222222/eu-west-1@2" has to be an account'],
    ['stages', 'Dev, Prod, DEV', 'must not name a stage twice'],
    ['stages', 'Build, Prod', '"Build" must not be the name of a stage, as it is taken already'],
    ['stages', 'Dev, Release', 'it is taken already'],
    ['stages', 'Promotion, Prod', 'it is taken already'],
    // The pipeline of the CDK has a part of each of these names, or looks for one.
    ['stages', 'Dev, Default', '"Default" must not be the name of a stage'],
    ['stages', 'Resource, Prod', 'it is taken already'],
    ['stages', 'Dev, Role', 'it is taken already'],
    ['stages', 'Dev, ArtifactsBucket', 'it is taken already'],
    ['repository', 'tea', 'its owner, / and its name'],
    ['repository', '../../etc', 'its owner, / and its name'],
    ['approvers', '', '1 to 20 addresses, with commas between them'],
    ['approvers', 'ana', '"ana" has to be an email address'],
    ['approvers', '*@example.com', 'has to be an email address'],
    ['approvers', 'ana@example.com, Ana+shop@example.com', 'must not name a mailbox twice'],
  ])('refuses --%s %j, and writes nothing', (flag, value, allowed) => {
    const { status, stderr } = init('--yes', `--${flag}`, value);

    expect(status).toBe(2);
    expect(stderr).toContain(allowed);
    expect(stderr).toMatch(new RegExp(`^--${flag}: ".*" (has to be|must not) .*: write it like ".*"\n$`));
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['111111111111/eu-west-1', 'Dev, Prod@222222222222/cn-north-1', 'aws-cn', 'aws'],
    ['111111111111/us-gov-west-1', 'Dev, Prod@222222222222/us-east-1', 'aws', 'aws-us-gov'],
  ])('of a pipeline in %s refuses %s, which no role of it may deploy to', (pipeline, stages, there, here) => {
    const { status, stderr } = init('--yes', '--pipeline', pipeline, '--stages', stages);

    expect(stderr).toBe(
      `--stages: "${stages.slice(5)}" must not be in ${there}, as a pipeline deploys within its own partition (${here}): ` +
        'make a second app, whose pipeline is there\n',
    );
    expect([status, readdirSync(folder)]).toEqual([2, []]);
  });

  test('takes names and places with spaces around them', () => {
    expect(init('app', '--yes', '--stages', ' Dev , Prod @ 222222222222/eu-west-1 ').status).toBe(0);
    expect(settings('app')['stages']).toMatchObject([{ name: 'Dev' }, { name: 'Prod', account: '222222222222' }]);
  });

  test('says which stages are deployed without approval: production may be more than the last one', () => {
    expect(init('one', '--yes', '--stages', 'Prod').stdout).not.toContain('without approval');
    expect(init('two', '--yes').stdout).toContain(
      'People approve before Prod alone. Dev is deployed without approval and without a canary:',
    );
    expect(init('three', '--yes', '--stages', 'Dev, Prod, ProdUs@111111111111/us-east-1').stdout).toContain(
      'People approve before ProdUs alone. Dev and Prod are deployed without approval',
    );
  });

  test('its flags of the CDK are those of this repository', () => {
    const flags = (path: string) => {
      const { context } = JSON.parse(readFileSync(path, 'utf8')) as { readonly context: Record<string, unknown> };
      return Object.entries(context).filter(([name]) => !/telemetry|target-partitions/.test(name));
    };

    expect(flags(join(BLUEPRINT, 'cdk.json'))).toEqual(flags(join(ROOT, 'cdk.json')));
  });
});

/** Types into a terminal, each line once the question before it was asked. */
const TYPE = `
import json, os, pty, sys
command, folder, lines = json.loads(sys.stdin.read())
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.execvp(command[0], command)
said = b''
def until(words):
    global said
    while words.encode() not in said:
        said += os.read(terminal, 4096)
    said = said[said.index(words.encode()) + len(words):]
for words, line in lines:
    until(words)
    os.write(terminal, line.encode())
try:
    while os.read(terminal, 4096): pass
except OSError:
    pass
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const hasPython = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode'], {}).status === 0;
if (!hasPython) process.stderr.write('skipped: init in a terminal, which needs Python 3.9 or newer\n');

function typed(...lines: readonly (readonly [string, string])[]): number {
  const input = JSON.stringify([[process.execPath, COMMAND, 'init'], folder, lines]);
  const { stdout, stderr } = spawnSync('python3', ['-c', TYPE], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

(hasPython ? describe : describe.skip)('in a terminal', () => {
  test('init asks five questions, again where the answer is none, and offers a usual one', () => {
    const status = typed(
      ['called?', 'Tea\r'],
      ['> "Tea" has to be 1 to 22 lower-case', '\u0015tea\r'],
      ['pipeline live?', '\r'],
      ['Which stages', 'Dev, Live@222222222222/cn-north-1\r'],
      ['must not be in aws-cn', '\u0015Dev, Live\r'],
      ['repository', '\r'],
      ['Who approves', 'cy@example.com\r'],
    );

    expect(status).toBe(0);
    expect(settings('tea-release')).toMatchObject({
      service: 'tea',
      pipeline: { account: '111111111111', region: 'eu-west-1' },
      stages: [{ name: 'Dev' }, { name: 'Live' }],
      repository: 'example/shop',
      approvers: ['cy@example.com'],
    });
  });

  test('init writes nothing when it is interrupted', () => {
    expect(typed(['called?', 'tea\r'], ['pipeline live?', '\u0003'])).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});
