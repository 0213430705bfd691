/** Mail by SNS: a topic of their own for everybody. SNS carries plain text alone. */
import {
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { Invitation } from '../domain/vote';
import { errorName, log } from './log';
import type { Mail, Mailer, Recipient } from './mailer';

export function sns(): SNSClient {
  return new SNSClient({});
}

export class SnsMailer implements Mailer {
  constructor(
    private readonly client: SNSClient,
    private readonly topicPrefix: string,
  ) {}

  async mailbox({ id, mail }: Recipient): Promise<NonNullable<Invitation['mailbox']>> {
    const TopicArn = `${this.topicPrefix}${id}`;
    try {
      const { Subscriptions } = await this.client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      const own = (Subscriptions ?? []).filter(({ Endpoint }) => Endpoint?.toLowerCase() === mail.toLowerCase());
      if (own.some(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:') === true)) {
        return 'confirmed';
      }
      if (own.some(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')) {
        return 'pending';
      }
    } catch (error) {
      if (error instanceof NotFoundException) {
        return 'missing';
      }
      throw error;
    }
    return this.subscribeAgain(TopicArn, id, mail);
  }

  async send({ id }: Recipient, { subject, text }: Mail): Promise<void> {
    await this.client.send(
      new PublishCommand({ TopicArn: `${this.topicPrefix}${id}`, Subject: subject, Message: text }),
    );
  }

  private async subscribeAgain(TopicArn: string, id: string, mail: string): Promise<'pending' | 'missing'> {
    try {
      await this.client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: mail }));
      return 'pending';
    } catch (error) {
      log('WARN', 'a mail subscription is gone and could not be made again', { approver: id, error: errorName(error) });
      return 'missing';
    }
  }
}
