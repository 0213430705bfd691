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

test('there may be ten fields, twenty choices, and 200 characters of a pattern; what is left out stays out', () => {
  const choices = Array.from({ length: 20 }, (_, n) => `choice ${n}`);
  const bare = { kind: 'TEXT', name: 'note', label: 'Note' };
  const fields = [
    bare,
    { ...CHOICE, name: 'many', choices },
    ...Array.from({ length: 8 }, (_, n) => ({ ...TICKET, name: `f${n}`, pattern: 'a'.repeat(200) })),
  ];

  expect(parseFields(fields)).toStrictEqual(fields);
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
  ['twenty-one choices', [{ ...CHOICE, choices: Array.from({ length: 21 }, (_, n) => `${n}`) }], /is not 1 to 20/],
  ['choices that are no list', [{ ...CHOICE, choices: 'a' }], /`choices` is not a list/],
  ['a field that is a text', ['ticket'], /`field` is not an object/],
  ['a text with choices', [{ ...TICKET, choices: ['a'] }], /`field` has a field that is not known here/],
  ['a choice with a hint', [{ ...CHOICE, hint: 'a' }], /`field` has a field that is not known here/],
  ['a choice twice', [{ ...CHOICE, choices: ['a', 'a'] }], /different/],
])('%s is refused', (_, fields, why) => {
  expect(() => parseFields(fields)).toThrow(why);
});

test('values are read by the names of their fields, of which there may be ten', () => {
  const ten = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`f${n}`, 'x']));

  expect(parseFieldValues({ ticket: 'CHG-1' })).toEqual({ ticket: 'CHG-1' });
  expect(parseFieldValues(ten)).toEqual(ten);
});

const NOT_VALUES = /`fields` is not 1 to 10 values by the names of fields/;
const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`f${n}`, 'x']));

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /`fields` is not an object/],
  ['a list', ['CHG-1'], /`fields` is not an object/],
  ['no value', {}, NOT_VALUES],
  ['more values than a gate has fields', eleven, NOT_VALUES],
  ['a name that is none', { 'the ticket': 'x' }, NOT_VALUES],
  ['a name that is none among others', { ticket: 'x', 'the ticket': 'x' }, NOT_VALUES],
  ['a value that is no text', { ticket: 1 }, /`ticket`/],
  ['an empty value', { ticket: '' }, /`ticket`/],
  ['a value of two lines', { ticket: 'a\nb' }, /`ticket` is not one line/],
  ['a value that is too long', { ticket: 'x'.repeat(201) }, /`ticket` is not one line of at most 200/],
])('%s is no values of fields', (_, values, why) => {
  expect(() => parseFieldValues(values)).toThrow(why);
});
