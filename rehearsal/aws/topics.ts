import { randomUUID } from 'node:crypto';
import { AwsError, type Service } from '../service';
import { stableId } from '../template/identity';
import type { Resource } from '../template/model';
import { matchesPattern } from './event-pattern';
import type { Inbox } from './mail';
import type { Surroundings } from './surroundings';

export type SubscriptionState = 'confirmed' | 'pending' | 'missing';

interface Subscription {
  readonly topicArn: string;
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly raw: boolean;
  readonly filter?: object;
  readonly filterScope?: string;
}

/** What is published to a topic. With a `structure`, the message is a text for each protocol that differs, and `default`. */
export interface Published {
  readonly subject?: string;
  readonly message: string;
  readonly structure?: 'json';
}

interface Publication {
  readonly TopicArn: string;
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageStructure?: 'json';
  readonly MessageAttributes?: readonly {
    readonly Name: string;
    readonly Value: { DataType: string; StringValue: string };
  }[];
}

const SENDER = 'no-reply@sns.amazonaws.com';

/** SNS: topics and subscriptions of the templates, delivered to inbox, queues and functions. */
export class Topics {
  private readonly states = new Map<string, SubscriptionState>();
  private readonly added: Subscription[] = [];

  constructor(
    private readonly around: Surroundings,
    private readonly inbox: Inbox,
  ) {}

  /** How a mail address stands with every topic: confirmed, unless a scenario says otherwise. */
  setState(endpoint: string, state: SubscriptionState): void {
    this.states.set(endpoint, state);
  }

  publish(publication: Publication): string {
    const { TopicArn, Message, Subject } = publication;
    this.topic(TopicArn);
    if (typeof Message !== 'string' || Message === '') {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
    }
    if (Subject !== undefined && (Subject.length >= 100 || !/^[\x20-\x7e]+$/.test(Subject))) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Subject');
    }
    const messageFor = messages(publication);
    const id = randomUUID();
    for (const subscription of this.subscriptions(TopicArn)) {
      const told = { ...publication, Message: messageFor(subscription.protocol) };
      if (this.stateOf(subscription) === 'confirmed' && accepts(subscription, told)) {
        this.deliver(subscription, told, id);
      }
    }
    return id;
  }

  service(): Service {
    const topic =
      (action: string) =>
      ({ TopicArn }: { TopicArn: string }) => ({
        action: `sns:${action}`,
        resources: [TopicArn],
      });
    return {
      name: 'sns',
      protocol: 'query',
      operations: {
        Publish: (input) => ({ MessageId: this.publish(input) }),
        ListSubscriptionsByTopic: ({ TopicArn, NextToken }) => this.list(TopicArn, Number(NextToken ?? 0)),
        Subscribe: (input) => this.subscribe(input),
        GetTopicAttributes: ({ TopicArn }) => ({
          Attributes: new Map([['TopicArn', this.topic(TopicArn).physicalId]]),
        }),
      },
      authorize: {
        Publish: topic('Publish'),
        ListSubscriptionsByTopic: topic('ListSubscriptionsByTopic'),
        GetTopicAttributes: topic('GetTopicAttributes'),
        Subscribe: ({ TopicArn, Endpoint, Protocol }) => ({
          action: 'sns:Subscribe',
          resources: [TopicArn],
          context: { 'sns:Endpoint': [Endpoint], 'sns:Protocol': [Protocol] },
        }),
      },
    };
  }

  private topic(arn: string): Resource {
    const found = this.around.resource(arn);
    if (found?.type !== 'AWS::SNS::Topic') {
      throw new AwsError('NotFound', 'Topic does not exist', 404);
    }
    return found;
  }

  /** Those that are there; `missing` ones were declared once and are gone. */
  private subscriptions(topicArn: string): readonly Subscription[] {
    return this.known(topicArn).filter(({ endpoint }) => this.states.get(endpoint) !== 'missing');
  }

  private known(topicArn: string): readonly Subscription[] {
    const inline = (this.topic(topicArn).properties.Subscription ?? []) as any[];
    const separate = this.around
      .resources('AWS::SNS::Subscription')
      .map(({ properties }) => properties)
      .filter(({ TopicArn }) => TopicArn === topicArn);
    const declared = [...inline, ...separate].map((one) => ({
      ...subscriptionOf(topicArn, String(one.Protocol), String(one.Endpoint)),
      raw: one.RawMessageDelivery === true || one.RawMessageDelivery === 'true',
      filter: one.FilterPolicy as object | undefined,
      filterScope: one.FilterPolicyScope as string | undefined,
    }));
    return [...declared, ...this.added.filter((one) => one.topicArn === topicArn)];
  }

  private stateOf({ protocol, endpoint }: Subscription): SubscriptionState {
    return protocol.startsWith('email') ? (this.states.get(endpoint) ?? 'confirmed') : 'confirmed';
  }

  private list(topicArn: string, from: number): object {
    const all = this.subscriptions(topicArn);
    return {
      Subscriptions: all.slice(from, from + 100).map((one) => ({
        SubscriptionArn: this.stateOf(one) === 'confirmed' ? one.arn : 'PendingConfirmation',
        Owner: this.around.account,
        Protocol: one.protocol,
        Endpoint: one.endpoint,
        TopicArn: topicArn,
      })),
      ...(from + 100 < all.length ? { NextToken: String(from + 100) } : {}),
    };
  }

  /** A mail subscription waits for its confirmation, as on AWS. */
  private subscribe({ TopicArn = '', Protocol = '', Endpoint = '' }: Record<string, string>): object {
    const same = (one: Subscription): boolean => one.protocol === Protocol && one.endpoint === Endpoint;
    if (!this.subscriptions(TopicArn).some(same)) {
      if (!this.known(TopicArn).some(same)) {
        this.added.push(subscriptionOf(TopicArn, Protocol, Endpoint));
      }
      this.states.set(Endpoint, 'pending');
      this.inbox.receive({
        from: SENDER,
        to: Endpoint,
        subject: 'AWS Notification - Subscription Confirmation',
        text: `You have chosen to subscribe to the topic: ${TopicArn}`,
      });
    }
    return { SubscriptionArn: 'pending confirmation' };
  }

  private deliver(subscription: Subscription, publication: Publication, id: string): void {
    const { protocol, endpoint } = subscription;
    if (protocol === 'email' || protocol === 'email-json') {
      const text = protocol === 'email' ? publication.Message : JSON.stringify(this.envelope(publication, id));
      this.inbox.receive({
        from: SENDER,
        to: endpoint,
        subject: publication.Subject ?? 'AWS Notification Message',
        text,
      });
      return;
    }
    if (protocol === 'sqs' || protocol === 'lambda') {
      const envelope = this.envelope(publication, id);
      const body = protocol === 'lambda' ? { Records: [this.record(subscription, envelope)] } : envelope;
      const from = { service: 'sns.amazonaws.com', arn: publication.TopicArn };
      this.around.deliver(endpoint, subscription.raw ? publication.Message : JSON.stringify(body), { from });
      return;
    }
    this.around.tell('topic', `a message for ${endpoint} by ${protocol} went nowhere`, 'warning');
  }

  private envelope({ TopicArn, Message, Subject, MessageAttributes }: Publication, id: string): object {
    const region = `https://sns.${this.around.region}.amazonaws.com`;
    return {
      Type: 'Notification',
      MessageId: id,
      TopicArn,
      ...(Subject === undefined ? {} : { Subject }),
      Message,
      Timestamp: this.around.clock.iso(),
      SignatureVersion: '1',
      Signature: 'cmVoZWFyc2Fs',
      SigningCertURL: `${region}/SimpleNotificationService-rehearsal.pem`,
      UnsubscribeURL: `${region}/?Action=Unsubscribe&SubscriptionArn=${TopicArn}:rehearsal`,
      ...(MessageAttributes === undefined
        ? {}
        : {
            MessageAttributes: Object.fromEntries(
              MessageAttributes.map(({ Name, Value }) => [Name, { Type: Value.DataType, Value: Value.StringValue }]),
            ),
          }),
    };
  }

  private record({ arn }: Subscription, envelope: object): object {
    return { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns: envelope };
  }
}

function messages({ Message, MessageStructure }: Publication): (protocol: string) => string {
  if (MessageStructure !== 'json') return () => Message;
  const texts = textsIn(Message);
  const usual = texts['default'];
  if (typeof usual !== 'string') {
    throw new AwsError(
      'InvalidParameter',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
  }
  return (protocol) => String(texts[protocol] ?? usual);
}

function textsIn(message: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(message)) as Readonly<Record<string, unknown>>;
  } catch {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Message Structure - JSON message body failed to parse');
  }
}

function subscriptionOf(topicArn: string, protocol: string, endpoint: string): Subscription {
  const arn = `${topicArn}:${stableId(topicArn, protocol, endpoint).slice(0, 32)}`;
  return { topicArn, arn, protocol, endpoint, raw: false };
}

function accepts({ filter, filterScope }: Subscription, { Message, MessageAttributes }: Publication): boolean {
  if (filter === undefined) {
    return true;
  }
  if (filterScope === 'MessageBody') {
    try {
      return matchesPattern(filter, JSON.parse(Message));
    } catch {
      return false;
    }
  }
  const attributes = (MessageAttributes ?? []).map(({ Name, Value }) => [
    Name,
    Value.DataType === 'Number' ? Number(Value.StringValue) : Value.StringValue,
  ]);
  return matchesPattern(filter, Object.fromEntries(attributes));
}
