import { get } from 'node:http';
import { World } from '../../world';
import { synthesize } from './synthetic-app';

const DAY = 86_400_000;

describe('a synthetic app', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create(synthesize());
  });

  afterAll(() => world.close());

  const ask = (address: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { host, pathname } = new URL(address);
      get(`${world.web.url}${pathname}`, { headers: { host } }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve(text));
      }).on('error', reject);
    });
  const topic = (name: string) =>
    world.resources('AWS::SNS::Topic').find(({ logicalId }) => logicalId.startsWith(name))!.physicalId;
  const queueLength = (name: string) => {
    const queue = world.resources('AWS::SQS::Queue').find(({ logicalId }) => logicalId.startsWith(name))!;
    return world
      .call('sqs', 'GetQueueAttributes', { QueueUrl: queue.physicalId })
      .then(({ Attributes }) => Number(Attributes.ApproximateNumberOfMessages));
  };

  test('a notification goes through queue, function, table and stream into the inbox', async () => {
    await world.publish(topic('Requests'), { message: 'hello' });
    await world.clock.settle();
    expect(world.inbox).toEqual([
      expect.objectContaining({ to: 'ana@example.com', subject: 'row INSERT', text: 'hello' }),
    ]);
    expect(world.logs).toContainEqual(expect.objectContaining({ text: 'wrote hello', level: 'log' }));
  });

  test('a stream record that its function refuses comes again', async () => {
    const before = world.clock.now();
    await world.publish(topic('Requests'), { message: 'slow' });
    await world.clock.settle();
    expect(world.inbox.at(-1)?.text).not.toBe('slow');
    expect(await world.clock.runUntil(() => world.inbox.at(-1)?.text === 'slow')).toBe(true);
    expect(world.clock.now()).toBe(before + 1000);
  });

  test('an event that a rule matches reaches the queue, another one does not', async () => {
    const count = world.inbox.length;
    world.emit({ source: 'aws.test', 'detail-type': 'x', detail: { kind: 'rose' } });
    world.emit({ source: 'aws.test', 'detail-type': 'x', detail: { kind: 'tulip' } });
    await world.clock.settle();
    expect(world.inbox.slice(count).map(({ text }) => text)).toEqual(['{"kind":"rose"}']);
  });

  test('a message that keeps failing ends in the dead letter queue, its companions do not', async () => {
    await world.publish(topic('Requests'), { message: 'poison' });
    await world.publish(topic('Requests'), { message: 'fine' });
    await world.clock.advanceBy(10 * 60_000);
    expect(world.inbox.at(-1)?.text).toBe('fine');
    expect(await queueLength('Dead')).toBe(1);
    expect(await queueLength('Queue')).toBe(0);
  });

  test('what a queue and a stream have for a function that cannot run is handed over when it can', async () => {
    const count = world.inbox.length;
    for (const name of ['writer', 'watcher']) {
      const until = world.clock.now() + (name === 'writer' ? 90_000 : 900_000);
      world.faults.stop(world.functionNamed(name).physicalId, { until, how: 'throttled' });
    }
    const began = world.clock.now();
    await world.publish(topic('Requests'), { message: 'patience' });
    await world.clock.advanceBy(600_000);
    expect(world.inbox).toHaveLength(count);

    expect(await world.clock.runUntil(() => world.inbox.length > count)).toBe(true);
    expect(world.inbox.at(-1)?.text).toBe('patience');
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(900_000);
  });

  test('a state machine sleeps for days in no time, retries, and ends', async () => {
    const machine = world.resources('AWS::StepFunctions::StateMachine')[0]!;
    const start = world.clock.now();
    const input = { at: new Date(start + DAY).toISOString(), turns: 0 };
    const call = () =>
      world.call('sfn', 'StartExecution', {
        stateMachineArn: machine.physicalId,
        name: 'one',
        input: JSON.stringify(input),
      });
    const { executionArn } = await call();
    await expect(call()).resolves.toMatchObject({ executionArn });
    const run = () => world.executions.find(({ name }) => name === 'one')!;
    const real = performance.now();
    await world.clock.runUntil(() => run().status !== 'RUNNING');
    expect(performance.now() - real).toBeLessThan(5000);
    expect(run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.clock.now()).toBe(start + 7 * DAY);
    await expect(call()).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  test('an HTTP API hands a request on as payload 2.0, forms in base64', async () => {
    const response = await fetch(`${world.reviewUrl}/r/abc?by=ana&key=s`, {
      method: 'POST',
      body: new URLSearchParams({ verdict: 'APPROVE' }),
    });
    const event = (await response.json()) as any;
    expect(response.headers.get('set-cookie')).toBe('a=b');
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /r/{request}',
      rawPath: '/r/abc',
      pathParameters: { request: 'abc' },
      queryStringParameters: { by: 'ana', key: 's' },
      isBase64Encoded: true,
      requestContext: {
        timeEpoch: world.clock.now(),
        http: { method: 'POST', path: '/r/abc' },
        domainName: new URL(world.reviewUrl).host,
      },
    });
    expect(Buffer.from(event.body, 'base64').toString()).toBe('verdict=APPROVE');
    expect((await fetch(`${world.reviewUrl}/elsewhere`)).status).toBe(404);
  });

  test('a function from an asset runs with the local address of the page in its environment', async () => {
    const { arn } = world.functionNamed('asset');
    const result = await world.invoke(`${arn}:live`, { a: 1 });
    expect(result).toEqual({
      statusCode: 200,
      payload: { asset: true, event: { a: 1 }, env: world.reviewUrl },
      executedVersion: '1',
    });
  });

  test('the URL of a function is served here, and found by its own name', async () => {
    const { Parameter } = await world.call('ssm', 'GetParameter', { Name: '/app/url' });
    const answer = (await (await fetch(world.localUrl(Parameter.Value))).json()) as any;
    expect(answer).toMatchObject({ asset: true, event: { rawPath: '/health', routeKey: '$default' } });
    expect(JSON.parse(await ask(Parameter.Value))).toMatchObject({ asset: true });
  });

  test('any other address answers as it is told, healthily at first', async () => {
    expect(await ask('https://shop.example.com/health')).toBe('ok');
    world.web.set('https://shop.example.com/', { status: 503, body: 'down' });
    expect(await ask('https://shop.example.com/health')).toBe('down');
  });

  test('each call is recorded with role, resource and conditions', () => {
    const { roleArn, policies } = world.roleOf(world.functionNamed('writer').physicalId);
    const put = world.calls.find(({ action }) => action === 'dynamodb:PutItem');
    expect(put).toMatchObject({
      ok: true,
      roleArn,
      principal: 'Main/Writer',
      resources: [world.resources('AWS::DynamoDB::GlobalTable')[0]!.arn],
      context: { 'dynamodb:LeadingKeys': ['hello'], 'dynamodb:Attributes': ['pk', 'at'] },
    });
    expect(JSON.stringify(policies)).toContain(put!.resources[0]);
    expect(world.calls.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['sqs:ReceiveMessage', 'dynamodb:GetRecords', 'sns:Publish', 'lambda:InvokeFunction']),
    );
  });

  test('nothing in the app is unknown to the rehearsal', () => {
    expect(world.unknownTypes).toEqual([]);
  });
});
