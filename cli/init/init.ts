/** The command `init`: asks, and writes an app that works. */
import blueprint from 'blueprint:files';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { NoAnswer, textsOf } from '../ask';
import { answersOf, QUESTIONS, type Answers } from './answers';
import { appFiles } from './app-files';

export type Flags = Partial<Record<keyof Answers, string>> & { readonly yes: boolean };

/** @returns what to tell whoever typed the command */
export async function init(folder: string | undefined, flags: Flags): Promise<readonly string[]> {
  if (folder !== undefined) mustBeFree(folder);
  const answers = answersOf(await textsOf(QUESTIONS, flags));
  const target = folder ?? `${answers.service}-release`;
  mustBeFree(target);
  const files = appFiles(blueprint, answers);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    // Nothing that came meanwhile is overwritten.
    writeFileSync(join(target, path), text, { flag: 'wx' });
  }
  const shown = relative('.', target) || '.';
  return [
    `Wrote ${Object.keys(files).length} files to ${shown}. Try it, without an AWS account:`,
    '',
    ...(shown === '.' ? [] : [`  cd ${shown}`]),
    '  npm install',
    '  npm test     # releases, rehearsed',
    '  npm start    # the same on a page',
    '',
    ...whoApproves(answers.stages.map(({ name }) => name)),
    'README.md says how to deploy it, and where to put your service.',
  ];
}

/** Production may be more than the last stage. */
function whoApproves(stages: readonly string[]): readonly string[] {
  const before = stages.slice(0, -1);
  const last = stages[before.length] ?? '';
  if (before.length === 0) return [];
  const named = new Intl.ListFormat('en').format(before);
  const [are, they] = before.length === 1 ? ['is', 'it'] : ['are', 'they'];
  return [
    `People approve before ${last} alone. ${named} ${are} deployed without approval and without a canary:`,
    `if ${they} should not be, say so in lib/release-stack.ts.`,
    '',
  ];
}

/** What a version control system keeps there is in nobody's way. */
function mustBeFree(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new NoAnswer(`${folder} is no folder: name one that is empty or not there yet`);
  }
  const inTheWay = existsSync(folder) ? readdirSync(folder).filter((name) => name !== '.git') : [];
  if (inTheWay.length > 0) {
    throw new NoAnswer(`${folder} holds ${inTheWay[0]} already: name a folder that is empty or not there yet`);
  }
}
