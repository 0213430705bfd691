import { matchesPattern } from '../aws/event-pattern';
import type { Surroundings } from '../aws/surroundings';
import type { StreamRecord, Tables } from '../aws/tables';
import type { Resource } from '../template/model';
import type { Caller } from '../service';
import { THROTTLED, type FunctionPool } from './pool';

export const STREAM_ACTIONS = ['DescribeStream', 'GetRecords', 'GetShardIterator'];
const DAY = 86_400;
const LONGEST_PAUSE = 60;

/** Event source mappings from table streams: in order, again until it works or the records are too old. */
export function connectStreams(around: Surroundings, tables: Tables, pool: FunctionPool): void {
  const readers = new Map<string, StreamReader>();
  tables.onRecord((record) => {
    for (const mapping of around.resources('AWS::Lambda::EventSourceMapping')) {
      const { EventSourceArn, Enabled } = mapping.properties;
      if (EventSourceArn === record.eventSourceARN && Enabled !== false) {
        const key = `${mapping.stack}/${mapping.logicalId}`;
        const reader = readers.get(key) ?? new StreamReader(around, pool, mapping);
        readers.set(key, reader);
        reader.take(record);
      }
    }
  });
}

interface Batch {
  readonly records: readonly StreamRecord[];
  /** How often the function has failed with it. */
  readonly attempts: number;
  /** How often Lambda has refused to run the function: that uses up no attempts. */
  readonly throttled: number;
}

class StreamReader {
  private batches: Batch[] = [];
  private busy = false;

  constructor(
    private readonly around: Surroundings,
    private readonly pool: FunctionPool,
    private readonly mapping: Resource,
  ) {}

  take(record: StreamRecord): void {
    if (!this.wants(record)) {
      return;
    }
    const size = Number(this.mapping.properties.BatchSize ?? 100);
    const last = this.batches[this.batches.length - 1];
    const inFlight = this.busy && this.batches.length === 1;
    if (last !== undefined && last.attempts + last.throttled === 0 && last.records.length < size && !inFlight) {
      this.batches[this.batches.length - 1] = { ...last, records: [...last.records, record] };
    } else {
      this.batches.push({ records: [record], attempts: 0, throttled: 0 });
    }
    this.wake(this.around.clock.now());
  }

  private wants(record: StreamRecord): boolean {
    const filters: readonly { readonly Pattern: string }[] = this.mapping.properties.FilterCriteria?.Filters ?? [];
    return filters.length === 0 || filters.some(({ Pattern }) => matchesPattern(JSON.parse(Pattern), record));
  }

  private wake(at: number): void {
    if (!this.busy) {
      this.busy = true;
      this.around.clock.schedule(at, `stream to ${String(this.mapping.properties.FunctionName)}`, () => this.drain());
    }
  }

  private async drain(): Promise<void> {
    for (let batch = this.batches[0]; batch !== undefined; batch = this.batches[0]) {
      const again = await this.deliver(batch);
      this.batches.shift();
      this.batches.unshift(...again);
      const next = again[0];
      if (next !== undefined && next.attempts + next.throttled > 0) {
        const pause = Math.min(LONGEST_PAUSE, 2 ** Math.min(next.attempts + next.throttled - 1, 6));
        this.busy = false;
        this.wake(this.around.clock.now() + pause * 1000);
        return;
      }
    }
    this.busy = false;
  }

  /** Answers what has to be delivered again, in order. */
  private async deliver(batch: Batch): Promise<Batch[]> {
    const { FunctionName, FunctionResponseTypes = [], BisectBatchOnFunctionError = false } = this.mapping.properties;
    this.note(String(FunctionName));
    const { payload, functionError } = await this.pool.invoke(String(FunctionName), { Records: batch.records });
    if (functionError === THROTTLED) {
      const { records, attempts } = batch;
      return this.within(records, attempts) ? [{ ...batch, throttled: batch.throttled + 1 }] : this.giveUp(records);
    }
    const named: readonly { readonly itemIdentifier: string }[] = FunctionResponseTypes.includes(
      'ReportBatchItemFailures',
    )
      ? (payload?.batchItemFailures ?? [])
      : [];
    if (functionError === undefined && named.length === 0) {
      return [];
    }
    const ids = new Set(named.map(({ itemIdentifier }) => itemIdentifier));
    const first = batch.records.findIndex(({ dynamodb }) => ids.has(dynamodb.SequenceNumber));
    const left = functionError === undefined && first > 0 ? batch.records.slice(first) : batch.records;
    const attempts = batch.attempts + 1;
    if (left.length > 1 && BisectBatchOnFunctionError === true) {
      const middle = Math.ceil(left.length / 2);
      return [
        { records: left.slice(0, middle), attempts, throttled: 0 },
        { records: left.slice(middle), attempts: 0, throttled: 0 },
      ];
    }
    return this.within(left, attempts) ? [{ records: left, attempts, throttled: 0 }] : this.giveUp(left);
  }

  private within(records: readonly StreamRecord[], attempts: number): boolean {
    const { MaximumRetryAttempts = -1, MaximumRecordAgeInSeconds = -1 } = this.mapping.properties;
    const oldest = Math.min(...records.map(({ dynamodb }) => dynamodb.ApproximateCreationDateTime));
    const age = this.around.clock.now() / 1000 - oldest;
    const longest = MaximumRecordAgeInSeconds < 0 ? DAY : Number(MaximumRecordAgeInSeconds);
    return (MaximumRetryAttempts < 0 || attempts <= Number(MaximumRetryAttempts)) && age < longest;
  }

  private giveUp(records: readonly StreamRecord[]): Batch[] {
    const { FunctionName, DestinationConfig } = this.mapping.properties;
    const destination: string | undefined = DestinationConfig?.OnFailure?.Destination;
    this.around.tell('stream', `${records.length} records were never taken by ${String(FunctionName)}`, 'error');
    if (destination !== undefined) {
      const message = {
        requestContext: { functionArn: FunctionName, condition: 'RetryAttemptsExhausted' },
        version: '1.0',
        timestamp: this.around.clock.iso(),
        DDBStreamBatchInfo: {
          startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
          endSequenceNumber: records[records.length - 1]?.dynamodb.SequenceNumber,
          batchSize: records.length,
          streamArn: records[0]?.eventSourceARN,
        },
      };
      this.around.deliver(destination, JSON.stringify(message), { as: this.caller(String(FunctionName)) });
    }
    return [];
  }

  /** Lambda reads the stream with the function's role. */
  private note(reference: string): void {
    const caller = this.caller(reference);
    const resources = [String(this.mapping.properties.EventSourceArn)];
    for (const name of STREAM_ACTIONS) {
      this.around.dispatcher.note('dynamodb', name, { action: `dynamodb:${name}`, resources }, caller);
    }
  }

  private caller(reference: string): Caller {
    return this.pool.callerOf(this.pool.versions.target(reference).resource);
  }
}
