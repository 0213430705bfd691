import fc from 'fast-check';
import type { FieldRule } from '../../../contract/fields';
import { whyRefused } from '../../../lambda/domain/fields';
import { weakenings } from '../../../lambda/domain/weakened';
import { fieldsWeakened } from '../../../lambda/domain/weakened-fields';
import { CHOICE, policyOf, ruleOf, TICKET } from '../samples';

const ANY: FieldRule = { kind: 'TEXT', name: 'any', label: 'Any' };
const optional: FieldRule = { ...TICKET, optional: true };

test.each<[string, readonly FieldRule[] | undefined, readonly FieldRule[] | undefined, readonly string[]]>([
  ['a field that was needed is gone', [TICKET, CHOICE], [CHOICE], ['no longer asks for: Change ticket']],
  ['all of them are gone', [CHOICE], undefined, ['no longer asks for: How much traffic first']],
  ['a field may be left out', [TICKET], [optional], ['takes other values: Change ticket']],
  ['a text may be longer', [{ ...TICKET, maxLength: 9 }], [TICKET], ['takes other values: Change ticket']],
  ['a text has another form', [TICKET], [{ ...TICKET, pattern: 'CHG-1' }], ['takes other values: Change ticket']],
  [
    'a choice is new',
    [CHOICE],
    [{ ...CHOICE, choices: ['10 %', '100 %'] }],
    ['takes other values: How much traffic first'],
  ],
  [
    'a choice becomes a text',
    [CHOICE],
    [{ ...TICKET, name: CHOICE.name }],
    ['takes other values: How much traffic first'],
  ],
  [
    'a choice becomes any text',
    [CHOICE],
    [{ ...ANY, name: CHOICE.name }],
    ['takes other values: How much traffic first'],
  ],
  ['any text becomes a choice', [ANY], [{ ...CHOICE, name: ANY.name }], ['takes other values: Any']],
  ['nothing changes', [TICKET, CHOICE], [TICKET, CHOICE], []],
  ['a field is new', undefined, [TICKET], []],
  ['a field that was not needed is gone', [optional], undefined, []],
  ['a field is needed from now on', [optional], [TICKET], []],
  ['a choice is gone', [CHOICE], [{ ...CHOICE, choices: ['10 %'] }], []],
  ['a text is shorter', [TICKET], [{ ...TICKET, maxLength: 9 }], []],
  ['other words stand beside it', [TICKET], [{ ...TICKET, label: 'Ticket', hint: 'CHG-1' }], []],
])('%s', (_, before, after, said) => {
  expect(fieldsWeakened(before, after)).toEqual(said);
});

test('the policy says so', () => {
  const before = policyOf({ rule: ruleOf('MANUAL', { people: { fields: [TICKET] } }) });

  expect(weakenings(before, policyOf(), [])).toEqual(['no longer asks for: Change ticket']);
  expect(weakenings(policyOf(), before, [])).toEqual([]);
});

test('where nothing is weakened, whatever is taken now was taken before', () => {
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const field = fc.oneof(
    fc
      .record({
        isOptional: fc.boolean(),
        maxLength: maybe(fc.integer({ min: 1, max: 3 })),
        pattern: maybe(fc.constantFrom('a*', '[ab]+')),
      })
      .map(({ isOptional, maxLength, pattern }): FieldRule => ({
        kind: 'TEXT',
        name: 'f',
        label: 'F',
        ...(isOptional ? { optional: true } : {}),
        ...(maxLength === undefined ? {} : { maxLength }),
        ...(pattern === undefined ? {} : { pattern }),
      })),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', 'ab'), { minLength: 1 })
      .map((choices): FieldRule => ({ kind: 'CHOICE', name: 'f', label: 'F', choices })),
  );
  fc.assert(
    fc.property(field, field, (before, after) => {
      if (fieldsWeakened([before], [after]).length === 0) {
        for (const value of ['', 'a', 'b', 'ab', 'aaa', 'abab', 'c']) {
          if (whyRefused(after, value) === undefined) {
            expect(whyRefused(before, value)).toBeUndefined();
          }
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
