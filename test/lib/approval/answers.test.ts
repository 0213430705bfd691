import { Duration, Stack, TimeZone, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import type { ApprovalGateActionProps, ApprovalWorkflowProps } from '../../../lib/approval';
import {
  Answers,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  ApproverGroup,
  ApproverList,
  Approvers,
  Dashboard,
  DeploymentWindow,
  Escalation,
  FreezeCalendar,
  GateRule,
  Mail,
  ManualApprovals,
  NewerRun,
  OperationsDashboard,
  Reminders,
  RequireReason,
  StartLater,
} from '../../../lib/approval';
import { Check } from '../../../lib/check';
import { flat, health } from './gate-fixture';
import { newApp, newPipeline } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };
const inConsole = Answers.inConsole();

function workflowOf(props: ApprovalWorkflowProps = {}) {
  const stack = new Stack(newApp(), 'Shop', { env });
  return { stack, workflow: new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', ...props }) };
}

const templateOf = (props: ApprovalWorkflowProps = {}) => Template.fromStack(workflowOf(props).stack);

/** How many resources of each type there are. */
function counted(template: Template): { [type: string]: number } {
  const counts: { [type: string]: number } = {};
  const resources = template.toJSON().Resources as { [id: string]: { Type: string } };
  for (const { Type } of Object.values(resources)) {
    counts[Type] = (counts[Type] ?? 0) + 1;
  }
  return counts;
}

describe('a workflow that is answered in the console', () => {
  const template = templateOf({ answers: inConsole });

  test('has nothing that the internet reaches, and nothing that only links need', () => {
    const [byLink, byConsole] = [counted(templateOf()), counted(template)];
    const fewer = Object.fromEntries(
      Object.entries(byLink).flatMap(([type, count]) => {
        const less = count - (byConsole[type] ?? 0);
        return less === 0 ? [] : [[type, less]];
      }),
    );

    expect(fewer).toEqual({
      'AWS::ApiGatewayV2::Api': 1,
      'AWS::ApiGatewayV2::Integration': 1,
      'AWS::ApiGatewayV2::Route': 11,
      'AWS::ApiGatewayV2::Stage': 1,
      'AWS::CloudWatch::Alarm': 1,
      'AWS::DynamoDB::Table': 1,
      'AWS::IAM::Policy': 1,
      'AWS::IAM::Role': 1,
      'AWS::Lambda::EventSourceMapping': 1,
      'AWS::Lambda::Function': 1,
      'AWS::Lambda::Permission': 2,
      'AWS::Logs::LogGroup': 2,
    });
    expect(Object.keys(byConsole).filter((type) => byLink[type] === undefined)).toEqual([]);
    const all = JSON.stringify(template.toJSON());
    for (const trace of [/apigateway/i, /execute-api/i, /Decisions/, /StreamSpecification/, /GATES_REVIEW_URL/]) {
      expect(all).not.toMatch(trace);
    }
  });

  test('lets decide do what it needs without links, and says to it how people answer', () => {
    const statementsOf = (of: Template) =>
      Object.entries(of.findResources('AWS::IAM::Policy'))
        .filter(([id]) => id.startsWith('ApprovalsDecide'))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[]);
    const actionsOf = (of: Template) => statementsOf(of).flatMap(({ Action }) => Action);
    const gone = actionsOf(templateOf()).filter((action) => !actionsOf(template).includes(action));

    expect(gone).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'states:StartExecution',
      'sqs:SendMessage',
    ]);
    const waysOf = (of: Template) =>
      Object.values(of.findResources('AWS::Lambda::Function')).flatMap(
        ({ Properties }) => Properties.Environment.Variables.GATES_ANSWERS ?? [],
      );
    expect(waysOf(template)).toEqual(['IN_CONSOLE']);
    expect(waysOf(templateOf())).toEqual(['BY_LINK']);
  });

  test('has no alarm of signed decisions, and no alarm that speaks of links', () => {
    const { workflow } = workflowOf({ answers: inConsole });
    expect(workflow.alarms).toHaveLength(3);
    const said = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => `${Properties.AlarmName}: ${Properties.AlarmDescription}`,
    );
    expect(said).toHaveLength(3);
    said.forEach((text) => expect(text).not.toMatch(/tamper|by link/));
  });

  test('refuses what it does not have, and says how to have it', () => {
    const { workflow } = workflowOf({ answers: inConsole });

    expect(workflow.dashboardUrl).toBeUndefined();
    expect(workflow.reviewDomainName).toBeUndefined();
    for (const use of [
      () => workflow.reviewUrl,
      () => workflow.decisionsTable,
      () => workflow.metricReviewClientErrors(),
    ]) {
      expect(use).toThrow(
        /asked of workflow 'shop', but it has `Answers.inConsole\(\)`.*or choose `Answers.byLink\(\)`.*LinksNeeded/,
      );
    }
  });

  test('has an operations dashboard without review page and function', () => {
    const { stack, workflow } = workflowOf({ answers: inConsole });
    new OperationsDashboard(stack, 'Operations', { workflow });
    const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
    const body = flat(dashboard!.Properties.DashboardBody);

    expect(body).toContain('Timer runs');
    for (const trace of ['Review page', 'review ', 'AWS/ApiGateway', 'DecisionsTampered', 'Tampered']) {
      expect(body).not.toContain(trace);
    }
  });

  test.each<[string, ApprovalWorkflowProps, RegExp]>([
    [
      'a dashboard',
      { dashboard: Dashboard.signInByEmail() },
      /`dashboard` is `Dashboard.signInByEmail`.*remove it, or/,
    ],
    [
      'concurrency for the review function',
      { functionOptions: { reservedConcurrency: { review: 5 } } },
      /`functionOptions.reservedConcurrency.review` is 5.*remove it, or choose `Answers.byLink\(\)`/,
    ],
    [
      'the same as a token',
      { functionOptions: { reservedConcurrency: { review: Token.asNumber({ Ref: 'Reserved' }) } } },
      /`functionOptions.reservedConcurrency.review` is .*LinksNeeded/,
    ],
  ])('is given no %s', (_, props, problem) => {
    expect(() => workflowOf({ answers: inConsole, ...props })).toThrow(problem);
    expect(() => workflowOf({ answers: Answers.byLink(), ...props })).not.toThrow();
  });

  test('is given no domain', () => {
    const stack = new Stack(newApp(), 'Shop', { env });
    const certificate = acm.Certificate.fromCertificateArn(
      stack,
      'C',
      'arn:aws:acm:eu-west-1:111111111111:certificate/1',
    );
    const reviewDomain = { domainName: 'approvals.example.com', certificate };
    expect(() => new ApprovalWorkflow(stack, 'Approvals', { answers: inConsole, reviewDomain })).toThrow(
      /`reviewDomain` is for the review page.*LinksNeeded/,
    );
  });

  test('may say that it has no dashboard', () => {
    expect(() => workflowOf({ answers: inConsole, dashboard: Dashboard.none() })).not.toThrow();
  });
});

test('answers are made by their factories', () => {
  expect(() => workflowOf({ answers: 'IN_CONSOLE' as never })).toThrow(
    '`answers` is "IN_CONSOLE", but has to be made by `Answers.byLink` or `Answers.inConsole`: use one of them',
  );
});

describe('a gate that is answered in the console', () => {
  const ana = Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh', '*/assumed-role/Release/ana'] });
  const bo = Approver.person('bo@example.com', { alsoKnownAs: ['arn:aws:iam::111111111111:user/bo'] });
  const businessHours = DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' });
  const until = '2099-12-31';
  const LINKS = /and the workflow has `Answers.inConsole\(\)`: .*, or choose `Answers.byLink\(\)`.*LinksNeeded/;

  function gateOf(props: Partial<ApprovalGateActionProps>, answers = inConsole): Stack {
    const { stack, workflow } = workflowOf({ answers, mail: Mail.ses({ from: 'releases@example.com' }) });
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: Approvers.anyOf(ana), ...props })],
    });
    return stack;
  }

  test.each<[string, Partial<ApprovalGateActionProps>]>([
    ['one of several people', { approvers: Approvers.anyOf(ana, bo) }],
    ['one of a named group', { approvers: Approvers.allGroups(ApproverGroup.anyOf('Operations', ana, bo)) }],
    ['authors without a vote', { approvers: Approvers.anyOf(ana, bo), excludeAuthor: true }],
    [
      'a guest who has a role',
      { approvers: Approvers.anyOf(Approver.guest('di@example.com', { until, alsoKnownAs: ['*/Demo/di'] })) },
    ],
    [
      'reminders and an escalation',
      { reminders: Reminders.at(0.5), escalation: Escalation.after(Duration.hours(1), bo) },
    ],
    ['a newer run that takes its place', { newerRun: NewerRun.REPLACES }],
    ['checks alone', { approvers: undefined, checks: [health()], bakeTime: Duration.hours(1) }],
    ['checks alone, and a window', { approvers: undefined, checks: [health()], window: businessHours }],
    ['checks, and people when they cannot tell', { checks: [health()], rule: GateRule.automatedElsePeople() }],
    ['texts and a link', { reviewUrl: 'https://example.com', additionalInformation: 'Read this' }],
    ['a timeout that only the deployment knows', { timeout: Duration.minutes(Token.asNumber({ Ref: 'Minutes' })) }],
  ])('may have %s', (_, props) => {
    expect(() => Template.fromStack(gateOf(props))).not.toThrow();
  });

  test.each<[string, Partial<ApprovalGateActionProps>, RegExp]>([
    [
      'a quorum',
      { approvers: Approvers.atLeast(2, ana, bo) },
      /`approvers` have a quorum of 2, but.*take `Approvers.anyOf`/,
    ],
    [
      'several groups',
      { approvers: Approvers.allGroups(ApproverGroup.anyOf('Security', ana), ApproverGroup.anyOf('Operations', bo)) },
      /`approvers` are 2 groups that need 2 people, but an answer in the console is one person's/,
    ],
    [
      'a reason for a no',
      { requireReason: RequireReason.FOR_REJECTION },
      /`requireReason` is FOR_REJECTION, but the console/,
    ],
    ['a reason for everything', { requireReason: RequireReason.ALWAYS }, /`requireReason` is ALWAYS/],
    [
      'a lock on its approval',
      { checks: [Check.http('https://example.com')], rule: GateRule.guarded() },
      /`rule` is `GateRule.guarded\(\)`, but the console takes an approval while.*put a gate with `checks` alone behind/,
    ],
    ['a window for its people', { window: businessHours }, /`window` holds approvals back until it opens, but/],
    ['a later start', { startLater: StartLater.allowed() }, /`startLater` offers a time beside the answer, but/],
    [
      'freezes for its people',
      { freezes: [FreezeCalendar.changeCalendar('xmas')] },
      /`freezes` hold approvals back until they are over, but/,
    ],
    [
      'a list',
      {
        approvers: Approvers.fromList(
          1,
          ApproverList.fromParameter('/shop/releasers', { allowedDomains: ['example.com'] }),
        ),
      },
      /`approvers` stand in list '\/shop\/releasers', but people of a list have no `alsoKnownAs`/,
    ],
    [
      'a shared mailbox',
      { approvers: Approvers.anyOf(ana, Approver.sharedMailbox('ops@example.com', { name: 'Ops' })) },
      /the shared mailbox 'ops@example.com'.*name persons/,
    ],
    [
      'people whom nobody knows in the console',
      { approvers: Approvers.emails('cy@example.com') },
      /name 'cy@example.com', but no `alsoKnownAs`.*add one, like '\*\/assumed-role\/Release\/ana'/,
    ],
    [
      'people whose other names are none of AWS',
      { approvers: Approvers.anyOf(ana, Approver.person('cy@example.com', { alsoKnownAs: ['cy-gh', 'cyril*'] })) },
      /name 'cy@example.com', but no `alsoKnownAs`/,
    ],
    [
      'a guest without a role',
      { approvers: Approvers.anyOf(Approver.guest('di@customer.example', { until })) },
      /name 'di@customer.example', but no `alsoKnownAs`/,
    ],
    [
      'such people later',
      { escalation: Escalation.after(Duration.hours(1), Approver.person('dora@example.com')) },
      /name 'dora@example.com', but no `alsoKnownAs`/,
    ],
  ])('has no %s', (_, props, problem) => {
    expect(() => gateOf(props)).toThrow(problem);
    expect(() => gateOf(props)).toThrow(LINKS);
    expect(() => gateOf(props, Answers.byLink())).not.toThrow();
  });

  test('is held to the same where its pipeline exists already', () => {
    const { workflow } = workflowOf({ answers: inConsole });
    const name = { pipelineName: 'old', stageName: 'Prod', actionName: 'Approve' };
    expect(() => workflow.addGate({ ...name, approvers: Approvers.atLeast(2, ana, bo) })).toThrow(LINKS);
    expect(() => workflow.addGate({ ...name, approvers: Approvers.anyOf(ana, bo) })).not.toThrow();
  });

  test('is held to the same where a manual approval becomes it, by the report and by the take-over', () => {
    const { stack, workflow } = workflowOf({ answers: inConsole });
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })],
    });
    const options = { workflow, approvers: Approvers.atLeast(2, ana, bo) };
    expect(ManualApprovals.report(stack, options).map((entry) => JSON.stringify(entry))).toEqual([
      expect.stringContaining('Answers.inConsole()') as string,
    ]);
    expect(() => ManualApprovals.takeOver(stack, options)).toThrow(/Answers.inConsole\(\)/);
  });

  test('is held to the same by an imported workflow that says so, and by no other', () => {
    const gate = (answers?: Answers) => {
      const stack = new Stack(newApp(), 'A', { env });
      const workflow = ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Approvals', {
        workflowName: 'shop',
        requestTopicArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
        decideRoleArn: 'arn:aws:iam::111111111111:role/decide',
        checkRoleArn: 'arn:aws:iam::111111111111:role/check',
        ...(answers === undefined ? {} : { answers }),
      });
      const name = { pipelineName: 'old', stageName: 'Prod', actionName: 'Approve' };
      workflow.addGate({ ...name, approvers: Approvers.atLeast(2, ana, bo) });
      return Template.fromStack(stack);
    };
    expect(() => gate(inConsole)).toThrow(LINKS);
    expect(() => gate('IN_CONSOLE' as never)).toThrow(/`answers` is "IN_CONSOLE"/);
    gate().hasResourceProperties('AWS::SSM::Parameter', { Name: Match.stringLikeRegexp('/gates/old/') });
  });
});
