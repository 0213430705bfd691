import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { ApprovalWorkflowProps } from '../../../lib/approval';
import { ApprovalGateAction, ApprovalWorkflow } from '../../../lib/approval';
import { flat, three } from './gate-fixture';
import { newApp, newPipeline } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };

function templateOf(propsIn: (stack: Stack) => ApprovalWorkflowProps): Template {
  const stack = new Stack(new App(), 'Shop', { env });
  new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', ...propsIn(stack) }).addApprovers(...three.members);
  return Template.fromStack(stack);
}

function functionsOf(template: Template): { [name: string]: any } {
  return Object.fromEntries(
    Object.entries(template.findResources('AWS::Lambda::Function')).map(([id, { Properties }]) => [
      /^Approvals(\w+)Function/.exec(id)![1]!,
      Properties,
    ]),
  );
}

/** Statements of the policies of a role that hold such an action. */
function statementsOf(template: Template, role: string, action: RegExp): any[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement as any[])
    .filter((statement) => [statement.Action].flat().some((one: string) => action.test(one)));
}

describe('a key of your own', () => {
  const keyArn = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
  const template = templateOf((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') }));

  test('encrypts topics, queues, tables, log groups and environments, all of them', () => {
    const all = (type: string, keyOf: (properties: any) => unknown) =>
      Object.values(template.findResources(type)).map(({ Properties }) => keyOf(Properties));

    for (const [count, type, keyOf] of [
      [1 + 3, 'AWS::SNS::Topic', (p: any) => p.KmsMasterKeyId],
      [2, 'AWS::SQS::Queue', (p: any) => p.KmsMasterKeyId],
      [2, 'AWS::DynamoDB::Table', (p: any) => p.SSESpecification.KMSMasterKeyId],
      [6, 'AWS::Logs::LogGroup', (p: any) => p.KmsKeyId],
      [4, 'AWS::Lambda::Function', (p: any) => p.KmsKeyArn],
    ] as const) {
      expect([type, all(type, keyOf)]).toEqual([type, Array(count).fill(keyArn)]);
    }
  });

  test.each([
    ['Check', ['kms:Decrypt']],
    ...['Intake', 'Decide', 'Review'].map((name) => [
      name,
      [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
    ]),
  ] as [string, string[]][])('may be used by %s as it needs, and no more', (name, actions) => {
    const statements = statementsOf(template, `Approvals${name}`, /^kms:/);

    expect(statements.map(({ Action, Resource }) => [[Action].flat().sort(), Resource])).toEqual([[actions, keyArn]]);
  });

  test('may be used by SNS and EventBridge for the queue, and by CloudWatch Logs for log groups of this account', () => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    const services = (key!.Properties.KeyPolicy.Statement as any[]).filter(({ Principal }) => 'Service' in Principal);

    expect(services.map(({ Principal, Action }) => [flat(Principal.Service), Action])).toEqual([
      ['sns.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']],
      ['events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']],
      ['logs.eu-west-1.<AWS::URLSuffix>', expect.arrayContaining(['kms:Encrypt*', 'kms:Decrypt*'])],
    ]);
    expect(JSON.stringify(services[2].Condition)).toMatch(/aws:logs:arn.*:logs:eu-west-1:111111111111:log-group:\*/);
  });

  test('does not depend on what it encrypts', () => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));

    expect(JSON.stringify(key)).not.toContain('Approvals');
  });

  test('may be used by the pipelines that publish, by their own policies', () => {
    const app = newApp();
    const [workflows, release] = ['A', 'B'].map((id) => new Stack(app, id, { env })) as [Stack, Stack];
    const encryptionKey = new kms.Key(workflows, 'Key');
    const workflow = new ApprovalWorkflow(workflows, 'Approvals', { encryptionKey });
    newPipeline(release).addStage({
      stageName: 'Prod',
      actions: [new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: three })],
    });

    const [statement] = statementsOf(Template.fromStack(release), 'PipelineRole', /^kms:/);
    expect(statement).toEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: { 'Fn::ImportValue': expect.stringContaining('Key') },
    });
    expect(workflows.dependencies).toEqual([]);
  });

  test('may be used by the alarms where their topic has it, too', () => {
    const alarmed = (other: boolean) => {
      const template = templateOf((stack) => {
        const encryptionKey = new kms.Key(stack, 'Key');
        const masterKey = other ? new kms.Key(stack, 'OtherKey') : encryptionKey;
        return { encryptionKey, alarmTopic: new sns.Topic(stack, 'Ops', { masterKey }) };
      });
      return JSON.stringify(template.findResources('AWS::KMS::Key'));
    };

    expect(alarmed(false)).toContain('cloudwatch.amazonaws.com');
    expect(alarmed(true)).not.toContain('cloudwatch.amazonaws.com');
  });

  test('serves no topic and no alarm of another account', () => {
    const template = templateOf((stack) => {
      const encryptionKey = new kms.Key(stack, 'Key');
      return { encryptionKey, alarmTopic: new sns.Topic(stack, 'Ops', { masterKey: encryptionKey }) };
    });
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    const conditionOf = (service: string): any =>
      key!.Properties.KeyPolicy.Statement.find(({ Principal }: any) => Principal.Service === service).Condition;

    const { ArnLike } = conditionOf('sns.amazonaws.com');
    expect(flat(ArnLike['aws:SourceArn'])).toBe('arn:<AWS::Partition>:sns:eu-west-1:111111111111:*');
    expect(conditionOf('cloudwatch.amazonaws.com')).toEqual({ StringEquals: { 'aws:SourceAccount': '111111111111' } });
    // EventBridge tells KMS nothing that it could be held to.
    expect(conditionOf('events.amazonaws.com')).toBeUndefined();
  });

  test('may be imported', () => {
    const arn = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
    const imported = templateOf((stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', arn) }));

    imported.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
    expect(statementsOf(imported, 'ApprovalsCheck', /^kms:/)).toHaveLength(1);
  });

  test('is asked of nobody who gives none', () => {
    expect(JSON.stringify(templateOf(() => ({})).toJSON())).not.toMatch(/kms/i);
  });
});

describe('where functions run', () => {
  test('is a network where one is given, which their roles may join', () => {
    const template = templateOf((stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
      const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
      return {
        functionOptions: {
          vpc,
          vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
          securityGroups: [group],
          tracing: lambda.Tracing.ACTIVE,
        },
      };
    });

    const functions = functionsOf(template);
    expect(Object.keys(functions).sort()).toEqual(['Check', 'Decide', 'Intake', 'Review']);
    for (const [name, properties] of Object.entries(functions)) {
      expect(properties.VpcConfig).toEqual({
        SubnetIds: [expect.anything(), expect.anything()],
        SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] }],
      });
      expect(properties.TracingConfig).toEqual({ Mode: 'Active' });
      expect(statementsOf(template, `Approvals${name}`, /^ec2:CreateNetworkInterface$/)).toHaveLength(1);
    }
  });

  test('is none by default, and no permission is given for it', () => {
    const template = templateOf(() => ({}));

    for (const properties of Object.values(functionsOf(template))) {
      expect(properties).not.toHaveProperty('VpcConfig');
      expect(properties).not.toHaveProperty('TracingConfig');
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
    expect(JSON.stringify(template.toJSON())).not.toMatch(/"(ec2|xray):/);
  });

  test('may have concurrency of its own, function by function', () => {
    const reservedConcurrency = { review: 20, check: 1 };
    const functions = functionsOf(templateOf(() => ({ functionOptions: { reservedConcurrency } })));

    expect(
      Object.fromEntries(Object.entries(functions).map(([name, one]) => [name, one.ReservedConcurrentExecutions])),
    ).toEqual({ Review: 20, Check: 1, Decide: undefined, Intake: undefined });
  });

  test.each([0, -1, 1.5])('fails with a concurrency of %d, with which it would never run', (decide) => {
    expect(() => templateOf(() => ({ functionOptions: { reservedConcurrency: { decide } } }))).toThrow(
      /`functionOptions.reservedConcurrency.decide` is .*, but must be a whole number from 1: with 0 the function never runs/,
    );
  });

  test.each(['vpcSubnets', 'securityGroups'])('fails for `%s` without a network', (prop) => {
    const value = prop === 'vpcSubnets' ? {} : [];
    expect(() => templateOf(() => ({ functionOptions: { [prop]: value } }))).toThrow(
      new RegExp(`\`functionOptions.${prop}\` is about a network, but there is no \`vpc\``),
    );
  });
});

test('an alarm may be made of the requests that the review page refused', () => {
  const stack = new Stack(new App(), 'Shop', { env });
  const metric = new ApprovalWorkflow(stack, 'Approvals').metricReviewClientErrors();

  expect([metric.namespace, metric.metricName, metric.statistic]).toEqual(['AWS/ApiGateway', '4xx', 'Sum']);
  expect(stack.resolve(metric.dimensions)).toEqual({ ApiId: { Ref: expect.stringContaining('ReviewApi') } });
});

test('alarms name the dead-letter queue and the timer of their workflow', () => {
  templateOf(() => ({})).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'approval-gates-shop-failed-runs',
    Metrics: Match.arrayWith([
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({
            MetricName: 'ExecutionsFailed',
            Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: Match.stringLikeRegexp('TimerStateMachine') } }],
          }),
        }),
      }),
    ]),
  });
});
