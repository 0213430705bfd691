import { Duration, Lazy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import { Approvers, Reminders } from '../../../lib/approval';
import { add, ana, documentOf, fixture, health, three } from './gate-fixture';

const reminders = Reminders.at(0.5);

function policyWith(props: Partial<ApprovalGateActionProps>): any {
  const w = fixture();
  add(w, props);
  return documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').rule.people;
}

test.each([
  ['at shares of the time, in any order', Reminders.at(0.9, 0.5), [0.5, 0.9]],
  ['five times at most', Reminders.at(0.999, 0.001, 0.2, 0.3, 0.4), [0.001, 0.2, 0.3, 0.4, 0.999]],
  ['never', Reminders.none(), []],
])('people are reminded %s', (_, chosen, shares) => {
  expect(policyWith({ reminders: chosen }).reminders).toEqual(shares);
});

test('a policy says nothing of reminders that nobody chose', () => {
  expect(policyWith({})).not.toHaveProperty('reminders');
});

test.each<[string, number[], RegExp]>([
  ['none', [], /names no time: give shares such as 0.5, or write `Reminders.none\(\)` \[NoReminders\]/],
  ['six', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], /has 6 times, but a person is reminded at most 5 times/],
  ['the beginning', [0], /`reminders` holds 0, but a share of the time is above 0 and below 1/],
  ['the deadline', [1], /holds 1, but/],
  ['a percentage', [50], /holds 50, but/],
  ['less than nothing', [-0.5], /holds -0.5, but/],
  ['no number', [Number.NaN], /holds null, but/],
  ['a text', ['0.5' as never], /holds "0.5", but/],
  ['the same twice', [0.5, 0.2, 0.5], /`reminders` has 0.5 twice: remove one/],
  ['a token', [Lazy.number({ produce: () => 0.5 })], /holds a token, but has to be known at synth/],
])('reminders at %s are refused', (_, shares, message) => {
  expect(() => Reminders.at(...shares)).toThrow(message);
});

test.each<[string, Partial<ApprovalGateActionProps>, RegExp]>([
  ['without a workflow', { workflow: undefined, approvers: Approvers.anyOf(ana) }, /.*needs a `workflow`/],
  ['of nobody', { approvers: undefined, checks: [health()] }, /`reminders` are given, but nobody is named/],
  ['that are a list', { reminders: [0.5] as never }, /`reminders` is \[0.5\], but has to be made by `Reminders.at`/],
])('reminders %s are refused', (_, props, message) => {
  expect(() => add(fixture(), { reminders, ...props })).toThrow(message);
});

test('to remind nobody is what happens where nobody is asked', () => {
  expect(() => add(fixture(), { approvers: undefined, checks: [health()], reminders: Reminders.none() })).not.toThrow();
});

describe('reminders of a time-out under an hour', () => {
  const warning = Match.stringLikeRegexp('nobody is reminded where that is under an hour.*remindersNotSent');
  const annotationsWith = (props: Partial<ApprovalGateActionProps>) => {
    const w = fixture();
    add(w, { approvers: three, ...props });
    return Annotations.fromStack(w.release);
  };

  test('are a warning', () => {
    annotationsWith({ reminders, timeout: Duration.minutes(59) }).hasWarning('*', warning);
  });

  test.each<[string, Partial<ApprovalGateActionProps>]>([
    ['of an hour', { reminders, timeout: Duration.hours(1) }],
    ['that is known at deployment', { reminders, timeout: Duration.minutes(Lazy.number({ produce: () => 5 })) }],
    ['under an hour without any', { reminders: Reminders.none(), timeout: Duration.minutes(5) }],
    ['under an hour where nobody chose', { timeout: Duration.minutes(5) }],
  ])('are none: a time-out %s', (_, props) => {
    annotationsWith(props).hasNoWarning('*', warning);
  });
});
