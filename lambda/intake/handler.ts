/** The queue that all sources feed: parse, put down what asked if it is new, start its timer. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { IntakeStore } from '../aws/intake-store';
import { errorName, log } from '../aws/log';
import { Table } from '../aws/table';
import { startTimer, stepFunctions } from '../aws/timer';
import { parseEvent, type ActionEvent } from '../domain/parse-event';
import { parseNotification, type Notification } from '../domain/parse-notification';
import { MINUTE, plus } from '../domain/time';
import { requestIdOf, sha256 } from '../signing/link-key';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const machines = stepFunctions();

/** The notification comes first; its event is the second way in, and gives it this much time. */
const HEAD_START = 2 * MINUTE;

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const store = new IntakeStore(new Table(documents, env(Env.REQUESTS_TABLE)));
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

async function take(store: IntakeStore, machine: string, body: string): Promise<void> {
  const message = asJson(body);
  const isEvent = typeof message === 'object' && message !== null && 'detail-type' in message;
  const read = isEvent ? parseEvent(message) : parseNotification(message);
  if (!read.ok) {
    // What cannot be understood today cannot be tomorrow; the approval itself stays answerable in the console.
    log('WARN', 'a malformed message was dropped', { reason: read.problem });
    return;
  }
  const told = read.value;
  if ('token' in told) {
    return onNotification(store, machine, told);
  }
  if (told.kind === 'ACTION') {
    return onAction(machine, told);
  }
  if (told.authors.length > 0) {
    await store.trigger(told.pipeline, told.executionId, told.authors, told.at);
  }
}

async function onNotification(store: IntakeStore, machine: string, asked: Notification): Promise<void> {
  const { pipeline, stage, action, token, requestedAt } = asked;
  const requestId = requestIdOf(pipeline, stage, action, token);
  await store.ask(requestId, asked);
  await startTimer(machines, machine, requestId, { at: requestedAt, target: { requestId }, events: 0 });
  log('INFO', 'request taken in', { requestId, pipeline, stage, action });
}

async function onAction(machine: string, { id, at, gate, executionId, started }: ActionEvent): Promise<void> {
  const first = started ? plus(at, HEAD_START) : at;
  const target = { gate, executionId, since: at };
  await startTimer(machines, machine, `event-${sha256(id).slice(0, 32)}`, { at: first, target, events: 0 });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
