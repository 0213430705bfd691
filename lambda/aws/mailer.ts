/** Two ways to one person: a topic of their own, or SES. */
import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import {
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SubscribeCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { Invitation } from '../domain/vote';
import { errorName, log } from './log';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Somebody with a mailbox: a person or an invitation. */
export interface Recipient {
  readonly id: string;
  readonly mail: string;
}

export interface Mailer {
  /** Whether mail will arrive; asks again where a subscription is gone. */
  mailbox(recipient: Recipient): Promise<NonNullable<Invitation['mailbox']>>;
  send(recipient: Recipient, mail: Mail): Promise<void>;
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

export class SesMailer implements Mailer {
  constructor(
    private readonly client: SESv2Client,
    private readonly from: string,
  ) {}

  mailbox(): Promise<'direct'> {
    return Promise.resolve('direct');
  }

  async send({ mail }: Recipient, { subject, text }: Mail): Promise<void> {
    await this.client.send(
      new SendEmailCommand({
        FromEmailAddress: this.from,
        Destination: { ToAddresses: [mail] },
        Content: {
          Simple: { Subject: { Data: subject, Charset: 'UTF-8' }, Body: { Text: { Data: text, Charset: 'UTF-8' } } },
        },
      }),
    );
  }
}
