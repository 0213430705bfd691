import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { awsPorts } from '../../../lambda/decide/aws-ports';
import { ANA, ANSWER_ROLE, GATE, REQUEST } from '../samples';

const ses = mockClient(SESv2Client);
let sts: AwsClientStub<STSClient>;
const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    GATES_WORKFLOW: 'shop',
    GATES_REQUESTS_TABLE: 'requests',
    GATES_ANSWERS: 'BY_LINK',
    GATES_REVIEW_URL: 'https://review.example.com',
    GATES_MAIL_FROM: 'releases@example.com',
  });
  ses.reset();
  sts = mockClient(STSClient);
});

afterAll(() => {
  process.env = before;
});

test('mail goes by SES where a sender is given', async () => {
  ses.on(SendEmailCommand).resolves({});
  const { mailer } = awsPorts();

  expect(await mailer.mailbox(ANA)).toBe('direct');
  await mailer.send(ANA, { subject: 'Approve?', text: 'Look', html: '<p>Look</p>' });

  expect(ses.commandCalls(SendEmailCommand).map(({ args }) => args[0].input)).toMatchObject([
    { FromEmailAddress: 'releases@example.com', Destination: { ToAddresses: [ANA.mail] } },
  ]);
});

test('a role that cannot be assumed is told before anything is asked of CodePipeline', async () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  sts.on(AssumeRoleCommand).rejects(denied);

  await expect(awsPorts().pipeline(GATE, ANSWER_ROLE, REQUEST)).rejects.toMatchObject({ name: 'AccessDenied' });

  expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toMatchObject({
    RoleArn: ANSWER_ROLE,
    RoleSessionName: REQUEST,
  });
});

test('mails say UTC alone, unless the workflow has a time zone', () => {
  expect(awsPorts()).not.toHaveProperty('timeZone');
  process.env['GATES_TIME_ZONE'] = 'Europe/Berlin';

  expect(awsPorts().timeZone).toBe('Europe/Berlin');

  delete process.env['GATES_TIME_ZONE'];
});

test('mails are gathered for as many minutes as the workflow says, and not at all where it says none', () => {
  expect(awsPorts()).not.toHaveProperty('digestEvery');
  process.env['GATES_DIGEST_MINUTES'] = '15';

  expect(awsPorts().digestEvery).toBe(900_000);

  delete process.env['GATES_DIGEST_MINUTES'];
});

test('people answer by link or in the console, and nothing else is taken for either', () => {
  expect(awsPorts().answers).toEqual({ way: 'BY_LINK', reviewUrl: 'https://review.example.com' });
  process.env['GATES_ANSWERS'] = 'IN_CONSOLE';
  delete process.env['GATES_REVIEW_URL'];
  expect(awsPorts().answers).toEqual({ way: 'IN_CONSOLE' });

  for (const wrong of ['console', '']) {
    process.env['GATES_ANSWERS'] = wrong;
    expect(() => awsPorts()).toThrow('GATES_ANSWERS');
  }
});

test('the dashboard is as its construct says; none where it says nothing, and no guess where it cannot be read', () => {
  expect(awsPorts().dashboard).toBe('NONE');

  process.env['GATES_DASHBOARD'] = '{"kind":"BEHIND_AUTHORIZER","claim":"email","mustBeVerified":true}';
  expect(awsPorts().dashboard).toBe('BEHIND_AUTHORIZER');

  process.env['GATES_DASHBOARD'] = 'yes';
  expect(() => awsPorts()).toThrow('dashboard: not JSON');

  delete process.env['GATES_DASHBOARD'];
});

test('a variable that is missing is named', () => {
  delete process.env['GATES_REVIEW_URL'];

  expect(() => awsPorts()).toThrow('GATES_REVIEW_URL');
});
