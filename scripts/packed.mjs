// What the checks of the packed packages share: the commands they run, packing, empty apps, the versions they try.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const root = new URL('..', import.meta.url).pathname;
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The oldest version of a peer that the package promises to work with. */
export const floor = (peer) => manifest.peerDependencies[peer].replace(/^\^/, '');

/** Runs a command and says how it went. */
export function attempt(command, args, options = {}) {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  const seconds = (performance.now() - began) / 1_000;
  return {
    ok: status === 0,
    stdout: stdout ?? '',
    output: [stdout, stderr, error].filter(Boolean).join('\n'),
    seconds,
  };
}

/** Runs a command that has to succeed, and returns what it prints. */
export function run(command, args, options) {
  const { ok, stdout, output } = attempt(command, args, options);
  if (!ok) throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
  return stdout;
}

/** Packs what is built, without building it again. */
export function pack(folder, destination) {
  const printed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', destination], {
    cwd: folder,
  });
  const [{ filename, files, unpackedSize }] = JSON.parse(printed);
  return { file: join(destination, filename), paths: files.map(({ path }) => path), unpackedSize };
}

/** Packages to add, and options of npm. */
export function install(folder, ...args) {
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...args], { cwd: folder });
}

/** A stranger's folder: nothing in it but what npm installs. */
export function emptyApp(folder, ...args) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty-app', private: true }));
  install(folder, ...args);
}

/** An example in plain JavaScript, for apps that have no compiler. */
export function exampleInJavaScript(name) {
  const source = readFileSync(join(root, 'examples', `${name}.ts`), 'utf8');
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
