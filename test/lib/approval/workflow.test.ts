import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Lazy, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import manifest from '../../../package.json';
import { INTAKE_ATTRIBUTES } from '../../../contract/names';
import type { ApprovalWorkflowProps } from '../../../lib/approval';
import { ApprovalWorkflow, Approver, Approvers, Mail } from '../../../lib/approval';
import { documentOf } from './gate-fixture';

const env = { account: '111111111111', region: 'eu-west-1' };

function workflowOf(props: ApprovalWorkflowProps = {}): { stack: Stack; workflow: ApprovalWorkflow } {
  const stack = new Stack(new App(), 'Shop', { env });
  return { stack, workflow: new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', ...props }) };
}

function templateOf(props: ApprovalWorkflowProps = {}): Template {
  return Template.fromStack(workflowOf(props).stack);
}

/** Everything a role may do: `action on resource`, with what it refers to written as `<name>`. */
function allowed(template: Template, role: string): string[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
    .flatMap((statement: any) => {
      expect(statement.Effect).toBe('Allow');
      return [statement.Action]
        .flat()
        .flatMap((action) => [statement.Resource].flat().map((r) => `${action} on ${flat(r)}`));
    })
    .sort();
}

function flat(value: any): string {
  if (typeof value === 'string') {
    return value.replace('arn:aws:', 'arn:<P>:');
  }
  if (value['Fn::Join'] !== undefined) {
    return value['Fn::Join'][1].map(flat).join('').replace('<AWS::Partition>', '<P>');
  }
  return `<${String(value.Ref ?? value['Fn::GetAtt'].join('.')).replace(/[0-9A-F]{8}/, '')}>`;
}

function functionOf(template: Template, part: string): any {
  const [found] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) => id.includes(part));
  return found![1].Properties;
}

describe('what the functions may do', () => {
  const template = templateOf();
  const logs_ = (name: string) => [
    `logs:CreateLogStream on <Approvals${name}Logs.Arn>`,
    `logs:PutLogEvents on <Approvals${name}Logs.Arn>`,
  ];

  test('review adds decisions and reads requests; it cannot reach CodePipeline, runs or invitations', () => {
    expect(allowed(template, 'ApprovalsReview')).toEqual([
      'dynamodb:PutItem on <ApprovalsStorageDecisions.Arn>',
      'dynamodb:Query on <ApprovalsStorageRequests.Arn>',
      'dynamodb:Query on <ApprovalsStorageRequests.Arn>/index/open-requests',
      ...logs_('Review'),
      'ssm:GetParametersByPath on arn:<P>:ssm:eu-west-1:111111111111:parameter/approval-gates/shop/people',
      'ssm:GetParametersByPath on arn:<P>:ssm:eu-west-1:111111111111:parameter/approval-gates/shop/people/*',
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'dynamodb:PutItem',
            Resource: Match.anyValue(),
            Condition: {
              'ForAllValues:StringEquals': {
                'dynamodb:Attributes': [
                  'pk',
                  'sk',
                  'verdict',
                  'comment',
                  'evidence',
                  'seq',
                  'details',
                  'at',
                  'sig',
                  'ttl',
                ],
              },
              StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
            },
          },
        ]),
      },
    });
  });

  test('intake puts rows of its own kinds only, and starts runs', () => {
    expect(allowed(template, 'ApprovalsIntake')).toEqual([
      'dynamodb:PutItem on <ApprovalsStorageRequests.Arn>',
      ...logs_('Intake'),
      'sqs:DeleteMessage on <ApprovalsIngressQueue.Arn>',
      'sqs:GetQueueAttributes on <ApprovalsIngressQueue.Arn>',
      'sqs:ReceiveMessage on <ApprovalsIngressQueue.Arn>',
      'states:StartExecution on arn:<P>:states:eu-west-1:111111111111:stateMachine:gates-shop',
    ]);
    const [put] = Object.values(template.findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as any[])
      .filter(({ Action, Condition }) => Action === 'dynamodb:PutItem' && 'ForAllValues:StringLike' in Condition);
    expect(put.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['asked#*', 'trigger#*'] },
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...INTAKE_ATTRIBUTES] },
      StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
    });
  });

  test('decide reads, writes to people, and answers through roles of its own path only', () => {
    expect(allowed(template, 'ApprovalsDecide')).toEqual([
      'dynamodb:DescribeStream on <ApprovalsStorageDecisions.StreamArn>',
      'dynamodb:GetRecords on <ApprovalsStorageDecisions.StreamArn>',
      'dynamodb:GetShardIterator on <ApprovalsStorageDecisions.StreamArn>',
      'dynamodb:ListStreams on *',
      'dynamodb:PutItem on <ApprovalsStorageRequests.Arn>',
      'dynamodb:Query on <ApprovalsStorageRequests.Arn>',
      'dynamodb:UpdateItem on <ApprovalsStorageRequests.Arn>',
      'events:PutEvents on arn:<P>:events:eu-west-1:111111111111:event-bus/default',
      'lambda:InvokeFunction on <ApprovalsCheckFunction.Arn>',
      ...logs_('Decide'),
      'sns:ListSubscriptionsByTopic on arn:<P>:sns:eu-west-1:111111111111:gates-shop-to-*',
      'sns:Publish on arn:<P>:sns:eu-west-1:111111111111:gates-shop-to-*',
      'sns:Subscribe on arn:<P>:sns:eu-west-1:111111111111:gates-shop-to-*',
      'sqs:SendMessage on <ApprovalsIngressDeadLetters.Arn>',
      'ssm:GetParameters on arn:<P>:ssm:eu-west-1:111111111111:parameter/approval-gates/shop/*',
      'ssm:GetParametersByPath on arn:<P>:ssm:eu-west-1:111111111111:parameter/approval-gates/shop/*',
      'states:StartExecution on arn:<P>:states:eu-west-1:111111111111:stateMachine:gates-shop',
      'sts:AssumeRole on arn:<P>:iam::111111111111:role/approval-gates/shop/*',
    ]);
  });

  test('decide puts events of its own source only', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'events:PutEvents',
            Condition: {
              'ForAllValues:StringEquals': { 'events:source': 'cdk-approval-gates' },
              Null: { 'events:source': 'false' },
            },
          }),
        ]),
      },
    });
  });

  test('check assumes the roles of pipelines', () => {
    expect(allowed(template, 'ApprovalsCheck')).toEqual([
      ...logs_('Check'),
      'sts:AssumeRole on arn:<P>:iam::111111111111:role/approval-gates/shop/*',
    ]);
  });

  test('with SES decide sends from one address, and touches no topic', () => {
    const ses = templateOf({ mail: Mail.ses({ from: 'releases@example.com' }) });
    const statements = allowed(ses, 'ApprovalsDecide');
    expect(statements.filter((statement) => /^(sns|ses):/.test(statement))).toEqual([
      // In the sandbox, SES asks about the recipient's identity as well.
      'ses:SendEmail on arn:<P>:ses:eu-west-1:111111111111:configuration-set/*',
      'ses:SendEmail on arn:<P>:ses:eu-west-1:111111111111:identity/*',
    ]);
    ses.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'ses:SendEmail',
            Condition: { StringEquals: { 'ses:FromAddress': 'releases@example.com' } },
          }),
        ]),
      },
    });
    expect(functionOf(ses, 'Decide').Environment.Variables).toMatchObject({ GATES_MAIL_FROM: 'releases@example.com' });
    expect(JSON.stringify(ses.toJSON())).not.toContain('GATES_MAIL_TOPIC_PREFIX');
  });

  test('mails and pages are told the time zone of their readers, where one is chosen', () => {
    const told = templateOf({ timeZone: TimeZone.EUROPE_BERLIN });
    for (const name of ['Decide', 'Review']) {
      expect(functionOf(told, name).Environment.Variables).toMatchObject({ GATES_TIME_ZONE: 'Europe/Berlin' });
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('GATES_TIME_ZONE');
  });

  test('a time zone that does not exist is refused', () => {
    expect(() => templateOf({ timeZone: TimeZone.of('Mars/Olympus_Mons') })).toThrow(
      "`timeZone` is 'Mars/Olympus_Mons', which no time zone is called: take one of `TimeZone`, such as TimeZone.EUROPE_BERLIN [InvalidTimeZone]",
    );
  });

  test('nothing has a managed policy', () => {
    for (const role of Object.values(template.findResources('AWS::IAM::Role'))) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    }
  });
});

describe('the functions', () => {
  const template = templateOf({ logRetention: logs.RetentionDays.ONE_MONTH });

  test.each([
    ['Intake', ['GATES_WORKFLOW', 'GATES_REQUESTS_TABLE', 'GATES_STATE_MACHINE'], 30],
    [
      'Decide',
      [
        'GATES_WORKFLOW',
        'GATES_REQUESTS_TABLE',
        'GATES_STATE_MACHINE',
        'GATES_REVIEW_URL',
        'GATES_ANSWERS',
        'GATES_DASHBOARD',
        'GATES_CHECK_FUNCTION',
        'GATES_MAIL_TOPIC_PREFIX',
      ],
      120,
    ],
    ['Review', ['GATES_WORKFLOW', 'GATES_REQUESTS_TABLE', 'GATES_DECISIONS_TABLE', 'GATES_DASHBOARD'], 10],
    ['Check', ['GATES_WORKFLOW'], 90],
  ])('%s is told what it needs, and is bounded', (name, variables, timeout) => {
    const properties = functionOf(template, `Approvals${name}Function`);
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    expect(properties.Timeout).toBe(timeout);
    expect(properties.MemorySize).toBeGreaterThanOrEqual(256);
    expect(Object.keys(properties.Environment.Variables).sort()).toEqual([...variables].sort());
    expect(properties.LoggingConfig.LogGroup).toEqual({ Ref: expect.stringContaining(`Approvals${name}Logs`) });
  });

  test('mail topics begin with the prefix that decide is told', () => {
    const prefix = flat(functionOf(template, 'Decide').Environment.Variables.GATES_MAIL_TOPIC_PREFIX);
    expect(prefix).toBe('arn:<P>:sns:eu-west-1:111111111111:gates-shop-to-');
  });

  test('every log is kept for the time asked for', () => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups).toHaveLength(6);
    expect(groups.map((group) => group.Properties.RetentionInDays)).toEqual(groups.map(() => 30));
  });
});

describe('requests come in', () => {
  const template = templateOf();

  test('by one queue that keeps them for 14 days', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1209600,
      RedrivePolicy: { maxReceiveCount: 1000, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      RawMessageDelivery: Match.absent(),
      Endpoint: { 'Fn::GetAtt': [Match.stringLikeRegexp('IngressQueue'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('IngressQueue'), 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test.each([
    ['approvals', 'CodePipeline Action Execution State Change', { type: { category: ['Approval'] } }],
    [
      'runs that say who made the change',
      'CodePipeline Pipeline Execution State Change',
      { state: ['STARTED'], 'execution-trigger': { 'author-id': [{ exists: true }] } },
    ],
  ])('from the events of CodePipeline about %s', (_, detailType, detail) => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.codepipeline'], 'detail-type': [detailType], detail },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('IngressQueue'), 'Arn'] } }],
    });
  });

  test('from that topic and those rules only, and by TLS', () => {
    const policies = Object.entries(template.findResources('AWS::SQS::QueuePolicy'));
    const [, policy] = policies.find(([id]) => id.includes('IngressQueue'))!;
    const statements: any[] = policy.Properties.PolicyDocument.Statement;
    const from = (service: string, source: object) => ({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: service },
      Resource: expect.anything(),
      Condition: { ArnEquals: { 'aws:SourceArn': source } },
    });
    const rule = (id: string) => ({ 'Fn::GetAtt': [expect.stringContaining(id), 'Arn'] });
    expect(statements.filter((one) => one.Effect === 'Allow')).toEqual([
      from('sns.amazonaws.com', { Ref: expect.stringContaining('IngressTopic') }),
      from('events.amazonaws.com', rule('ApprovalChanged')),
      from('events.amazonaws.com', rule('RunStarted')),
    ]);
    for (const [, one] of policies) {
      expect(JSON.stringify(one)).toContain('"aws:SecureTransport":"false"');
    }
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
  });
});

describe('the tables', () => {
  test('are kept unless their first deployment failed, backed up and cleaned by ttl; decisions stream both images', () => {
    const template = templateOf();
    const tables = template.findResources('AWS::DynamoDB::Table');
    expect(Object.keys(tables)).toHaveLength(2);
    for (const table of Object.values(tables)) {
      expect(table.DeletionPolicy).toBe('RetainExceptOnCreate');
      expect(table.UpdateReplacePolicy).toBe('Retain');
      expect(table.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      });
    }
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      ParallelizationFactor: 10,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 86400,
      // A number of attempts could be used up long before a day is over.
      MaximumRetryAttempts: Match.absent(),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] } },
      },
    });
  });

  test('go with the workflow when asked to', () => {
    const tables = templateOf({ removalPolicy: RemovalPolicy.DESTROY }).findResources('AWS::DynamoDB::Table');
    expect(Object.values(tables).map((table) => table.DeletionPolicy)).toEqual(['Delete', 'Delete']);
  });
});

describe('the review page', () => {
  const template = templateOf();

  test('has a limit for each of its routes, so that no flood elsewhere keeps anybody from answering', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const routes = template.findResources('AWS::ApiGatewayV2::Route');
    const limit = (rate: number) => ({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: 2 * rate });

    expect(stage!.Properties.DefaultRouteSettings).toEqual(limit(5));
    expect(stage!.Properties.RouteSettings).toEqual({
      'GET /r/{request}': limit(20),
      'POST /r/{request}': limit(20),
      'POST /r/{request}/status': limit(20),
      'POST /r/{request}/revoke': limit(5),
      'GET /dashboard': limit(10),
      'GET /dashboard/{page}': limit(10),
      'POST /dashboard/sign-in': limit(2),
      'POST /dashboard/session': limit(5),
      'POST /dashboard/look': limit(10),
      'POST /dashboard/{wish}': limit(5),
    });
    const keys = Object.values(routes).map((route) => route.Properties.RouteKey);
    expect(keys.sort()).toEqual(['$default', ...Object.keys(stage!.Properties.RouteSettings)].sort());
    const limited = Object.keys(routes).filter((id) => routes[id]!.Properties.RouteKey !== '$default');
    expect(stage!.DependsOn).toEqual(expect.arrayContaining(limited));
  });

  test('has a log that knows routes only', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const format: string = stage!.Properties.AccessLogSettings.Format;
    expect(format).toContain('$context.routeKey');
    expect(format).not.toMatch(/\$context\.(path|http|querystring|identity|authorizer)/i);
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: Match.stringLikeRegexp('^/aws/vendedlogs/apis/'),
    });
  });

  test('names its log as API Gateway stores it, so that drift detection finds nothing', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(JSON.stringify(stage!.Properties.AccessLogSettings.DestinationArn)).toMatch(
      /:logs:eu-west-1:111111111111:log-group:",\{"Ref":"[A-Za-z0-9]*AccessLog[A-Za-z0-9]*"\}\]/,
    );
  });

  test('reaches its function by every route; the ARN of the default one has no method', () => {
    const targets = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map((route) =>
      JSON.stringify(route.Properties.Target),
    );
    expect(new Set(targets).size).toBe(1);
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    const routes = permissions.map(
      ({ Properties }) => JSON.stringify(Properties.SourceArn).match(/[/*]+[^"/]*"\]/)![0],
    );
    expect(routes.sort()).toEqual(['/*/$default"]', '/*/*/*"]']);
  });
});

describe('people', () => {
  const gate = (n: number) => ({ pipelineName: 'shop', stageName: 'Prod', actionName: `Approve${n}` });

  test('get a topic of their own that nobody else can subscribe to', () => {
    const { stack, workflow } = workflowOf();
    workflow.addGate({ ...gate(0), approvers: Approvers.emails('Ana@Example.com') });
    const id = Approver.person('ana@example.com').approverId;

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: `gates-shop-to-${id}`,
      Subscription: [{ Protocol: 'email', Endpoint: 'ana@example.com' }],
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Subscribe',
            Principal: { AWS: '*' },
            Condition: { StringNotEquals: { 'sns:Endpoint': 'ana@example.com' } },
          }),
        ],
      },
    });
    // Whoever subscribes a person again does it under the address that the policy knows.
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/approval-gates/shop/people/0',
      Value: Match.stringLikeRegexp('"mail":"ana@example.com"'),
    });
  });

  test('have no topic where mail goes by SES', () => {
    const { stack, workflow } = workflowOf({ mail: Mail.ses({ from: 'releases@example.com' }) });
    workflow.addGate({ ...gate(0), approvers: Approvers.emails('ana@example.com') });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 1);
  });

  test('are declared once, twenty to a parameter', () => {
    const { stack, workflow } = workflowOf();
    const mails = Array.from({ length: 41 }, (_, n) => `p${n}@example.com`);
    workflow.addGate({ ...gate(0), approvers: Approvers.emails(...mails.slice(0, 21)) });
    workflow.addGate({ ...gate(1), approvers: Approvers.emails(...mails.slice(10)) });

    const template = Template.fromStack(stack);
    const parameters = Object.values(template.findResources('AWS::SSM::Parameter'))
      .filter((parameter) => String(parameter.Properties.Name).startsWith('/approval-gates/shop/people/'))
      .map((parameter) => JSON.parse(parameter.Properties.Value).people.map((person: any) => person.mail));
    expect(parameters.map((people) => people.length).sort((a, b) => b - a)).toEqual([20, 20, 1]);
    expect(parameters.flat().sort()).toEqual([...mails].sort());
    template.resourceCountIs('AWS::SNS::Topic', 1 + 41);
  });

  test('say until when a guest has a vote, and a guest whose time is over is warned of, once', () => {
    const { stack, workflow } = workflowOf();
    const [next, past] = ['2999-12-31', '2020-01-31T12:00:00+02:00'].map((until, n) =>
      Approver.guest(`g${n}@customer.example`, { until }),
    ) as [Approver, Approver];
    workflow.addGate({ ...gate(0), approvers: Approvers.anyOf(next, past) });
    workflow.addGate({ ...gate(1), approvers: Approvers.anyOf(next, past) });

    const { people } = documentOf(Template.fromStack(stack), '/people/0');
    expect(people).toMatchObject([{ until: '3000-01-01T00:00:00.000Z' }, { until: '2020-01-31T10:00:00.000Z' }]);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('guestIsOver'));
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).toContain(
      "guest 'g1@customer.example' had a vote until 2020-01-31T10:00:00.000Z, which is over: remove the guest, or set a later",
    );
  });

  test('may be named by address in one gate and described in another, whichever comes first', () => {
    const described = Approver.person('ana@example.com', { name: 'Ana', alsoKnownAs: ['ana-gh'] });
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { stack, workflow } = workflowOf();
      const both = [Approvers.emails('ana@example.com'), Approvers.anyOf(described)];
      order.forEach((n) => workflow.addGate({ ...gate(n), approvers: both[n] }));
      Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', {
        Name: '/approval-gates/shop/people/0',
        Value: JSON.stringify({
          v: 2,
          people: [
            { id: described.approverId, mail: 'ana@example.com', name: 'Ana', alsoKnownAs: ['ana-gh'], shared: false },
          ],
        }),
      });
    }
  });

  test.each([
    [
      'two names',
      Approver.person('ana@example.com', { name: 'Ana' }),
      Approver.person('ana@example.com', { name: 'Bo' }),
    ],
    [
      'a person and a mailbox',
      Approver.person('ana@example.com'),
      Approver.sharedMailbox('ana@example.com', { name: 'Ana' }),
    ],
    [
      'a mailbox and a person',
      Approver.sharedMailbox('ana@example.com', { name: 'Ana' }),
      Approver.person('ana@example.com'),
    ],
    [
      'a guest and a person',
      Approver.guest('ana@example.com', { until: '2999-12-31' }),
      Approver.person('ana@example.com'),
    ],
    [
      'a guest with two ends',
      Approver.guest('ana@example.com', { until: '2999-12-31' }),
      Approver.guest('ana@example.com', { until: '2999-12-30' }),
    ],
  ])('fail where they are described in two ways: %s', (_, one, other) => {
    const { workflow } = workflowOf();
    workflow.addGate({ ...gate(0), approvers: Approvers.anyOf(one) });
    expect(() => workflow.addGate({ ...gate(1), approvers: Approvers.anyOf(other) })).toThrow(
      /'ana@example.com' is declared in two different ways/,
    );
  });
});

describe('alarms', () => {
  test('are four, have names, tell the topic and lead to their section of the manual', () => {
    const { stack, workflow } = (() => {
      const stack = new Stack(new App(), 'Shop', { env });
      const alarmTopic = sns.Topic.fromTopicArn(stack, 'Ops', 'arn:aws:sns:eu-west-1:111111111111:ops');
      return { stack, workflow: new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', alarmTopic }) };
    })();
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(workflow.alarms).toHaveLength(4);
    expect(alarms.map((alarm) => alarm.Properties.AlarmName).sort()).toEqual([
      'approval-gates-shop-dead-letters',
      'approval-gates-shop-decisions-tampered',
      'approval-gates-shop-failed-runs',
      'approval-gates-shop-stuck-gates',
    ]);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({
        AlarmActions: ['arn:aws:sns:eu-west-1:111111111111:ops'],
        TreatMissingData: 'notBreaching',
        Threshold: 0,
      });
      const [, repository, file, section] =
        /(https:\S+)\/blob\/main\/(\S+)#(\S+)$/.exec(Properties.AlarmDescription as string) ?? [];
      expect(`${repository}.git`).toBe(manifest.repository.url);
      const headings = readFileSync(join(__dirname, '../../..', file!), 'utf8').match(/^## .*/gm) ?? [];
      const anchors = headings.map((one) =>
        one
          .slice(3)
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replace(/ /g, '-'),
      );
      expect(anchors).toContain(section);
    }
  });

  test('may publish to the topic of this app, whatever else its policy says', () => {
    const stack = new Stack(new App(), 'Shop', { env });
    const alarmTopic = new sns.Topic(stack, 'Ops', { enforceSSL: true });
    new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', alarmTopic });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [stack.resolve(alarmTopic.topicArn)],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny' }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Resource: stack.resolve(alarmTopic.topicArn),
            Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
          }),
        ]),
      },
    });
  });

  test('say that somebody is stuck, whether a gate needs the console or a record cannot be read', () => {
    const part = (name: string) =>
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: { Namespace: 'ApprovalGates', MetricName: name, Dimensions: [{ Name: 'Workflow', Value: 'shop' }] },
        }),
      });
    templateOf().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'approval-gates-shop-stuck-gates',
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(consoleOnly, 0) + FILL(unreadable, 0)' }),
        part('ConsoleOnly'),
        part('Unreadable'),
      ]),
    });
  });

  test('count a run that failed although none timed out: what is missing is zero', () => {
    templateOf().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('failed-runs'),
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)' }),
      ]),
    });
  });
});

describe('its name', () => {
  test.each(['a', 'Shop-2', 'x'.repeat(32)])('may be %s', (workflowName) => {
    expect(workflowOf({ workflowName }).workflow.workflowName).toBe(workflowName);
  });

  test.each(['', '2shop', 'x'.repeat(33), 'a_b', 'a/b', Lazy.string({ produce: () => 'x' })])(
    'fails as %j',
    (workflowName) => {
      expect(() => workflowOf({ workflowName })).toThrow(/`workflowName` is/);
    },
  );

  test('is made of the path when none is given, differently for each workflow', () => {
    const stack = new Stack(new App(), 'A-stack-with-a-rather-long-name-of-its-own');
    const names = ['One', 'Two'].map((id) => new ApprovalWorkflow(stack, id).workflowName);
    expect(new Set(names).size).toBe(2);
    names.forEach((name) => expect(name).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,31}$/));
  });
});

test('fails when another workflow of the same account and Region has the name', () => {
  const { stack, workflow } = workflowOf();
  const neighbour = new Stack(stack.node.root as App, 'Neighbour', { env });
  const elsewhere = new Stack(stack.node.root as App, 'Elsewhere', { env: { ...env, region: 'us-east-1' } });
  const make = (scope: Stack) => new ApprovalWorkflow(scope, 'Twin', { workflowName: workflow.workflowName });

  expect(() => make(stack)).toThrow(/`workflowName` is 'shop', but 'Shop\/Approvals' has that name .*: rename one/);
  expect(() => make(neighbour)).toThrow(/rename one/);
  expect(() => make(elsewhere)).not.toThrow();
});
