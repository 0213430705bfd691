/** The queue that both doors feed: parse, put the request if it is new, start its timer. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { TimerInput } from '../../contract/messages';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { errorName, log } from '../aws/log';
import { RequestStore } from '../aws/request-store';
import { parseEvent, type ActionEvent } from '../domain/parse-event';
import { parseNotification, type Notification } from '../domain/parse-notification';
import { MINUTE, plus } from '../domain/time';
import { requestIdOf, sha256 } from '../signing/link-key';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const stepFunctions = new SFNClient({});

/** The notification is the first door; its event is the second, and gives it this much time. */
const SECOND_DOOR = 2 * MINUTE;

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const store = new RequestStore(documents, env(Env.REQUESTS_TABLE));
  const machine = env(Env.STATE_MACHINE);
  const failed: string[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      await take(store, machine, body);
    } catch (error) {
      log('ERROR', 'a message could not be taken in, the queue brings it again', { error: errorName(error) });
      failed.push(messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function take(store: RequestStore, machine: string, body: string): Promise<void> {
  const message = asJson(body);
  const isEvent = typeof message === 'object' && message !== null && 'detail-type' in message;
  const read = isEvent ? parseEvent(message) : parseNotification(message);
  if (!read.ok) {
    // What cannot be understood today cannot be tomorrow; the approval itself stays answerable in the console.
    log('WARN', 'a malformed message was dropped', { reason: read.problem });
    return;
  }
  return 'token' in read.value ? openRequest(store, machine, read.value) : openDoor(machine, read.value);
}

async function openRequest(store: RequestStore, machine: string, asked: Notification): Promise<void> {
  const { pipeline, stage, action, token, requestedAt, executionHint } = asked;
  const requestId = requestIdOf(pipeline, stage, action, token);
  const hint = executionHint === undefined ? {} : { executionHint };
  await store.open({
    pk: requestId,
    sk: 'meta',
    pipeline,
    stage,
    action,
    requestedAt,
    openedBy: 'notification',
    ...hint,
  });
  await start(machine, requestId, { at: requestedAt, look: { requestId }, turns: 0 });
  log('INFO', 'request taken in', { requestId, pipeline, stage, action });
}

async function openDoor(machine: string, event: ActionEvent): Promise<void> {
  const { id, at, pipeline, stage, action, executionId, started } = event;
  const door = { pipeline, stage, action, executionId, since: at };
  const first = started ? plus(at, SECOND_DOOR) : at;
  await start(machine, `event-${sha256(id).slice(0, 32)}`, { at: first, look: { door }, turns: 0 });
}

async function start(stateMachineArn: string, name: string, input: TimerInput): Promise<void> {
  try {
    await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) {
      throw error;
    }
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
