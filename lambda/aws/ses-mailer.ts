/** Mail by SES, from one sender, as plain text and HTML: mail programs show what they can. */
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { Mail, Mailer, Recipient } from './mailer';

export function ses(): SESv2Client {
  return new SESv2Client({});
}

export class SesMailer implements Mailer {
  constructor(
    private readonly client: SESv2Client,
    private readonly from: string,
  ) {}

  mailbox(): Promise<'direct'> {
    return Promise.resolve('direct');
  }

  async send({ mail }: Recipient, { subject, text, html }: Mail): Promise<void> {
    await this.client.send(
      new SendEmailCommand({
        FromEmailAddress: this.from,
        Destination: { ToAddresses: [mail] },
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
          },
        },
      }),
    );
  }
}
