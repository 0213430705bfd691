import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GateError } from '../errors';

/**
 * Folder of a bundled function. Walks up, because compiled sources lie one level deeper than the sources themselves.
 */
export function assetPath(name: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'assets', name);
    if (existsSync(candidate)) {
      return candidate;
    }
    if (folder === dirname(folder)) {
      throw new GateError(
        'AssetMissing',
        `the bundled function '${name}' is not there: run \`npm run bundle\`, or install the package again`,
      );
    }
  }
}
