/** Finds the cloud assembly of an app, and synthesizes it when there is none yet. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { scratchFolder } from '../scratch';

const made = new Map<string, Promise<string>>();
/** Folders whose build has run in this process. */
const built = new Set<string>();

/** What is made on the way to an assembly, and who wants to hear of it. */
export interface Making {
  /** Runs the build of the `cdk.json` first, as the CDK's command would; without it, what was built before is used. */
  readonly build?: boolean;
  readonly tell?: (what: string) => void;
}

/**
 * A folder with a `manifest.json` is an assembly. One with a `cdk.json` is synthesized with the context given, and so is a `.ts`
 * file, or what a command makes (`node bin/app.js`); once per process.
 */
export function assemblyOf(
  app: string,
  context: Readonly<Record<string, string>> = {},
  making: Making = {},
): Promise<string> {
  const path = resolve(app);
  if (existsSync(join(path, 'manifest.json'))) {
    return Object.keys(context).length === 0
      ? Promise.resolve(path)
      : Promise.reject(new Error(`${app} is synthesized already, so context has no effect on it: name the app itself`));
  }
  const program = programOf(path) ?? commandOf(app, path);
  if (program === undefined) {
    return Promise.reject(
      new Error(
        `${app} is no app: it has to be a folder with a cdk.json or a cloud assembly (cdk.out), a .ts file, or a command such as "node bin/app.js"`,
      ),
    );
  }
  const key = createHash('sha256')
    .update(JSON.stringify([path, context]))
    .digest('hex');
  const known = made.get(key);
  if (known !== undefined) return known;
  const work = synthesize(program, context, making);
  made.set(key, work);
  return work;
}

/** The app of this folder: what its `cdk.json` synthesizes, else what `cdk synth` left here. */
export function appHere(): string {
  const found = [
    ['cdk.json', '.'],
    ['manifest.json', '.'],
    ['cdk.out/manifest.json', 'cdk.out'],
  ].find(([file = '']) => existsSync(file));
  if (found?.[1] === undefined) throw new Error('no app here: neither a cdk.json nor a cdk.out; name one by --app');
  return found[1];
}

/** What `cdk synth` would run, and where. */
interface Program {
  readonly command: string;
  readonly build?: string;
  readonly folder: string;
  readonly context: Readonly<Record<string, unknown>>;
}

interface Settings {
  readonly app: string;
  readonly build?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

function programOf(path: string): Program | undefined {
  if (path.endsWith('.ts') && existsSync(path)) {
    const folder = folderAbove(path, 'cdk.json') ?? dirname(path);
    const command = [process.execPath, tsxFor(folder), path].map((part) => JSON.stringify(part)).join(' ');
    const settings = settingsOf(folder);
    return { command, build: settings?.build, folder, context: settings?.context ?? {} };
  }
  const settings = settingsOf(path);
  return settings && { command: settings.app, build: settings.build, folder: path, context: settings.context ?? {} };
}

function settingsOf(folder: string): Settings | undefined {
  const file = join(folder, 'cdk.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Settings) : undefined;
}

/** As `cdk --app` takes it: whatever is no path and has a space in it. */
function commandOf(app: string, path: string): Program | undefined {
  if (existsSync(path) || !app.trim().includes(' ')) return undefined;
  const folder = process.cwd();
  const settings = settingsOf(folder);
  return { command: app, build: settings?.build, folder, context: settings?.context ?? {} };
}

/** What runs TypeScript is the app's own business. */
function tsxFor(folder: string): string {
  try {
    return require.resolve('tsx/cli', { paths: [folder, process.cwd()] });
  } catch {
    throw new Error(
      'a .ts file needs tsx beside it: npm install --save-dev tsx, or name a command such as "npx ts-node bin/app.ts"',
    );
  }
}

function folderAbove(path: string, file: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

async function synthesize(
  program: Program,
  context: Readonly<Record<string, string>>,
  { build = false, tell = () => undefined }: Making,
): Promise<string> {
  if (build && program.build !== undefined && !built.has(program.folder)) {
    tell(`Building (${program.build})`);
    await run(program.build, program.folder, process.env);
    built.add(program.folder);
  }
  tell(`Synthesizing (${program.command})`);
  const outdir = scratchFolder();
  await run(program.command, program.folder, {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...program.context, ...context }),
    CDK_VALIDATION: 'false',
  });
  return outdir;
}

function run(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => lines.push(data.toString()));
    }
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`the app does not synthesize: ${command} failed:\n${lines.join('').slice(-2_000)}`));
    });
  });
}
