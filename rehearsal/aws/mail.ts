import { AwsError, type Service } from '../service';
import type { Mail } from '../record';
import type { Surroundings } from './surroundings';

/** Mails that arrived. */
export class Inbox {
  readonly mails: Mail[] = [];

  constructor(private readonly around: Surroundings) {}

  receive(mail: Omit<Mail, 'at'>): void {
    this.mails.push({ at: this.around.clock.iso(), ...mail });
    this.around.tell('mail', `to ${mail.to}: ${mail.subject}`);
  }

  /** SES, of which the inbox is the far end. */
  service(): Service {
    return {
      name: 'sesv2',
      signingName: 'ses',
      protocol: 'rest',
      route: ({ method, path, body }) =>
        method === 'POST' && path === '/v2/email/outbound-emails'
          ? { operation: 'SendEmail', input: JSON.parse(body.toString('utf8')) as object }
          : undefined,
      operations: {
        SendEmail: ({ FromEmailAddress, Destination, Content }) => {
          const message = Content?.Simple;
          if (FromEmailAddress === undefined || message === undefined) {
            throw new AwsError('BadRequestException', 'the rehearsal sends simple mails with a sender only');
          }
          const html: string | undefined = message.Body?.Html?.Data;
          const text: string = message.Body?.Text?.Data ?? html ?? '';
          for (const to of recipients(Destination)) {
            const mail = { from: FromEmailAddress, to, subject: message.Subject.Data, text };
            this.receive(html === undefined ? mail : { ...mail, html });
          }
          return { MessageId: `mail-${this.mails.length}` };
        },
      },
      authorize: {
        SendEmail: ({ FromEmailAddress = '', Destination }) => {
          const address = addressOf(FromEmailAddress);
          const identity = `arn:aws:ses:${this.around.region}:${this.around.account}:identity`;
          const domain = `${identity}/${address.split('@')[1] ?? ''}`;
          const declared = this.around
            .resources('AWS::SES::EmailIdentity')
            .find(({ properties }) => properties.EmailIdentity === address);
          return {
            action: 'ses:SendEmail',
            resources: [declared === undefined ? domain : `${identity}/${address}`],
            context: { 'ses:FromAddress': [address], 'ses:Recipients': recipients(Destination) },
          };
        },
      },
    };
  }
}

function recipients(destination: any): string[] {
  return [destination?.ToAddresses, destination?.CcAddresses, destination?.BccAddresses].flatMap((list) => list ?? []);
}

function addressOf(sender: string): string {
  return /<([^>]+)>/.exec(sender)?.[1] ?? sender;
}
