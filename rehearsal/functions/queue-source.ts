import { md5, type QueueMessage, type Queues } from '../aws/queues';
import { matchesPattern } from '../aws/event-pattern';
import type { Surroundings } from '../aws/surroundings';
import type { Resource } from '../template/model';
import type { FunctionPool } from './pool';

export const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** Event source mappings from queues: batches, partial failures, messages that come back. */
export function connectQueues(around: Surroundings, queues: Queues, pool: FunctionPool): void {
  queues.onVisible(async (queueArn) => {
    for (const mapping of around.resources('AWS::Lambda::EventSourceMapping')) {
      if (mapping.properties.EventSourceArn === queueArn && mapping.properties.Enabled !== false) {
        await drain(around, queues, pool, queueArn, mapping);
      }
    }
  });
}

async function drain(
  around: Surroundings,
  queues: Queues,
  pool: FunctionPool,
  queueArn: string,
  mapping: Resource,
): Promise<void> {
  const { FunctionName, BatchSize = 10, FunctionResponseTypes = [] } = mapping.properties;
  for (;;) {
    const taken = queues.receive(queueArn, Number(BatchSize));
    if (taken.length === 0) {
      return;
    }
    note(around, pool, queueArn, String(FunctionName));
    const batch = taken.filter((message) => wanted(mapping, message));
    const result =
      batch.length === 0
        ? { payload: undefined, functionError: undefined }
        : await pool.invoke(String(FunctionName), { Records: batch.map((one) => recordOf(around, queueArn, one)) });
    const failed = failures(result, FunctionResponseTypes.includes('ReportBatchItemFailures'), batch);
    queues.delete(queueArn, new Set(taken.filter(({ id }) => !failed.has(id)).map(({ id }) => id)));
    queues.release(
      queueArn,
      taken.filter(({ id }) => failed.has(id)),
    );
  }
}

function failures(
  { payload, functionError }: { readonly payload: any; readonly functionError?: string },
  partial: boolean,
  batch: readonly QueueMessage[],
): ReadonlySet<string> {
  if (functionError !== undefined) {
    return new Set(batch.map(({ id }) => id));
  }
  const named: readonly { readonly itemIdentifier: string }[] = partial ? (payload?.batchItemFailures ?? []) : [];
  const ids = new Set(batch.map(({ id }) => id));
  const unknown = named.some(({ itemIdentifier }) => !ids.has(itemIdentifier));
  return unknown ? ids : new Set(named.map(({ itemIdentifier }) => itemIdentifier));
}

function wanted(mapping: Resource, message: QueueMessage): boolean {
  const filters: readonly { readonly Pattern: string }[] = mapping.properties.FilterCriteria?.Filters ?? [];
  return (
    filters.length === 0 ||
    filters.some(({ Pattern }) => matchesPattern(JSON.parse(Pattern), { body: parsed(message.body) }))
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Lambda reads the queue with the function's role. */
function note(around: Surroundings, pool: FunctionPool, queueArn: string, reference: string): void {
  const caller = pool.callerOf(pool.versions.target(reference).resource);
  for (const name of QUEUE_ACTIONS) {
    around.dispatcher.note('sqs', name, { action: `sqs:${name}`, resources: [queueArn] }, caller);
  }
}

function recordOf(around: Surroundings, queueArn: string, message: QueueMessage): object {
  return {
    messageId: message.id,
    receiptHandle: message.id,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: 'AIDAREHEARSAL',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    },
    messageAttributes: message.attributes,
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: around.region,
  };
}
