import { parseFields, parseFieldValues } from '../../../lambda/domain/parse-fields';
import { parsePolicy } from '../../../lambda/domain/parse-policy';
import { CHOICE, GATE, policyOf, ruleOf, TICKET } from '../samples';

test('a policy with fields is read as it was written', () => {
  const rule = ruleOf('MANUAL', {
    people: { fields: [TICKET, CHOICE, { ...TICKET, name: 'b', optional: true, maxLength: 9 }] },
  });
  const policy = policyOf({ rule });

  expect(parsePolicy(JSON.stringify(policy), GATE)).toEqual({ ok: true, value: policy });
});

test.each<[string, unknown, RegExp]>([
  ['no list', {}, /`fields` is not a list/],
  ['no field', [], /not 1 to 10 fields/],
  ['eleven fields', Array.from({ length: 11 }, (_, n) => ({ ...TICKET, name: `f${n}` })), /not 1 to 10 fields/],
  ['two of a name', [TICKET, { ...CHOICE, name: 'ticket' }], /each with a name of its own/],
  ['a name with a blank', [{ ...TICKET, name: 'the ticket' }], /`name`/],
  ['a name that is none', [{ ...TICKET, name: '__proto__' }], /`name`/],
  ['a label of two lines', [{ ...TICKET, label: 'a\nb' }], /`label` is not one line/],
  ['another kind', [{ ...TICKET, kind: 'DATE' }], /`kind` is none of/],
  ['a rule that is not known', [{ ...TICKET, signedOff: true }], /not known here/],
  ['a choice with a pattern', [{ ...CHOICE, pattern: '.*' }], /not known here/],
  ['a pattern that is none', [{ ...TICKET, pattern: '(' }], /no regular expression/],
  ['a pattern that ends the match of the whole', [{ ...TICKET, pattern: 'a)|(?:b' }], /no regular expression/],
  ['a pattern without an end', [{ ...TICKET, pattern: 'a'.repeat(201) }], /more than 200/],
  ['a length of nothing', [{ ...TICKET, maxLength: 0 }], /`maxLength`/],
  ['a length that is too long', [{ ...TICKET, maxLength: 201 }], /`maxLength`/],
  ['what is optional perhaps', [{ ...TICKET, optional: false }], /`optional` is not true/],
  ['nothing to choose from', [{ ...CHOICE, choices: [] }], /`choices` is not 1 to 20/],
  ['a choice twice', [{ ...CHOICE, choices: ['a', 'a'] }], /different/],
])('%s is refused', (_, fields, why) => {
  expect(() => parseFields(fields)).toThrow(why);
});

test('values are read by the names of their fields', () => {
  expect(parseFieldValues({ ticket: 'CHG-1' })).toEqual({ ticket: 'CHG-1' });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', ['CHG-1']],
  ['no value', {}],
  ['more values than a gate has fields', Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`f${n}`, 'x']))],
  ['a name that is none', { 'the ticket': 'x' }],
  ['a value that is no text', { ticket: 1 }],
  ['an empty value', { ticket: '' }],
  ['a value of two lines', { ticket: 'a\nb' }],
  ['a value that is too long', { ticket: 'x'.repeat(201) }],
])('%s is no values of fields', (_, values) => {
  expect(() => parseFieldValues(values)).toThrow();
});
