import {
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { SnsMailer } from '../../../lambda/aws/sns-mailer';
import { ANA } from '../samples';

const PREFIX = 'arn:aws:sns:eu-west-1:111111111111:gates-shop-to-';
const TOPIC = `${PREFIX}${ANA.id}`;
const MAIL = { subject: 'Approve?', text: 'Look', html: '<p>Look</p>' };

const sns = mockClient(SNSClient);

beforeEach(() => {
  sns.reset();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => jest.restoreAllMocks());

describe('by SNS', () => {
  const mailer = new SnsMailer(new SNSClient({ region: 'eu-west-1' }), PREFIX);
  const subscriptions = (...all: readonly object[]) =>
    sns.on(ListSubscriptionsByTopicCommand, { TopicArn: TOPIC }).resolves({ Subscriptions: [...all] });

  test('a mail goes to the topic of its person, as plain text alone', async () => {
    sns.on(PublishCommand).resolves({});

    await mailer.send(ANA, MAIL);

    expect(sns.commandCalls(PublishCommand).map(({ args }) => args[0].input)).toEqual([
      { TopicArn: TOPIC, Subject: 'Approve?', Message: 'Look' },
    ]);
  });

  test.each([
    ['confirmed', 'ana@example.com', `${TOPIC}:1`],
    ['confirmed', 'Ana@Example.com', `${TOPIC}:1`],
    ['pending', 'ana@example.com', 'PendingConfirmation'],
  ])('a mailbox is %s by its subscription (%s, %s)', async (state, Endpoint, SubscriptionArn) => {
    subscriptions({ Endpoint: 'eve@example.com', SubscriptionArn: `${TOPIC}:0` }, { Endpoint, SubscriptionArn });

    expect(await mailer.mailbox(ANA)).toBe(state);
    expect(sns.commandCalls(SubscribeCommand)).toEqual([]);
  });

  test('a subscription that is gone is asked for again, and pending', async () => {
    subscriptions({ Endpoint: 'eve@example.com', SubscriptionArn: `${TOPIC}:0` });
    sns.on(SubscribeCommand).resolves({});

    expect(await mailer.mailbox(ANA)).toBe('pending');

    expect(sns.commandCalls(SubscribeCommand).map(({ args }) => args[0].input)).toEqual([
      { TopicArn: TOPIC, Protocol: 'email', Endpoint: ANA.mail },
    ]);
  });

  test('one that cannot be made again is missing', async () => {
    subscriptions();
    sns.on(SubscribeCommand).rejects(new Error('denied'));

    expect(await mailer.mailbox(ANA)).toBe('missing');
  });

  test('a topic that is gone is a missing mailbox; any other failure is one', async () => {
    sns.on(ListSubscriptionsByTopicCommand).rejects(new NotFoundException({ $metadata: {}, message: 'x' }));
    expect(await mailer.mailbox(ANA)).toBe('missing');

    sns.on(ListSubscriptionsByTopicCommand).rejects(new Error('throttled'));
    await expect(mailer.mailbox(ANA)).rejects.toThrow('throttled');
  });
});
