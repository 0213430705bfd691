import { createHash } from 'node:crypto';
import { AwsError, type Service } from '../service';
import { stableId } from '../template/identity';
import type { Resource } from '../template/model';
import type { Surroundings } from './surroundings';

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  visibleAt: number;
  receives: number;
  firstReceivedAt?: number;
}

/** SQS, in memory. Who reads a queue is told when a message becomes visible. */
export class Queues {
  private readonly messages = new Map<string, QueueMessage[]>();
  private readonly readers: ((queueArn: string) => Promise<void>)[] = [];
  private count = 0;

  constructor(private readonly around: Surroundings) {}

  onVisible(reader: (queueArn: string) => Promise<void>): void {
    this.readers.push(reader);
  }

  /** What stands in a queue, whether visible or not. */
  peek(queueArn: string): readonly QueueMessage[] {
    return this.of(queueArn);
  }

  send(queueArn: string, body: string, delaySeconds?: number, attributes: QueueMessage['attributes'] = {}): string {
    const { properties } = this.queue(queueArn);
    const now = this.around.clock.now();
    const message: QueueMessage = {
      id: uuidOf(queueArn, String(this.count++)),
      body,
      sentAt: now,
      attributes,
      visibleAt: now + Number(delaySeconds ?? properties.DelaySeconds ?? 0) * 1000,
      receives: 0,
    };
    this.of(queueArn).push(message);
    this.announce(queueArn, message.visibleAt);
    return message.id;
  }

  /** Takes messages; they come back after the visibility time-out unless deleted. */
  receive(queueArn: string, limit: number): QueueMessage[] {
    const { properties } = this.queue(queueArn);
    const now = this.around.clock.now();
    const retention = Number(properties.MessageRetentionPeriod ?? 345_600) * 1000;
    this.keep(queueArn, (message) => message.sentAt + retention > now);
    const redrive = properties.RedrivePolicy;
    const taken: QueueMessage[] = [];
    for (const message of this.of(queueArn).filter(({ visibleAt }) => visibleAt <= now)) {
      if (redrive !== undefined && message.receives >= Number(redrive.maxReceiveCount)) {
        this.keep(queueArn, (other) => other !== message);
        this.send(redrive.deadLetterTargetArn, message.body, 0, message.attributes);
        this.around.tell('queue', `a message of ${queueArn} went to ${redrive.deadLetterTargetArn}`, 'error');
      } else if (taken.length < limit) {
        message.receives += 1;
        message.firstReceivedAt ??= now;
        message.visibleAt = now + Number(properties.VisibilityTimeout ?? 30) * 1000;
        taken.push(message);
      }
    }
    return taken;
  }

  /** Done with these. */
  delete(queueArn: string, ids: ReadonlySet<string>): void {
    this.keep(queueArn, ({ id }) => !ids.has(id));
  }

  /** Tells the readers again when these become visible. */
  release(queueArn: string, messages: readonly QueueMessage[]): void {
    for (const at of new Set(messages.map(({ visibleAt }) => visibleAt))) {
      this.announce(queueArn, at);
    }
  }

  service(): Service {
    const arn = ({ QueueUrl }: { QueueUrl: string }): string => this.byUrl(QueueUrl);
    const authorize = (operation: string) => (input: { QueueUrl: string }) => ({
      action: `sqs:${operation}`,
      resources: [arn(input)],
    });
    return {
      name: 'sqs',
      operations: {
        SendMessage: (input) => ({
          MessageId: this.send(arn(input), input.MessageBody, input.DelaySeconds),
          MD5OfMessageBody: md5(input.MessageBody),
        }),
        ReceiveMessage: (input) => ({
          Messages: this.receive(arn(input), input.MaxNumberOfMessages ?? 1).map(({ id, body }) => ({
            MessageId: id,
            ReceiptHandle: id,
            Body: body,
            MD5OfBody: md5(body),
          })),
        }),
        DeleteMessage: (input) => {
          this.delete(arn(input), new Set([input.ReceiptHandle]));
          return {};
        },
        GetQueueAttributes: (input) => ({
          Attributes: {
            QueueArn: arn(input),
            ApproximateNumberOfMessages: String(this.of(arn(input)).length),
          },
        }),
      },
      authorize: Object.fromEntries(
        ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => [name, authorize(name)]),
      ),
    };
  }

  private announce(queueArn: string, at: number): void {
    this.around.clock.schedule(at, `queue ${queueArn.split(':').pop() ?? ''}`, async () => {
      for (const reader of this.readers) {
        await reader(queueArn);
      }
    });
  }

  private queue(arn: string): Resource {
    const found = this.around.resource(arn);
    if (found?.type !== 'AWS::SQS::Queue') {
      throw new AwsError('QueueDoesNotExist', `the rehearsal has no queue ${arn}`);
    }
    return found;
  }

  private byUrl(url: string): string {
    const found = this.around.resources('AWS::SQS::Queue').find(({ physicalId }) => physicalId === url);
    if (found?.arn === undefined) {
      throw new AwsError('QueueDoesNotExist', `the rehearsal has no queue ${url}`);
    }
    return found.arn;
  }

  private of(arn: string): QueueMessage[] {
    const found = this.messages.get(arn) ?? [];
    this.messages.set(arn, found);
    return found;
  }

  private keep(arn: string, wanted: (message: QueueMessage) => boolean): void {
    this.messages.set(arn, this.of(arn).filter(wanted));
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function uuidOf(...parts: string[]): string {
  const hex = stableId(...parts);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
