/** Stacks of an app may be in several accounts: what is in one of them is seen and done by callers of that account. */
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { App, Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnPermission, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownAlarm } from '../../scenario/names';
import { World } from '../../world';

const HERE = '111111111111';
const THERE = '222222222222';

const worlds: World[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

async function rehearse(build: (here: Stack, there: Stack) => void): Promise<World> {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), analyticsReporting: false });
  const in_ = (id: string, account: string) => new Stack(app, id, { env: { account, region: 'eu-west-1' } });
  build(in_('Here', HERE), in_('There', THERE));
  app.synth();
  const world = await World.create(app.outdir);
  worlds.push(world);
  return world;
}

function settings(world: World, account: string, role = 'operator') {
  const credentials = world.credentials(world.caller(`arn:aws:iam::${account}:role/${role}`));
  return { region: 'eu-west-1', endpoint: world.endpoint, credentials, maxAttempts: 1 };
}

const alarmIn = (stack: Stack, alarmName: string) =>
  new Alarm(stack, 'Errors', {
    alarmName,
    metric: new Metric({ namespace: 'Shop', metricName: 'Errors' }),
    threshold: 1,
    evaluationPeriods: 1,
  });
const functionIn = (stack: Stack, functionName: string) =>
  new Function(stack, 'Probe', {
    functionName,
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => "well"'),
  });

test('a metric is one of its account and Region', async () => {
  const world = await rehearse((...stacks) => stacks.forEach((stack) => alarmIn(stack, 'errors')));
  const from = world.clock.now();
  const metric = { namespace: 'Shop', name: 'Orders', dimensions: {} };
  world.watched.metrics.set({ ...metric, account: THERE }, { from, until: Infinity, value: 7 });
  world.watched.metrics.set({ ...metric, region: 'us-east-1' }, { from, until: Infinity, value: 9 });
  await world.clock.advanceBy(5 * 60_000);
  const valuesIn = async (account: string, region: string) => {
    const query = { MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Orders' }, Period: 60, Stat: 'Sum' } };
    const { MetricDataResults } = await new CloudWatchClient({ ...settings(world, account), region }).send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'm', ...query }],
        StartTime: new Date(from),
        EndTime: new Date(from + 60_000),
      }),
    );
    return MetricDataResults?.[0]?.Values;
  };

  expect(await valuesIn(THERE, 'eu-west-1')).toEqual([7]);
  expect(await valuesIn(HERE, 'us-east-1')).toEqual([9]);
  expect(await valuesIn(HERE, 'eu-west-1')).toEqual([]);
  expect(await valuesIn(THERE, 'us-east-1')).toEqual([]);
});

test('a change calendar is one of its account, by its name or its ARN', async () => {
  const name = 'freeze';
  const world = await rehearse((_, there) => {
    new CfnDocument(there, 'Freeze', { name, documentType: 'ChangeCalendar', content: {} });
  });
  const now = world.clock.now();
  world.calendars.set({ name, account: THERE }, 'CLOSED', now);
  const stateFor = async (account: string, calendar = name) => {
    const ask = new SSMClient(settings(world, account)).send(
      new GetCalendarStateCommand({ CalendarNames: [calendar] }),
    );
    return ask.then(
      ({ State }) => State,
      ({ name: error }: Error) => error,
    );
  };

  expect(await stateFor(THERE)).toBe('CLOSED');
  expect(await stateFor(HERE)).toBe('InvalidDocument');
  expect(await stateFor(HERE, `arn:aws:ssm:eu-west-1:${THERE}:document/${name}`)).toBe('CLOSED');
  world.calendars.set({ name }, 'OPEN', now);
  expect(await stateFor(HERE)).toBe('OPEN');
  expect(await stateFor(THERE)).toBe('CLOSED');
});

test('a secret is found by its name in its own account alone', async () => {
  const world = await rehearse((...stacks) =>
    stacks.forEach((stack) => new CfnSecret(stack, 'Key', { name: 'key', secretString: stack.account })),
  );
  const read = async (account: string) =>
    (await new SecretsManagerClient(settings(world, account)).send(new GetSecretValueCommand({ SecretId: 'key' })))
      .SecretString;

  expect([await read(HERE), await read(THERE)]).toEqual([HERE, THERE]);
  await expect(read('333333333333')).rejects.toThrow('find the specified secret');
});

describe('alarms', () => {
  const states = async (world: World, account: string) => {
    const { MetricAlarms } = await new CloudWatchClient(settings(world, account)).send(new DescribeAlarmsCommand({}));
    return (MetricAlarms ?? []).map(({ AlarmName, AlarmArn, StateValue }) => [
      AlarmName,
      AlarmArn?.split(':')[4],
      StateValue,
    ]);
  };

  test('of one name in two accounts are two alarms, each seen in its own account', async () => {
    const world = await rehearse((...stacks) => stacks.forEach((stack) => alarmIn(stack, 'errors')));

    world.alarms.set(`${THERE}/errors`, 'ALARM', 'too many');

    expect(await states(world, HERE)).toEqual([['errors', HERE, 'OK']]);
    expect(await states(world, THERE)).toEqual([['errors', THERE, 'ALARM']]);
    expect(await states(world, '333333333333')).toEqual([]);
    const history = (account: string) =>
      new CloudWatchClient(settings(world, account)).send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors' }));
    expect((await history(HERE)).AlarmHistoryItems).toEqual([]);
    expect((await history(THERE)).AlarmHistoryItems).toHaveLength(1);
    expect(world.events).toEqual([]);
  });

  test('are called by their names alone where only one account has them', async () => {
    const world = await rehearse((_, there) => void alarmIn(there, 'errors'));

    world.alarms.set('errors', 'ALARM');

    expect(world.alarms.names).toEqual([`${THERE}/errors`]);
    expect(world.alarms.state('errors')).toBe('ALARM');
    world.alarms.set(`${HERE}/errors`, 'OK');
    expect(world.alarms.state('errors')).toBe('OK');
    expect(world.alarms.state(`${THERE}/errors`)).toBe('ALARM');
  });
});

describe('alarms of other Regions', () => {
  const ALARM = 'errors';
  const states = async (world: World, region: string) => {
    const client = new CloudWatchClient({ ...settings(world, HERE), region });
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
    const { AlarmHistoryItems = [] } = await client.send(new DescribeAlarmHistoryCommand({ AlarmName: ALARM }));
    return [...MetricAlarms.map(({ AlarmArn, StateValue }) => `${AlarmArn} ${StateValue}`), AlarmHistoryItems.length];
  };

  test('of one name are as many alarms, each seen in its own Region', async () => {
    const world = await rehearse((here) => {
      alarmIn(here, ALARM);
      alarmIn(new Stack(here, 'Over', { env: { account: HERE, region: 'us-east-1' } }), ALARM);
    });

    world.alarms.set('us-east-1/errors', 'ALARM', 'too many');

    expect(world.alarms.names).toEqual(['us-east-1/errors', 'errors']);
    expect(await states(world, 'eu-west-1')).toEqual([`arn:aws:cloudwatch:eu-west-1:${HERE}:alarm:errors OK`, 0]);
    expect(await states(world, 'us-east-1')).toEqual([`arn:aws:cloudwatch:us-east-1:${HERE}:alarm:errors ALARM`, 1]);
    expect(await states(world, 'eu-central-1')).toEqual([0]);
    expect(world.events).toEqual([]);
  });

  test('and accounts are called by both', async () => {
    const world = await rehearse((here) => {
      alarmIn(new Stack(here, 'Over', { env: { account: THERE, region: 'us-east-1' } }), ALARM);
    });

    world.alarms.set(`${THERE}/us-east-1/errors`, 'ALARM');

    expect(world.alarms.names).toEqual([`${THERE}/us-east-1/errors`]);
    expect(world.alarms.state('errors')).toBe('ALARM');
  });
});

describe('alarms with a slash in their names', () => {
  const states = async (world: World, region: string, ...AlarmNames: string[]) => {
    const client = new CloudWatchClient({ ...settings(world, HERE), region });
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames }));
    return MetricAlarms.map(({ AlarmArn, StateValue }) => `${AlarmArn} ${StateValue}`);
  };
  const history = async (world: World, AlarmName: string) => {
    const client = new CloudWatchClient(settings(world, HERE));
    return (await client.send(new DescribeAlarmHistoryCommand({ AlarmName }))).AlarmHistoryItems?.length;
  };

  test.each(['shop-api-1/5xx', 'us-east-1/errors', 'eu-west-1/errors', `${THERE}/errors`, 'shop/api/errors'])(
    '%s is found by its whole name, as it is deployed and as a scenario calls it',
    async (name) => {
      const world = await rehearse((here) => void alarmIn(here, name));
      const arn = `arn:aws:cloudwatch:eu-west-1:${HERE}:alarm:${name}`;
      expect(await states(world, 'eu-west-1', name)).toEqual([`${arn} OK`]);

      knownAlarm(world, name);
      world.alarms.set(name, 'ALARM', 'too many');

      expect(world.alarms.state(name)).toBe('ALARM');
      expect(await states(world, 'eu-west-1', name)).toEqual([`${arn} ALARM`]);
      expect(await history(world, name)).toBe(1);
      expect(world.events.map(({ resources }) => resources)).toEqual([[arn]]);
      expect(world.alarms.names).toHaveLength(1);
    },
  );

  test('are not those of the Region that they begin with', async () => {
    const world = await rehearse((here) => {
      alarmIn(here, 'us-east-1/errors');
      alarmIn(new Stack(here, 'Over', { env: { account: HERE, region: 'us-east-1' } }), 'errors');
    });

    world.alarms.set('us-east-1/errors', 'ALARM');

    expect(world.alarms.names).toEqual(['us-east-1/errors', `${HERE}/eu-west-1/us-east-1/errors`]);
    expect(await states(world, 'us-east-1', 'errors')).toEqual([expect.stringContaining('ALARM')]);
    expect(await states(world, 'eu-west-1', 'us-east-1/errors')).toEqual([expect.stringContaining('OK')]);

    world.alarms.set(`${HERE}/eu-west-1/us-east-1/errors`, 'ALARM');
    expect(await states(world, 'eu-west-1', 'us-east-1/errors')).toEqual([expect.stringContaining('ALARM')]);
  });

  test('are not those that they end with', async () => {
    const world = await rehearse((here) => void alarmIn(here, 'shop/errors'));

    expect(world.alarms.state('errors')).toBeUndefined();
  });
});

test('a function is called in its own Region alone', async () => {
  const world = await rehearse((here) => {
    functionIn(new Stack(here, 'Over', { env: { account: HERE, region: 'us-east-1' } }), 'probe');
  });
  const invoke = (region: string, FunctionName: string) =>
    new LambdaClient({ ...settings(world, HERE), region }).send(new InvokeCommand({ FunctionName }));

  expect((await invoke('us-east-1', 'probe')).StatusCode).toBe(200);
  await expect(invoke('eu-west-1', 'probe')).rejects.toThrow('Function not found');
  await expect(invoke('us-east-1', `arn:aws:lambda:eu-west-1:${HERE}:function:probe`)).rejects.toThrow(
    'Function not found',
  );
});

describe('functions', () => {
  const PROBE = `arn:aws:lambda:eu-west-1:${THERE}:function:probe`;
  const invoke = (world: World, FunctionName: string, role: string) =>
    new LambdaClient(settings(world, HERE, role)).send(new InvokeCommand({ FunctionName }));

  function caller(here: Stack) {
    new iam.Role(here, 'Caller', {
      roleName: 'caller',
      assumedBy: new iam.AccountPrincipal(HERE),
      inlinePolicies: {
        invoke: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: ['*'] })],
        }),
      },
    });
  }

  test('of another account are invoked where both accounts allow it', async () => {
    const world = await rehearse((here, there) => {
      caller(here);
      const { functionName } = functionIn(there, 'probe');
      new CfnPermission(there, 'Let', { functionName, principal: HERE, action: 'lambda:InvokeFunction' });
    });

    expect(Buffer.from((await invoke(world, PROBE, 'caller')).Payload!).toString()).toBe('"well"');
  });

  test('of another account are refused to whom only the own account allows it', async () => {
    const world = await rehearse((here, there) => {
      caller(here);
      functionIn(there, 'probe');
    });

    await expect(invoke(world, PROBE, 'caller')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('are not found by their names from another account', async () => {
    const world = await rehearse((_, there) => void functionIn(there, 'probe'));

    await expect(invoke(world, 'probe', 'operator')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('of one name in two accounts cannot be told apart, which is said', async () => {
    await expect(rehearse((...stacks) => stacks.forEach((stack) => void functionIn(stack, 'probe')))).rejects.toThrow(
      `${HERE}/eu-west-1 and ${THERE}/eu-west-1 both have a function probe`,
    );
  });
});

describe('a role', () => {
  const READER = `arn:aws:iam::${THERE}:role/reader`;
  const assume = (world: World, role: string) =>
    new STSClient(settings(world, HERE, role)).send(
      new AssumeRoleCommand({ RoleArn: READER, RoleSessionName: 'test' }),
    );

  function roles(here: Stack, there: Stack, { mayAssume = true, trusts = HERE }) {
    new iam.Role(there, 'Reader', { roleName: 'reader', assumedBy: new iam.AccountPrincipal(trusts) });
    const statement = new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [READER] });
    new iam.Role(here, 'Caller', {
      roleName: 'caller',
      assumedBy: new iam.AccountPrincipal(HERE),
      inlinePolicies: mayAssume ? { assume: new iam.PolicyDocument({ statements: [statement] }) } : {},
    });
  }

  test('of another account is assumed where both accounts allow it, and is of that account then', async () => {
    const world = await rehearse((here, there) => roles(here, there, {}));

    const { Credentials: given } = await assume(world, 'caller');

    const credentials = { accessKeyId: given!.AccessKeyId!, secretAccessKey: given!.SecretAccessKey! };
    const identity = await new STSClient({ ...settings(world, HERE), credentials }).send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity.Account).toBe(THERE);
  });

  test.each([
    ['only the other account allows it', { mayAssume: false }],
    ['only the own account allows it', { trusts: '333333333333' }],
  ])('of another account is refused where %s', async (_, options) => {
    const world = await rehearse((here, there) => roles(here, there, options));

    await expect(assume(world, 'caller')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('has the policies of its own account alone', async () => {
    const world = await rehearse((here, there) => {
      for (const stack of [here, there]) {
        new iam.Role(stack, 'Reader', { roleName: 'reader', assumedBy: new iam.AccountPrincipal(HERE) });
      }
      new iam.CfnPolicy(here, 'Policy', {
        policyName: 'more',
        roles: ['reader'],
        policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      });
    });

    expect(world.policies(READER).policies).toEqual([]);
    expect(world.policies(`arn:aws:iam::${HERE}:role/reader`).policies).toHaveLength(1);
  });
});

test('stacks of one name in two Regions cannot be told apart, which is said', async () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), analyticsReporting: false });
  for (const region of ['eu-west-1', 'us-east-1']) {
    alarmIn(new Stack(app, `In${region}`, { stackName: 'shop', env: { account: HERE, region } }), 'errors');
  }
  app.synth();

  await expect(World.create(app.outdir)).rejects.toThrow(
    `two stacks are called shop, in ${HERE}/eu-west-1 and ${HERE}/us-east-1`,
  );
});

test('stacks of one name in two accounts cannot be told apart, which is said', async () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), analyticsReporting: false });
  for (const account of [HERE, THERE]) {
    const stack = new Stack(app, `In${account}`, { stackName: 'shop', env: { account, region: 'eu-west-1' } });
    alarmIn(stack, 'errors');
  }
  app.synth();

  await expect(World.create(app.outdir)).rejects.toThrow(
    `two stacks are called shop, in ${HERE}/eu-west-1 and ${THERE}/eu-west-1`,
  );
});
