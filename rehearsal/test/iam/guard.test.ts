/** In a rehearsal a call needs the permissions that it needs on AWS, on both sides. */
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnPermission, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World, type WorldOptions } from '../../world';

const WRITER = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
exports.handler = async () => {
  const Item = { pk: { S: 'a' } };
  try { await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.TABLE, Item })); return 'written'; }
  catch (error) { return error.name + ': ' + error.message; }
};`;

const worlds: World[] = [];

async function rehearse(build: (stack: Stack) => void, options: WorldOptions = {}): Promise<World> {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), analyticsReporting: false });
  build(new Stack(app, 'App'));
  app.synth();
  const world = await World.create(app.outdir, options);
  worlds.push(world);
  return world;
}

afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

const refusals = (world: World) =>
  world.journal.entries.filter(({ source }) => source === 'iam').map(({ text }) => text);

function writerIn(stack: Stack): { readonly writer: Function; readonly table: TableV2 } {
  const table = new TableV2(stack, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const writer = new Function(stack, 'Writer', {
    functionName: 'writer',
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(WRITER),
    environment: { TABLE: table.tableName },
  });
  return { writer, table };
}

describe('a function', () => {
  test('is refused what its role does not allow, told so by its SDK, and the journal says what is missing', async () => {
    const world = await rehearse((stack) => void writerIn(stack));

    const { payload } = await world.invoke('writer', {});

    expect(payload).toMatch(
      /^AccessDeniedException: User: .*writer.* is not authorized to perform: dynamodb:PutItem on/i,
    );
    expect(refusals(world)).toEqual([expect.stringContaining('because no identity-based policy allows it')]);
  });

  test('may what its role allows', async () => {
    const world = await rehearse((stack) => {
      const { writer, table } = writerIn(stack);
      table.grantWriteData(writer);
    });

    expect((await world.invoke('writer', {})).payload).toBe('written');
    expect(refusals(world)).toEqual([]);
  });

  test('with a policy of AWS that stands in no template is not judged, which is said once', async () => {
    const world = await rehearse((stack) => {
      const { writer } = writerIn(stack);
      writer.role!.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonDynamoDBFullAccess'));
    });

    await world.invoke('writer', {});

    expect((await world.invoke('writer', {})).payload).toBe('written');
    expect(refusals(world)).toEqual([expect.stringContaining('its calls are not judged')]);
  });

  test('with the policy of administrators may everything', async () => {
    const world = await rehearse((stack) => {
      const { writer } = writerIn(stack);
      writer.role!.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
    });

    expect((await world.invoke('writer', {})).payload).toBe('written');
  });

  test('may everything where permissions are ignored', async () => {
    const world = await rehearse((stack) => void writerIn(stack), { permissions: 'ignored' });

    expect((await world.invoke('writer', {})).payload).toBe('written');
  });

  test('gets no event source mapping that its role cannot read: the stack does not deploy', async () => {
    const mapped = rehearse((stack) => {
      const { writer } = writerIn(stack);
      const queue = new Queue(stack, 'Queue');
      new CfnEventSourceMapping(stack, 'Mapping', { functionName: writer.functionArn, eventSourceArn: queue.queueArn });
    });

    await expect(mapped).rejects.toThrow(/not authorized to perform: sqs:ReceiveMessage/);
  });
});

describe('a service of AWS', () => {
  const subscribed = (stack: Stack, isLetIn: boolean): void => {
    const topic = new Topic(stack, 'Topic', { topicName: 'topic' });
    const queue = new Queue(stack, 'Queue', { queueName: 'queue' });
    new CfnSubscription(stack, 'S', { topicArn: topic.topicArn, protocol: 'sqs', endpoint: queue.queueArn });
    if (isLetIn) {
      queue.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal('sns.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
        }),
      );
    }
  };
  const messages = async (world: World): Promise<string> => {
    const QueueUrl = world.resources('AWS::SQS::Queue')[0]!.physicalId;
    const { Attributes } = await world.call('sqs', 'GetQueueAttributes', { QueueUrl });
    return Attributes.ApproximateNumberOfMessages;
  };

  test.each([
    [true, '1'],
    [false, '0'],
  ])('delivers to a queue whose policy lets it in: %s', async (isLetIn, count) => {
    const world = await rehearse((stack) => subscribed(stack, isLetIn));

    await world.publish('arn:aws:sns:eu-west-1:111111111111:topic', { message: 'hello' });

    expect(await messages(world)).toBe(count);
    expect(refusals(world)).toHaveLength(isLetIn ? 0 : 1);
  });

  test('is EventBridge, which needs the policy of a topic', async () => {
    const world = await rehearse((stack) => {
      const topic = new Topic(stack, 'Topic', { topicName: 'topic' });
      topic.addSubscription(new EmailSubscription('ana@example.com'));
      const target = { arn: topic.topicArn, id: 'T' };
      new CfnRule(stack, 'Rule', { eventPattern: { source: ['shop'] }, targets: [target] });
    });

    world.emit({ source: 'shop', 'detail-type': 'Sold', detail: {} });
    await world.clock.settle();

    expect(world.inbox).toEqual([]);
    expect(refusals(world)[0]).toContain('events.amazonaws.com may not sns:Publish');
  });

  test.each([
    ['none of its own', false, 1],
    ['one that only denies, which takes the place of the default', true, 0],
  ])('is CloudWatch, at a topic whose policy is %s', async (_what, enforceSSL, count) => {
    const world = await rehearse((stack) => {
      const topic = new Topic(stack, 'Topic', { enforceSSL });
      topic.addSubscription(new EmailSubscription('ana@example.com'));
      const metric = new Metric({ namespace: 'Shop', metricName: 'Errors' });
      const alarm = new Alarm(stack, 'Alarm', { alarmName: 'errors', metric, threshold: 1, evaluationPeriods: 1 });
      alarm.addAlarmAction(new SnsAction(topic));
    });

    world.alarms.set('errors', 'ALARM', 'too many');
    await world.clock.settle();

    expect(world.inbox).toHaveLength(count);
  });

  test('is API Gateway, which needs the function’s permission for the very route', async () => {
    const world = await rehearse((stack) => {
      const { writer } = writerIn(stack);
      const integration = new HttpLambdaIntegration('I', writer, { scopePermissionToRoute: false });
      new HttpApi(stack, 'Api', { defaultIntegration: integration });
    });

    expect((await fetch(`${world.reviewUrl}/tea`)).status).toBe(500);
    expect(refusals(world)[0]).toContain('apigateway.amazonaws.com may not lambda:InvokeFunction');
  });

  test('finds the permission that is for it, and no other', async () => {
    const world = await rehearse((stack) => {
      const { writer } = writerIn(stack);
      const api = new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('I', writer) });
      new CfnPermission(stack, 'Other', {
        action: 'lambda:InvokeFunction',
        functionName: writer.functionName,
        principal: 'events.amazonaws.com',
      });
      void api;
    });

    expect((await fetch(`${world.reviewUrl}/tea`)).status).toBe(200);
  });
});
