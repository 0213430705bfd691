import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { ApprovalWorkflowProps } from '../../../lib/approval';
import { Answers, ApprovalGateAction, ApprovalWorkflow, Approver, Approvers } from '../../../lib/approval';
import { health } from './gate-fixture';
import { newPipeline } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };
const every = Duration.minutes(15);

function stackWith(props: ApprovalWorkflowProps): { readonly stack: Stack; readonly workflow: ApprovalWorkflow } {
  const stack = new Stack(new App(), 'Shop', { env });
  return { stack, workflow: new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', ...props }) };
}

const environment = (variables: object) => ({ Environment: { Variables: Match.objectLike(variables) } });

describe('`digestEvery`', () => {
  test('tells `decide` for how many minutes emails are gathered, and nobody else', () => {
    const template = Template.fromStack(stackWith({ digestEvery: Duration.hours(1) }).stack);

    template.resourcePropertiesCountIs('AWS::Lambda::Function', environment({ GATES_DIGEST_MINUTES: '60' }), 1);
  });

  test('is not there where nobody chose it', () => {
    const template = Template.fromStack(stackWith({}).stack);

    template.resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      environment({ GATES_DIGEST_MINUTES: Match.anyValue() }),
      0,
    );
  });

  test.each([Duration.minutes(5), Duration.hours(4)])('may be %s', (digestEvery) => {
    expect(stackWith({ digestEvery }).workflow.digestEvery).toBe(digestEvery);
  });

  test.each([
    [Duration.seconds(299), '`digestEvery` is 4 minutes 59 seconds, but must be between 5 minutes and 4 hours'],
    [Duration.minutes(241), '`digestEvery` is 4 hours 1 minute, but must be between 5 minutes and 4 hours'],
    [Duration.seconds(330), '`digestEvery` is 5 minutes 30 seconds, but must be whole minutes'],
    [Duration.minutes(Lazy.number({ produce: () => 15 })), '`digestEvery` is a token, but has to be known at synth'],
    ['15 minutes' as unknown as Duration, '`digestEvery` is "15 minutes", but has to be a duration'],
  ])('is not %s', (digestEvery, message) => {
    expect(() => stackWith({ digestEvery })).toThrow(message);
  });

  test('lets `decide` start timer runs also where people answer in the console', () => {
    const mayStart = (digestEvery?: Duration) => {
      const { stack } = stackWith({ answers: Answers.inConsole(), digestEvery });
      const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
      const decide = policies.filter(([id]) => id.startsWith('ApprovalsDecide'));
      return JSON.stringify(decide).includes('states:StartExecution');
    };

    expect(mayStart(every)).toBe(true);
    expect(mayStart()).toBe(false);
  });
});

describe('a gate that leaves too little time for it', () => {
  const ana = Approver.person('ana@example.com', { alsoKnownAs: ['*/assumed-role/Release/ana'] });
  const ID = Match.stringLikeRegexp('neverInDigest');

  function warnings(timeout: Duration, props: object, digestEvery?: Duration): number {
    const { stack, workflow } = stackWith({ digestEvery });
    const gate = new ApprovalGateAction({ actionName: 'Approve', workflow, timeout, ...props });
    newPipeline(stack, 'Pipeline').addStage({ stageName: 'Prod', actions: [gate] });
    return Annotations.fromStack(stack).findWarning('*', ID).length;
  }

  const people = { approvers: Approvers.anyOf(ana) };

  test('is a warning', () => {
    expect(warnings(Duration.minutes(59), people, every)).toBe(1);
  });

  test.each([
    ['with enough time', Duration.minutes(60), people, every],
    ['that asks nobody', Duration.minutes(59), { checks: [health()] }, every],
    ['whose workflow gathers nothing', Duration.minutes(59), people, undefined],
    ['whose time is a token', Duration.minutes(Lazy.number({ produce: () => 59 })), people, every],
  ])('is none %s', (_what, timeout, props, digestEvery) => {
    expect(warnings(timeout, props, digestEvery)).toBe(0);
  });
});
