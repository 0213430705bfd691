/** Finds the cloud assembly of an app, and synthesizes it when there is none yet. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const made = new Map<string, Promise<string>>();

/**
 * `reference` is the app of this package. A folder with a `manifest.json` is an assembly; one with a `cdk.json` is
 * synthesized with the context given, once per process.
 */
export function assemblyOf(app: string, context: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = app === 'reference' ? referenceFolder() : resolve(app);
  if (existsSync(join(folder, 'manifest.json'))) return Promise.resolve(folder);
  if (!existsSync(join(folder, 'cdk.json'))) {
    return Promise.reject(new Error(`${app} has neither a manifest.json (an assembly) nor a cdk.json (an app)`));
  }
  const key = createHash('sha256')
    .update(JSON.stringify([folder, context]))
    .digest('hex');
  const known = made.get(key);
  if (known !== undefined) return known;
  const work = synthesize(folder, context);
  made.set(key, work);
  return work;
}

function referenceFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'cdk.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('the reference app is not here: give --app');
  }
}

async function synthesize(folder: string, context: Readonly<Record<string, string>>): Promise<string> {
  const settings = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as {
    readonly app: string;
    readonly context?: Readonly<Record<string, unknown>>;
  };
  const outdir = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  await run(settings.app, folder, {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...settings.context, ...context }),
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
      else fail(new Error(`the app does not synthesize (${command}):\n${lines.join('').slice(-2_000)}`));
    });
  });
}
