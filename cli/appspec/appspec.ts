/** The command `appspec`: writes an AppSpec for servers, with its scripts, into the source of a service. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { NoAnswer, textsOf } from '../ask';
import { answersOf, QUESTIONS, type Name } from './answers';
import { serverFiles } from './files';

export type Flags = Partial<Record<Name, string>> & {
  readonly yes: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
};

/** A file that somebody wrote, or changed, would be lost. */
export class InTheWay extends Error {
  override readonly name = 'InTheWay';
}

/** @returns what to tell whoever typed the command */
export async function appspec(folder: string, flags: Flags): Promise<readonly string[]> {
  const answers = answersOf(await textsOf(QUESTIONS, flags));
  const files = serverFiles(answers);
  if (flags.dryRun) {
    return Object.entries(files).flatMap(([path, text]) => [`==> ${path} <==`, text]);
  }
  const inTheWay = Object.entries(files).filter(([path, text]) => isOther(join(folder, path), text));
  if (inTheWay.length > 0 && !flags.force) {
    throw new InTheWay(
      `${folder} holds other files of these names: ${inTheWay.map(([path]) => path).join(', ')}; nothing was written. Use --force to overwrite ` +
        'them, or --dry-run to see what would be written',
    );
  }
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    // Of a file that was there, too.
    chmodSync(target, path.endsWith('.sh') ? 0o755 : 0o644);
  }
  return [
    `Wrote ${Object.keys(files).length} files to ${relative('.', folder) || '.'}:`,
    ...Object.keys(files).map((path) => `  ${path}`),
    '',
    `Put ${answers.service}.service, the unit of systemd, beside appspec.yml, and everything into the artifact of the build.`,
  ];
}

function isOther(path: string, text: string): boolean {
  if (!existsSync(path)) return false;
  if (!statSync(path).isFile()) {
    throw new NoAnswer(`${path} is no file: name another folder`);
  }
  return readFileSync(path, 'utf8') !== text;
}
