/** What of the fields is filled in already, by whom, and what of an answer is wrong with them. */
import type { FieldRule } from '../../../contract/fields';
import type { Invitation, Vote } from '../../../lambda/domain/vote';
import {
  fieldProblems,
  fieldsPart,
  filledBy,
  lengthProblems,
  typedFields,
  whyNotFilled,
} from '../../../lambda/review/fields-part';
import type { PageState } from '../../../lambda/review/question-page';
import { CHOICE, filledIn, TICKET } from '../samples';
import { wordsIn } from './ask';
import { ANA, BO, CY, invitation, NOW, PEOPLE, RULES, scene, vote, waiting } from './fixture';
import { stateOf, tagIn } from './page-state';

const NOTE: FieldRule = { kind: 'TEXT', name: 'note', label: 'Note', optional: true };
const gate = (fields?: readonly FieldRule[]) =>
  waiting({ rule: { kind: 'MANUAL', people: { ...PEOPLE, ...(fields === undefined ? {} : { fields }) } } });

function state(votes: readonly Vote[], fields: readonly FieldRule[] = [TICKET], more: Partial<PageState> = {}) {
  const request = gate(fields);
  return stateOf(more, request, { ...scene(request), votes });
}

const valuesIn = (part: unknown): (string | undefined)[] =>
  [...String(part).matchAll(/<input\b[^>]*?value="([^"]*)"[^>]*>/g)].map(([, value]) => value);
const yes = (approver: string, ticket: string, more: Partial<Vote> = {}): Vote =>
  vote(approver, 'APPROVE', { ...filledIn({ ticket }), ...more });
const NOBODY = 'Later steps of this run read what you fill in here when you approve.';
const AFTER = 'Later steps of this run read what the newest approval says: what you fill in takes its place.';

test.each<[string, readonly Vote[], string, string]>([
  ['nobody answered', [], NOBODY, ''],
  ['one approved', [yes(ANA, 'CHG-1')], `Ana Lopez filled in: Change ticket: CHG-1. ${AFTER}`, 'CHG-1'],
  ['the reader approved', [yes(BO, 'CHG-2')], `You filled in: Change ticket: CHG-2. ${AFTER}`, 'CHG-2'],
  [
    'somebody else approved after the reader',
    [yes(BO, 'CHG-2'), yes(ANA, 'CHG-1', { seq: NOW })],
    `Ana Lopez filled in: Change ticket: CHG-1. ${AFTER}`,
    'CHG-2',
  ],
  [
    'the reader approved after somebody else',
    [yes(BO, 'CHG-2', { seq: NOW }), yes(ANA, 'CHG-1')],
    `You filled in: Change ticket: CHG-2. ${AFTER}`,
    'CHG-2',
  ],
  [
    'the reader rejected',
    [vote(BO, 'REJECT', { seq: NOW }), yes(ANA, 'CHG-1')],
    `Ana Lopez filled in: Change ticket: CHG-1. ${AFTER}`,
    'CHG-1',
  ],
  ['only an author without a vote approved', [yes(CY, 'CHG-3')], NOBODY, ''],
  ['somebody approved an older view', [yes(ANA, 'CHG-1', { current: false })], NOBODY, ''],
  ['somebody filled in what is not taken', [yes(ANA, 'soon')], NOBODY, ''],
  ['the reader filled in what is not taken', [yes(BO, 'soon')], NOBODY, 'soon'],
  ['somebody rejected', [vote(ANA, 'REJECT')], NOBODY, ''],
])('where %s, the form says who filled in what, and starts from there', (_, votes, sentence, value) => {
  const part = fieldsPart(state(votes));

  expect(wordsIn(part)).toBe(`${sentence} Change ticket (required to approve) As in CHG-1234`);
  expect(valuesIn(part)).toEqual([value]);
});

test('an approval that left everything optional empty filled in nothing', () => {
  expect(wordsIn(fieldsPart(state([vote(ANA, 'APPROVE')], [NOTE])))).toBe(`${NOBODY} Note (optional)`);
});

test('what was typed stands in the fields, not what was filled in before', () => {
  expect(valuesIn(fieldsPart(state([yes(BO, 'CHG-2')], [TICKET], { fields: {} })))).toEqual(['']);
  expect(valuesIn(fieldsPart(state([yes(BO, 'CHG-2')], [TICKET], { fields: { ticket: 'x' } })))).toEqual(['x']);
});

test('a person without a name is named by their mail', () => {
  const of = state([yes(ANA, 'CHG-1')]);
  const invitations: Invitation[] = [invitation(ANA, 'ana@example.com', 'A'.repeat(43))];

  expect(wordsIn(fieldsPart({ ...of, question: { ...of.question, invitations } }))).toContain(
    'ana@example.com filled in: Change ticket: CHG-1.',
  );
});

test('the one who filled it in is named, wherever they stand among those who were asked', () => {
  const of = state([yes(ANA, 'CHG-1')]);
  const invitations = [...of.question.invitations].reverse();

  expect(wordsIn(fieldsPart({ ...of, question: { ...of.question, invitations } }))).toContain('Ana Lopez filled in:');
});

test('a choice without a problem is described by none', () => {
  expect(tagIn(fieldsPart(state([], [CHOICE])), 'fieldset')).toBe('<fieldset class="field">');
});

test.each<[string, ReturnType<typeof waiting>]>([
  ['without fields', gate()],
  ['with an empty list of them', gate([])],
  ['that asks nobody', waiting({ rule: RULES.AUTOMATED })],
])('a gate %s has no such part, and no approval lacks anything', (_, request) => {
  const of = stateOf({}, request);

  expect(String(fieldsPart(of))).toBe('');
  expect(filledBy(of.question, yes(ANA, 'CHG-1'))).toBe('');
  expect(whyNotFilled(of.question, vote(ANA, 'APPROVE'))).toBeUndefined();
});

test('what somebody filled in is said beside their name, on one line', () => {
  const { question } = state([], [TICKET, CHOICE]);
  const given = vote(ANA, 'APPROVE', filledIn({ ticket: 'CHG-1', traffic: '10 %' }));

  expect(filledBy(question, given)).toBe('Change ticket: CHG-1, How much traffic first: 10 %');
  expect(filledBy(question, vote(ANA, 'REJECT'))).toBe('');
  expect(filledBy(question, undefined)).toBe('');
});

test('only an approval needs the fields', () => {
  const { question } = state([]);

  expect(whyNotFilled(question, vote(ANA, 'APPROVE'))).toBe('Change ticket: this is needed to approve.');
  expect(whyNotFilled(question, yes(ANA, 'CHG-1'))).toBeUndefined();
  expect(whyNotFilled(question, vote(ANA, 'REJECT'))).toBeUndefined();
  expect(whyNotFilled(question, vote(ANA, 'BREAK_GLASS'))).toBeUndefined();
});

test('each field that is wrong has its problem, and no other', () => {
  expect(fieldProblems([TICKET, CHOICE, NOTE], { ticket: 'CHG-1', traffic: '1 %' })).toEqual([
    { field: 'field-traffic', text: 'How much traffic first: choose one of 10 %, 50 %.' },
  ]);
  expect(fieldProblems([TICKET, NOTE], {})).toEqual([
    { field: 'field-ticket', text: 'Change ticket: this is needed to approve.' },
  ]);
});

test('what is too long in total is said at the first field, by how much', () => {
  const fields = (length: number) => ({ fields: { note: 'x'.repeat(length) } });
  // {"fields":{"note":"…"}} is 22 characters around it.
  const fits = 1_000 - '{"fields":{"note":""}}'.length;

  expect(lengthProblems([NOTE, TICKET], fields(fits))).toEqual([]);
  expect(lengthProblems([NOTE, TICKET], fields(fits + 3))).toEqual([
    {
      field: 'field-note',
      text: 'What is filled in is too long for one approval. Please shorten it by 3 characters in total.',
    },
  ]);
  expect(lengthProblems([], fields(fits + 3))).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['field.a=1&field.a=2', { a: '1' }],
  ['field.a=', { a: '' }],
  ['field.=1&field=2&a=3', {}],
  ['xfield.a=1&xxxxxxa=1', {}],
  ['number=1&comment=2&verdict=APPROVE', {}],
  ['field.a=1&field.b=2', { a: '1', b: '2' }],
])('of the form %s these fields are read: %j', (form, typed) => {
  expect(typedFields(new URLSearchParams(form))).toEqual(typed);
});
