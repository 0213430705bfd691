/** The reference of scenario files in docs/rehearsal.md, and their JSON schema for editors: both made from the shapes. */
import type { z } from 'zod';
import { expectation } from './expectation';
import { scenario, step } from './schema';
import { jsonSchemaOf, wordsOf } from './shape';

export function reference(): string {
  const steps = Object.entries(wordsOf(step).fields ?? {}).filter(([name]) => name !== 'expect');
  return [
    '### The file',
    table(scenario),
    '### What can be expected',
    'By `expect`, and by `wait` with `until`. All of it has to hold.',
    table(expectation),
    ...steps.flatMap(([name, shape]) => [`### \`${name}\``, ...aboutOf(shape), table(shape)]),
  ].join('\n\n');
}

export function jsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A scenario of a rehearsal',
    ...jsonSchemaOf(scenario),
  };
}

function table(shape: z.ZodType): string {
  const { fields = {}, required = [] } = wordsOf(shape);
  const rows = Object.entries(fields).map(([name, field]) => {
    const about = [wordsOf(field).allowed, ...aboutOf(field)].join('. ').replaceAll('|', '\\|');
    return `| \`${name}\` | ${required.includes(name) ? 'yes' : ''} | ${about} |`;
  });
  return ['| field | needed | value |', '|---|---|---|', ...rows].join('\n');
}

function aboutOf({ description }: z.ZodType): readonly string[] {
  return description === undefined ? [] : [outsideCode(description)];
}

/** Markdown takes `<…>` for HTML, except in code. */
function outsideCode(words: string): string {
  return words
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');
}
