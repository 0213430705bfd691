/**
 * Synthesized apps, shared by the test files that run at the same time and after each other: an app with its context is
 * synthesized once, until a source of it changes.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblyOf } from '../../scenario/app';

const ROOT = join(__dirname, '../../..');
const SOURCES = ['assets', 'bin', 'contract', 'examples', 'lib', 'rehearsal/test/fixtures', 'cdk.json', 'package.json'];
const SHARED = join(tmpdir(), 'cdk-approval-gates-assemblies');

let sources: string | undefined;

/** Of the reference app, where none is named. */
export async function sharedAssembly(app = ROOT, context: Readonly<Record<string, string>> = {}): Promise<string> {
  sources ??= SOURCES.map((path) => hashOf(join(ROOT, path))).join('\n');
  const key = createHash('sha256')
    .update(JSON.stringify([ROOT, app, context, sources]))
    .digest('hex')
    .slice(0, 24);
  const shared = join(SHARED, key);
  if (existsSync(shared)) return shared;
  const own = await assemblyOf(app, context);
  mkdirSync(SHARED, { recursive: true });
  const copy = `${shared}.${process.pid}`;
  cpSync(own, copy, { recursive: true });
  try {
    renameSync(copy, shared);
  } catch {
    rmSync(copy, { recursive: true, force: true });
  }
  return shared;
}

function hashOf(path: string): string {
  if (!statSync(path).isDirectory()) return createHash('sha256').update(readFileSync(path)).digest('hex');
  return readdirSync(path)
    .map((name) => `${name} ${hashOf(join(path, name))}`)
    .join('\n');
}
