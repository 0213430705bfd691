import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetParameterCommand, GetParametersByPathCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { LookCommand } from '../../../contract/messages';
import { RequestStore } from '../../../lambda/aws/request-store';
import { decisionText } from '../../../lambda/domain/records';
import { sha256, signText } from '../../../lambda/signing/link-key';
import { LocalTable } from '../table';
import { ANA, at, BO, checkPlan, GATE, policyOf, REQUEST, RUN, START, TOKEN } from './stage';

const codePipeline = mockClient(CodePipelineClient);
const eventBridge = mockClient(EventBridgeClient);
const lambda = mockClient(LambdaClient);
const sns = mockClient(SNSClient);
const ses = mockClient(SESv2Client);
const ssm = mockClient(SSMClient);
const sts = mockClient(STSClient);
const PREFIX = 'arn:aws:sns:eu-west-1:111111111111:gates-shop-to-';

let local: LocalTable;
let table: string;
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
    GATES_REVIEW_URL: 'https://review.example.com',
    GATES_CHECK_FUNCTION: 'check',
  });
  ({ handler } = await import('../../../lambda/decide/handler'));
});

afterAll(() => local.stop());

beforeEach(async () => {
  table = await local.create();
  process.env['GATES_REQUESTS_TABLE'] = table;
  process.env['GATES_MAIL_TOPIC_PREFIX'] = PREFIX;
  delete process.env['GATES_MAIL_FROM'];
  [codePipeline, eventBridge, lambda, sns, ses, ssm, sts].forEach((mock) => mock.reset());
  policy(policyOf({ approvers: { quorum: 1, ids: [ANA.id, BO.id] } }));
  ssm.on(GetParametersByPathCommand).resolves({ Parameters: [{ Value: JSON.stringify({ v: 1, people: [ANA, BO] }) }] });
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: 'k', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(0) },
  });
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  sns.on(PublishCommand).resolves({ MessageId: 'm' });
  sns.on(ListSubscriptionsByTopicCommand).callsFake(({ TopicArn }: { TopicArn: string }) => ({
    Subscriptions: [
      { Endpoint: TopicArn.endsWith(ANA.id) ? ANA.mail : BO.mail, SubscriptionArn: `${TopicArn}:0`, Protocol: 'email' },
    ],
  }));
  waiting();
  await new RequestStore(local.documents, table).open({
    pk: REQUEST,
    sk: 'meta',
    ...GATE,
    requestedAt: START,
    openedBy: 'notification',
  });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});

afterEach(() => jest.restoreAllMocks());

function policy(document: unknown): void {
  ssm
    .on(GetParameterCommand, { Name: '/approval-gates/shop/gates/shop/Prod/Approve/policy' })
    .resolves({ Parameter: { Value: typeof document === 'string' ? document : JSON.stringify(document) } });
}

function waiting(): void {
  codePipeline.on(GetPipelineStateCommand).resolves({
    stageStates: [
      {
        stageName: 'Prod',
        latestExecution: { pipelineExecutionId: RUN, status: 'InProgress' },
        actionStates: [
          { actionName: 'Approve', latestExecution: { actionExecutionId: 'a-1', status: 'InProgress', token: TOKEN } },
        ],
      },
    ],
  });
  codePipeline.on(ListActionExecutionsCommand).resolves({
    actionExecutionDetails: [
      {
        pipelineExecutionId: RUN,
        actionExecutionId: 'a-1',
        stageName: 'Prod',
        actionName: 'Approve',
        status: 'InProgress',
        startTime: new Date(START),
        input: { resolvedConfiguration: { CustomData: `Please look\nPipeline run: ${RUN}` } },
      },
    ],
  });
  codePipeline.on(GetPipelineExecutionCommand).resolves({
    pipelineExecution: {
      artifactRevisions: [{ name: 'app', revisionId: 'abc', revisionSummary: 'fix\u202e\u0000 the cart' }],
    },
  });
  codePipeline.on(PutApprovalResultCommand).resolves({ approvedAt: new Date() });
}

const look = (seconds: number, more: LookCommand['look'] = { requestId: REQUEST }) =>
  handler({ kind: 'look', now: at(seconds), look: more });

function seedOf(id: string): string {
  const mail = sns.commandCalls(PublishCommand).find(({ args }) => args[0].input.TopicArn === `${PREFIX}${id}`);
  return /key=([\w-]{43})/.exec(mail!.args[0].input.Message!)![1]!;
}

async function approval(seconds: number, more: object = {}): Promise<DynamoDBStreamEvent> {
  const { evidence = '' } = (await new RequestStore(local.documents, table).load(REQUEST))!.meta;
  const seq = Date.parse(at(seconds));
  const said = { verdict: 'APPROVE' as const, comment: 'fine', evidence, seq };
  const sig = signText(seedOf(ANA.id), decisionText({ request: REQUEST, approver: ANA.id, ...said }));
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
          Keys: { pk: { S: REQUEST }, sk: { S: `${ANA.id}#${sha256(sig)}` } },
          NewImage: {
            pk: { S: REQUEST },
            sk: { S: `${ANA.id}#${sha256(sig)}` },
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

test('a look mails by topic, a decision from the stream is delivered with the token found again', async () => {
  expect(await look(1)).toMatchObject({ done: false, look: { requestId: REQUEST } });
  const mails = sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
  expect(mails.map(({ TopicArn }) => TopicArn)).toEqual([`${PREFIX}${ANA.id}`, `${PREFIX}${BO.id}`]);
  expect(mails[0]?.Message).toContain(`https://review.example.com/r/${REQUEST}?by=${ANA.id}&key=`);

  expect(await handler(await approval(60))).toEqual({ batchItemFailures: [] });

  expect(codePipeline.commandCalls(PutApprovalResultCommand).map(({ args }) => args[0].input)).toEqual([
    {
      pipelineName: 'shop',
      stageName: 'Prod',
      actionName: 'Approve',
      token: TOKEN,
      result: { status: 'Approved', summary: 'Approved by ana@example.com. ana@example.com: fine' },
    },
  ]);
  expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toEqual({
    RoleArn: policyOf().answerRole,
    RoleSessionName: REQUEST,
    DurationSeconds: 900,
  });
  const events = eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries![0]!);
  expect(events.map(({ DetailType }) => DetailType)).toEqual(['Approval Requested', 'Approval Decided']);
  expect(JSON.parse(events[1]!.Detail!)).toMatchObject({
    workflow: 'shop',
    requestId: REQUEST,
    pipeline: 'shop',
    executionId: RUN,
    outcome: 'APPROVED',
  });
});

test('no token, seed, signature or event appears in any log line, whatever fails', async () => {
  await look(1);
  const seeds = [ANA, BO].map(({ id }) => seedOf(id));
  const event = await approval(60);
  codePipeline.on(PutApprovalResultCommand).rejects(new Error(`Value '${TOKEN}' at 'token' failed`));
  await handler(event);
  await expect(look(61)).rejects.toThrow('the look failed (Error)');
  codePipeline.on(PutApprovalResultCommand).resolves({});
  await handler({ Records: [{ ...event.Records[0], eventName: 'MODIFY' }] });
  await handler(await approval(70, { sig: { S: 'A'.repeat(86) } }));
  await handler(await approval(70, { verdict: { S: 'SURE' } }));
  await handler(event);

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

test('what a failed look throws says nothing that was sent', async () => {
  codePipeline.on(GetPipelineStateCommand).rejects(new Error(`Value '${TOKEN}'`));

  const error = await look(1).catch((thrown: Error) => thrown);

  expect(String((error as Error).stack)).not.toContain(TOKEN);
  expect((error as Error).cause).toBeUndefined();
});

test('a failing record is brought again', async () => {
  await look(1);
  codePipeline.on(PutApprovalResultCommand).rejects(new Error('unreachable'));

  expect(await handler(await approval(60))).toEqual({ batchItemFailures: [{ itemIdentifier: '111' }] });
});

test.each<[string, unknown]>([
  ['not JSON', '{"v":1'],
  ['of a version to come', { ...policyOf(), v: 2 }],
  ['of another gate', policyOf({ gate: { ...GATE, stage: 'Dev' } })],
  ['with a quorum nobody can meet', policyOf({ approvers: { quorum: 3, ids: [ANA.id, BO.id] } })],
  ['with a quorum of nothing', policyOf({ approvers: { quorum: 0, ids: [ANA.id] } })],
  ['with neither people nor checks', { ...policyOf(), approvers: undefined }],
])('a policy %s opens nothing; the console remains', async (_, document) => {
  policy(document);

  await look(16 * 60);

  expect(codePipeline.calls()).toEqual([]);
  expect(sns.calls()).toEqual([]);
  const [event] = eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries![0]!);
  expect(event?.DetailType).toBe('Gate Needs Console');
});

test('a missing policy is waited for', async () => {
  ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ $metadata: {}, message: 'none' }));

  expect(await look(30)).toEqual({ done: false, next: at(60), look: { requestId: REQUEST } });
});

test('a subscription that is gone is asked for again', async () => {
  sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [] });
  sns.on(SubscribeCommand).resolves({});

  await look(1);

  expect(sns.commandCalls(SubscribeCommand)[0]?.args[0].input).toEqual({
    TopicArn: `${PREFIX}${ANA.id}`,
    Protocol: 'email',
    Endpoint: ANA.mail,
  });
  expect(sns.commandCalls(PublishCommand)).toEqual([]);
});

test('mail goes by SES where a sender is given', async () => {
  process.env['GATES_MAIL_FROM'] = 'releases@example.com';
  ses.on(SendEmailCommand).resolves({});

  await look(1);

  expect(ses.commandCalls(SendEmailCommand)[0]?.args[0].input).toMatchObject({
    FromEmailAddress: 'releases@example.com',
    Destination: { ToAddresses: [ANA.mail] },
  });
  expect(sns.calls()).toEqual([]);
});

test.each<[string, object]>([
  ['fails', { FunctionError: 'Unhandled', Payload: Buffer.from('{}') }],
  ['answers nonsense', { Payload: Buffer.from('"PASS"') }],
  ['answers for another check', { Payload: Buffer.from('{"checkId":"x","verdict":"PASS","reason":"ok"}') }],
  ['answers nothing', {}],
])('a check function that %s opens nothing', async (_, reply) => {
  const { approvers: _people, ...rest } = policyOf({
    checks: {
      parameter: '/approval-gates/shop/gates/shop/Prod/Approve/checks',
      role: policyOf().answerRole,
      bakeMinutes: 0,
    },
  });
  policy(rest);
  ssm
    .on(GetParameterCommand, { Name: '/approval-gates/shop/gates/shop/Prod/Approve/checks' })
    .resolves({ Parameter: { Value: JSON.stringify({ v: 1, checks: [checkPlan()] }) } });
  lambda.on(InvokeCommand).resolves(reply as never);

  await look(1);

  expect(codePipeline.commandCalls(PutApprovalResultCommand)).toEqual([]);
  const command: unknown = JSON.parse(
    Buffer.from(lambda.commandCalls(InvokeCommand)[0]!.args[0].input.Payload as Uint8Array).toString(),
  );
  expect(command).toEqual({
    requestId: REQUEST,
    check: checkPlan(),
    role: policyOf().answerRole,
    since: at(1),
    now: at(1),
  });
});

test('a look at nothing ends its run', async () => {
  expect(await look(1, {})).toMatchObject({ done: true });
  expect(await look(1, { requestId: '../x' })).toMatchObject({ done: true });
  expect(await look(1, { requestId: 'f'.repeat(32) })).toMatchObject({ done: true });
});
