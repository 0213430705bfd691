import { Template } from 'aws-cdk-lib/assertions';
import type { ApprovalGateActionProps, ApprovalWorkflowProps } from '../../../lib/approval';
import {
  Answers,
  ApprovalWorkflow,
  Approver,
  ApproverList,
  Approvers,
  BreakGlass,
  Dashboard,
  Mail,
} from '../../../lib/approval';
import type { Fixture } from './gate-fixture';
import { add, ana, bo, cy, documentOf, fixture, health } from './gate-fixture';

const both = { approvers: Approvers.atLeast(2, ana, bo) };
const ops = Approver.sharedMailbox('ops@example.com', { name: 'Ops' });
const guest = Approver.guest('di@customer.example', { until: '2026-12-24' });
const policy = (props: Partial<ApprovalGateActionProps>) => {
  const w = fixture();
  add(w, { ...both, ...props });
  const template = Template.fromStack(w.release);
  return { template, people: documentOf(template, '/Prod/Approve/policy').rule.people as object };
};

const workflowOf = (w: Fixture, props: ApprovalWorkflowProps) => new ApprovalWorkflow(w.release, 'Other', props);

test('who may open a gate alone stands in its policy, and is known to the workflow like an approver', () => {
  const { template, people } = policy({ breakGlass: BreakGlass.by(ana, cy, cy) });

  expect(people).toMatchObject({ breakGlass: [ana.approverId, cy.approverId] });
  for (const { approverId } of [ana, bo, cy]) {
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: `gates-shop-to-${approverId}` });
  }
});

test('every approver may, by a word', () => {
  expect(policy({ breakGlass: BreakGlass.byApprovers() }).people).toMatchObject({ breakGlass: 'APPROVERS' });
});

test('by default nobody may', () => {
  expect(policy({}).people).not.toHaveProperty('breakGlass');
});

test('whoever stands in a list may, too', () => {
  const w = fixture();
  const workflow = workflowOf(w, { mail: Mail.ses({ from: 'releases@example.com' }) });
  const list = ApproverList.fromParameter('/shop/releasers', { allowedDomains: ['example.com'] });

  expect(() =>
    add(w, { workflow, approvers: Approvers.fromList(2, list), breakGlass: BreakGlass.byApprovers() }),
  ).not.toThrow();
});

test.each<[string, () => Partial<ApprovalGateActionProps>, RegExp]>([
  ['of nobody', () => ({ breakGlass: BreakGlass.by() }), /`breakGlass` names nobody.*NobodyBreaksGlass/],
  [
    'of an address',
    () => ({ breakGlass: BreakGlass.by('cy@example.com' as never) }),
    /`breakGlass` holds "cy@example.com", but has to hold approvers/,
  ],
  ['of a shared mailbox', () => ({ breakGlass: BreakGlass.by(ops) }), /'ops@example.com', a shared mailbox, but/],
  ['of a guest', () => ({ breakGlass: BreakGlass.by(guest) }), /'di@customer.example', a guest.*NobodyInParticular/],
  ['as people', () => ({ breakGlass: [cy] as never }), /has to be made by `BreakGlass.by`/],
  [
    'where all approvers are shared mailboxes or guests',
    () => ({ approvers: Approvers.anyOf(ops, guest), breakGlass: BreakGlass.byApprovers() }),
    /all of them are shared mailboxes or guests.*NobodyBreaksGlass/,
  ],
  [
    'of the only person',
    () => ({ approvers: Approvers.anyOf(ana, ops), breakGlass: BreakGlass.byApprovers() }),
    /lets 'ana@example.com' open the gate alone, but a second person has to be there.*NobodyToReview/,
  ],
  [
    'of one person with two addresses',
    () => ({ breakGlass: BreakGlass.by(Approver.person('bo+2@example.com')) }),
    /are one mailbox, which would be the second person of an emergency as well.*OnePersonTwice/,
  ],
  [
    'where nobody is asked',
    () => ({ approvers: undefined, checks: [health()], breakGlass: BreakGlass.by(cy, ana) }),
    /`breakGlass` opens a gate that asks people, but nobody is named.*NobodyAsked/,
  ],
  [
    'without a workflow',
    () => ({ workflow: undefined, approvers: Approvers.emails('a@example.com'), breakGlass: BreakGlass.by(cy, ana) }),
    /`breakGlass` needs a `workflow`/,
  ],
])('an emergency %s is refused, with the fix', (_, props, message) => {
  expect(() => add(fixture(), { ...both, ...props() })).toThrow(message);
});

test('without links nobody can, so it is refused', () => {
  const known = Approver.person('a@example.com', { alsoKnownAs: ['*/assumed-role/Release/a'] });
  const w = fixture();
  const workflow = workflowOf(w, { answers: Answers.inConsole() });

  expect(() =>
    add(w, {
      workflow,
      approvers: Approvers.anyOf(known),
      excludeAuthor: false,
      breakGlass: BreakGlass.by(known, ana),
    }),
  ).toThrow(/`breakGlass` opens a gate from the personal page, but there is none.*LinksNeeded/);
});

test('whoever is not asked needs the dashboard to get a link, and whoever is asked does not', () => {
  const w = fixture();
  const workflow = workflowOf(w, { dashboard: Dashboard.none() });

  expect(() => add(w, { ...both, workflow, breakGlass: BreakGlass.by(ana, cy) })).toThrow(
    /'cy@example.com', who is no approver.*DashboardNeeded/,
  );
  expect(() => add(w, { ...both, workflow, breakGlass: BreakGlass.by(ana) }, 'Live')).not.toThrow();
});
