/** The library as its package ships it: compiled JavaScript, with an index that loads a name when it is first used. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

export const ROOT = resolve(__dirname, '..');

/** Lies in this repository, so that what is compiled finds the CDK and the bundled functions from there. */
const FOLDER = join(ROOT, '.bench');

let built: string | undefined;

/** The folder of the compiled library; compiled once per run. */
export function compiledLibrary(): string {
  if (built === undefined) {
    rmSync(FOLDER, { recursive: true, force: true });
    const files = ['lib/index.ts', 'bench/programs/synth.ts', 'bench/programs/promotion.ts'].map((file) =>
      join(ROOT, file),
    );
    ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      esModuleInterop: true,
      noCheck: true,
      rootDir: ROOT,
      outDir: FOLDER,
    }).emit();
    execFileSync(process.execPath, [join(ROOT, 'scripts/lazy-index.mjs'), join(FOLDER, 'lib/index.js')]);
    built = FOLDER;
  }
  return built;
}
