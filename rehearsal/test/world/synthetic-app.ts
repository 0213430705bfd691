import { App, Duration, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Alias, Code, Function, FunctionUrlAuthType, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a row for each message; messages that say so fail. */
const WRITER = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async (event) => {
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    const text = JSON.parse(body).Message ?? JSON.stringify(JSON.parse(body).detail);
    console.log('wrote ' + text);
    if (text.includes('poison')) { batchItemFailures.push({ itemIdentifier: messageId }); continue; }
    await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: text }, at: { S: JSON.parse(body).Timestamp ?? 'event' } } }));
  }
  return { batchItemFailures };
};`;

/** Publishes what it saw in the stream. */
const WATCHER = `
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const client = new SNSClient({});
exports.handler = async ({ Records }) => {
  for (const record of Records) {
    const key = record.dynamodb.Keys.pk.S;
    if (key === 'slow' && !globalThis.failed) { globalThis.failed = true; throw new Error('not yet'); }
    await client.send(new PublishCommand({ TopicArn: process.env.MAIL, Subject: 'row ' + record.eventName, Message: key }));
  }
};`;

/** Answers a look of the state machine. */
const LOOKER = `
exports.handler = async ({ turns, now }) => {
  if (turns === 1 && !globalThis.tried) { globalThis.tried = true; throw Object.assign(new Error('again'), { name: 'TooBusy' }); }
  return { done: turns >= 3, next: new Date(Date.parse(now) + 2 * 86400000).toISOString(), now };
};`;

const PAGE = `exports.handler = async (event) => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: ['a=b'], body: JSON.stringify(event) });`;

/** Two stacks that use what the rehearsal runs, synthesized into a folder of its own. */
export function synthesize(context: Record<string, unknown> = {}): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), context, analyticsReporting: false });
  const shared = new Stack(app, 'Shared');
  const requests = new Topic(shared, 'Requests');
  const mails = new Topic(shared, 'Mails', { topicName: 'mails' });
  mails.addSubscription(new EmailSubscription('ana@example.com'));

  const stack = new Stack(app, 'Main');
  const table = new TableV2(stack, 'Rows', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
  const dead = new Queue(stack, 'Dead');
  const queue = new Queue(stack, 'Queue', {
    visibilityTimeout: Duration.minutes(1),
    deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
  });
  requests.addSubscription(new SqsSubscription(queue));
  new Rule(stack, 'Rule', {
    eventPattern: { source: ['aws.test'], detail: { kind: [{ prefix: 'ro' }] } as any },
    targets: [new SqsQueue(queue)],
  });

  const inline = (id: string, code: string, environment: Record<string, string> = {}): Function =>
    new Function(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(code),
      environment,
    });
  const writer = inline('Writer', WRITER, { TABLE: table.tableName });
  table.grantWriteData(writer);
  writer.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
  const watcher = inline('Watcher', WATCHER, { MAIL: mails.topicArn });
  mails.grantPublish(watcher);
  watcher.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.LATEST,
      retryAttempts: 5,
      bisectBatchOnError: true,
    }),
  );

  const looker = inline('Looker', LOOKER);
  const look = new LambdaInvoke(stack, 'Look', {
    lambdaFunction: looker,
    payload: sfn.TaskInput.fromObject({
      'turns.$': '$.turns',
      now: sfn.JsonPath.stateEnteredTime,
    }),
    resultSelector: { 'done.$': '$.Payload.done', 'next.$': '$.Payload.next' },
    resultPath: '$.look',
    retryOnServiceExceptions: false,
  });
  look.addRetry({ errors: ['TooBusy'], interval: Duration.seconds(30), maxAttempts: 2 });
  const count = new sfn.Pass(stack, 'Count', {
    parameters: { turns: sfn.JsonPath.mathAdd(sfn.JsonPath.numberAt('$.turns'), 1), 'at.$': '$.look.next' },
  });
  const wait = new sfn.Wait(stack, 'Wait', { time: sfn.WaitTime.timestampPath('$.at') });
  const definition = sfn.DefinitionBody.fromChainable(
    wait
      .next(look)
      .next(
        new sfn.Choice(stack, 'Done?')
          .when(sfn.Condition.booleanEquals('$.look.done', true), new sfn.Succeed(stack, 'Fine'))
          .otherwise(count.next(wait)),
      ),
  );
  new sfn.StateMachine(stack, 'Timer', { stateMachineName: 'timer', definitionBody: definition });

  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-asset-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'index.mjs'),
    `export const handler = async (event) => ({ asset: true, event, env: process.env.PAGE });`,
  );
  const api = new HttpApi(stack, 'Api');
  const page = inline('Page', PAGE);
  api.addRoutes({ path: '/r/{request}', integration: new HttpLambdaIntegration('PageRoute', page) });
  const asset = new Function(stack, 'Asset', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(folder),
    environment: { PAGE: api.apiEndpoint },
  });
  const live = new Alias(stack, 'Live', { aliasName: 'live', version: asset.currentVersion });
  const url = live.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  new StringParameter(stack, 'Url', { parameterName: '/app/url', stringValue: `${url.url}health` });

  new Alarm(stack, 'Alarm', {
    alarmName: 'shop-5xx',
    metric: new Metric({ namespace: 'Shop', metricName: 'Errors' }),
    threshold: 1,
    evaluationPeriods: 1,
  });
  for (let index = 0; index < 12; index += 1) {
    new StringParameter(stack, `Parameter${index}`, {
      parameterName: `/app/people/${index}`,
      stringValue: `p${index}`,
    });
  }
  const answer = new iam.Role(stack, 'Answer', {
    roleName: 'answer',
    path: '/gates/',
    assumedBy: new iam.AccountRootPrincipal().withConditions({
      ArnEquals: { 'aws:PrincipalArn': writer.role!.roleArn },
    }),
    inlinePolicies: {
      answer: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['codepipeline:GetPipelineState'],
            resources: ['arn:aws:codepipeline:*:*:shop'],
          }),
        ],
      }),
    },
  });
  // The role trusts the account, so that the function needs the permission, too.
  writer.addToRolePolicy(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [answer.roleArn] }));
  app.synth();
  return app.outdir;
}
