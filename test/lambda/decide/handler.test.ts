import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline';
import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetParametersByPathCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import type { Target, TimerInput } from '../../../contract/messages';
import { IntakeStore } from '../../../lambda/aws/intake-store';
import { RequestStore } from '../../../lambda/aws/request-store';
import { Table } from '../../../lambda/aws/table';
import { isKnown } from '../../../lambda/domain/request';
import { decisionText } from '../../../lambda/domain/vote';
import { sha256, signText } from '../../../lambda/signing/link-key';
import {
  ANA,
  ANSWER_ROLE,
  at,
  BO,
  CHECK_ROLE,
  checkPlan,
  days,
  EXECUTION,
  GATE,
  hours,
  minutes,
  policyOf,
  REQUEST,
  ruleOf,
  START,
  TOKEN,
} from '../samples';
import { LocalTable } from '../table';

const codePipeline = mockClient(CodePipelineClient);
const eventBridge = mockClient(EventBridgeClient);
const lambda = mockClient(LambdaClient);
const stepFunctions = mockClient(SFNClient);
const sns = mockClient(SNSClient);
const ssm = mockClient(SSMClient);
let sts: AwsClientStub<STSClient>;
const PREFIX = 'arn:aws:sns:eu-west-1:111111111111:gates-shop-to-';
const MACHINE = 'arn:aws:states:eu-west-1:111111111111:stateMachine:gates-shop';
const PARAMETER = '/approval-gates/shop/gates/shop/Prod/Approve';

let local: LocalTable;
let store: RequestStore;
let rows: Table;
let lines: string[];
let handler: typeof import('../../../lambda/decide/handler').handler;

beforeAll(async () => {
  local = await LocalTable.start();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: local.endpoint,
    GATES_WORKFLOW: 'shop',
    GATES_ANSWERS: 'BY_LINK',
    GATES_REVIEW_URL: 'https://review.example.com',
    GATES_CHECK_FUNCTION: 'check',
    GATES_STATE_MACHINE: MACHINE,
  });
  ({ handler } = await import('../../../lambda/decide/handler'));
});

afterAll(() => local.stop());

beforeEach(async () => {
  const table = await local.create();
  process.env['GATES_REQUESTS_TABLE'] = table;
  process.env['GATES_MAIL_TOPIC_PREFIX'] = PREFIX;
  [codePipeline, eventBridge, lambda, stepFunctions, sns, ssm].forEach((mock) => mock.reset());
  sts = mockClient(STSClient);
  parameters({ [`${PARAMETER}/policy`]: policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id, BO.id] } }) }) });
  ssm.on(GetParametersByPathCommand).resolves({ Parameters: [{ Value: JSON.stringify({ v: 2, people: [ANA, BO] }) }] });
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: 'k', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(0) },
  });
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  stepFunctions.on(StartExecutionCommand).resolves({ executionArn: 'arn', startDate: new Date(0) });
  sns.on(PublishCommand).resolves({ MessageId: 'm' });
  sns.on(ListSubscriptionsByTopicCommand).callsFake(({ TopicArn }: { TopicArn: string }) => ({
    Subscriptions: [
      { Endpoint: TopicArn.endsWith(ANA.id) ? ANA.mail : BO.mail, SubscriptionArn: `${TopicArn}:0`, Protocol: 'email' },
    ],
  }));
  waiting();
  rows = new Table(local.documents, table);
  store = new RequestStore(rows);
  await new IntakeStore(rows).ask(REQUEST, { ...GATE, requestedAt: START, expires: at(days(1)) });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});

afterEach(() => jest.restoreAllMocks());

function parameters(documents: Readonly<Record<string, unknown>>): void {
  ssm.on(GetParametersCommand).callsFake(({ Names }: { Names: readonly string[] }) => ({
    Parameters: Names.filter((name) => name in documents).map((Name) => ({
      Name,
      Value: typeof documents[Name] === 'string' ? documents[Name] : JSON.stringify(documents[Name]),
    })),
  }));
}

function waiting(): void {
  codePipeline.on(GetPipelineStateCommand).resolves({
    stageStates: [
      {
        stageName: 'Prod',
        latestExecution: { pipelineExecutionId: EXECUTION, status: 'InProgress' },
        actionStates: [
          { actionName: 'Approve', latestExecution: { actionExecutionId: 'a-1', status: 'InProgress', token: TOKEN } },
        ],
      },
    ],
  });
  codePipeline.on(ListActionExecutionsCommand).resolves({
    actionExecutionDetails: [
      {
        pipelineExecutionId: EXECUTION,
        actionExecutionId: 'a-1',
        stageName: 'Prod',
        actionName: 'Approve',
        status: 'InProgress',
        startTime: new Date(START),
        input: { resolvedConfiguration: { CustomData: `Please look\nPipeline run: ${EXECUTION}` } },
      },
    ],
  });
  codePipeline.on(GetPipelineExecutionCommand).resolves({
    pipelineExecution: {
      artifactRevisions: [{ name: 'app', revisionId: 'abc', revisionSummary: 'fix\u202e\u0000 the cart' }],
    },
  });
  codePipeline.on(ListPipelineExecutionsCommand).resolves({ pipelineExecutionSummaries: [] });
  codePipeline.on(PutApprovalResultCommand).resolves({ approvedAt: new Date() });
}

const turn = (seconds: number, target: Target = { requestId: REQUEST }, events = 0): Promise<TimerInput> =>
  handler({ kind: 'turn', now: at(seconds), target, events });

const answers = () => codePipeline.commandCalls(PutApprovalResultCommand).map(({ args }) => args[0].input);

function seedOf(id: string): string {
  const mail = sns.commandCalls(PublishCommand).find(({ args }) => args[0].input.TopicArn === `${PREFIX}${id}`);
  return /key=([\w-]{43})/.exec(mail!.args[0].input.Message!)![1]!;
}

async function approval(seconds: number, more: object = {}): Promise<DynamoDBStreamEvent> {
  const { request } = (await store.load(REQUEST))!;
  const evidence = isKnown(request) ? request.shown.evidence : '';
  const seq = Date.parse(at(seconds));
  const said = { verdict: 'APPROVE' as const, comment: 'fine', evidence, seq };
  const sig = signText(seedOf(ANA.id), decisionText({ request: REQUEST, approver: ANA.id, ...said }));
  const keys = { pk: { S: REQUEST }, sk: { S: `${ANA.id}#${sha256(sig)}` } };
  return {
    Records: [
      {
        eventID: 'e',
        eventName: 'INSERT',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-west-1',
        dynamodb: {
          ApproximateCreationDateTime: seq / 1000,
          SequenceNumber: '111',
          StreamViewType: 'NEW_AND_OLD_IMAGES',
          Keys: keys,
          NewImage: {
            ...keys,
            verdict: { S: said.verdict },
            comment: { S: said.comment },
            evidence: { S: evidence },
            seq: { N: String(seq) },
            at: { S: at(seconds) },
            sig: { S: sig },
            ttl: { N: '1' },
            ...more,
          },
        },
      },
    ],
  };
}

describe('a turn of the timer', () => {
  test('answers the input of the next one, with the history that it took', async () => {
    expect(await turn(1, { requestId: REQUEST }, 14)).toEqual({
      at: at(hours(6) + 1),
      target: { requestId: REQUEST },
      events: 21,
    });
  });

  test('ends the run by name when nothing is left to look after', async () => {
    codePipeline.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [] });
    await expect(turn(days(62))).rejects.toMatchObject({ name: 'RequestClosed' });
    await expect(turn(days(62))).rejects.toMatchObject({ name: 'RequestClosed' });
    await expect(turn(1, { requestId: 'f'.repeat(32) })).rejects.toMatchObject({ name: 'RequestClosed' });
    await expect(turn(1, { requestId: '../x' })).rejects.toMatchObject({ name: 'RequestClosed' });
    await expect(turn(1, { digestOf: '../x' })).rejects.toMatchObject({ name: 'RequestClosed' });
  });

  test('hands over to a successor before its history is full, without looking', async () => {
    await expect(turn(1, { requestId: REQUEST }, 20_000)).rejects.toMatchObject({ name: 'TimerRunFull' });
    expect(ssm.calls()).toEqual([]);

    expect(await turn(1, { requestId: REQUEST }, 19_999)).toMatchObject({ events: 20_006 });
  });

  test('of a vote ends once the vote had its effect, or can have none now', async () => {
    await turn(1);
    await expect(turn(60, { requestId: REQUEST, vote: true })).rejects.toMatchObject({ name: 'RequestClosed' });
    await handler(await approval(60));

    await expect(turn(60, { requestId: REQUEST, vote: true })).rejects.toMatchObject({ name: 'RequestClosed' });
    expect(answers()).toHaveLength(1);
  });

  test('of a vote goes on while its outcome is held back', async () => {
    parameters({
      [`${PARAMETER}/policy`]: policyOf({ rule: ruleOf('GUARDED', { people: { ids: [ANA.id, BO.id] } }) }),
    });
    const verdicts = ['PASS', 'PASS', 'FAIL'];
    lambda.on(InvokeCommand).callsFake(() => ({
      Payload: Buffer.from(JSON.stringify({ checkId: 'errors', verdict: verdicts.shift(), reason: 'as told' })),
    }));
    await turn(1);
    await handler(await approval(60));
    codePipeline.on(PutApprovalResultCommand).rejectsOnce(new Error('unreachable'));
    await expect(turn(60, { requestId: REQUEST, vote: true })).rejects.toThrow('the look failed (Error)');

    expect(await turn(minutes(5), { requestId: REQUEST, vote: true })).toMatchObject({
      target: { requestId: REQUEST, vote: true },
    });
  });

  test('of a vote goes on while the approval waits for its window', async () => {
    const window = { timeZone: 'UTC', ranges: [{ days: [1], from: 540, to: 600 }] };
    parameters({
      [`${PARAMETER}/policy`]: policyOf({ rule: ruleOf('MANUAL', { people: { ids: [ANA.id] } }), window }),
    });
    await turn(1);
    await handler(await approval(60));

    expect(await turn(60, { requestId: REQUEST, vote: true })).toMatchObject({ at: '2026-11-23T09:00:00.000Z' });
    expect(answers()).toEqual([]);
  });

  test('of a vote on a request of another version ends', async () => {
    await turn(1);
    await rows.putIfAbsent({ pk: REQUEST, sk: 'vote#old', approver: ANA.id, verdict: 'APPROVE', at: at(2) });

    await expect(turn(60, { requestId: REQUEST, vote: true })).rejects.toMatchObject({ name: 'RequestClosed' });
    expect(await turn(60)).toMatchObject({ at: at(60 + hours(6)) });
  });

  test('of an action follows it', async () => {
    const target = { gate: GATE, executionId: EXECUTION, since: START };

    await expect(turn(120, target)).rejects.toMatchObject({ name: 'RequestClosed' });

    expect(sns.commandCalls(PublishCommand)).toHaveLength(2);
  });
});

describe('a timer run of version 0.1.0', () => {
  test('ends by the answer that its machine understands, and changes nothing', async () => {
    const old = { kind: 'look', now: at(60), look: { requestId: REQUEST } };

    expect(await handler(old as never)).toEqual({ done: true });

    expect(await rows.query(REQUEST)).toEqual([]);
    expect(ssm.calls()).toEqual([]);
    expect(lines.filter((line) => line.includes('"Unreadable":1'))).toHaveLength(1);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ _aws: { Timestamp: Date.parse(at(60)) }, Workflow: 'shop' });
  });
});

test('people are mailed by topic; a decision from the stream starts a run, which delivers it with the token found again', async () => {
  await turn(1);
  const mails = sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
  expect(mails.map(({ TopicArn }) => TopicArn)).toEqual([`${PREFIX}${ANA.id}`, `${PREFIX}${BO.id}`]);
  expect(mails[0]?.Message).toContain(`https://review.example.com/r/${REQUEST}?by=${ANA.id}&key=`);

  const event = await approval(60);
  expect(await handler(event)).toEqual({ batchItemFailures: [] });

  const [started] = stepFunctions.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input);
  const hash = sha256(event.Records[0]!.dynamodb!.NewImage!['sig']!.S!).slice(0, 32);
  expect(started).toMatchObject({ stateMachineArn: MACHINE, name: `vote-${REQUEST}-${hash}` });
  const input = JSON.parse(started!.input!) as TimerInput;
  expect(input).toEqual({ at: at(60), target: { requestId: REQUEST, vote: true }, events: 0 });
  expect(answers()).toEqual([]);
  await expect(turn(60, input.target)).rejects.toMatchObject({ name: 'RequestClosed' });

  expect(answers()).toEqual([
    {
      pipelineName: 'shop',
      stageName: 'Prod',
      actionName: 'Approve',
      token: TOKEN,
      result: { status: 'Approved', summary: 'Approved by ana@example.com. fine' },
    },
  ]);
  expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toMatchObject({
    RoleArn: ANSWER_ROLE,
    RoleSessionName: REQUEST,
  });
  const events = eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries![0]!);
  expect(events.map(({ DetailType }) => DetailType)).toEqual(['Approval Requested', 'Approval Decided']);
  expect(JSON.parse(events[1]!.Detail!)).toMatchObject({
    workflow: 'shop',
    requestId: REQUEST,
    pipeline: 'shop',
    executionId: EXECUTION,
    outcome: 'APPROVED',
  });
});

describe('nothing secret', () => {
  test('appears in any log line, whatever fails: no token, seed, signature or event', async () => {
    await turn(1);
    const seeds = [ANA, BO].map(({ id }) => seedOf(id));
    const event = await approval(60);
    await handler(event);
    codePipeline.on(PutApprovalResultCommand).rejects(new Error(`Value '${TOKEN}' at 'token' failed`));
    await expect(turn(61)).rejects.toThrow('the look failed (Error)');
    codePipeline.on(PutApprovalResultCommand).resolves({});
    await handler({ Records: [{ ...event.Records[0], eventName: 'MODIFY' }] });
    await handler(await approval(70, { sig: { S: 'A'.repeat(86) } }));
    await handler(await approval(70, { verdict: { S: 'SURE' } }));
    await turn(62).catch(() => undefined);

    const all = lines.join('');
    const sig = event.Records[0]!.dynamodb!.NewImage!['sig']!.S!;
    for (const secret of [TOKEN, ...seeds, sig, 'NewImage', 'Please look', ANA.mail]) {
      expect(all).not.toContain(secret);
    }
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.stringMatching(/INFO|WARN|ERROR/) as string });
    }
    expect(all).toContain('"DecisionsTampered":1');
  });

  test('is in what a failed look throws', async () => {
    codePipeline.on(GetPipelineStateCommand).rejects(new Error(`Value '${TOKEN}'`));

    const error = await turn(1).catch((thrown: Error) => thrown);

    expect(String((error as Error).stack)).not.toContain(TOKEN);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe('what fails is tried again', () => {
  test('a look that DynamoDB throttles fails by its name, and the next try goes on', async () => {
    const send = jest
      .spyOn(DynamoDBDocumentClient.prototype, 'send')
      .mockRejectedValueOnce(
        new ProvisionedThroughputExceededException({ $metadata: {}, message: 'too fast' }) as never,
      );

    await expect(turn(1)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    send.mockRestore();

    expect(await turn(1)).toMatchObject({ at: at(hours(6) + 1) });
    expect(lines.filter((line) => line.includes('a look failed'))).toHaveLength(1);
  });

  test('a vote that could not be copied is brought again', async () => {
    await turn(1);
    const event = await approval(60);
    stepFunctions.on(StartExecutionCommand).rejects(new Error('unreachable'));

    expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '111' }] });
  });

  test('a look of an action that fails names the gate', async () => {
    codePipeline.on(ListActionExecutionsCommand).rejects(new Error('unreachable'));

    await expect(turn(120, { gate: GATE, executionId: EXECUTION, since: START })).rejects.toThrow('the look failed');

    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      message: 'a look failed',
      executionId: EXECUTION,
      error: 'Error',
    });
  });
});

test.each<[string, unknown]>([
  ['that is not JSON', '{"v":2'],
  ['of version 0.1.0', { ...policyOf(), v: 1 }],
  ['of a version to come', { ...policyOf(), v: 3 }],
  ['of another gate', policyOf({ gate: { ...GATE, stage: 'Dev' } })],
  ['with a quorum nobody can meet', policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 3, ids: [ANA.id] } }) })],
  ['with a quorum of nothing', policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 0, ids: [ANA.id] } }) })],
  ['with a rule of no known kind', { ...policyOf(), rule: { ...ruleOf('MANUAL'), kind: 'OPEN' } }],
  ['without a rule', { ...policyOf(), rule: undefined }],
])('a policy %s opens nothing; the console remains', async (_, document) => {
  parameters({ [`${PARAMETER}/policy`]: document });

  await turn(minutes(16));

  expect(codePipeline.calls()).toEqual([]);
  expect(sns.calls()).toEqual([]);
  const [event] = eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries![0]!);
  expect(event?.DetailType).toBe('Gate Needs Console');
});

test('a missing policy is waited for', async () => {
  parameters({});

  expect(await turn(30)).toEqual({ at: at(60), target: { requestId: REQUEST }, events: 7 });
});

test('a subscription that is gone is asked for again', async () => {
  sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [] });
  sns.on(SubscribeCommand).resolves({});

  await turn(1);

  expect(sns.commandCalls(SubscribeCommand)[0]?.args[0].input).toEqual({
    TopicArn: `${PREFIX}${ANA.id}`,
    Protocol: 'email',
    Endpoint: ANA.mail,
  });
  expect(sns.commandCalls(PublishCommand)).toEqual([]);
});

test.each<[string, object]>([
  ['fails', { FunctionError: 'Unhandled', Payload: Buffer.from('{}') }],
  ['answers nonsense', { Payload: Buffer.from('"PASS"') }],
  ['answers for another check', { Payload: Buffer.from('{"checkId":"x","verdict":"PASS","reason":"ok"}') }],
  ['answers nothing', {}],
])('a check function that %s opens nothing', async (_, reply) => {
  const checks = { source: { parameter: `${PARAMETER}/checks` } };
  parameters({
    [`${PARAMETER}/policy`]: policyOf({ rule: ruleOf('AUTOMATED', { checks }) }),
    [`${PARAMETER}/checks`]: { v: 2, checks: [checkPlan()] },
  });
  lambda.on(InvokeCommand).resolves(reply as never);

  await turn(1);

  expect(answers()).toEqual([]);
  const command: unknown = JSON.parse(
    Buffer.from(lambda.commandCalls(InvokeCommand)[0]!.args[0].input.Payload as Uint8Array).toString(),
  );
  expect(command).toEqual({ requestId: REQUEST, check: checkPlan(), role: CHECK_ROLE, since: at(1), now: at(1) });
});

describe('a decision that is removed', () => {
  const service = (principalId: string) => ({ type: 'Service', principalId });
  const removed = async (userIdentity: object | undefined) => {
    await turn(1);
    const event = await approval(60);
    await handler({ Records: [{ ...event.Records[0], eventName: 'REMOVE', userIdentity } as never] });
    return lines.filter((line) => line.includes('"DecisionsTampered":1')).length;
  };

  test('by the time to live of its table is no alarm', async () => {
    expect(await removed(service('dynamodb.amazonaws.com'))).toBe(0);
  });

  test.each([
    ['somebody', undefined],
    ['another service', service('backup.amazonaws.com')],
    ['somebody who is no service', { type: 'AssumedRole', principalId: 'dynamodb.amazonaws.com' }],
  ])('by %s is one', async (_who, identity) => {
    expect(await removed(identity)).toBe(1);
  });
});
