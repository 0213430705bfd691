/** Questions of a command: asked in a terminal, or answered by flags. */
import input from '@inquirer/input';

/** What somebody typed cannot be used; the message says what can. */
export class NoAnswer extends Error {
  override readonly name: string = 'NoAnswer';
}

/** The answer to a question cannot be used. It does not name the flag: whoever is asked in a terminal has typed none. */
class Refused extends NoAnswer {
  override readonly name = 'Refused';
}

/** Texts of the questions before. */
export type Earlier = Readonly<Record<string, string>>;

/** As it is asked, and as a flag of the command. */
export interface Question<T = unknown> {
  readonly flag: string;
  readonly asked: string;
  /** Also the example in messages. */
  readonly usual: string;
  /** Where the usual answer follows from an earlier one. */
  readonly usualAfter?: (earlier: Earlier) => string;
  /** Throws `NoAnswer`. */
  readonly read: (text: string, earlier: Earlier) => T;
}

/**
 * @param text the answer, or the part of it that cannot be used
 * @param must as in "has to be …" or "must not …"
 * @throws NoAnswer
 */
export function refuse(
  text: string,
  { usual }: Pick<Question, 'usual'>,
  must: string,
  fix = `write it like "${usual}"`,
): never {
  throw new Refused(`${JSON.stringify(text)} ${must}: ${fix}`);
}

/** @throws NoAnswer where the text, without the space around it, does not match */
export function matching(text: string, pattern: RegExp, question: Pick<Question, 'usual'>, allowed: string): string {
  const trimmed = text.trim();
  return pattern.test(trimmed) ? trimmed : refuse(text, question, `has to be ${allowed}`);
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
    const earlier = { ...texts } as Earlier;
    const usual = question.usualAfter?.(earlier) ?? question.usual;
    const given = flags[name] ?? (flags.yes ? usual : undefined);
    texts[name] = given === undefined ? await asked({ ...question, usual }, earlier) : said(given, question, earlier);
  }
  return texts as Record<Name, string>;
}

/** By a flag. */
function said(text: string, { flag, read }: Question, earlier: Earlier): string {
  try {
    read(text, earlier);
    return text;
  } catch (error) {
    throw error instanceof Refused ? new NoAnswer(`--${flag}: ${error.message}`) : error;
  }
}

/** Asked again until it can be used. */
function asked({ asked: message, usual, read }: Question, earlier: Earlier): Promise<string> {
  return input({
    message,
    default: usual,
    validate: (text) => {
      try {
        read(text, earlier);
        return true;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        return error.message;
      }
    },
  });
}
