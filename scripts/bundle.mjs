// Bundles each function of lambda/ and the command of cli/ into assets/<name>/, or into <name>/ of the folder that is given: index.mjs, and chunks that it
// loads when it needs them. So a consumer's synth needs no bundler. Also writes down whose code the bundles hold, under which licence.
import { build } from 'esbuild';
import { Buffer } from 'node:buffer';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const assets = process.argv[2] ?? join(root, 'assets');
const functions = readdirSync(join(root, 'lambda')).filter((name) =>
  existsSync(join(root, 'lambda', name, 'handler.ts')),
);
/** The file that each bundle begins with. */
const entries = [
  ...functions.map((name) => [name, join('lambda', name, 'handler.ts')]),
  ['cli', join('cli', 'main.ts')],
];

const PERMISSIVE = new Set(['Apache-2.0', 'MIT', 'MIT-0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC']);

/** Puts a few lines of code in the place of a package. */
function instead(packageName, contents) {
  return {
    name: `instead of ${packageName}`,
    setup({ onResolve, onLoad }) {
      const namespace = `instead of ${packageName}`;
      onResolve({ filter: new RegExp(`^${packageName}$`) }, ({ path }) => ({ path, namespace }));
      onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: root }));
    },
  };
}

/** Lambda puts the credentials of a function into its environment, so the SDK's search for others would be loaded for nothing. */
const environmentCredentials = instead(
  '@aws-sdk/credential-provider-node',
  "import { fromEnv } from '@aws-sdk/credential-provider-env'; export const defaultProvider = () => fromEnv();",
);

/** The SDK reads the names of browsers with it, in browsers alone. */
const noBrowser = instead('bowser', 'export default undefined;');

/** The app that the command `init` writes, as texts by their paths. */
const blueprint = {
  name: 'blueprint',
  setup({ onResolve, onLoad }) {
    const folder = join(root, 'cli', 'blueprint');
    onResolve({ filter: /^blueprint:files$/ }, ({ path }) => ({ path, namespace: 'blueprint' }));
    onLoad({ filter: /.*/, namespace: 'blueprint' }, () => {
      const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
      return {
        contents: JSON.stringify(
          Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')])),
        ),
        loader: 'json',
      };
    });
  },
};

/** A bundle that did not change is not touched: a synth that runs at the same time may be reading it. */
function writeIfOther(path, contents) {
  if (!existsSync(path) || !readFileSync(path).equals(Buffer.from(contents))) writeFileSync(path, contents);
}

const folders = new Set();
for (const [name, entry] of entries) {
  const outdir = join(assets, name);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    legalComments: 'none',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [environmentCredentials, noBrowser, blueprint],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
    write: false,
  });
  mkdirSync(outdir, { recursive: true });
  outputFiles.forEach(({ path, contents }) => writeIfOther(path, contents));
  const written = new Set(outputFiles.map(({ path }) => path));
  for (const name of readdirSync(outdir)) {
    if (!written.has(join(outdir, name))) rmSync(join(outdir, name), { recursive: true });
  }
  for (const input of Object.keys(metafile.inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
}

// One text may be the licence of many packages.
const owners = new Map();
for (const folder of [...folders].sort()) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  if (!PERMISSIVE.has(license)) {
    throw new Error(`${name} ${version} would ship in a bundle, and its licence is ${license}`);
  }
  const texts = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const text = texts.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n');
  owners.set(text, [...(owners.get(text) ?? []), `${name} ${version} (${license})`]);
}
const sections = [...owners].map(([text, packages]) => `${packages.join('\n')}\n\n${text}`);
writeIfOther(
  join(assets, 'THIRD-PARTY-LICENSES.txt'),
  `${['The bundles hold code of these packages.', ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`,
);
console.log(`bundled ${entries.map(([name]) => name).join(', ')}`);
