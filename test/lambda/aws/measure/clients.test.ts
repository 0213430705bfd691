import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { assumedClients, Attempts, ownClients } from '../../../../lambda/aws/measure/clients';
import { Sessions } from '../../../../lambda/aws/sessions';

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

  for (const client of [
    clients().of(CloudWatchClient, 'us-east-1'),
    clients().of(LambdaClient, 'us-east-1', Attempts.ONCE),
  ]) {
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

  await expect(clients().of(CloudWatchClient, 'us-east-1').config.credentials()).rejects.toThrow(
    expect.objectContaining({ name: 'NoCredentials' }),
  );
});

test('the role is assumed only when something is read with it', () => {
  clients().of(CloudWatchClient, 'us-east-1');

  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(0);
});

test('the next measurement of a request finds session and clients again', async () => {
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: 'AK', SecretAccessKey: 'SK', SessionToken: 'ST', Expiration: new Date(4e12) },
  });

  for (const region of ['us-east-1', 'eu-west-1', 'us-east-1']) {
    await clients().of(CloudWatchClient, region).config.credentials();
    await clients().of(LambdaClient, region, Attempts.ONCE).config.credentials();
  }

  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(1);
  expect(clients().of(LambdaClient, 'us-east-1', Attempts.ONCE)).toBe(
    clients().of(LambdaClient, 'us-east-1', Attempts.ONCE),
  );
  expect(clients().of(LambdaClient, 'us-east-1', Attempts.ONCE)).not.toBe(
    clients().of(LambdaClient, 'eu-west-1', Attempts.ONCE),
  );
  expect(clients().of(CloudWatchClient, 'us-east-1')).toBe(clients().of(CloudWatchClient, 'us-east-1'));
});

test('a hook reads with its own permissions, where the thing is', async () => {
  expect(await ownClients().of(CloudWatchClient, 'us-east-1').config.region()).toBe('us-east-1');
  expect(await ownClients().of(LambdaClient, 'us-east-1', Attempts.ONCE).config.region()).toBe('us-east-1');
  expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(0);
});

test('the SDK never invokes a function of a check a second time by itself', async () => {
  expect(await ownClients().of(LambdaClient, 'us-east-1', Attempts.ONCE).config.maxAttempts()).toBe(1);
  expect(await clients().of(LambdaClient, 'us-east-1', Attempts.ONCE).config.maxAttempts()).toBe(1);
});

test('CloudWatch is asked again when many ask at once', async () => {
  expect(await ownClients().of(CloudWatchClient, 'us-east-1').config.maxAttempts()).toBe(6);
  expect(await clients().of(CloudWatchClient, 'us-east-1').config.maxAttempts()).toBe(6);
});

test('classes of one name, as bundled ones have, are clients of their own', () => {
  const [First, Second] = [class Client {}, class Client {}];

  const first = clients().of(First, 'us-east-1');

  expect(clients().of(First, 'us-east-1')).toBe(first);
  expect(clients().of(Second, 'us-east-1')).toBeInstanceOf(Second);
});
