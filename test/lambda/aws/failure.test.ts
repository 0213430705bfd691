import {
  ApprovalAlreadyCompletedException,
  ConcurrentModificationException,
  PipelineNotFoundException,
} from '@aws-sdk/client-codepipeline';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  InternalServerError,
  ItemCollectionSizeLimitExceededException,
  ProvisionedThroughputExceededException,
  RequestLimitExceeded,
} from '@aws-sdk/client-dynamodb';
import { EC2ThrottledException, ServiceException, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { LimitExceededException } from '@aws-sdk/client-sesv2';
import { AuthorizationErrorException, ThrottledException } from '@aws-sdk/client-sns';
import { InternalServerError as ParameterFailure, ParameterNotFound } from '@aws-sdk/client-ssm';
import { ExpiredTokenException, MalformedPolicyDocumentException, STSServiceException } from '@aws-sdk/client-sts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { classify, Failed, isAccessDenied, isThrottle } from '../../../lambda/aws/failure';
import { NoCredentials } from '../../../lambda/aws/sessions';

const because = { message: 'because', $metadata: {} };
const answered = (httpStatusCode: number) => ({ message: 'because', $metadata: { httpStatusCode } });

/** Errors that the SDK knows by name and status alone. */
function unmodelled(name: string, httpStatusCode: number) {
  return new STSServiceException({
    name,
    $fault: httpStatusCode >= 500 ? 'server' : 'client',
    ...answered(httpStatusCode),
  });
}

const system = (code: string) => Object.assign(new Error('because'), { code });

describe('worth another try', () => {
  test.each([
    new ProvisionedThroughputExceededException(because),
    new RequestLimitExceeded(because),
    new TooManyRequestsException(because),
    new LimitExceededException(because),
    new ThrottledException(because),
    new EC2ThrottledException(because),
    unmodelled('ThrottlingException', 400),
    unmodelled('Throttling', 400),
    unmodelled('SlowDown', 503),
    unmodelled('SomethingNew', 429),
  ])('a throttle: $name', (error) => {
    expect(classify(error)).toBe('RETRY');
    expect(isThrottle(error)).toBe(true);
  });

  test.each([
    new ServiceException(because),
    new InternalServerError(because),
    new ParameterFailure(answered(500)),
    unmodelled('ServiceUnavailable', 503),
    unmodelled('Unknown', 500),
    unmodelled('Unknown', 599),
  ])('a failure of the service: $name', (error) => {
    expect(classify(error)).toBe('RETRY');
    expect(isThrottle(error)).toBe(false);
  });

  test('a connection that is cut, in the words of the SDK', () => {
    const cut = { name: 'TimeoutError', code: 'ECONNRESET', $metadata: { attempts: 3, totalRetryDelay: 240 } };

    expect(classify(Object.assign(new Error('socket hang up'), cut))).toBe('RETRY');
  });

  test.each([
    'EAI_AGAIN',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
  ])('a network that fails: %s', (code) => {
    expect(classify(system(code))).toBe('RETRY');
    // The SDK notes its own tries.
    expect(classify(Object.assign(system(code), { $metadata: { attempts: 3 } }))).toBe('RETRY');
    expect(isThrottle(system(code))).toBe(false);
  });

  test.each([
    'AbortError',
    'ExpiredToken',
    'ExpiredTokenException',
    'NetworkingError',
    'RequestExpired',
    'RequestTimeout',
    'RequestTimeoutException',
    'TimeoutError',
  ])('an interruption: %s', (name) => {
    expect(classify(Object.assign(new Error('because'), { name }))).toBe('RETRY');
  });

  test('credentials that ran out, or that STS left out', () => {
    expect(classify(new ExpiredTokenException(answered(400)))).toBe('RETRY');
    expect(classify(new NoCredentials())).toBe('RETRY');
  });

  test('what a service declares to be so', () => {
    expect(classify(Object.assign(new Error('because'), { $retryable: {} }))).toBe('RETRY');
    expect(isThrottle(Object.assign(new Error('because'), { $retryable: { throttling: true } }))).toBe(true);
    expect(isThrottle(Object.assign(new Error('because'), { $retryable: {} }))).toBe(false);
  });

  test('a time-out of our own', async () => {
    const signal = AbortSignal.timeout(1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));

    expect(classify(signal.reason)).toBe('RETRY');
  });
});

describe('refused', () => {
  test.each([
    new ConditionalCheckFailedException(because),
    new ConditionalCheckFailedException(answered(400)),
    // Its name ends like that of a throttle, and it is none.
    new ItemCollectionSizeLimitExceededException(because),
    new ApprovalAlreadyCompletedException(because),
    new ConcurrentModificationException(because),
    new PipelineNotFoundException(answered(400)),
    new ParameterNotFound(because),
    new MalformedPolicyDocumentException(answered(400)),
    new AuthorizationErrorException(answered(403)),
    unmodelled('AccessDenied', 403),
    unmodelled('ValidationError', 400),
    unmodelled('PermanentRedirect', 301),
    unmodelled('Unknown', 499),
  ])('$name', (error) => {
    expect(classify(error)).toBe('REFUSED');
    expect(isThrottle(error)).toBe(false);
  });
});

describe('a role that was made a moment ago', () => {
  test.each(['AccessDenied', 'AccessDeniedException', 'AuthorizationErrorException', 'UnauthorizedOperation'])(
    'may refuse at first: %s',
    (name) => {
      const error = unmodelled(name, 403);

      expect(isAccessDenied(error)).toBe(true);
      expect(classify(error)).toBe('REFUSED');
      expect(classify(error, { roleMayBeNew: false })).toBe('REFUSED');
      expect(classify(error, { roleMayBeNew: true })).toBe('RETRY');
    },
  );

  test('excuses nothing else', () => {
    expect(classify(unmodelled('ValidationError', 400), { roleMayBeNew: true })).toBe('REFUSED');
    expect(classify(new TypeError('because'), { roleMayBeNew: true })).toBe('DEFECT');
    expect(isAccessDenied(unmodelled('SignatureDoesNotMatch', 403))).toBe(false);
    expect(isAccessDenied('AccessDenied')).toBe(false);
    expect(isAccessDenied(undefined)).toBe(false);
  });
});

describe('a defect of ours', () => {
  test.each([
    new TypeError('x is not a function'),
    new RangeError('too much'),
    new SyntaxError('unexpected token'),
    new Error('the environment variable GATES_WORKFLOW is missing'),
    Object.assign(new TypeError('because'), { $metadata: { attempts: 1 } }),
    Object.assign(new Error('because'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ])('$name: $message', (error) => {
    expect(classify(error)).toBe('DEFECT');
    expect(isThrottle(error)).toBe(false);
  });

  test.each([undefined, null, 'text', 7, {}])('%p was thrown', (thrown) => {
    expect(classify(thrown)).toBe('DEFECT');
  });
});

describe('as the SDK really throws it', () => {
  let server: Server;
  let reply: { readonly status: number; readonly body: string };
  let client: DynamoDBClient;

  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.0' }).end(reply.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
  });
  afterAll(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  const thrown = () =>
    client.send(new GetItemCommand({ TableName: 't', Key: {} })).then(
      () => {
        throw new Error('nothing was thrown');
      },
      (error: unknown) => error,
    );

  test.each([
    [400, '{"__type":"com.amazonaws.dynamodb#ProvisionedThroughputExceededException"}', 'RETRY'],
    [400, '{"__type":"com.amazon.coral.availability#ThrottlingException"}', 'RETRY'],
    [400, '{"__type":"com.amazonaws.dynamodb#ResourceNotFoundException"}', 'REFUSED'],
    [400, '{"__type":"com.amazon.coral.validate#ValidationException"}', 'REFUSED'],
    [500, '{"__type":"com.amazonaws.dynamodb#InternalServerError"}', 'RETRY'],
    [503, '<html>Service Unavailable</html>', 'RETRY'],
    [200, '{"Item":', 'RETRY'],
  ])('%i %s is %s', async (status, body, kind) => {
    reply = { status, body };

    expect(classify(await thrown())).toBe(kind);
  });
});

test('what leaves a function has the name of what went wrong, and none of its words', () => {
  const failed = new Failed(
    'the look failed',
    Object.assign(new Error('token s3cret'), { name: 'ThrottlingException' }),
  );

  expect(failed.name).toBe('ThrottlingException');
  expect(failed.message).toBe('the look failed (ThrottlingException), it will be tried again');
  expect(new Failed('the look failed', 's3cret').name).toBe('Unknown');
});
