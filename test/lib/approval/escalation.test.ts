import { Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import { Approver, ApproverGroup, Approvers, Escalation, GateRule } from '../../../lib/approval';
import { add, ana, bo, cy, documentOf, fixture, health } from './gate-fixture';

const FOUR_HOURS = Duration.hours(4);
const shared = Approver.sharedMailbox('ops@example.com', { name: 'Ops' });
const first = { approvers: Approvers.atLeast(2, ana, bo) };
const dora = Approver.person('dora@example.com');

test('who is asked later stands in the policy, and has a mail topic like the others', () => {
  const w = fixture();
  add(w, { ...first, escalation: Escalation.after(FOUR_HOURS, cy, dora) });

  const template = Template.fromStack(w.release);
  expect(documentOf(template, '/Prod/Approve/policy').rule.people).toMatchObject({
    groups: [{ quorum: 2, ids: [ana.approverId, bo.approverId] }],
    escalation: { afterMinutes: 240, ids: [cy.approverId, dora.approverId] },
  });
  for (const { approverId } of [ana, bo, cy, dora]) {
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: `gates-shop-to-${approverId}` });
  }
});

test('a policy says nothing of people whom nobody named', () => {
  const w = fixture();
  add(w, first);

  expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').rule.people).not.toHaveProperty(
    'escalation',
  );
});

test.each<[string, Partial<ApprovalGateActionProps>]>([
  [
    'at any time before the time-out',
    { escalation: Escalation.after(Duration.days(7).minus(Duration.minutes(1)), cy) },
  ],
  ['five minutes later', { escalation: Escalation.after(Duration.minutes(5), cy) }],
  [
    'at a time that is known at deployment',
    { escalation: Escalation.after(Duration.minutes(Lazy.number({ produce: () => 5 })), cy) },
  ],
  [
    'beside checks',
    { escalation: Escalation.after(FOUR_HOURS, cy), checks: [health()], rule: GateRule.automatedElsePeople() },
  ],
  [
    'in a shared mailbox, where authors may vote',
    { escalation: Escalation.after(FOUR_HOURS, shared), excludeAuthor: false },
  ],
])('further people may be asked %s', (_, props) => {
  expect(() => add(fixture(), { ...first, ...props })).not.toThrow();
});

test.each<[string, () => Partial<ApprovalGateActionProps>, RegExp]>([
  ['of nobody', () => ({ escalation: Escalation.after(FOUR_HOURS) }), /`escalation` names nobody.*NobodyToEscalateTo/],
  [
    'to an address',
    () => ({ escalation: Escalation.after(FOUR_HOURS, 'cy@example.com' as never) }),
    /`escalation` holds "cy@example.com", but has to hold approvers/,
  ],
  [
    'too soon',
    () => ({ escalation: Escalation.after(Duration.minutes(4), cy) }),
    /`escalation` is 4 minutes, but must be/,
  ],
  ['of seconds', () => ({ escalation: Escalation.after(Duration.seconds(330), cy) }), /must be whole minutes/],
  [
    'that is no duration',
    () => ({ escalation: Escalation.after(4 as never, cy) }),
    /`escalation` is 4, but has to be a/,
  ],
  [
    'as late as the time-out',
    () => ({ escalation: Escalation.after(FOUR_HOURS, cy), timeout: FOUR_HOURS }),
    /after 4 hours, but must be shorter than `timeout`, 4 hours.*EscalationOutlastsTimeout/,
  ],
  [
    'to somebody who is asked first',
    () => ({ escalation: Escalation.after(FOUR_HOURS, cy, Approver.person('BO@example.com')) }),
    /'(BO|bo)@example.com' is in `approvers` and in `escalation`.*AskedTwice/,
  ],
  ['to somebody twice', () => ({ escalation: Escalation.after(FOUR_HOURS, cy, cy) }), /names 'cy@example.com' twice/],
  [
    'to the other address of somebody who is asked first, where two are needed',
    () => ({ escalation: Escalation.after(FOUR_HOURS, Approver.person('bo+2@example.com')) }),
    /are one mailbox, which would be a quorum alone.*OnePersonTwice/,
  ],
  [
    'to a further name of somebody who is asked first, where two are needed',
    () => ({ escalation: Escalation.after(FOUR_HOURS, Approver.person('a@example.com', { alsoKnownAs: ['ana-gh'] })) }),
    /are one person by `alsoKnownAs`.*OnePersonTwice/,
  ],
  [
    'to a second shared mailbox, where two are needed',
    () => ({
      approvers: Approvers.atLeast(2, ana, shared),
      excludeAuthor: false,
      escalation: Escalation.after(FOUR_HOURS, Approver.sharedMailbox('dev@example.com', { name: 'Dev' })),
    }),
    /are shared mailboxes.*SharedMailboxQuorum/,
  ],
  [
    'to a shared mailbox that hides an author',
    () => ({ escalation: Escalation.after(FOUR_HOURS, shared) }),
    /'ops@example.com' is a shared mailbox: nobody can tell/,
  ],
  [
    'to more people than a gate asks',
    () => ({
      escalation: Escalation.after(
        FOUR_HOURS,
        ...Array.from({ length: 99 }, (_, n) => Approver.person(`p${n}@example.com`)),
      ),
    }),
    /has 101 members.*TooManyApprovers/,
  ],
  [
    'of groups',
    () => ({
      approvers: Approvers.allGroups(ApproverGroup.anyOf('Security', ana), ApproverGroup.anyOf('Product', bo)),
      escalation: Escalation.after(FOUR_HOURS, cy),
    }),
    /`approvers` are several groups, and nobody says for which they count.*EscalationOfGroups/,
  ],
  [
    'where nobody is asked first',
    () => ({ approvers: undefined, checks: [health()], escalation: Escalation.after(FOUR_HOURS, cy) }),
    /nobody is named: give `approvers`.*NobodyAskedFirst/,
  ],
  ['as people', () => ({ escalation: [cy] as never }), /has to be made by `Escalation.after`/],
  [
    'without a workflow',
    () => ({
      workflow: undefined,
      approvers: Approvers.emails('a@example.com'),
      escalation: Escalation.after(FOUR_HOURS, bo),
    }),
    /`escalation` needs a `workflow`/,
  ],
])('an escalation %s is refused', (_, props, message) => {
  expect(() => add(fixture(), { ...first, ...props() })).toThrow(message);
});
