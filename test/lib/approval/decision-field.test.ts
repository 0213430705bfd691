import { Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import {
  Answers,
  ApprovalGateAction,
  ApprovalWorkflow,
  BreakGlass,
  Approvers,
  DecisionField,
  GateRule,
} from '../../../lib/approval';
import { parsePolicy } from '../../../lambda/domain/parse-policy';
import { add, ana, bo, documentOf, fixture, health } from './gate-fixture';
import { newApp } from './stacks';

const ticket = DecisionField.text('ticket', { label: 'Change ticket', pattern: 'CHG-[0-9]+', hint: 'As in CHG-1234' });
const traffic = DecisionField.choice('traffic', { label: 'How much first', choices: ['10 %', '50 %'] });
const people = { approvers: Approvers.anyOf(ana, bo) };
const token = Lazy.string({ produce: () => 'x' });

test('the policy has them as the functions read them', () => {
  const w = fixture();
  add(w, {
    ...people,
    fields: [ticket, traffic, DecisionField.text('note', { label: 'Note', required: false, maxLength: 9 })],
  });

  const policy = documentOf(Template.fromStack(w.release), '/Prod/Approve/policy');
  expect(policy.rule.people.fields).toEqual([
    { kind: 'TEXT', name: 'ticket', label: 'Change ticket', pattern: 'CHG-[0-9]+', hint: 'As in CHG-1234' },
    { kind: 'CHOICE', name: 'traffic', label: 'How much first', choices: ['10 %', '50 %'] },
    { kind: 'TEXT', name: 'note', label: 'Note', optional: true, maxLength: 9 },
  ]);
  const read = {
    ...policy,
    answerRole: 'arn:aws:iam::111111111111:role/x',
    gate: { ...policy.gate, pipeline: 'shop' },
  };
  expect(parsePolicy(JSON.stringify(read), read.gate)).toMatchObject({ ok: true });
});

test('fields whose longest choices no approval could hold are refused', () => {
  const w = fixture();
  const fields = Array.from({ length: 9 }, (_, n) =>
    DecisionField.choice(`choice${n}`, { label: 'x', choices: ['a', 'b'.repeat(100)] }),
  );

  expect(() => add(w, { ...people, fields })).toThrow(/`fields` take 1018 bytes with their names and longest choices/);
  expect(() => add(fixture(), { ...people, fields: fields.slice(0, 7) })).not.toThrow();
});

test('both limits of what may be long', () => {
  const long = 'x'.repeat(100);
  expect(() => DecisionField.text(`a${'b'.repeat(39)}`, { label: long, hint: long, maxLength: 200 })).not.toThrow();
  expect(() => DecisionField.text('_', { label: 'x', maxLength: 1, pattern: 'x'.repeat(200) })).not.toThrow();
  expect(() =>
    DecisionField.choice('c', { label: 'x', choices: Array.from({ length: 20 }, (_, n) => `${n}`) }),
  ).not.toThrow();
});

test.each<[string, () => unknown, RegExp]>([
  ['a name with a blank', () => DecisionField.text('the ticket', { label: 'x' }), /`name` of a field is "the ticket"/],
  ['a name of 41 characters', () => DecisionField.text('a'.repeat(41), { label: 'x' }), /at most 40 characters/],
  ['a name that begins with a digit', () => DecisionField.text('1', { label: 'x' }), /a letter or '_'/],
  ['a name that is a token', () => DecisionField.text(token, { label: 'x' }), /`name` is a token/],
  ['a name that is none', () => DecisionField.text('__proto__', { label: 'x' }), /rename it/],
  ['no options', () => DecisionField.text('a', undefined as never), /needs an object/],
  ['no label', () => DecisionField.text('a', {} as never), /`label` is nothing, but has to be a text/],
  ['an empty label', () => DecisionField.text('a', { label: '' }), /1 to 100 characters/],
  ['a label of two lines', () => DecisionField.text('a', { label: 'a\nb' }), /one line/],
  ['a label that is too long', () => DecisionField.text('a', { label: 'x'.repeat(101) }), /1 to 100 characters/],
  ['a label that is a token', () => DecisionField.text('a', { label: token }), /`label` is a token/],
  ['a hint of two lines', () => DecisionField.text('a', { label: 'x', hint: 'a\nb' }), /`hint` is/],
  ['a length of 0', () => DecisionField.text('a', { label: 'x', maxLength: 0 }), /`maxLength` is 0/],
  ['a length of 201', () => DecisionField.text('a', { label: 'x', maxLength: 201 }), /from 1 to 200/],
  ['a length of one and a half', () => DecisionField.text('a', { label: 'x', maxLength: 1.5 }), /whole number/],
  [
    'a length that is a token',
    () => DecisionField.text('a', { label: 'x', maxLength: Lazy.number({ produce: () => 1 }) }),
    /`maxLength` is a token/,
  ],
  ['a pattern that is none', () => DecisionField.text('a', { label: 'x', pattern: '(' }), /`pattern` is "\("/],
  ['a pattern that is too long', () => DecisionField.text('a', { label: 'x', pattern: 'x'.repeat(201) }), /1 to 200/],
  ['no choices', () => DecisionField.choice('a', { label: 'x', choices: [] }), /list of 1 to 20/],
  ['a choice that is no list', () => DecisionField.choice('a', { label: 'x', choices: 'ab' as never }), /list of 1/],
  [
    '21 choices',
    () => DecisionField.choice('a', { label: 'x', choices: Array.from({ length: 21 }, (_, n) => `${n}`) }),
    /list of 1 to 20/,
  ],
  ['a choice twice', () => DecisionField.choice('a', { label: 'x', choices: ['a', 'a'] }), /"a" twice/],
  ['an empty choice', () => DecisionField.choice('a', { label: 'x', choices: [''] }), /`choices` is ""/],
  ['a choice that is a variable', () => DecisionField.choice('a', { label: 'x', choices: ['#{a.b}'] }), /`#\{`/],
])('a field with %s is refused', (_, make, why) => {
  expect(make).toThrow(why);
});

const gate = (props: Partial<ApprovalGateActionProps>) => () => {
  const workflow = new ApprovalWorkflow(new Stack(newApp(), 'Stack'), 'Approvals');
  return new ApprovalGateAction({ actionName: 'Approve', workflow, ...people, ...props });
};
const many = Array.from({ length: 11 }, (_, n) => DecisionField.text(`f${n}`, { label: 'x' }));

test.each<[string, Partial<ApprovalGateActionProps>, RegExp]>([
  ['none', { fields: [] }, /`fields` has 0 fields, but needs 1 to 10/],
  ['eleven', { fields: many }, /`fields` has 11 fields/],
  ['two of a name', { fields: [ticket, ticket] }, /"ticket" twice/],
  ['what is no list', { fields: ticket as never }, /`fields` has to be a list/],
  ['what is no field', { fields: ['ticket' as never] }, /DecisionField.text/],
  ['but nobody to fill them in', { approvers: undefined, checks: [health()], fields: [ticket] }, /NobodyToFillIn/],
  [
    'but perhaps nobody to fill them in',
    { checks: [health()], rule: GateRule.automatedElsePeople(), fields: [ticket] },
    /healthy checks open the gate without them/,
  ],
  [
    'but one who opens it without them',
    { breakGlass: BreakGlass.by(ana), fields: [ticket] },
    /`breakGlass` opens the gate without them/,
  ],
  [
    'but no workflow',
    { workflow: undefined, approvers: Approvers.anyOf(bo), fields: [ticket] },
    /`fields` needs a `workflow`/,
  ],
])('a gate with %s is refused', (_, props, why) => {
  expect(gate(props)).toThrow(why);
});

test('ten fit', () => {
  expect(gate({ fields: many.slice(1) })).not.toThrow();
});

test('the console has no form', () => {
  const stack = new Stack(newApp(), 'Stack');
  const workflow = new ApprovalWorkflow(stack, 'Approvals', { answers: Answers.inConsole() });
  const known = Approvers.anyOf(ana);

  expect(() =>
    workflow.addGate({
      pipelineName: 'shop',
      stageName: 'Prod',
      actionName: 'Approve',
      approvers: known,
      fields: [ticket],
    }),
  ).toThrow(/`fields` are filled in by approvers, but the console has no form/);
  expect(() => workflow.fieldsFunction()).toThrow(/LinksNeeded/);
});
