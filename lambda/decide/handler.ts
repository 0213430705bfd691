/** Two callers: the timer of a request, turn by turn, and the stream of decisions. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { RunHistory, TimerError, type TimerInput, type TurnCommand } from '../../contract/messages';
import { Env, Metric } from '../../contract/names';
import { checkClient, Checks } from '../aws/checks';
import { env, optionalEnv } from '../aws/env';
import { Events } from '../aws/events';
import { Failed } from '../aws/failure';
import { IntakeStore } from '../aws/intake-store';
import { count, errorName, log } from '../aws/log';
import { SesMailer, SnsMailer, type Mailer } from '../aws/mailer';
import { PipelineView } from '../aws/pipeline';
import { PolicyStore } from '../aws/policy-store';
import { RequestStore } from '../aws/request-store';
import { Sessions } from '../aws/sessions';
import { plainImage } from '../aws/stream-image';
import { Table } from '../aws/table';
import { startTimer } from '../aws/timer';
import { REQUEST_ID } from '../domain/vote';
import { followAction, type Turn } from './action-event';
import { takeDecisions, type StreamRecord } from './decisions';
import type { Ports } from './ports';
import { reconcile } from './reconcile';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const ssm = new SSMClient({});
const sessions = new Sessions(new STSClient({}));
const lambda = checkClient();
const eventBridge = new EventBridgeClient({});
const stepFunctions = new SFNClient({});
const sns = new SNSClient({});
const ses = new SESv2Client({});

/** Ends a timer run by its name: the state machine catches it without another transition. */
class RunEnds extends Error {
  constructor(override readonly name: (typeof TimerError)[keyof typeof TimerError]) {
    super('this run of the timer ends');
  }
}

export async function handler(event: TurnCommand): Promise<TimerInput>;
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse>;
export async function handler(event: TurnCommand | DynamoDBStreamEvent): Promise<TimerInput | DynamoDBBatchResponse> {
  if ('Records' in event) {
    return onDecisions(event);
  }
  if (event.kind !== 'turn') {
    return onForeignRun();
  }
  if (event.events >= RunHistory.RENEW_AT) {
    throw new RunEnds(TimerError.RENEW);
  }
  const turn = await onTurn(event);
  if (turn === undefined) {
    throw new RunEnds(TimerError.CLOSED);
  }
  return { ...turn, events: event.events + RunHistory.TURN };
}

async function onTurn({ target, now }: TurnCommand): Promise<Turn | undefined> {
  try {
    if (!('requestId' in target)) {
      return await followAction(ports(), target, now);
    }
    if (!REQUEST_ID.test(target.requestId)) {
      log('ERROR', 'a run that looks after nothing');
      return undefined;
    }
    const { phase, next } = await reconcile(ports(), target.requestId, now, { vote: target.vote === true });
    // A vote that changed nothing is left to the request's own timer.
    const isDone = next === undefined || (target.vote === true && phase === 'WAITING');
    return isDone ? undefined : { at: next, target };
  } catch (error) {
    const { gate, requestId } =
      'requestId' in target ? { gate: {}, requestId: target.requestId } : { ...target, requestId: undefined };
    log('ERROR', 'a look failed', {
      ...gate,
      ...(requestId === undefined ? {} : { requestId }),
      error: errorName(error),
    });
    throw new Failed('the look failed', error);
  }
}

/** A run that a state machine of version 0.1.0 started ends by this answer; its request is left to the console. */
function onForeignRun(): TimerInput {
  log('ERROR', 'a timer run of another version of the library ends');
  count(Metric.UNREADABLE, env(Env.WORKFLOW), new Date().toISOString());
  return { done: true } as unknown as TimerInput;
}

async function onDecisions(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await takeDecisions(ports(), event.Records.map(unwrap));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function unwrap({ eventName, dynamodb, userIdentity }: DynamoDBRecord): StreamRecord {
  const image = dynamodb?.NewImage ?? dynamodb?.Keys ?? {};
  const identity = userIdentity as { readonly type?: string; readonly principalId?: string } | undefined;
  return {
    sequenceNumber: dynamodb?.SequenceNumber ?? '',
    kind: eventName ?? 'INSERT',
    at: new Date(Number(dynamodb?.ApproximateCreationDateTime ?? 0) * 1000).toISOString(),
    byTtl: identity?.type === 'Service' && identity.principalId === 'dynamodb.amazonaws.com',
    row: plainImage(image),
  };
}

function ports(): Ports {
  const workflow = env(Env.WORKFLOW);
  const requests = new Table(documents, env(Env.REQUESTS_TABLE));
  return {
    workflow,
    reviewUrl: env(Env.REVIEW_URL),
    region: env('AWS_REGION'),
    store: new RequestStore(requests),
    intake: new IntakeStore(requests),
    policies: new PolicyStore(ssm, workflow),
    checks: new Checks(lambda, env(Env.CHECK_FUNCTION)),
    mailer: mailer(),
    events: new Events(eventBridge, workflow),
    pipeline: async (gate, answerRole, session) =>
      new PipelineView(new CodePipelineClient({ credentials: await sessions.credentials(answerRole, session) }), gate),
    startTimer: (name, target, at) =>
      startTimer(stepFunctions, env(Env.STATE_MACHINE), name, { at, target, events: 0 }),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function mailer(): Mailer {
  const from = optionalEnv(Env.MAIL_FROM);
  return from === undefined ? new SnsMailer(sns, env(Env.MAIL_TOPIC_PREFIX)) : new SesMailer(ses, from);
}
