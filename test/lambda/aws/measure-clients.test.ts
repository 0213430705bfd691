import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { assumedClients, ownClients } from '../../../lambda/aws/measure-clients';
import { Sessions } from '../../../lambda/aws/sessions';

const ROLE = 'arn:aws:iam::111111111111:role/approval-gates/Shop/check';
const sts = mockClient(STSClient);
let sessions: Sessions;
beforeEach(() => {
  sts.reset();
  sessions = new Sessions(new STSClient({ region: 'eu-west-1' }));
});

const clients = () => assumedClients(ROLE, 'r'.repeat(32), sessions);

test('readers act in the given role, in a session named by the request, in the Region of what they read', async () => {
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: 'AK', SecretAccessKey: 'SK', SessionToken: 'ST', Expiration: new Date(4e12) },
  });

  for (const client of [clients().cloudwatch('us-east-1'), clients().lambda('us-east-1')]) {
    expect(await client.config.credentials()).toMatchObject({
      accessKeyId: 'AK',
      secretAccessKey: 'SK',
      sessionToken: 'ST',
    });
    expect(await client.config.region()).toBe('us-east-1');
  }
  expect(sts.commandCalls(AssumeRoleCommand)[0]!.args[0].input).toEqual({
    RoleArn: ROLE,
    RoleSessionName: 'r'.repeat(32),
    DurationSeconds: 900,
  });
});

test('no credentials are an error, never the own ones', async () => {
  sts.on(AssumeRoleCommand).resolves({});

  await expect(clients().cloudwatch('us-east-1').config.credentials()).rejects.toThrow(
    expect.objectContaining({ name: 'NoCredentials' }),
  );
});

test('the role is assumed only when something is read with it', () => {
  clients().cloudwatch('us-east-1');

  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(0);
});

test('the next measurement of a request finds session and clients again', async () => {
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: 'AK', SecretAccessKey: 'SK', SessionToken: 'ST', Expiration: new Date(4e12) },
  });

  for (const region of ['us-east-1', 'eu-west-1', 'us-east-1']) {
    await clients().cloudwatch(region).config.credentials();
    await clients().lambda(region).config.credentials();
  }

  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(1);
  expect(clients().lambda('us-east-1')).toBe(clients().lambda('us-east-1'));
  expect(clients().lambda('us-east-1')).not.toBe(clients().lambda('eu-west-1'));
  expect(clients().cloudwatch('us-east-1')).toBe(clients().cloudwatch('us-east-1'));
});

test('a hook reads with its own permissions, where the thing is', async () => {
  expect(await ownClients().cloudwatch('us-east-1').config.region()).toBe('us-east-1');
  expect(await ownClients().lambda('us-east-1').config.region()).toBe('us-east-1');
  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(0);
});

test('the SDK never invokes a function of a check a second time by itself', async () => {
  expect(await ownClients().lambda('us-east-1').config.maxAttempts()).toBe(1);
  expect(await clients().lambda('us-east-1').config.maxAttempts()).toBe(1);
});

test('CloudWatch is asked again when many ask at once', async () => {
  expect(await ownClients().cloudwatch('us-east-1').config.maxAttempts()).toBe(6);
  expect(await clients().cloudwatch('us-east-1').config.maxAttempts()).toBe(6);
});
