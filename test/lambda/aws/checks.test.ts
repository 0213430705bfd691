import {
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  type InvokeCommandOutput,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CheckCommand, Measurement } from '../../../contract/messages';
import { checkClient, Checks } from '../../../lambda/aws/checks';
import { TIMING } from '../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';

const command: CheckCommand = {
  requestId: 'r'.repeat(32),
  role: 'arn:aws:iam::111111111111:role/approval-gates/Shop/check',
  since: '2026-11-23T10:00:00.000Z',
  now: NOW,
  check: {
    kind: 'http',
    id: 'health',
    title: 'health',
    url: 'https://shop.example.com/',
    minStatus: 200,
    maxStatus: 299,
    timeoutSeconds: 5,
    ...TIMING,
  },
};

const good: Measurement = { checkId: 'health', at: NOW, verdict: 'PASS', reason: 'fine' };

describe('the check function', () => {
  const lambda = mockClient(LambdaClient);
  const checks = new Checks(new LambdaClient({ region: 'eu-west-1' }), 'check-function');
  beforeEach(() => lambda.reset());
  afterAll(() => lambda.restore());

  const bytes = (text: string) => Buffer.from(text) as unknown as InvokeCommandOutput['Payload'];
  const answers = (value: unknown) => lambda.on(InvokeCommand).resolves({ Payload: bytes(JSON.stringify(value)) });

  test('is given the whole command', async () => {
    answers(good);

    expect(await checks.measure(command)).toEqual(good);
    const { input } = lambda.commandCalls(InvokeCommand)[0]!.args[0];
    expect(input.FunctionName).toBe('check-function');
    expect(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString())).toEqual(command);
  });

  test('is believed what belongs to a measurement, at the time of the command', async () => {
    const full = {
      ...good,
      verdict: 'IN_PROGRESS',
      healthySince: NOW,
      waitsUntil: '2026-11-23T11:00:00.000Z',
      callBackDelay: 5,
      from: '2026-11-23T10:00:00.000Z',
      to: NOW,
      value: 'c',
      threshold: 'd',
      link: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/a',
      logs: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups',
      traces: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#xray:traces/query',
      account: '222222222222',
      drawn: { value: 1, limit: 2, baseline: 3, unit: '%' },
    };
    answers({ ...full, at: '2099-01-01T00:00:00.000Z', extra: 'no' });

    expect(await checks.measure(command)).toEqual({ ...full, at: NOW });
  });

  test.each([
    ['a link that leads elsewhere', { link: 'https://example.com/', logs: 'javascript:alert(1)', traces: 7 }],
    ['a link by plain http', { link: 'http://eu-west-1.console.aws.amazon.com/' }],
    ['an account that is none', { account: '<b>1</b>' }],
    ['times that are none', { from: 'now', to: {} }],
    ['words that are none', { value: 7, threshold: ['x'] }],
    ['a value to draw that is no number', { drawn: { value: '7' } }],
    ['a limit to draw that is no number', { drawn: { value: 7, limit: null } }],
  ])('is not believed %s', async (_, more) => {
    answers({ ...good, ...more });

    expect(await checks.measure(command)).toEqual(good);
  });

  test('has reasons of one short line', async () => {
    answers({ ...good, reason: `one\ntwo${'x'.repeat(1000)}` });

    const { reason } = await checks.measure(command);

    expect(reason.startsWith('one two')).toBe(true);
    expect(reason).toHaveLength(300);
  });

  test.each([
    ['null', null],
    ['a text', 'PASS'],
    ['another check', { ...good, checkId: 'other' }],
    ['no check', { ...good, checkId: undefined }],
    ['a verdict of tomorrow', { ...good, verdict: 'FINE' }],
    ['no verdict', { ...good, verdict: undefined }],
    ['no reason', { ...good, reason: undefined }],
    ['a reason that is no text', { ...good, reason: 7 }],
    ['healthy since a time to come', { ...good, healthySince: '2026-11-23T10:10:00.001Z' }],
    ['healthy since a time that is none', { ...good, healthySince: 'always' }],
    ['a wait until now', { ...good, verdict: 'IN_PROGRESS', waitsUntil: NOW }],
    ['a wait until a time that is none', { ...good, verdict: 'IN_PROGRESS', waitsUntil: 'later' }],
    ['a delay that is none', { ...good, callBackDelay: 0 }],
    ['a delay that is no number', { ...good, callBackDelay: '5' }],
  ])('with an answer of %s has measured nothing', async (_, answer) => {
    answers(answer);

    expect(await checks.measure(command)).toEqual({
      checkId: 'health',
      at: NOW,
      verdict: 'ERROR',
      reason: 'the check function gave an answer that cannot be understood',
    });
  });

  test.each([
    ['it failed', { FunctionError: 'Unhandled', Payload: bytes(JSON.stringify(good)) }, 'the check function failed'],
    ['it answered nothing', {}, 'the check function failed'],
    ['it answered no JSON', { Payload: bytes('{') }, 'the check function could not be asked (SyntaxError)'],
  ])('that cannot be understood is an error: %s', async (_, output, reason) => {
    lambda.on(InvokeCommand).resolves(output);

    expect(await checks.measure(command)).toEqual({ checkId: 'health', at: NOW, verdict: 'ERROR', reason });
  });

  test('that is not there is an error', async () => {
    lambda.on(InvokeCommand).rejects(new ResourceNotFoundException({ $metadata: {}, message: 'arn s3cret' }));

    expect(await checks.measure(command)).toMatchObject({
      verdict: 'ERROR',
      reason: 'the check function could not be asked (ResourceNotFoundException)',
    });
  });
});

describe('throttling of the check function (A16)', () => {
  let server: Server;
  let throttles: number;
  let asked: number;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      asked += 1;
      const isThrottled = asked <= throttles;
      const headers = isThrottled ? { 'x-amzn-errortype': 'TooManyRequestsException' } : {};
      response
        .writeHead(isThrottled ? 429 : 200, { 'content-type': 'application/json', ...headers })
        .end(isThrottled ? '{"Reason":"ConcurrentInvocationLimitExceeded"}' : JSON.stringify(good));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = 0;
  });

  const measure = (more: object = {}) => {
    const client = checkClient({
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      ...more,
    });
    return new Checks(client, 'check-function').measure(command);
  };

  test('is no measurement: the check is measured once Lambda has room again', async () => {
    throttles = 2;

    expect(await measure()).toEqual(good);
    expect(asked).toBe(3);
  });

  test('is an error only when every attempt was throttled', async () => {
    throttles = 99;

    expect(await measure({ maxAttempts: 2 })).toMatchObject({
      verdict: 'ERROR',
      reason: 'the check function could not be asked (TooManyRequestsException)',
    });
    expect(asked).toBe(2);
  });

  test('is waited for with eight attempts', async () => {
    expect(await checkClient({ region: 'eu-west-1' }).config.maxAttempts()).toBe(8);
  });
});
