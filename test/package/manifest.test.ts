import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const read = <T>(path: string): T => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly scripts: Record<string, string>;
  readonly bin: Record<string, string>;
  readonly files: readonly string[];
}

interface Lock {
  readonly packages: Record<string, { readonly optionalDependencies?: Record<string, string> }>;
}

const manifest = read<Manifest>('package.json');

describe('the package', () => {
  test('has no dependencies but its two peers', () => {
    expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
  });

  test('has a command, in a file that is packed', () => {
    expect(manifest.bin).toEqual({ 'cdk-approval-gates': 'assets/cli/index.mjs' });
    expect(manifest.files).toContain('assets');
  });

  test('builds with a version of the CDK’s command line that was published on purpose', () => {
    expect(manifest.devDependencies['aws-cdk']).toMatch(/^2\.\d+\.\d+$/);
  });

  test('lists every platform of its native development dependencies, so that `npm ci` works everywhere', () => {
    const { packages } = read<Lock>('package-lock.json');

    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => /darwin|win32|linux/.test(name))
        .filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
        .map((name) => `${path} lacks ${name}`),
    );

    expect(missing).toEqual([]);
  });

  test('names no registry in its lockfile but the public one', () => {
    const hosts = new Set(
      [...readFileSync(join(ROOT, 'package-lock.json'), 'utf8').matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(
        ([, host]) => host,
      ),
    );

    expect([...hosts].filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
  });
});

describe('the folders', () => {
  test('are kept apart by lint rules that fire', () => {
    const output = execFileSync(process.execPath, [join(ROOT, 'scripts', 'check-arrows.mjs')], { encoding: 'utf8' });

    expect(output).toMatch(/import arrows: (\d+) of \1 controls hold/);
  });
});

describe('the documentation', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'docs/deploy.md',
    'docs/security.md',
    'docs/operations.md',
    'docs/audit.md',
    'docs/renaming.md',
    'docs/rehearsal.md',
    'docs/proof.md',
    'rehearsal/README.md',
  ];

  test.each([...pages, 'docs/cost.md', 'docs/first-deploy-checklist.md'])('%s only links to what is there', (page) => {
    const text = local(readFileSync(join(ROOT, page), 'utf8'), page);
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)|<img src="([^"]+)"/g)].map(
      ([, link, image]) => link ?? image!,
    );

    const broken = targets.filter((target) => !existsSync(join(ROOT, page, '..', target)));
    expect(broken).toEqual([]);
  });

  test.each([...pages, 'docs/cost.md', 'docs/first-deploy-checklist.md'])(
    '%s only jumps to headings that exist',
    (page) => {
      const text = local(readFileSync(join(ROOT, page), 'utf8'), page);
      const jumps = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)]+)\)/g)];

      const broken = jumps.filter(([, file, anchor]) => {
        const target = file === '' ? text : readFileSync(join(ROOT, page, '..', file!), 'utf8');
        return !headings(target).includes(anchor!);
      });
      expect(broken.map(([link]) => link)).toEqual([]);
    },
  );

  test('README.md has absolute links and pictures, because a registry shows it without the repository', () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8');

    expect([...text.matchAll(/\]\((?!https?:|#)[^)]*\)|<img src="(?!https:)[^"]*"/g)].map(([link]) => link)).toEqual(
      [],
    );
  });

  test('speaks of npm scripts that exist', () => {
    const text = [...pages, 'docs/cost.md'].map((page) => readFileSync(join(ROOT, page), 'utf8')).join('\n');
    const named = new Set([...text.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name!));

    expect([...named].filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});

/** Absolute links into this repository, seen from a page. */
function local(markdown: string, page: string): string {
  const repository =
    /https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/cdk-approval-gates\/cdk-approval-gates\/(?:blob\/)?main\//g;
  return markdown.replace(repository, '../'.repeat(page.split('/').length - 1));
}

/** Anchors as GitHub makes them. */
function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}
