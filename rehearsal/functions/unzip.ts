import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DEFLATED = 8;

/** Unpacks a zip file, as Lambda does with a function's code. */
export function unzip(archive: Buffer, target: string): void {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END_OF_DIRECTORY) {
    end -= 1;
  }
  if (end < 0) {
    throw new Error('not a zip file');
  }
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    writeEntry(archive, at, join(target, inside(name)), name.endsWith('/'));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function inside(name: string): string {
  const path = normalize(name);
  if (path.startsWith('..') || path.startsWith(sep)) {
    throw new Error(`zip file: entry ${name} points out of it`);
  }
  return path;
}

function writeEntry(archive: Buffer, directoryEntry: number, path: string, folder: boolean): void {
  if (folder) {
    mkdirSync(path, { recursive: true });
    return;
  }
  const method = archive.readUInt16LE(directoryEntry + 10);
  const size = archive.readUInt32LE(directoryEntry + 20);
  const local = archive.readUInt32LE(directoryEntry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const data = archive.subarray(start, start + size);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, method === DEFLATED ? inflateRawSync(data) : data);
}
