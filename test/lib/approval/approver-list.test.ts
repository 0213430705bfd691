import { Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  ApproverGroup,
  ApproverList,
  Approvers,
  Dashboard,
  Escalation,
  Mail,
  type ApprovalWorkflowProps,
} from '../../../lib/approval';
import { Duration } from 'aws-cdk-lib';
import { ana, bo, cy, documentOf } from './gate-fixture';
import { newApp, newPipeline } from './stacks';

const domains = { allowedDomains: ['example.com'] };
const releasers = ApproverList.fromParameter('/shop/releasers', domains);

function workflowOf(stack: Stack, props: ApprovalWorkflowProps = {}): ApprovalWorkflow {
  const mail = Mail.ses({ from: 'releases@example.com' });
  return new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', mail, ...props });
}

function synthesized(approvers: Approvers, props: ApprovalWorkflowProps = {}): Template {
  const stack = new Stack(newApp(), 'A');
  newPipeline(stack, 'Pipeline', { pipelineName: 'shop' }).addStage({
    stageName: 'Prod',
    actions: [new ApprovalGateAction({ actionName: 'Approve', workflow: workflowOf(stack, props), approvers })],
  });
  return Template.fromStack(stack);
}

/** Roles that may read this parameter: the name of each policy begins with its function. */
function readersOf(template: Template, parameter: string): readonly string[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([, { Properties }]) =>
      (Properties.PolicyDocument.Statement as any[]).some(
        ({ Action, Resource }) =>
          Action === 'ssm:GetParameters' && JSON.stringify(Resource).endsWith(`:parameter${parameter}"]]}`),
      ),
    )
    .map(([id]) => /^Approvals(\w+?)Role/.exec(id)?.[1] ?? id)
    .sort();
}

describe('a list', () => {
  test('stands in the policy by its name, and in the workflow with its domains', () => {
    const two = ApproverList.fromParameter('operators', { allowedDomains: ['Ops.example.com', 'example.com'] });
    const template = synthesized(
      Approvers.allGroups(
        ApproverGroup.fromList('Release', 2, releasers),
        ApproverGroup.fromList('Operations', 1, two),
        ApproverGroup.anyOf('Security', ana),
      ),
    );

    expect(documentOf(template, '/Prod/Approve/policy').rule.people).toMatchObject({
      groups: [
        { name: 'Release', quorum: 2, ids: [], list: '/shop/releasers' },
        { name: 'Operations', quorum: 1, ids: [], list: 'operators' },
        { name: 'Security', quorum: 1, ids: [ana.approverId] },
      ],
      excludeAuthor: true,
    });
    expect(documentOf(template, '/people/lists')).toEqual({
      v: 2,
      people: [],
      lists: [
        { parameter: '/shop/releasers', domains: ['example.com'] },
        { parameter: 'operators', domains: ['example.com', 'ops.example.com'] },
      ],
    });
  });

  test('is read by decide and review alone, each by a statement for this parameter', () => {
    const template = synthesized(Approvers.fromList(1, releasers));

    expect(readersOf(template, '/shop/releasers')).toEqual(['Decide', 'Review']);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 'ssm:GetParameters',
            Effect: 'Allow',
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':ssm:',
                  { Ref: 'AWS::Region' },
                  ':',
                  { Ref: 'AWS::AccountId' },
                  ':parameter/shop/releasers',
                ],
              ],
            },
          },
        ]),
      },
    });
  });

  test('is read by decide alone where nobody signs in', () => {
    const template = synthesized(Approvers.fromList(1, releasers), { dashboard: Dashboard.none() });

    expect(readersOf(template, '/shop/releasers')).toEqual(['Decide']);
  });

  test('is declared once, whatever number of gates names it, and leaves no trace where nobody does', () => {
    const stack = new Stack(newApp(), 'A');
    const workflow = workflowOf(stack);
    const again = ApproverList.fromParameter('/shop/releasers', { allowedDomains: ['EXAMPLE.com'] });
    workflow.addApproverLists(releasers, again);
    workflow.addApproverLists(releasers);
    expect(documentOf(Template.fromStack(stack), '/people/lists').lists).toHaveLength(1);

    const without = synthesized(Approvers.anyOf(ana));
    expect(JSON.stringify(without.findResources('AWS::SSM::Parameter'))).not.toContain('/people/lists');
    expect(readersOf(without, '/shop/releasers')).toEqual([]);
  });

  test('with other domains than elsewhere in the workflow fails', () => {
    const workflow = workflowOf(new Stack(newApp(), 'A'));
    workflow.addApproverLists(releasers);

    expect(() =>
      workflow.addApproverLists(
        ApproverList.fromParameter('/shop/releasers', { allowedDomains: ['example.com', 'partner.example'] }),
      ),
    ).toThrow(
      /'\/shop\/releasers' is declared with different `allowedDomains` in one workflow: make the `ApproverList` once/,
    );
  });

  test('fails in a workflow that writes by SNS', () => {
    expect(() => synthesized(Approvers.fromList(1, releasers), { mail: Mail.sns() })).toThrow(
      /list '\/shop\/releasers' .* workflow 'shop' writes by `Mail.sns`.*give the workflow `mail: Mail.ses\(\{ from: 'releases@example.com' \}\)`/,
    );
  });

  test('fails without a workflow', () => {
    expect(
      () => new ApprovalGateAction({ actionName: 'Approve', approvers: Approvers.fromList(1, releasers) }),
    ).toThrow(/`Approvers.fromList` needs a `workflow`/);
  });

  test('of a workflow that another app makes is declared there, which a warning says once', () => {
    const stack = new Stack(newApp(), 'A', { env: { account: '111111111111', region: 'eu-west-1' } });
    const workflow = ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Approvals', {
      workflowName: 'shop',
      requestTopicArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
      decideRoleArn: 'arn:aws:iam::111111111111:role/decide',
      checkRoleArn: 'arn:aws:iam::111111111111:role/check',
    });
    const names = ['one', 'two'].map((pipelineName) => ({ pipelineName, stageName: 'Prod', actionName: 'Approve' }));
    workflow.addGates(names, { approvers: Approvers.fromList(1, releasers) });

    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('addApproverLists'));
    expect(warnings).toHaveLength(1);
    expect(String(warnings[0]?.entry.data)).toMatch(
      /call `addApproverLists` .* for '\/shop\/releasers', then acknowledge/,
    );
  });
});

describe('approvers from a list', () => {
  test('may stand beside further people who are asked later', () => {
    const stack = new Stack(newApp(), 'A');
    const gate = (escalation: Escalation) => ({
      pipelineName: 'shop',
      stageName: 'Prod',
      actionName: 'Approve',
      approvers: Approvers.fromList(2, releasers),
      escalation,
    });
    workflowOf(stack).addGate(gate(Escalation.after(Duration.hours(4), cy)));

    expect(documentOf(Template.fromStack(stack), '/Prod/Approve/policy').rule.people).toMatchObject({
      groups: [{ quorum: 2, ids: [], list: '/shop/releasers' }],
      escalation: { ids: [cy.approverId] },
    });
    expect(() =>
      workflowOf(new Stack(newApp(), 'B')).addGate(gate(Escalation.after(Duration.hours(4), cy, cy))),
    ).toThrow(/twice/);
  });

  test('say what they are', () => {
    const approvers = Approvers.allGroups(
      ApproverGroup.fromList('Release', 2, releasers),
      ApproverGroup.anyOf('Operations', bo),
    );
    expect(approvers.quorum).toBe(3);
    expect(approvers.members).toEqual([bo]);
    expect(approvers.lists).toEqual([releasers]);
    expect(ApproverGroup.fromList('Release', 2, releasers)).toMatchObject({ list: releasers, members: [], quorum: 2 });
    expect(Approvers.anyOf(ana).lists).toEqual([]);
  });

  test('do not hide that a group of named people can never be filled', () => {
    expect(() =>
      Approvers.allGroups(
        ApproverGroup.fromList('Release', 2, releasers),
        ApproverGroup.anyOf('Operations', bo),
        ApproverGroup.anyOf('Security', bo),
      ),
    ).toThrow(/group 'Security' needs 1, but only 0/);
  });

  test.each([0, 1.5, 101, NaN])('fail for the count %d', (count) => {
    const problem = /`count` is .*, but must be a whole number from 1 to 100, the most that a list holds/;
    expect(() => Approvers.fromList(count, releasers)).toThrow(problem);
    expect(() => ApproverGroup.fromList('Release', count, releasers)).toThrow(problem);
    expect(Approvers.fromList(100, releasers).quorum).toBe(100);
  });

  test('fail for a count that is not known at synth', () => {
    const token = Lazy.number({ produce: () => 1 });
    expect(() => Approvers.fromList(token, releasers)).toThrow(/`count` is a token/);
  });

  test('fail for the name of a parameter instead of a list', () => {
    expect(() => Approvers.fromList(1, '/shop/releasers' as never)).toThrow(/make it by `ApproverList.fromParameter`/);
    expect(() => ApproverGroup.fromList('A', 1, Approver.person('a@example.com') as never)).toThrow(/takes a list/);
    expect(() => workflowOf(new Stack(newApp(), 'A')).addApproverLists('/a' as never)).toThrow(/`addApproverLists` is/);
  });
});

describe('the name of a parameter', () => {
  test.each(['/shop/releasers', 'releasers', '/a/b/c/d', '/shop/Release.managers_1-2', `/${'a'.repeat(1010)}`])(
    'may be %s',
    (name) => {
      expect(ApproverList.fromParameter(name, domains).parameterName).toBe(name);
    },
  );

  test.each([
    '',
    '/',
    'shop/releasers',
    '/shop/',
    '/shop//releasers',
    '/shop/*',
    '/shop/{{x}}',
    'arn:aws:ssm:eu-west-1:111111111111:parameter/shop',
    '/aws/service/x',
    'ssm-x',
    '/approval-gates/shop/people/0',
    `/${'a'.repeat(1011)}`,
  ])('fails for %j', (name) => {
    expect(() => ApproverList.fromParameter(name, domains)).toThrow(
      /`parameterName` is '.*', but must be a name like/s,
    );
  });

  test('fails for a token, since the permission is for one parameter', () => {
    const token = Lazy.string({ produce: () => '/shop' });
    expect(() => ApproverList.fromParameter(token, domains)).toThrow(/`parameterName` is a token/);
  });
});

describe('allowed domains', () => {
  test.each(['', '@example.com', '*', '*.example.com', 'localhost', 'example..com', 'a@example.com'])(
    'fail for %j',
    (domain) => {
      expect(() => ApproverList.fromParameter('/a', { allowedDomains: [domain] })).toThrow(
        /`allowedDomains` holds '.*', but a domain is like 'example.com'/,
      );
    },
  );

  test('fail for none, for too many, for tokens, and for what is no list', () => {
    const list = (allowedDomains: unknown) => () => ApproverList.fromParameter('/a', { allowedDomains } as never);
    const many = Array.from({ length: 11 }, (_, n) => `d${n}.example`);

    expect(list([])).toThrow(/`allowedDomains` has 0 members, but needs 1 to 10/);
    expect(list(many)).toThrow(/`allowedDomains` has 11 members/);
    expect(list(many.slice(1))).not.toThrow();
    expect(list([Lazy.string({ produce: () => 'example.com' })])).toThrow(/`allowedDomains` is a token/);
    expect(list('example.com')).toThrow(/`allowedDomains` is "example.com", but has to be a list/);
    expect(() => ApproverList.fromParameter('/a', undefined as never)).toThrow(
      /needs an object: give \{ allowedDomains/,
    );
  });
});
