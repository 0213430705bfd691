import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reference } from '../../../rehearsal/scenario/document';
import { parseScenario } from '../../../rehearsal/scenario/load';

const PAGE = join(__dirname, '../../../docs/rehearsal.md');
const FROM = '<!-- from rehearsal/scenario/schema.ts -->';

test('docs/rehearsal.md has the reference that the shapes give (UPDATE_DOCS=1 writes it)', () => {
  const text = readFileSync(PAGE, 'utf8');
  const written = `${text.slice(0, text.indexOf(FROM) + FROM.length)}\n\n${reference()}\n`;
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, written);

  expect(readFileSync(PAGE, 'utf8')).toBe(written);
});

test('every example of docs/rehearsal.md is a scenario', () => {
  const examples = [...readFileSync(PAGE, 'utf8').matchAll(/```yaml\n([\s\S]+?)```/g)].map(([, yaml]) => yaml!);

  expect(examples.length).toBeGreaterThan(0);
  expect(() => examples.forEach((yaml) => parseScenario(yaml, 'docs/rehearsal.md'))).not.toThrow();
});
