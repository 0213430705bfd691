import { randomUUID } from 'node:crypto';
import { keepLatest } from '../kept';
import type { EventRecord } from '../record';
import type { Service } from '../service';
import { matchesPattern } from './event-pattern';
import type { Emitted, Surroundings } from './surroundings';
import { inputOf } from './target-input';

const MOST_EVENTS = 20_000;

/** EventBridge: the default bus, its rules and their targets. */
export class EventBus {
  readonly events: EventRecord[] = [];

  constructor(private readonly around: Surroundings) {}

  emit(emitted: Emitted): EventRecord {
    const event: EventRecord = {
      version: '0',
      id: randomUUID(),
      'detail-type': emitted['detail-type'],
      source: emitted.source,
      account: this.around.account,
      time: (emitted.time ?? this.around.clock.iso()).replace(/\.\d+Z$/, 'Z'),
      region: this.around.region,
      resources: emitted.resources ?? [],
      detail: emitted.detail,
    };
    this.events.push(event);
    keepLatest(this.events, MOST_EVENTS);
    for (const { properties, arn } of this.around.resources('AWS::Events::Rule')) {
      const pattern = properties.EventPattern;
      if (properties.State !== 'DISABLED' && pattern !== undefined && matchesPattern(pattern, event)) {
        for (const target of properties.Targets ?? []) {
          const from = target.RoleArn === undefined ? { service: 'events.amazonaws.com', arn } : undefined;
          this.around.deliver(target.Arn, JSON.stringify(inputOf(target, event)), { from, roleArn: target.RoleArn });
        }
      }
    }
    return event;
  }

  service(): Service {
    return {
      name: 'eventbridge',
      signingName: 'events',
      operations: {
        PutEvents: ({ Entries }) => ({
          FailedEntryCount: 0,
          Entries: (Entries as any[]).map(({ Source, DetailType, Detail, Resources, Time }) => {
            const event = this.emit({
              source: Source,
              'detail-type': DetailType,
              detail: JSON.parse(Detail) as object,
              resources: Resources,
              time: Time === undefined ? undefined : new Date(Time * 1000).toISOString(),
            });
            return { EventId: event.id };
          }),
        }),
      },
      authorize: {
        PutEvents: ({ Entries }) => {
          const buses = (Entries as any[]).map(({ EventBusName = 'default' }) => String(EventBusName));
          const arns = buses.map((bus) =>
            bus.startsWith('arn:')
              ? bus
              : `arn:aws:events:${this.around.region}:${this.around.account}:event-bus/${bus}`,
          );
          return {
            action: 'events:PutEvents',
            resources: [...new Set(arns)],
            context: {
              'events:source': [...new Set((Entries as any[]).map(({ Source }) => String(Source)))],
              'events:detail-type': [...new Set((Entries as any[]).map(({ DetailType }) => String(DetailType)))],
            },
          };
        },
      },
    };
  }
}
