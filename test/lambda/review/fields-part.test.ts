/** The fields of the form: what it asks for, what it takes, and what it shows of others. */
import { parseDecision } from '../../../lambda/domain/parse-decision';
import type { FieldRule } from '../../../contract/fields';
import type { Vote } from '../../../lambda/domain/vote';
import { typedFields } from '../../../lambda/review/fields-part';
import { CHOICE, filledIn, TICKET } from '../samples';
import { form, quietLog, site, wordsOf } from './ask';
import { ANA, BO, NOW, PEOPLE, query, scene, vote, waiting, type Scene } from './fixture';

quietLog();

const NOTE: FieldRule = { kind: 'TEXT', name: 'note', label: 'Note', optional: true, maxLength: 20 };

function asking(fields: readonly FieldRule[] = [TICKET, CHOICE, NOTE], votes: readonly Vote[] = []): Scene {
  return { ...scene(waiting({ rule: { kind: 'MANUAL', people: { ...PEOPLE, fields } } })), votes };
}

const FILLED = { 'field.ticket': 'CHG-7', 'field.traffic': '50 %' };
const inputs = (body = '') =>
  [...body.matchAll(/<input\b[^>]*name="field\.[^>]*>/g)].map(([input]) => input.replace(/\s+/g, ' '));

test('the form has an input with a label for each field, and says what an approval needs', async () => {
  const s = asking();
  const page = await site(s).ask({ query: query(s) });

  expect(wordsOf(page)).toContain('Later steps of this run read what you fill in here when you approve.');
  expect(wordsOf(page)).toContain('Change ticket (required to approve)');
  expect(wordsOf(page)).toContain('Note (optional)');
  expect(page.body).toMatch(/<label for="field-ticket"\s*>/);
  expect(page.body).toMatch(/id="field-ticket-help">As in CHG-1234</);
  expect(inputs(page.body)).toHaveLength(4);
  expect(inputs(page.body).join('')).not.toContain('checked');
});

test('a gate without fields has none', async () => {
  const s = scene();
  const page = await site(s).ask({ query: query(s) });

  expect(inputs(page.body)).toEqual([]);
  expect(wordsOf(page)).not.toContain('Later steps');
});

test('an approval is recorded with what was filled in, signed', async () => {
  const s = asking();
  const { ask, store } = site(s);
  const page = await ask({ form: form(s, { ...FILLED, 'field.ticket': ' CHG-7 ', 'field.other': 'x' }) });

  expect(page.statusCode).toBe(200);
  expect(store.puts[0]?.details).toBe('{"fields":{"ticket":"CHG-7","traffic":"50 %"}}');
  expect(parseDecision({ ...store.puts[0] })).toMatchObject({ ok: true });
});

test('a rejection needs no fields, and has none', async () => {
  const s = asking();
  const { ask, store } = site(s);
  await ask({ form: form(s, { ...FILLED, verdict: 'REJECT', comment: 'no' }) });

  expect(store.puts).toMatchObject([{ verdict: 'REJECT' }]);
  expect(store.puts[0]).not.toHaveProperty('details');
});

test('what is too long in total is refused on the page, and not lost behind it', async () => {
  const notes = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): FieldRule => ({ kind: 'TEXT', name, label: name }));
  const s = asking(notes);
  const { ask, store } = site(s);
  const filled = (length: number) => Object.fromEntries(notes.map(({ name }) => [`field.${name}`, 'x'.repeat(length)]));
  const page = await ask({ form: form(s, filled(200)) });

  expect(page.statusCode).toBe(422);
  expect(wordsOf(page)).toContain('too long for one approval. Please shorten it by 254 characters in total.');
  expect(store.puts).toEqual([]);
  await ask({ form: form(s, filled(157)) });
  expect(parseDecision({ ...store.puts[0] })).toMatchObject({ ok: true });
});

test.each<[string, Record<string, string>, string, string]>([
  ['a missing text', { 'field.ticket': '' }, 'Change ticket: this is needed to approve.', 'field-ticket'],
  ['a text of another form', { 'field.ticket': 'soon' }, 'Change ticket: As in CHG-1234', 'field-ticket'],
  ['no choice', { 'field.traffic': '' }, 'How much traffic first: this is needed to approve.', 'field-traffic'],
  ['what is no choice', { 'field.traffic': '100 %' }, 'How much traffic first: choose one of', 'field-traffic'],
  ['a text that is too long', { 'field.note': 'x'.repeat(21) }, 'Note: this has 21 characters', 'field-note'],
])('%s is refused at its field, and nothing that was typed is lost', async (_, wrong, why, id) => {
  const s = asking();
  const { ask, store } = site(s);
  const page = await ask({ form: form(s, { ...FILLED, 'field.note': 'Easter "egg" <b>', ...wrong }) });

  expect(page.statusCode).toBe(422);
  expect(store.puts).toEqual([]);
  expect(wordsOf(page)).toContain(why);
  expect(page.body).toContain(`<a href="#${id}">`);
  expect(page.body).toContain(`id="${id}-problem"`);
  const kept = { ...FILLED, ...wrong };
  const [ticket = ''] = inputs(page.body);
  expect(ticket).toContain(`value="${kept['field.ticket']}"`);
  expect(inputs(page.body).filter((input) => input.includes('checked'))).toHaveLength(
    ['10 %', '50 %'].includes(kept['field.traffic']) ? 1 : 0,
  );
  expect(page.body).not.toContain('<b>');
});

describe('what others filled in', () => {
  const by = (approver: string, fields: Record<string, string>, more: Partial<Vote> = {}) =>
    vote(approver, 'APPROVE', { ...filledIn(fields), ...more });

  test('is shown with who did, and stands in the form until somebody changes it', async () => {
    const s = asking([TICKET, CHOICE], [by(ANA, { ticket: 'CHG-7', traffic: '50 %' })]);
    const page = await site(s).ask({ query: query(s) });

    expect(wordsOf(page)).toContain(
      'Ana Lopez filled in: Change ticket: CHG-7, How much traffic first: 50 %. Later steps of this run read what the newest approval ' +
        'says: what you fill in takes its place.',
    );
    const [ticket, ten, fifty] = inputs(page.body);
    expect(ticket).toContain('value="CHG-7"');
    expect([ten, fifty].map((input) => input?.includes('checked'))).toEqual([false, true]);
  });

  test('is not what later steps read where it does not count', async () => {
    const s = asking([TICKET], [by(ANA, { ticket: 'soon' }), by(BO, { ticket: 'CHG-9' }, { current: false })]);
    const page = await site(s).ask({ query: query(s) });

    expect(wordsOf(page)).not.toContain('filled in:');
  });

  test('an approval without it does not count, and its giver is told why', async () => {
    const s = asking([TICKET], [vote(BO, 'APPROVE', { seq: NOW - 1000 })]);
    const page = await site(s).ask({ query: query(s) });

    expect(wordsOf(page)).toContain(
      'Your approval does not count: it lacks what this gate asks for. Change ticket: this is needed to approve. Please fill in the form ' +
        'and answer again.',
    );
    expect(page.body).toContain('<main data-phase="open"');
  });
});

test('names of inputs that no field can have are not read', () => {
  const typed = typedFields(new URLSearchParams('field.a=1&field.a=2&field.__proto__=x&field.b-c=3&other=4'));

  expect(typed).toEqual({ a: '1' });
});
