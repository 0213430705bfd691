import { unzipSync } from 'fflate';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** Unpacks a zip file, as Lambda does with a function's code. */
export function unzip(archive: Buffer, target: string): void {
  for (const [name, data] of Object.entries(entriesOf(archive))) {
    const path = join(target, inside(name));
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true });
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, data);
    }
  }
}

function entriesOf(archive: Buffer): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(archive);
  } catch (error) {
    throw new Error(`not a zip file: ${(error as Error).message}`, { cause: error });
  }
}

function inside(name: string): string {
  const path = normalize(name);
  if (path.startsWith('..') || path.startsWith(sep)) {
    throw new Error(`zip file: entry ${name} points out of it`);
  }
  return path;
}
