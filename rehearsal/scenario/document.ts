/** The reference of scenario files in docs/rehearsal.md, made from the shapes and from what their source says of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectation, scenario, step } from './schema';
import type { Shape } from './shape';

export function reference(): string {
  // A name such as `alarm` may be expected and be a step: each has its own comment.
  const [ofExpectations = '', ofSteps = ''] = readFileSync(join(__dirname, 'schema.ts'), 'utf8').split(
    'export const step',
  );
  const said = commentsOf(ofSteps);
  const steps = Object.entries(step.fields ?? {}).filter(([name]) => name !== 'expect');
  return [
    '### The file',
    table(scenario, new Map()),
    '### What can be expected',
    'By `expect`, and by `wait` with `until`. All of it has to hold.',
    table(expectation, commentsOf(ofExpectations)),
    ...steps.flatMap(([name, shape]) => [`### \`${name}\``, ...(said.get(name) ?? []), table(shape, new Map())]),
  ].join('\n\n');
}

function table({ fields = {}, required = [] }: Shape<unknown>, said: ReadonlyMap<string, readonly string[]>): string {
  const rows = Object.entries(fields).map(([name, { allowed }]) => {
    const about = [allowed, ...(said.get(name) ?? [])].join('. ').replaceAll('|', '\\|');
    return `| \`${name}\` | ${required.includes(name) ? 'yes' : ''} | ${about} |`;
  });
  return ['| field | needed | value |', '|---|---|---|', ...rows].join('\n');
}

/** The comment before each member: `name` to its text. */
function commentsOf(source: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [, comment = '', name = ''] of source.matchAll(/\/\*\* (.+?) \*\/\n\s+(\w+):/g)) {
    found.set(name, [comment.replaceAll('<', '&lt;')]);
  }
  return found;
}
