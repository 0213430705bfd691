import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { SesMailer } from '../../../lambda/aws/ses-mailer';
import { ANA } from '../samples';

const MAIL = { subject: 'Approve?', text: 'Look', html: '<p>Look</p>' };

const ses = mockClient(SESv2Client);

beforeEach(() => ses.reset());

describe('by SES', () => {
  const mailer = new SesMailer(new SESv2Client({ region: 'eu-west-1' }), 'releases@example.com');

  test('a mail goes to its person, as plain text and as HTML', async () => {
    ses.on(SendEmailCommand).resolves({});

    await mailer.send(ANA, MAIL);

    expect(ses.commandCalls(SendEmailCommand).map(({ args }) => args[0].input)).toEqual([
      {
        FromEmailAddress: 'releases@example.com',
        Destination: { ToAddresses: [ANA.mail] },
        Content: {
          Simple: {
            Subject: { Data: 'Approve?', Charset: 'UTF-8' },
            Body: { Text: { Data: 'Look', Charset: 'UTF-8' }, Html: { Data: '<p>Look</p>', Charset: 'UTF-8' } },
          },
        },
      },
    ]);
  });

  test('no mailbox needs to be confirmed', async () => {
    expect(await mailer.mailbox()).toBe('direct');
  });
});
