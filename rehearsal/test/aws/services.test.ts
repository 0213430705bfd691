import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { SendEmailCommand, SESv2Client, type Body } from '@aws-sdk/client-sesv2';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import {
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetParameterCommand, paginateGetParametersByPath, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { World } from '../../world';
import { synthesize } from '../world/synthetic-app';

let world: World;
let config: any;

beforeAll(async () => {
  world = await World.create(synthesize());
  config = { region: 'eu-west-1', endpoint: world.endpoint, credentials: world.credentials(), maxAttempts: 1 };
});
afterAll(() => world.close());
afterEach(() => world.faults.clear());

const mails = () =>
  world.resources('AWS::SNS::Topic').find(({ attributes }) => attributes.TopicName === 'mails')!.physicalId;

describe('Parameter Store', () => {
  test('gives a parameter, and says when there is none', async () => {
    const client = new SSMClient(config);
    const { Parameter } = await client.send(new GetParameterCommand({ Name: '/app/people/3' }));
    expect(Parameter).toMatchObject({ Value: 'p3', LastModifiedDate: new Date(world.clock.now()) });
    await expect(client.send(new GetParameterCommand({ Name: '/none' }))).rejects.toThrow(ParameterNotFound);
  });

  test('lists a path in pages of ten', async () => {
    const sizes: number[] = [];
    for await (const { Parameters } of paginateGetParametersByPath(
      { client: new SSMClient(config) },
      { Path: '/app/people' },
    )) {
      sizes.push(Parameters!.length);
    }
    expect(sizes).toEqual([10, 2]);
  });
});

describe('STS', () => {
  test('lets in whom the trust policy names, and nobody else', async () => {
    const role = world.resources('AWS::IAM::Role').find(({ physicalId }) => physicalId === 'answer')!;
    const command = new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'request-1' });
    const writer = world.callerOfFunction(world.functionNamed('writer').physicalId);
    const own = new STSClient({ ...config, credentials: world.credentials(writer) });
    const { Credentials, AssumedRoleUser } = await own.send(command);
    expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::111111111111:assumed-role/answer/request-1');
    expect(Credentials!.Expiration!.getTime()).toBeGreaterThan(Date.now() + 1e11);
    const session = new STSClient({
      ...config,
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken,
      },
    });
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(AssumedRoleUser!.Arn);

    const other = world.callerOfFunction(world.functionNamed('watcher').physicalId);
    const foreign = new STSClient({ ...config, credentials: world.credentials(other) });
    await expect(foreign.send(command)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('knows no key that the world did not give', async () => {
    const client = new STSClient({ ...config, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});

describe('SNS', () => {
  test('a publication reaches the inbox of a confirmed address only', async () => {
    const client = new SNSClient(config);
    const publish = () =>
      client.send(new PublishCommand({ TopicArn: mails(), Subject: 'Hi', Message: 'a & <b>\r\n"c"' }));
    const list = async () =>
      (await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: mails() }))).Subscriptions!;
    await publish();
    expect(world.inbox).toEqual([
      expect.objectContaining({ to: 'ana@example.com', subject: 'Hi', text: 'a & <b>\r\n"c"' }),
    ]);
    expect(await list()).toEqual([expect.objectContaining({ Protocol: 'email', Endpoint: 'ana@example.com' })]);

    world.setSubscription('ana@example.com', 'pending');
    await publish();
    expect(world.inbox).toHaveLength(1);
    expect(await list()).toEqual([expect.objectContaining({ SubscriptionArn: 'PendingConfirmation' })]);

    world.setSubscription('ana@example.com', 'missing');
    expect(await list()).toEqual([]);
    await client.send(new SubscribeCommand({ TopicArn: mails(), Protocol: 'email', Endpoint: 'ana@example.com' }));
    expect(await list()).toEqual([expect.objectContaining({ SubscriptionArn: 'PendingConfirmation' })]);
    world.setSubscription('ana@example.com', 'confirmed');
  });

  test('tells each protocol its own text of a message that has several', async () => {
    const client = new SNSClient(config);
    const publish = (Message: string) =>
      client.send(new PublishCommand({ TopicArn: mails(), MessageStructure: 'json', Message }));
    await publish(JSON.stringify({ default: 'for all', email: 'for people' }));
    expect(world.inbox.at(-1)?.text).toBe('for people');
    await publish(JSON.stringify({ default: 'for all', sqs: 'for queues' }));
    expect(world.inbox.at(-1)?.text).toBe('for all');

    for (const wrong of ['{"email":"x"}', '{"default":1}', 'null', 'x']) {
      await expect(publish(wrong)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  test('says that a topic is not there', async () => {
    const command = new PublishCommand({ TopicArn: `${mails()}-not`, Message: 'x' });
    await expect(new SNSClient(config).send(command)).rejects.toThrow(NotFoundException);
  });
});

describe('DynamoDB', () => {
  const table = () => world.resources('AWS::DynamoDB::GlobalTable')[0]!;

  test('keeps conditions, and gives the old item where asked', async () => {
    const client = new DynamoDBClient(config);
    const put = (value: string) =>
      client.send(
        new PutItemCommand({
          TableName: table().physicalId,
          Item: { pk: { S: 'one' }, value: { S: value } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    await put('first');
    const error = await put('second').catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect((error as ConditionalCheckFailedException).Item).toMatchObject({ value: { S: 'first' } });
  });

  test('of twenty who race for one condition, one wins', async () => {
    const client = new DynamoDBClient(config);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_one, index) =>
        client.send(
          new UpdateItemCommand({
            TableName: table().physicalId,
            Key: { pk: { S: 'race' } },
            UpdateExpression: 'SET #outcome = :me',
            ConditionExpression: 'attribute_not_exists(#outcome)',
            ExpressionAttributeNames: { '#outcome': 'outcome' },
            ExpressionAttributeValues: { ':me': { N: String(index) } },
          }),
        ),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.calls.filter(({ action }) => action === 'dynamodb:UpdateItem').at(-1)).toMatchObject({
      ok: false,
      error: 'ConditionalCheckFailedException',
      context: { 'dynamodb:LeadingKeys': ['race'], 'dynamodb:Attributes': ['pk', 'outcome'] },
    });
  });

  test('counts request units by the sizes of items, as they are billed', async () => {
    const client = new DynamoDBClient(config);
    const Key = { pk: { S: 'large' } };
    const before = world.counts();
    await client.send(
      new PutItemCommand({ TableName: table().physicalId, Item: { ...Key, value: { S: 'x'.repeat(4_500) } } }),
    );
    await client.send(new GetItemCommand({ TableName: table().physicalId, Key, ConsistentRead: true }));
    const after = world.counts();

    expect(after.writeUnits - before.writeUnits).toBe(5);
    expect(after.readUnits - before.readUnits).toBe(2);
    expect(after.calls['dynamodb:PutItem']! - (before.calls['dynamodb:PutItem'] ?? 0)).toBe(1);
  });

  test('a query is asked of IAM with the key it leads with', async () => {
    await new DynamoDBClient(config).send(
      new QueryCommand({
        TableName: table().physicalId,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'one' } },
        ConsistentRead: true,
      }),
    );
    expect(world.calls.at(-1)).toMatchObject({
      action: 'dynamodb:Query',
      resources: [table().arn],
      context: { 'dynamodb:LeadingKeys': ['one'], 'dynamodb:Attributes': ['pk'] },
    });
  });
});

describe('other services', () => {
  test('Lambda answers, and names a function that is not there', async () => {
    const client = new LambdaClient(config);
    const { Payload, StatusCode, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: world.functionNamed('asset').arn, Payload: JSON.stringify({ a: 1 }) }),
    );
    expect([StatusCode, FunctionError, JSON.parse(Payload!.transformToString()).event]).toEqual([
      200,
      undefined,
      { a: 1 },
    ]);
    await expect(client.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toThrow(ResourceNotFoundException);
  });

  test('a function that throws is a function error', async () => {
    const { Payload, FunctionError } = await new LambdaClient(config).send(
      new InvokeCommand({ FunctionName: world.functionNamed('writer').arn, Payload: '{}' }),
    );
    expect(FunctionError).toBe('Unhandled');
    expect(JSON.parse(Payload!.transformToString())).toMatchObject({ errorType: 'TypeError' });
  });

  test('Step Functions starts a name once', async () => {
    const client = new SFNClient(config);
    const stateMachineArn = world.resources('AWS::StepFunctions::StateMachine')[0]!.arn!;
    const start = (at: string) =>
      client.send(new StartExecutionCommand({ stateMachineArn, name: 'n', input: JSON.stringify({ at, turns: 0 }) }));
    const first = await start('2040-01-01T00:00:00Z');
    expect((await start('2040-01-01T00:00:00Z')).executionArn).toBe(first.executionArn);
    await expect(start('2041-01-01T00:00:00Z')).rejects.toThrow(ExecutionAlreadyExists);
    await client.send(new StopExecutionCommand({ executionArn: first.executionArn }));
    expect(world.executions[0]!.status).toBe('ABORTED');
  });

  test('EventBridge takes events and records their source', async () => {
    const { FailedEntryCount } = await new EventBridgeClient(config).send(
      new PutEventsCommand({ Entries: [{ Source: 'gates', DetailType: 'Approval Decided', Detail: '{"a":1}' }] }),
    );
    expect(FailedEntryCount).toBe(0);
    expect(world.events.at(-1)).toMatchObject({ source: 'gates', 'detail-type': 'Approval Decided', detail: { a: 1 } });
    expect(world.calls.at(-1)!.context).toMatchObject({ 'events:source': ['gates'] });
  });

  test('SES mails go to the inbox', async () => {
    await new SESv2Client(config).send(
      new SendEmailCommand({
        FromEmailAddress: 'Gates <gates@example.com>',
        Destination: { ToAddresses: ['bo@example.com'] },
        Content: { Simple: { Subject: { Data: 'S' }, Body: { Text: { Data: 'T' } } } },
      }),
    );
    expect(world.inbox.at(-1)).toMatchObject({ to: 'bo@example.com', subject: 'S', text: 'T' });
    expect(world.inbox.at(-1)).not.toHaveProperty('html');
    expect(world.calls.at(-1)!.resources).toEqual(['arn:aws:ses:eu-west-1:111111111111:identity/example.com']);
  });

  test('SES mails keep their HTML beside the text', async () => {
    const send = (Body: Body) =>
      new SESv2Client(config).send(
        new SendEmailCommand({
          FromEmailAddress: 'gates@example.com',
          Destination: { ToAddresses: ['bo@example.com'] },
          Content: { Simple: { Subject: { Data: 'S' }, Body } },
        }),
      );

    await send({ Text: { Data: 'T' }, Html: { Data: '<b>T</b>' } });
    expect(world.inbox.at(-1)).toMatchObject({ text: 'T', html: '<b>T</b>' });
    await send({ Html: { Data: '<b>T</b>' } });
    expect(world.inbox.at(-1)).toMatchObject({ text: '<b>T</b>', html: '<b>T</b>' });
  });

  test('CloudWatch tells state and history of alarms', async () => {
    const client = new CloudWatchClient(config);
    const from = new Date(world.clock.now());
    await world.clock.advanceBy(60_000);
    world.alarms.set('shop-5xx', 'ALARM', 'too many errors');
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['shop-5xx', 'none'] }));
    expect(MetricAlarms).toEqual([
      expect.objectContaining({
        StateValue: 'ALARM',
        StateReason: 'too many errors',
        StateUpdatedTimestamp: new Date(world.clock.now()),
      }),
    ]);
    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'shop-5xx', HistoryItemType: 'StateUpdate', StartDate: from }),
    );
    expect(AlarmHistoryItems).toHaveLength(1);
    expect(JSON.parse(AlarmHistoryItems![0]!.HistoryData!)).toMatchObject({
      oldState: { stateValue: 'OK' },
      newState: { stateValue: 'ALARM' },
    });
    expect(world.events.at(-1)).toMatchObject({
      source: 'aws.cloudwatch',
      detail: { alarmName: 'shop-5xx', state: { value: 'ALARM' } },
    });
  });
});

describe('faults', () => {
  const get = () => new SSMClient(config).send(new GetParameterCommand({ Name: '/app/people/1' }));

  test('an operation fails so many times', async () => {
    world.faults.add({ operation: 'ssm:GetParameter', code: 'AccessDeniedException', times: 2 });
    await expect(get()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(get()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(get()).resolves.toBeDefined();
  });

  test('an operation fails until a time', async () => {
    world.faults.add({ operation: 'ssm:*', until: new Date(world.clock.now() + 60_000) });
    await expect(get()).rejects.toMatchObject({ name: 'InternalServerError' });
    await world.clock.advanceBy(60_000);
    await expect(get()).resolves.toBeDefined();
  });

  test('an operation takes effect although its caller is told otherwise', async () => {
    world.faults.add({ operation: 'sns:Publish', after: true });
    const count = world.inbox.length;
    await expect(
      new SNSClient(config).send(new PublishCommand({ TopicArn: mails(), Message: 'x' })),
    ).rejects.toBeDefined();
    expect(world.inbox).toHaveLength(count + 1);
  });

  test('an operation fails after some calls that go well', async () => {
    world.faults.add({ operation: 'ssm:GetParameter', code: 'AccessDeniedException', skip: 1 });
    await expect(get()).resolves.toBeDefined();
    await expect(get()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(get()).resolves.toBeDefined();
  });

  test('a fault may strike one caller only', async () => {
    world.faults.add({ operation: 'ssm:GetParameter', principal: 'writer', times: 9 });
    await expect(get()).resolves.toBeDefined();
  });
});
