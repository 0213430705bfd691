import type { Surroundings } from '../../aws/surroundings';
import type { Asked } from '../../functions/authorizer';
import { LambdaAuthorizer } from '../../functions/lambda-authorizer';
import type { Resource } from '../../template/model';

const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:cookie';
const ROUTE = 'arn:aws:execute-api:eu-west-1:111111111111:api1/$default/GET/dashboard';
const CONTEXT = { email: 'ana@example.com', email_verified: true };

let now = 0;
let answer: unknown;
let functionError: string | undefined;
let letsIn: readonly string[];
let mayCall: boolean;
let invoked: Record<string, unknown>[];

beforeEach(() => {
  [now, answer, functionError, letsIn, mayCall, invoked] = [0, undefined, undefined, [], true, []];
});

function authorizer(properties: object = {}) {
  const resource = {
    physicalId: 'auth1',
    properties: {
      ApiId: 'api1',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${ARN}/invocations`,
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Cookie'],
      ...properties,
    },
  } as unknown as Resource;
  const around = { account: '111111111111', region: 'eu-west-1', clock: { now: () => now } } as unknown as Surroundings;
  const pool = {
    invoke: (reference: string, payload: unknown) => {
      expect(reference).toBe(ARN);
      invoked.push(payload as Record<string, unknown>);
      return Promise.resolve({ payload: answer, functionError, executedVersion: '1' });
    },
  };
  const guard = {
    letsIn: (service: string, source: string | undefined, action: string, resourceArn: string) => {
      letsIn = [service, String(source), action, resourceArn];
      return mayCall;
    },
  };
  return new LambdaAuthorizer(resource, around, pool, guard);
}

function asked(headers: Readonly<Record<string, string>> = { cookie: 'id=1' }, query?: Record<string, string>): Asked {
  return {
    routeArn: ROUTE,
    event: {
      version: '2.0',
      routeKey: 'GET /dashboard',
      rawPath: '/dashboard',
      headers,
      cookies: ['id=1'],
      ...(query === undefined ? {} : { queryStringParameters: query }),
      requestContext: { apiId: 'api1' },
      body: 'x',
      isBase64Encoded: false,
    },
  };
}

const ask = (properties?: object, what = asked()) => authorizer(properties).ask(what);

describe('a simple answer', () => {
  test('lets in, and hands its context on as it is', async () => {
    answer = { isAuthorized: true, context: CONTEXT };

    expect(await ask()).toEqual({ kind: 'LET_IN', authorizer: { lambda: CONTEXT } });
    expect(letsIn).toEqual([
      'apigateway.amazonaws.com',
      'arn:aws:execute-api:eu-west-1:111111111111:api1/authorizers/auth1',
      'lambda:InvokeFunction',
      ARN,
    ]);
  });

  test('without a context says nothing of anybody', async () => {
    answer = { isAuthorized: true };

    expect(await ask()).toEqual({ kind: 'LET_IN', authorizer: { lambda: null } });
  });

  test('refuses', async () => {
    answer = { isAuthorized: false, context: CONTEXT };

    expect(await ask()).toMatchObject({ kind: 'REFUSED', status: 403 });
  });

  test.each([
    ['nothing', null],
    ['a text', { isAuthorized: 'true' }],
    ['a policy, which was not agreed upon', { policyDocument: { Statement: [{ Effect: 'Allow', Action: '*' }] } }],
  ])('that is %s is an error', async (_what, other) => {
    answer = other;

    expect(await ask()).toMatchObject({ kind: 'REFUSED', status: 500 });
  });
});

describe('a policy', () => {
  const AS_POLICY = { EnableSimpleResponses: false, AuthorizerPayloadFormatVersion: '1.0' };
  const allow = (Resource: string, Effect = 'Allow') => ({
    principalId: 'ana',
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] },
    context: CONTEXT,
  });

  test.each([
    [ROUTE, 'Allow', 'LET_IN'],
    ['arn:aws:execute-api:eu-west-1:111111111111:api1/*/GET/*', 'Allow', 'LET_IN'],
    ['arn:aws:execute-api:eu-west-1:111111111111:api1/*/POST/*', 'Allow', 'REFUSED'],
    [ROUTE, 'Deny', 'REFUSED'],
  ])('about %s to %s: %s', async (resource, effect, kind) => {
    answer = allow(resource, effect);

    expect(await ask(AS_POLICY)).toMatchObject({ kind });
  });

  test('is asked for by an event of version 1.0', async () => {
    answer = allow(ROUTE);
    await ask(AS_POLICY);

    expect(invoked).toMatchObject([
      {
        version: '1.0',
        type: 'REQUEST',
        methodArn: ROUTE,
        identitySource: 'id=1',
        path: '/dashboard',
        httpMethod: 'GET',
      },
    ]);
  });

  test('that is missing is an error', async () => {
    answer = { isAuthorized: true };

    expect(await ask(AS_POLICY)).toMatchObject({ status: 500 });
  });
});

test('the function gets the request without what was posted', async () => {
  answer = { isAuthorized: true };
  await ask();

  expect(invoked).toEqual([
    {
      version: '2.0',
      type: 'REQUEST',
      routeArn: ROUTE,
      identitySource: ['id=1'],
      routeKey: 'GET /dashboard',
      rawPath: '/dashboard',
      headers: { cookie: 'id=1' },
      cookies: ['id=1'],
      requestContext: { apiId: 'api1' },
    },
  ]);
});

test.each([
  ['a header', ['$request.header.Cookie'], asked({})],
  ['a header that is empty', ['$request.header.Cookie'], asked({ cookie: '' })],
  ['one of two', ['$request.header.Cookie', '$request.querystring.team'], asked()],
  ['something that is not known', ['$request.body'], asked()],
])('without %s the function is not asked', async (_what, IdentitySource, what) => {
  expect(await ask({ IdentitySource }, what)).toEqual({ kind: 'REFUSED', status: 401 });
  expect(invoked).toEqual([]);
});

test('what it works with may stand in the query and in the context', async () => {
  answer = { isAuthorized: true };
  const IdentitySource = ['$request.querystring.team', '$context.apiId'];

  expect(await ask({ IdentitySource }, asked({}, { team: 'shop' }))).toMatchObject({ kind: 'LET_IN' });
  expect(invoked).toMatchObject([{ identitySource: ['shop', 'api1'] }]);
});

test('a function that fails, or that may not be called, is an error', async () => {
  functionError = 'Unhandled';
  expect(await ask()).toMatchObject({ kind: 'REFUSED', status: 500 });

  [functionError, mayCall, answer] = [undefined, false, { isAuthorized: true }];
  expect(await ask()).toMatchObject({ status: 500 });
  expect(invoked).toHaveLength(1);
});

test('a role of the authorizer needs no permission of the function', async () => {
  [mayCall, answer] = [false, { isAuthorized: true }];

  expect(await ask({ AuthorizerCredentialsArn: 'arn:aws:iam::111111111111:role/x' })).toMatchObject({ kind: 'LET_IN' });
});

describe('an answer', () => {
  test('is kept as long as the authorizer says, for those who say the same alone', async () => {
    answer = { isAuthorized: true };
    const kept = authorizer({ AuthorizerResultTtlInSeconds: 300 });
    await kept.ask(asked());
    now = 299_999;
    await kept.ask(asked());
    expect(invoked).toHaveLength(1);

    answer = { isAuthorized: false };
    expect(await kept.ask(asked({ cookie: 'id=2' }))).toMatchObject({ status: 403 });
    now = 300_000;
    expect(await kept.ask(asked())).toMatchObject({ status: 403 });
    expect(invoked).toHaveLength(3);
  });

  test('is not kept where it says nothing of that', async () => {
    answer = { isAuthorized: true };
    const fresh = authorizer();
    await fresh.ask(asked());
    await fresh.ask(asked());

    expect(invoked).toHaveLength(2);
  });
});
