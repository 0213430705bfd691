import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import type { CheckCommand } from '../../../contract/messages';
import { TIMING } from '../check-timing';

process.env.AWS_REGION = 'eu-west-1';

const cloudwatch = mockClient(CloudWatchClient);
let handler: typeof import('../../../lambda/check/handler').handler;
let lines: string[];

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/check/handler'));
});
beforeEach(() => {
  cloudwatch.reset();
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const command: CheckCommand = {
  requestId: 'r'.repeat(32),
  role: 'arn:aws:iam::111111111111:role/approval-gates/Shop/check',
  since: '2026-11-23T10:00:00.000Z',
  now: '2026-11-23T10:10:00.000Z',
  check: {
    kind: 'alarm',
    id: 'alarm-x',
    title: 'alarm x',
    alarmName: 'x',
    region: 'eu-west-1',
    missingData: 'INCONCLUSIVE',
    alreadyRed: 'FAIL',
    ...TIMING,
  },
};

test('answers with a measurement and logs one line without what was read', async () => {
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'x', StateValue: 'OK' }] });
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });

  expect(await handler(command)).toMatchObject({ checkId: 'alarm-x', verdict: 'PASS', at: command.now });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'INFO', message: 'check measured: PASS', requestId: command.requestId, checkId: 'alarm-x' },
  ]);
});

test.each([
  ['a kind that this version does not know', { ...command.check, kind: 'horoscope' }],
  ['a plan without what it needs', { id: 'alarm-x', kind: 'alarm' }],
  ['a plan without what it needs', { id: 'alarm-x', kind: 'lambda' }],
  ['a plan without what it needs', { id: 'alarm-x', kind: 'http' }],
])('%s is an error, not a crash', async (_, check) => {
  cloudwatch.on(DescribeAlarmsCommand).resolves({});

  expect(await handler({ ...command, check: check as never })).toMatchObject({ checkId: 'alarm-x', verdict: 'ERROR' });
});

describe('a check of another account', () => {
  const READER = 'arn:aws:iam::222222222222:role/approval-gates/Shop/Shop.reader.eu-west-1';
  const check = { ...command.check, reader: READER } as CheckCommand['check'];

  test('is measured as its reader, which the role of the pipeline assumes', async () => {
    const sts = mockClient(STSClient);
    sts.on(AssumeRoleCommand).callsFake(({ RoleArn }: { RoleArn: string }) => ({
      Credentials: { AccessKeyId: RoleArn, SecretAccessKey: 'SK', SessionToken: 'ST', Expiration: new Date(4e12) },
    }));
    cloudwatch.on(DescribeAlarmsCommand).resolves({});

    await handler({ ...command, check });

    const { config } = cloudwatch.commandCalls(DescribeAlarmsCommand)[0]!.thisValue as CloudWatchClient;
    expect(await config.credentials()).toMatchObject({ accessKeyId: READER });
    expect(sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input.RoleArn)).toEqual([
      command.role,
      READER,
    ]);
    sts.restore();
  });

  test('that the reader may not read is an error that names the reader and the fix', async () => {
    cloudwatch.on(DescribeAlarmsCommand).rejects(Object.assign(new Error('arn:…'), { name: 'AccessDenied' }));

    expect(await handler({ ...command, check })).toMatchObject({
      verdict: 'ERROR',
      reason:
        'Role Shop.reader.eu-west-1 of account 222222222222 may not read this: give this check to the CheckReader there, and deploy it.',
    });
    expect(await handler(command)).toMatchObject({ reason: 'The check could not be carried out: AccessDenied.' });
  });
});
