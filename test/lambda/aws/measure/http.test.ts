import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import type { HttpCheckPlan } from '../../../../contract/checks';
import type { MeasureClients } from '../../../../lambda/aws/measure/clients';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/token-AbCdEf';
const PROBE = 'arn:aws:lambda:eu-west-1:111111111111:function:probe';

const plan: HttpCheckPlan = {
  kind: 'http',
  id: 'health',
  title: 'health',
  url: 'https://shop.example.com/health',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 1,
  ...TIMING,
};

const secrets = mockClient(SecretsManagerClient);
const lambda = mockClient(LambdaClient);
const regions: string[] = [];
const get = jest.fn<ReturnType<MeasureClients['get']>, Parameters<MeasureClients['get']>>();
beforeEach(() => {
  secrets.reset();
  lambda.reset();
  regions.length = 0;
  get.mockReset().mockResolvedValue({ status: 200, body: 'ok', isCut: false, isEncoded: false, milliseconds: 5 });
});

function measured(check: Partial<HttpCheckPlan>) {
  return measure(
    { requestId: 'r'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: NOW, now: NOW },
    {
      of: (Service, region, maxAttempts = 6) => {
        regions.push(region);
        return new Service({ region, maxAttempts });
      },
      get,
    },
  );
}

describe('secret headers', () => {
  const secretHeaders = [
    { name: 'Authorization', secret: SECRET, field: 'token', prefix: 'Bearer ' },
    { name: 'X-Key', secret: SECRET.replace('token', 'key') },
  ];

  test('are read where they are, and sent', async () => {
    secrets
      .on(GetSecretValueCommand)
      .resolves({ SecretString: 'k3y' })
      .on(GetSecretValueCommand, { SecretId: SECRET })
      .resolves({ SecretString: '{"token":"s3cret"}' });

    const measurement = await measured({ secretHeaders });

    expect(measurement).toMatchObject({ verdict: 'PASS' });
    expect(get.mock.calls[0]![2]).toEqual({ Authorization: 'Bearer s3cret', 'X-Key': 'k3y' });
    expect(regions).toEqual(['eu-west-1', 'eu-west-1']);
  });

  test('without any, nothing is read', async () => {
    await measured({});

    expect(secrets.calls()).toHaveLength(0);
    expect(get.mock.calls[0]![2]).toEqual({});
  });

  test.each([
    ['has another field only', { SecretString: '{"other":"s3cret"}' }],
    ['inherits the field', { SecretString: '{}' }],
    ['holds a number in the field', { SecretString: '{"token":12345678}' }],
    ['is no JSON', { SecretString: 's3cret' }],
    ['is a list', { SecretString: '["s3cret"]' }],
    ['is binary', { SecretBinary: Buffer.from('s3cret') }],
    ['holds a line break', { SecretString: '{"token":"s3cret\\r\\nX-Admin: yes"}' }],
    ['is empty', { SecretString: '{"token":""}' }],
    ['is longer than a header', { SecretString: JSON.stringify({ token: 's3cret'.repeat(1000) }) }],
  ])('of a secret that %s are an error that names the header alone, and nothing is asked', async (what, value) => {
    secrets.on(GetSecretValueCommand).resolves(value);
    const field = what === 'inherits the field' ? 'toString' : 'token';

    const measurement = await measured({ secretHeaders: [{ name: 'Authorization', secret: SECRET, field }] });

    expect(measurement).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringContaining(`The field '${field}' of the secret of header 'Authorization'`),
    });
    expect(JSON.stringify(measurement)).not.toMatch(/s3cret|12345678/);
    expect(get).not.toHaveBeenCalled();
  });

  test('of a whole secret that is no header say so without a field', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 's3cret\nX-Admin: yes' });

    expect(await measured({ secretHeaders: [{ name: 'X-Key', secret: SECRET }] })).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringContaining("The secret of header 'X-Key'"),
    });
  });

  test('of the longest secret are sent', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'k'.repeat(4096) });

    expect(await measured({ secretHeaders: [{ name: 'X-Key', secret: SECRET }] })).toMatchObject({ verdict: 'PASS' });
  });

  test('that cannot be read are an error, and nothing is asked', async () => {
    secrets.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ $metadata: {}, message: SECRET }));

    const measurement = await measured({ secretHeaders });

    expect(measurement).toMatchObject({
      verdict: 'ERROR',
      reason: 'The check could not be carried out: ResourceNotFoundException.',
    });
    expect(get).not.toHaveBeenCalled();
  });
});

describe('a probe', () => {
  const payload = (value: unknown) => Buffer.from(JSON.stringify(value)) as unknown as InvokeCommandOutput['Payload'];
  const answers = (value: unknown) => lambda.on(InvokeCommand).resolves({ StatusCode: 200, Payload: payload(value) });

  test('asks in the place of the check function, with the secrets that the check function read', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'k3y' });
    answers({ verdict: 'PASS', reason: 'orders.internal answered 200.', value: '200', threshold: '200-299' });
    const check = { probe: PROBE, url: 'https://orders.internal/', secretHeaders: [{ name: 'X-Key', secret: SECRET }] };

    expect(await measured(check)).toEqual({
      checkId: 'health',
      at: NOW,
      verdict: 'PASS',
      reason: 'orders.internal answered 200.',
      value: '200',
      threshold: '200-299',
    });
    expect(get).not.toHaveBeenCalled();
    const { FunctionName, Payload } = lambda.commandCalls(InvokeCommand)[0]!.args[0].input;
    expect(FunctionName).toBe(PROBE);
    expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString('utf8'))).toEqual({
      kind: 'http-probe',
      plan: { ...plan, ...check },
      headers: { 'X-Key': 'k3y' },
    });
  });

  test('that fails is an error', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200, FunctionError: 'Unhandled', Payload: payload('s3cret') });

    const measurement = await measured({ probe: PROBE });

    expect(measurement).toMatchObject({ verdict: 'ERROR', reason: 'The probe of the check failed; its log says why.' });
    expect(measurement.link).toMatch(/#\/functions\/probe$/);
  });

  test.each([
    { verdict: 'PASS', reason: 'orders.internal answered 200.' },
    { verdict: 'ERROR', reason: 'orders.internal did not answer in time.', threshold: '200-299' },
    { verdict: 'FAIL', reason: 'orders.internal answered 500.', value: '500' },
  ])('may leave out what it did not find: %j', async (reply) => {
    answers(reply);

    expect(await measured({ probe: PROBE })).toEqual({ checkId: 'health', at: NOW, ...reply });
  });

  test('that gives no answer at all is an error', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200 });

    expect(await measured({ probe: PROBE })).toMatchObject({
      verdict: 'ERROR',
      reason: 'The probe of the check failed; its log says why.',
    });
  });

  test('that answers anything else than a finding never passes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        lambda.reset();
        lambda.on(InvokeCommand).resolves({ StatusCode: 200, Payload: Buffer.from(text) as never });

        expect(await measured({ probe: PROBE })).toMatchObject({ verdict: 'ERROR' });
      }),
    );
  });

  test.each([
    { verdict: 'PASSED', reason: 'fine' },
    { verdict: 'PASS' },
    { verdict: 'PASS', reason: 7 },
    { verdict: 'PASS', reason: 'fine', value: 200 },
    { verdict: 'PASS', reason: 'fine', threshold: {} },
    null,
  ])('cannot be understood when it answers %j', async (reply) => {
    answers(reply);

    expect(await measured({ probe: PROBE })).toMatchObject({
      verdict: 'ERROR',
      reason: 'The probe of the check gave an answer that cannot be understood.',
    });
  });
});
