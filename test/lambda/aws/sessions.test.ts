import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { Sessions } from '../../../lambda/aws/sessions';

const ROLE = 'arn:aws:iam::111111111111:role/approval-gates/Shop/check';
const START = Date.parse('2026-11-23T10:00:00Z');
const MINUTE = 60_000;

const sts = mockClient(STSClient);
let now: number;
let sessions: Sessions;
let count: number;

beforeEach(() => {
  sts.reset();
  now = START;
  count = 0;
  sessions = new Sessions(new STSClient({ region: 'eu-west-1' }), () => now);
  sts.on(AssumeRoleCommand).callsFake(grant);
});

function grant() {
  count += 1;
  return Promise.resolve({
    Credentials: {
      AccessKeyId: `key-${count}`,
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: new Date(now + 15 * MINUTE),
    },
  });
}

const assumed = () => sts.commandCalls(AssumeRoleCommand).length;

test('a role is assumed for the shortest time there is, in a session of the given name', async () => {
  expect(await sessions.credentials(ROLE, 'request-1')).toEqual({
    accessKeyId: 'key-1',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    expiration: new Date(START + 15 * MINUTE),
  });
  expect(sts.commandCalls(AssumeRoleCommand)[0]!.args[0].input).toEqual({
    RoleArn: ROLE,
    RoleSessionName: 'request-1',
    DurationSeconds: 900,
  });
});

test('a session is used until two minutes before its end', async () => {
  await sessions.credentials(ROLE, 'request-1');
  now = START + 13 * MINUTE - 1;
  expect(await sessions.credentials(ROLE, 'request-1')).toMatchObject({ accessKeyId: 'key-1' });
  expect(assumed()).toBe(1);

  now = START + 13 * MINUTE;
  expect(await sessions.credentials(ROLE, 'request-1')).toMatchObject({ accessKeyId: 'key-2' });
  expect(await sessions.credentials(ROLE, 'request-1')).toMatchObject({ accessKeyId: 'key-2' });
  expect(assumed()).toBe(2);
});

test('every role and every request has a session of its own', async () => {
  const keys = await Promise.all([
    sessions.credentials(ROLE, 'request-1'),
    sessions.credentials(ROLE, 'request-2'),
    sessions.credentials(`${ROLE}-2`, 'request-1'),
  ]);

  expect(new Set(keys.map(({ accessKeyId }) => accessKeyId)).size).toBe(3);
});

test('calls at the same time share one session, at its beginning and at its end', async () => {
  const both = () => Promise.all([sessions.credentials(ROLE, 'request-1'), sessions.credentials(ROLE, 'request-1')]);

  await both();
  expect(assumed()).toBe(1);

  now += 20 * MINUTE;
  await both();
  expect(assumed()).toBe(2);
});

test('a refusal is not kept', async () => {
  sts
    .on(AssumeRoleCommand)
    .rejectsOnce(Object.assign(new Error('no'), { name: 'AccessDenied' }))
    .callsFake(grant);

  await expect(sessions.credentials(ROLE, 'request-1')).rejects.toThrow('no');
  expect(await sessions.credentials(ROLE, 'request-1')).toMatchObject({ accessKeyId: 'key-1' });
});

test.each([
  ['none', undefined],
  ['no key', { SecretAccessKey: 'secret', SessionToken: 'token' }],
  ['no secret', { AccessKeyId: 'key', SessionToken: 'token' }],
  ['no token', { AccessKeyId: 'key', SecretAccessKey: 'secret' }],
])('an answer with credentials that are incomplete (%s) is an error', async (_, credentials) => {
  sts.on(AssumeRoleCommand).resolves({ Credentials: credentials as never });

  await expect(sessions.credentials(ROLE, 'request-1')).rejects.toThrow(
    expect.objectContaining({ name: 'NoCredentials' }),
  );
});

test('credentials that do not say until when they are good are used once', async () => {
  sts
    .on(AssumeRoleCommand)
    .resolves({ Credentials: { AccessKeyId: 'key', SecretAccessKey: 'secret', SessionToken: 'token' } as never });

  await sessions.credentials(ROLE, 'request-1');
  await sessions.credentials(ROLE, 'request-1');

  expect(assumed()).toBe(2);
});

test('of more than 100 sessions, the one that was used least recently is forgotten', async () => {
  for (let one = 0; one < 100; one++) {
    await sessions.credentials(ROLE, `request-${one}`);
  }
  await sessions.credentials(ROLE, 'request-0');
  await sessions.credentials(ROLE, 'request-100');
  expect(assumed()).toBe(101);

  await sessions.credentials(ROLE, 'request-0');
  expect(assumed()).toBe(101);
  await sessions.credentials(ROLE, 'request-1');
  expect(assumed()).toBe(102);
});

describe('a client', () => {
  const make = jest.fn((credentials: () => Promise<unknown>) => ({ credentials }));
  beforeEach(() => make.mockClear());

  test('is kept with its session, one for each name', () => {
    const client = sessions.client(ROLE, 'request-1', 'lambda', make, 'eu-west-1');

    expect(sessions.client(ROLE, 'request-1', 'lambda', make, 'eu-west-1')).toBe(client);
    expect(sessions.client(ROLE, 'request-1', 'lambda', make, 'us-east-1')).not.toBe(client);
    expect(sessions.client(ROLE, 'request-2', 'lambda', make, 'eu-west-1')).not.toBe(client);
    expect(make).toHaveBeenCalledTimes(3);
  });

  test('acts in the session as it is now, and assumes nothing before it is used', async () => {
    const { credentials } = sessions.client(ROLE, 'request-1', 'lambda', make, 'eu-west-1');
    expect(assumed()).toBe(0);

    expect(await credentials()).toMatchObject({ accessKeyId: 'key-1' });
    now += 20 * MINUTE;
    expect(await credentials()).toMatchObject({ accessKeyId: 'key-2' });
  });
});

test('without a clock of its own, it goes by the present', async () => {
  now = Date.now();
  const present = new Sessions(new STSClient({ region: 'eu-west-1' }));

  await present.credentials(ROLE, 'request-1');
  await present.credentials(ROLE, 'request-1');

  expect(assumed()).toBe(1);
});
