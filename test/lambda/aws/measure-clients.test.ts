import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { assumedClients } from '../../../lambda/aws/measure-clients';

const ROLE = 'arn:aws:iam::111111111111:role/approval-gates/Shop/check';
const sts = mockClient(STSClient);
beforeEach(() => sts.reset());

const clients = () => assumedClients(ROLE, 'r'.repeat(32), new STSClient({ region: 'eu-west-1' }));

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
