import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { INTAKE_ATTRIBUTES } from '../../../contract/names';
import { handler } from '../../../lambda/intake/handler';
import { requestIdOf, runKeyOf, sha256 } from '../../../lambda/signing/link-key';

const TOKEN = '1a2b3c4d-573f-4ea7-a67e-0123456789ab';
const ID = requestIdOf('shop', 'Prod', 'Approve', TOKEN);
const RUN = '11111111-2222-3333-4444-555555555555';
const MACHINE = 'arn:aws:states:eu-west-1:111111111111:stateMachine:timer';

const documents = mockClient(DynamoDBDocumentClient);
const stepFunctions = mockClient(SFNClient);
let lines: string[];

beforeEach(() => {
  documents.reset();
  mockClient(DynamoDBClient);
  stepFunctions.reset();
  stepFunctions.on(StartExecutionCommand).resolves({ executionArn: 'arn', startDate: new Date(0) });
  documents.on(PutCommand).resolves({});
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  process.env['GATES_REQUESTS_TABLE'] = 'requests';
  process.env['GATES_STATE_MACHINE'] = MACHINE;
});

afterEach(() => jest.restoreAllMocks());

function notification(approval: object = {}): object {
  return {
    Type: 'Notification',
    MessageId: 'm',
    TopicArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
    Subject: 'APPROVAL NEEDED: AWS CodePipeline shop for action Approve',
    Timestamp: '2026-11-23T08:00:00.000Z',
    Message: JSON.stringify({
      region: 'eu-west-1',
      consoleLink: 'https://console.aws.amazon.com/',
      approval: {
        pipelineName: 'shop',
        stageName: 'Prod',
        actionName: 'Approve',
        token: TOKEN,
        expires: '2026-11-30T08:00Z',
        externalEntityLink: null,
        approvalReviewLink: `https://console.aws.amazon.com/approve/${TOKEN}`,
        customData: `Please look\nPipeline run: ${RUN}`,
        ...approval,
      },
    }),
  };
}

function actionEvent(state: string): object {
  return {
    version: '0',
    id: 'e-1',
    'detail-type': 'CodePipeline Action Execution State Change',
    source: 'aws.codepipeline',
    account: '111111111111',
    time: '2026-11-23T08:00:00Z',
    region: 'eu-west-1',
    detail: {
      pipeline: 'shop',
      'execution-id': RUN,
      stage: 'Prod',
      action: 'Approve',
      state,
      type: { owner: 'AWS', category: 'Approval', provider: 'Manual', version: '1' },
      version: 1,
    },
  };
}

function pipelineEvent(trigger: unknown): object {
  return {
    version: '0',
    id: 'e-2',
    'detail-type': 'CodePipeline Pipeline Execution State Change',
    source: 'aws.codepipeline',
    time: '2026-11-23T07:59:00Z',
    detail: { pipeline: 'shop', 'execution-id': RUN, state: 'STARTED', version: 1, 'execution-trigger': trigger },
  };
}

function batch(...bodies: readonly unknown[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  } as unknown as SQSEvent;
}

test('a notification becomes a request and its timer, named by the hash of its token', async () => {
  expect(await handler(batch(notification()))).toEqual({ batchItemFailures: [] });

  expect(documents.commandCalls(PutCommand).map(({ args }) => args[0].input)).toEqual([
    {
      TableName: 'requests',
      Item: {
        pk: `asked#${ID}`,
        sk: 'asked',
        v: 2,
        pipeline: 'shop',
        stage: 'Prod',
        action: 'Approve',
        requestedAt: '2026-11-23T08:00:00.000Z',
        expires: '2026-11-30T08:00:00.000Z',
        executionHint: RUN,
        ttl: Date.parse('2028-01-27T08:00:00Z') / 1000,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  ]);
  const started = stepFunctions.commandCalls(StartExecutionCommand)[0]!.args[0].input;
  expect(started).toMatchObject({ stateMachineArn: MACHINE, name: ID });
  expect(JSON.parse(started.input!)).toEqual({
    at: '2026-11-23T08:00:00.000Z',
    target: { requestId: ID },
    events: 0,
  });
});

test('a notification without an expiry that can be read, and without a run, is a request all the same', async () => {
  await handler(batch(notification({ expires: 'soon', customData: null })));

  const item = documents.commandCalls(PutCommand)[0]!.args[0].input.Item!;
  expect(item).not.toHaveProperty('expires');
  expect(item).not.toHaveProperty('executionHint');
});

describe('the start of a pipeline run', () => {
  test('leaves who made the change, under a key of its own', async () => {
    const trigger = { 'author-display-name': 'Ana', 'author-email': 'ana@example.com', 'author-id': 'ana-gh' };

    expect(await handler(batch(pipelineEvent(trigger)))).toEqual({ batchItemFailures: [] });

    expect(documents.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
      TableName: 'requests',
      Item: {
        pk: `trigger#${runKeyOf('shop', '', '', RUN)}`,
        sk: 'trigger',
        v: 2,
        pipeline: 'shop',
        authors: ['Ana', 'ana@example.com', 'ana-gh'],
        ttl: Date.parse('2028-01-27T07:59:00Z') / 1000,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    expect(stepFunctions.calls()).toEqual([]);
  });

  test.each([
    ['by hand', { 'trigger-type': 'StartPipelineExecution', 'trigger-detail': 'arn:aws:iam::111111111111:user/ana' }],
    ['by nobody known', undefined],
  ])('%s leaves nothing', async (_, trigger) => {
    await handler(batch(pipelineEvent(trigger)));

    expect(documents.calls()).toEqual([]);
    expect(lines).toEqual([]);
  });
});

test('only rows of its own are written: under its own keys, with its own attributes', async () => {
  await handler(batch(notification(), pipelineEvent({ 'author-id': 'ana-gh' }), actionEvent('STARTED')));

  const items = documents.commandCalls(PutCommand).map(({ args }) => args[0].input.Item!);
  expect(items).toHaveLength(2);
  for (const item of items) {
    expect(item['pk']).toMatch(/^(asked|trigger)#/);
    expect(INTAKE_ATTRIBUTES).toEqual(expect.arrayContaining(Object.keys(item)));
  }
});

test('the same notification twice is the same request', async () => {
  documents.on(PutCommand).rejects(new ConditionalCheckFailedException({ $metadata: {}, message: 'exists' }));
  stepFunctions.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' }));

  expect(await handler(batch(notification()))).toEqual({ batchItemFailures: [] });
});

test.each([
  ['STARTED', '2026-11-23T08:02:00.000Z'],
  ['SUCCEEDED', '2026-11-23T08:00:00.000Z'],
  ['ABANDONED', '2026-11-23T08:00:00.000Z'],
])('the event %s is looked at from %s on', async (state, at) => {
  await handler(batch(actionEvent(state)));

  expect(documents.calls()).toEqual([]);
  const started = stepFunctions.commandCalls(StartExecutionCommand)[0]!.args[0].input;
  expect(started.name).toBe(`event-${sha256('e-1').slice(0, 32)}`);
  expect(JSON.parse(started.input!)).toEqual({
    at,
    target: {
      gate: { pipeline: 'shop', stage: 'Prod', action: 'Approve' },
      executionId: RUN,
      since: '2026-11-23T08:00:00.000Z',
    },
    events: 0,
  });
});

test('one message that fails comes again alone', async () => {
  stepFunctions.on(StartExecutionCommand).rejectsOnce(new Error('throttled')).resolves({});

  const answer = await handler(batch(notification(), actionEvent('STARTED')));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
});

test.each<[string, unknown]>([
  ['text', 'hello'],
  ['an empty object', {}],
  ['a list', []],
  ['null', null],
  ['a confirmation', { Type: 'SubscriptionConfirmation', Token: 'secret' }],
  ['a message that is not JSON', { Type: 'Notification', Timestamp: '2026-11-23T08:00:00.000Z', Message: '{secret' }],
  ['a stage with a path', notification({ stageName: '../secret' })],
  ['no token', notification({ token: undefined })],
  ['a token that is an object', notification({ token: { secret: 1 } })],
  ['an event without detail', { 'detail-type': 'x', id: 'secret' }],
  [
    'an event of a run with a path',
    { ...pipelineEvent({}), detail: { pipeline: 'shop', 'execution-id': '../secret' } },
  ],
])('%s is dropped without being repeated in the log', async (_, body) => {
  expect(await handler(batch(body))).toEqual({ batchItemFailures: [] });

  expect(stepFunctions.calls()).toEqual([]);
  expect(documents.calls()).toEqual([]);
  expect(lines).toHaveLength(1);
  expect(lines.join('')).not.toContain('secret');
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'WARN', message: 'a malformed message was dropped' });
});

test('no log line holds the token, the note or the message', async () => {
  await handler(batch(notification(), actionEvent('STARTED')));
  stepFunctions.on(StartExecutionCommand).rejects(new Error(`bad token ${TOKEN}`));
  await handler(batch(notification()));

  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toContain(TOKEN);
  expect(lines.join('')).not.toContain('Please look');
});

test('fails naming the variable that is missing', async () => {
  delete process.env['GATES_STATE_MACHINE'];

  await expect(handler(batch())).rejects.toThrow('GATES_STATE_MACHINE');
});
