import { GateError } from '../errors';

/** What chooses lines and reads nothing but them. */
const COMMANDS = ['fields', 'filter', 'parse'];

/**
 * Refuses queries that count, join or unmask something, or read another log group: all that a check needs is to choose lines.
 * A part that only deployment knows is taken for a word.
 */
export function mustChooseLines(prop: string, query: string): void {
  const commands = commandsOf(query.replace(/\$\{Token\[[^\]]*\]\}/g, 'x'));
  const wrong = commands.find((command) => !COMMANDS.includes(command));
  if (wrong !== undefined) {
    throw new GateError(
      'LogQueryCommand',
      `\`${prop}\` has the command '${wrong}', but may only choose lines, by ${COMMANDS.join(', ')}: write it as \`filter level = "ERROR"\``,
    );
  }
  if (!commands.includes('filter')) {
    throw new GateError(
      'LogQueryWithoutFilter',
      `\`${prop}\` has no command 'filter', so every line would match: write it as \`filter level = "ERROR"\``,
    );
  }
}

/** The first word of each part between pipes. */
function commandsOf(query: string): readonly string[] {
  return withoutLiterals(query)
    .split('|')
    .map(
      (part) =>
        part
          .trim()
          .split(/[^a-zA-Z]/)[0]
          ?.toLowerCase() ?? '',
    );
}

/** Texts, quoted names, regular expressions and comments, in which a pipe is no pipe. */
function withoutLiterals(query: string): string {
  return query.replace(
    /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|(?<=(?:like|=~|parse\s+[\w@.]+)\s*)\/(?:\\.|[^/\\\n])*\/|#[^\n]*/gi,
    ' ',
  );
}
