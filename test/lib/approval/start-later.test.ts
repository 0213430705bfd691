import { Template } from 'aws-cdk-lib/assertions';
import { ApprovalGateAction, Approvers, GateRule, StartLater } from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { add, ana, bo, documentOf, fixture } from './gate-fixture';

const people = { approvers: Approvers.anyOf(ana, bo) };
const checks = [Check.alarm(AlarmRef.named('shop-5xx'))];
const startLater = StartLater.allowed();

test.each([
  ['people', {}],
  ['people and checks together', { checks, rule: GateRule.guarded() }],
  ['checks, or else people', { checks, rule: GateRule.automatedElsePeople() }],
])('a gate of %s may offer a later start, and its policy says so', (_, more) => {
  const w = fixture();
  add(w, { ...people, ...more, startLater });

  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').rule.people.startLater).toBe('ALLOWED');
});

test('no gate offers it by itself', () => {
  const w = fixture();
  add(w, people);

  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').rule.people).not.toHaveProperty(
    'startLater',
  );
});

test('a gate that asks nobody has nobody to choose a time', () => {
  expect(() => add(fixture(), { approvers: undefined, checks, startLater })).toThrow(
    /`startLater` lets approvers choose.*nobody is named/,
  );
});

test('CodePipeline knows no later start, so it needs a workflow', () => {
  expect(
    () => new ApprovalGateAction({ actionName: 'Approve', approvers: Approvers.emails('ana@example.com'), startLater }),
  ).toThrow(/`startLater` needs a `workflow`/);
});

test('what is not made by its factory is refused', () => {
  expect(() => add(fixture(), { ...people, startLater: true as never })).toThrow(
    /`startLater` is true, but has to be made by `StartLater.allowed`/,
  );
});
