import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { Attempts } from '../../../../lambda/aws/measure/clients';
import { readerClients } from '../../../../lambda/aws/measure/reader';
import { Sessions } from '../../../../lambda/aws/sessions';

process.env.AWS_REGION = 'eu-west-1';

const ROLE = 'arn:aws:iam::111111111111:role/approval-gates/Shop/checks/role';
const READER = 'arn:aws:iam::222222222222:role/approval-gates/Shop/Shop.reader.eu-west-1';
const REQUEST = 'r'.repeat(32);

const sts = mockClient(STSClient);
let sessions: Sessions;
beforeEach(() => {
  sts.reset();
  sessions = new Sessions(new STSClient({ region: 'eu-west-1' }));
});

const denied = () => Object.assign(new Error('User: arn:… is not authorized'), { name: 'AccessDenied' });
const clients = () => readerClients(READER, ROLE, REQUEST, sessions);
const credentials = (region = 'us-east-1') => clients().of(CloudWatchClient, region).config.credentials();

function letIn(...roles: string[]) {
  sts.on(AssumeRoleCommand).callsFake(async ({ RoleArn }: { RoleArn: string }) => {
    if (!roles.includes(RoleArn)) {
      throw denied();
    }
    return {
      Credentials: { AccessKeyId: RoleArn, SecretAccessKey: 'SK', SessionToken: 'ST', Expiration: new Date(4e12) },
    };
  });
}

const assumed = () => sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input.RoleArn);

test('the reader is assumed by the role of the gate’s pipeline, in sessions named by the request', async () => {
  letIn(ROLE, READER);

  expect(await credentials()).toMatchObject({ accessKeyId: READER });

  expect(sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input)).toEqual([
    { RoleArn: ROLE, RoleSessionName: REQUEST, DurationSeconds: 900 },
    { RoleArn: READER, RoleSessionName: REQUEST, DurationSeconds: 900 },
  ]);
  const second = sts.commandCalls(AssumeRoleCommand)[1]!.thisValue as STSClient;
  expect(await second.config.credentials()).toMatchObject({ accessKeyId: ROLE });
});

test('both sessions serve the next measurement, too', async () => {
  letIn(ROLE, READER);

  await credentials();
  await credentials();
  await credentials('eu-west-1');

  expect(assumed()).toEqual([ROLE, READER]);
});

test('each Region, and each number of attempts, has a client of its own', async () => {
  letIn(ROLE, READER);
  const of = (region: string, attempts?: Attempts) => clients().of(CloudWatchClient, region, attempts).config;

  expect(await of('us-east-1').region()).toBe('us-east-1');
  expect(await of('eu-west-1').region()).toBe('eu-west-1');
  expect(await of('us-east-1', Attempts.READ).maxAttempts()).toBe(Attempts.READ);
  expect(await of('us-east-1', Attempts.ONCE).maxAttempts()).toBe(Attempts.ONCE);
});

test('a reader that is missing, or trusts somebody else, is named with its account and the fix', async () => {
  letIn(ROLE);

  await expect(credentials()).rejects.toMatchObject({ name: 'ReaderRefused' });
  await expect(credentials()).rejects.toThrow(
    'Role Shop.reader.eu-west-1 of account 222222222222 cannot be assumed: deploy a CheckReader there, for this workflow and with this check.',
  );
});

test('a role of the pipeline that cannot be assumed is not the reader’s fault', async () => {
  letIn();

  await expect(credentials()).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a failure of STS says nothing about the reader', async () => {
  sts.on(AssumeRoleCommand, { RoleArn: ROLE }).resolves({
    Credentials: { AccessKeyId: 'AK', SecretAccessKey: 'SK', SessionToken: 'ST', Expiration: new Date(4e12) },
  });
  sts.on(AssumeRoleCommand, { RoleArn: READER }).rejects(Object.assign(new Error(), { name: 'ServiceUnavailable' }));

  await expect(credentials()).rejects.toMatchObject({ name: 'ServiceUnavailable' });
});
