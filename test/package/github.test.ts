/** What runs on GitHub is YAML that says what it should: nothing here can try it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, '.github');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml'));
const read = (name: string): any => parse(readFileSync(join(FOLDER, name), 'utf8'));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test.each(files)('%s is YAML', (name) => {
  expect(read(name)).toBeInstanceOf(Object);
});

describe.each(['workflows/ci.yml', 'workflows/release.yml'])('%s', (name) => {
  const { jobs, permissions } = read(name) as { jobs: Record<string, any>; permissions: object };
  const steps = Object.values(jobs).flatMap((job) => job.steps as any[]);

  test('may read and no more, unless a job says so', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('leaves no credentials behind, and ends in time', () => {
    const checkouts = steps.filter(({ uses }) => String(uses).startsWith('actions/checkout'));
    expect(checkouts.length).toBeGreaterThan(0);
    checkouts.forEach((step) => expect(step.with).toMatchObject({ 'persist-credentials': false }));
    Object.values(jobs).forEach((job) => expect(job['timeout-minutes']).toBeLessThanOrEqual(40));
  });

  test('runs what there is', () => {
    const commands = steps.map(({ run }) => String(run ?? '')).join('\n');
    const scripts = [...commands.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script!);

    expect(commands).toContain('.ci/run');
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});

test('a release needs no token of its own, and publishes both packages with provenance', () => {
  const { jobs } = read('workflows/release.yml');
  const published = (jobs.npm.steps as any[])
    .map(({ run }) => String(run))
    .filter((run) => run.includes('npm publish'));

  expect(jobs.npm.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
  expect(published).toHaveLength(2);
  published.forEach((run) => expect(run).toContain('--provenance'));
  expect(readFileSync(join(FOLDER, 'workflows/release.yml'), 'utf8')).not.toContain('secrets.');
});

test('both packages have one version', () => {
  const versions = ['package.json', 'rehearsal/package.json'].map(
    (name) => (JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as { version: string }).version,
  );

  expect(new Set(versions).size).toBe(1);
});

test('what is owned is there', () => {
  const paths = readFileSync(join(FOLDER, 'CODEOWNERS'), 'utf8').match(/^\/\S+/gm) ?? [];

  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
