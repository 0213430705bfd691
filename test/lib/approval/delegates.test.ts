/** Who may stand in for whom, as an app says it. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  Answers,
  ApprovalWorkflow,
  Approver,
  ApproverList,
  Approvers,
  Dashboard,
  Escalation,
  Mail,
  type ApprovalWorkflowProps,
} from '../../../lib/approval';
import { documentOf } from './gate-fixture';

const env = { account: '111111111111', region: 'eu-west-1' };
const GATE = { pipelineName: 'old', stageName: 'Prod', actionName: 'Approve' };

function workflowOf(props: ApprovalWorkflowProps = {}) {
  const stack = new Stack(new App(), 'Shop', { env });
  return { stack, workflow: new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', ...props }) };
}

const bo = Approver.person('bo@example.com', { name: 'Bo', delegates: [Approver.person('ana@example.com')] });
const cy = Approver.person('cy@example.com');
const ana = Approver.person('ana@example.com', { name: 'Ana', delegates: [bo, cy] });

describe('delegates', () => {
  test('stand in the policy of each gate of their approver, and are declared with them', () => {
    const { stack, workflow } = workflowOf();
    workflow.addGate({ ...GATE, approvers: Approvers.anyOf(ana) });
    workflow.addGate({ ...GATE, actionName: 'Other', approvers: Approvers.anyOf(cy) });

    const template = Template.fromStack(stack);
    expect(documentOf(template, '/Approve').rule.people).toMatchObject({
      groups: [{ ids: [ana.approverId] }],
      delegates: { [ana.approverId]: [bo.approverId, cy.approverId] },
    });
    expect(documentOf(template, '/Other').rule.people).not.toHaveProperty('delegates');
    expect(documentOf(template, '/people/0').people).toMatchObject([
      { mail: 'ana@example.com', name: 'Ana', delegates: [bo.approverId, cy.approverId] },
      { mail: 'bo@example.com', name: 'Bo', delegates: [ana.approverId] },
      { mail: 'cy@example.com' },
    ]);
    template.resourceCountIs('AWS::SNS::Topic', 1 + 3);
  });

  test('of somebody who is asked later are in the policy, too', () => {
    const { stack, workflow } = workflowOf();
    const escalation = Escalation.after(Duration.hours(1), ana);
    workflow.addGate({ ...GATE, approvers: Approvers.emails('di@example.com'), escalation });

    expect(documentOf(Template.fromStack(stack), '/Approve').rule.people.delegates).toEqual({
      [ana.approverId]: [bo.approverId, cy.approverId],
    });
  });

  test('may be those of each other', () => {
    const { stack, workflow } = workflowOf();
    workflow.addGate({ ...GATE, approvers: Approvers.atLeast(2, ana, bo) });

    expect(documentOf(Template.fromStack(stack), '/Approve').rule.people.delegates).toEqual({
      [ana.approverId]: [bo.approverId, cy.approverId],
      [bo.approverId]: [ana.approverId],
    });
  });

  test('of a gate of another app are to be declared there', () => {
    const stack = new Stack(new App(), 'Shop', { env });
    const imported = ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Imported', {
      workflowName: 'shop',
      requestTopicArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
      decideRoleArn: 'arn:aws:iam::111111111111:role/decide',
      checkRoleArn: 'arn:aws:iam::111111111111:role/check',
    });
    imported.addGate({ ...GATE, approvers: Approvers.anyOf(ana) });

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp("for 'ana@example.com', 'bo@example.com', 'cy@example.com'"),
    );
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'a shared mailbox',
      () => Approver.person('x@example.com', { delegates: [Approver.sharedMailbox('y@example.com', { name: 'Y' })] }),
      /'y@example.com', which is a shared mailbox, but a delegate is one person who stays/,
    ],
    [
      'a guest',
      () => Approver.person('x@example.com', { delegates: [Approver.guest('y@example.com', { until: '2999-01-01' })] }),
      /'y@example.com', which is a guest/,
    ],
    [
      'themselves',
      () => Approver.person('x@example.com', { delegates: [Approver.person('X@example.com')] }),
      /name 'X@example.com' themselves: remove it/,
    ],
    [
      'themselves by another address of the same mailbox',
      () => Approver.person('x@example.com', { delegates: [Approver.person('x+alerts@example.com')] }),
      /themselves/,
    ],
    ['somebody twice', () => Approver.person('x@example.com', { delegates: [cy, cy] }), /'cy@example.com' twice/],
    [
      'more than five people',
      () =>
        Approver.person('x@example.com', {
          delegates: [1, 2, 3, 4, 5, 6].map((n) => Approver.person(`p${n}@example.com`)),
        }),
      /are 6, but at most 5 can stand in/,
    ],
    [
      'an address',
      () => Approver.person('x@example.com', { delegates: ['y@example.com'] as never }),
      /have to be a list of approvers: write/,
    ],
    [
      'anybody for a guest',
      () => Approver.guest('x@example.com', { until: '2999-01-01', delegates: [cy] }),
      /guests cannot sign in at the dashboard/,
    ],
    [
      'somebody who is an approver under another address',
      () =>
        Approvers.atLeast(
          2,
          Approver.person('x@example.com', { delegates: [Approver.person('y+away@example.com')] }),
          Approver.person('y@example.com'),
        ),
      /are one mailbox, which would be a quorum alone/,
    ],
  ])('are refused when they name %s', (_, make, problem) => {
    expect(make).toThrow(problem);
  });

  test('are nobody else under another address, also of people who are asked later than a list', () => {
    const { workflow } = workflowOf({ mail: Mail.ses({ from: 'gates@example.com' }) });
    const escalation = Escalation.after(
      Duration.hours(1),
      Approver.person('x@example.com', { delegates: [Approver.person('y+away@example.com')] }),
      Approver.person('y@example.com'),
    );
    const approvers = Approvers.fromList(
      2,
      ApproverList.fromParameter('/team/approvers', { allowedDomains: ['example.com'] }),
    );

    expect(() => workflow.addGate({ ...GATE, approvers, escalation })).toThrow(
      /are one mailbox, which would be a quorum alone/,
    );
  });

  test('are as many as five', () => {
    const five = [1, 2, 3, 4, 5].map((n) => Approver.person(`p${n}@example.com`));
    expect(Approver.person('x@example.com', { delegates: five }).delegates).toEqual(five);
  });

  test.each<[string, ApprovalWorkflowProps]>([
    ['there is none', { dashboard: Dashboard.none() }],
    [
      'an authorizer lets people in, so that nothing is signed',
      {
        dashboard: Dashboard.behindAuthorizer(
          new HttpJwtAuthorizer('Login', 'https://login.example.com', { jwtAudience: ['a'] }),
        ),
      },
    ],
  ])('need a dashboard where an absence is signed, and are refused where %s', (_, props) => {
    const { workflow } = workflowOf(props);
    expect(() => workflow.addGate({ ...GATE, approvers: Approvers.anyOf(ana) })).toThrow(
      /`delegates` of 'ana@example.com' are given, but workflow 'shop' has no dashboard by `Dashboard.signInByEmail`, where an absence is said and signed/,
    );
  });

  test('are refused where people answer in the console, of an imported workflow as well', () => {
    const approver = Approver.person('x@example.com', { alsoKnownAs: ['*/assumed-role/Release/x'], delegates: [cy] });
    const { stack, workflow } = workflowOf({ answers: Answers.inConsole() });
    const imported = ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Imported', {
      workflowName: 'other',
      requestTopicArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
      decideRoleArn: 'arn:aws:iam::111111111111:role/decide',
      checkRoleArn: 'arn:aws:iam::111111111111:role/check',
      answers: Answers.inConsole(),
    });
    for (const one of [workflow, imported]) {
      expect(() => one.addGate({ ...GATE, approvers: Approvers.anyOf(approver) })).toThrow(
        /`delegates` of 'x@example.com'/,
      );
    }
  });
});
