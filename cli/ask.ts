/** Questions of a command: asked in a terminal, or answered by flags. */
import input from '@inquirer/input';

/** What somebody typed is no answer; the message says what would be one. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** As it is asked, and as a flag of the command. */
export interface Question<T = unknown> {
  readonly flag: string;
  readonly asked: string;
  /** Also the example in messages. */
  readonly usual: string;
  /** Where the usual answer follows from an earlier one. */
  readonly usualAfter?: (earlier: Readonly<Record<string, string>>) => string;
  /** Throws `NoAnswer`. */
  readonly read: (text: string) => T;
}

/** @throws NoAnswer with what would be an answer */
export function refuse(text: string, { flag, usual }: Pick<Question, 'flag' | 'usual'>, allowed: string): never {
  throw new NoAnswer(`--${flag} is ${JSON.stringify(text)}, but has to be ${allowed}: write it like "${usual}"`);
}

/** @throws NoAnswer where the text, without the space around it, is none */
export function matching(
  text: string,
  pattern: RegExp,
  question: Pick<Question, 'flag' | 'usual'>,
  allowed: string,
): string {
  const trimmed = text.trim();
  return pattern.test(trimmed) ? trimmed : refuse(text, question, allowed);
}

/** Flags answer without being asked, so that a script can say everything. */
export async function textsOf<Name extends string>(
  questions: Readonly<Record<Name, Question>>,
  flags: Partial<Record<Name, string>> & { readonly yes: boolean },
): Promise<Record<Name, string>> {
  const all = Object.entries(questions) as [Name, Question][];
  const missing = all.filter(([name]) => flags[name] === undefined).map(([, { flag }]) => `--${flag}`);
  if (missing.length > 0 && !flags.yes && !process.stdin.isTTY) {
    throw new NoAnswer(`nobody is there to be asked: give ${missing.join(', ')}, or --yes for the usual answers`);
  }
  const texts: Partial<Record<Name, string>> = {};
  for (const [name, question] of all) {
    const usual = question.usualAfter?.(texts as Record<string, string>) ?? question.usual;
    const text = flags[name] ?? (flags.yes ? usual : await asked({ ...question, usual }));
    question.read(text);
    texts[name] = text;
  }
  return texts as Record<Name, string>;
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
