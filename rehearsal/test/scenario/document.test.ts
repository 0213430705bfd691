import Ajv from 'ajv/dist/2020';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema, reference } from '../../scenario/document';
import { parseScenario } from '../../scenario/load';
import { parse } from 'yaml';
import { SCENARIOS } from '../support/scenarios';

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

describe('the JSON schema for editors', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(jsonSchema());

  test.each(SCENARIOS)('takes %s', (file) => {
    validate(parse(readFileSync(join(__dirname, '../../..', file), 'utf8')));

    expect(validate.errors).toBeNull();
  });

  test.each([
    ['a field that is none', { title: 't', step: [], steps: [{ push: { message: 'm' } }] }],
    ['no steps', { title: 't' }],
    ['two steps in one', { title: 't', steps: [{ push: { message: 'm' }, stop: {} }] }],
    ['a step without its field', { title: 't', steps: [{ push: {} }] }],
    ['a state that is none', { title: 't', steps: [{ expect: { run: 'Done' } }] }],
    ['no time', { title: 't', steps: [{ wait: { for: 'soon' } }] }],
    ['no text in a list', { title: 't', steps: [{ expect: { journal: [true] } }] }],
  ])('refuses %s', (_what, value) => {
    expect(validate(value)).toBe(false);
  });
});
