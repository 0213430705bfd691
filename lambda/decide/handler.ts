/** Two callers: the timer of a request, turn by turn, and the stream of decisions. */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { RunHistory, TimerError, type TimerInput, type TurnCommand } from '../../contract/messages';
import { Env, Metric } from '../../contract/names';
import { env } from '../aws/env';
import { Failed } from '../aws/failure';
import { count, errorName, log } from '../aws/log';
import { plainImage } from '../aws/stream-image';
import type { Turn } from './action-event';
import { takeDecisions, type StreamRecord } from './decisions';
import { awsPorts } from './aws-ports';
import { takeTurn } from './turn';

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
    return onForeignRun(event);
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
    return await takeTurn(awsPorts(), target, now);
  } catch (error) {
    const about = { requestId: undefined, gate: {}, executionId: undefined, digestOf: undefined, ...target };
    const { requestId, gate, executionId, digestOf: approver } = about;
    log('ERROR', 'a look failed', { ...gate, requestId, executionId, approver, error: errorName(error) });
    throw new Failed('the look failed', error);
  }
}

/** A run that a state machine of version 0.1.0 started ends by this answer; its request is left to the console. */
function onForeignRun({ now }: Pick<TurnCommand, 'now'>): TimerInput {
  log('ERROR', 'a timer run of another version of the library ends');
  count(Metric.UNREADABLE, env(Env.WORKFLOW), now);
  return { done: true } as unknown as TimerInput;
}

async function onDecisions(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await takeDecisions(awsPorts(), event.Records.map(unwrap));
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
