/** The command `init`: asks, and writes an app that works. */
import input from '@inquirer/input';
import blueprint from 'blueprint:files';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { answersOf, NoAnswer, QUESTIONS, type Answers, type Question } from './answers';
import { appFiles } from './app-files';

export type Flags = Partial<Record<keyof Answers, string>> & { readonly yes: boolean };

/** @returns what to tell whoever typed the command */
export async function init(folder: string | undefined, flags: Flags): Promise<readonly string[]> {
  if (folder !== undefined) mustBeFree(folder);
  const answers = answersOf(await textsOf(flags));
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
    'README.md says how to deploy it, and where to put your service.',
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

/** Flags answer without being asked, so that a script can say everything. */
async function textsOf(flags: Flags): Promise<Record<keyof Answers, string>> {
  const questions = Object.entries(QUESTIONS) as [keyof Answers, Question][];
  const missing = questions.filter(([name]) => flags[name] === undefined).map(([, { flag }]) => `--${flag}`);
  if (missing.length > 0 && !flags.yes && !process.stdin.isTTY) {
    throw new NoAnswer(`nobody is there to be asked: give ${missing.join(', ')}, or --yes for the usual answers`);
  }
  const texts: Partial<Record<keyof Answers, string>> = {};
  for (const [name, question] of questions) {
    const text = flags[name] ?? (flags.yes ? question.usual : await asked(question));
    question.read(text);
    texts[name] = text;
  }
  return texts as Record<keyof Answers, string>;
}

/** Asked again until it is an answer. */
function asked({ asked: message, usual, read }: Question): Promise<string> {
  return input({
    message,
    default: usual,
    validate: (text) => {
      try {
        read(text);
        return true;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        return error.message;
      }
    },
  });
}
