/**
 * A Lambda authorizer of an HTTP API, by the rules in
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html.
 */
import type { Surroundings } from '../aws/surroundings';
import { decide, type Statement } from '../iam/decision';
import type { Guard } from '../iam/guard';
import type { Resource } from '../template/model';
import { identityOf, type Asked, type Authorizer, type Ruling } from './authorizer';
import type { FunctionPool } from './pool';

interface Answer {
  /** Undefined for what API Gateway cannot read. */
  readonly payload: unknown;
  readonly until: number;
}

export class LambdaAuthorizer implements Authorizer {
  private readonly answers = new Map<string, Answer>();

  constructor(
    private readonly resource: Resource,
    private readonly around: Surroundings,
    private readonly pool: Pick<FunctionPool, 'invoke'>,
    private readonly guard: Pick<Guard, 'letsIn'>,
  ) {}

  async ask(asked: Asked): Promise<Ruling> {
    const { IdentitySource = [] } = this.resource.properties;
    const identity = identityOf([IdentitySource].flat() as string[], asked);
    if (identity === undefined) {
      return { kind: 'REFUSED', status: 401 };
    }
    const key = JSON.stringify(identity);
    const known = identity.length > 0 ? this.answers.get(key) : undefined;
    const payload =
      known !== undefined && known.until > this.around.clock.now()
        ? known.payload
        : await this.invoke(key, identity, asked);
    return this.rulingOf(payload, asked);
  }

  private async invoke(key: string, identity: readonly string[], asked: Asked): Promise<unknown> {
    const { properties, physicalId } = this.resource;
    const [, functionArn = ''] = /functions\/(arn:[^/]+)\/invocations/.exec(String(properties.AuthorizerUri)) ?? [];
    const { region, account } = this.around;
    const source = `arn:aws:execute-api:${region}:${account}:${String(properties.ApiId)}/authorizers/${physicalId}`;
    if (
      properties.AuthorizerCredentialsArn === undefined &&
      !this.guard.letsIn('apigateway.amazonaws.com', source, 'lambda:InvokeFunction', functionArn)
    ) {
      return undefined;
    }
    const isVersion2 = properties.AuthorizerPayloadFormatVersion === '2.0';
    const { payload, functionError } = await this.pool.invoke(
      functionArn,
      isVersion2 ? eventOf2(identity, asked) : eventOf1(identity, asked),
    );
    if (functionError !== undefined) {
      return undefined;
    }
    const kept = Number(properties.AuthorizerResultTtlInSeconds ?? 0) * 1000;
    this.answers.set(key, { payload, until: this.around.clock.now() + kept });
    return payload;
  }

  private rulingOf(payload: unknown, { routeArn }: Asked): Ruling {
    const { isAuthorized, policyDocument, context } = (payload ?? {}) as {
      readonly isAuthorized?: unknown;
      readonly policyDocument?: { readonly Statement?: Statement | readonly Statement[] };
      readonly context?: unknown;
    };
    const isSimple = this.resource.properties.EnableSimpleResponses === true;
    if (isSimple ? typeof isAuthorized !== 'boolean' : policyDocument === undefined) {
      return { kind: 'REFUSED', status: 500, why: 'the authorizer failed, or answered in another format' };
    }
    const isAllowed = isSimple ? isAuthorized === true : this.allows(policyDocument?.Statement ?? [], routeArn);
    return isAllowed
      ? { kind: 'LET_IN', authorizer: { lambda: context ?? null } }
      : { kind: 'REFUSED', status: 403, why: 'the authorizer lets nobody in with this' };
  }

  private allows(statements: Statement | readonly Statement[], routeArn: string): boolean {
    const { account } = this.around;
    const request = {
      action: 'execute-api:Invoke',
      resource: routeArn,
      principal: { account },
      context: new Map<string, readonly string[]>(),
    };
    return decide(request, { identity: [statements].flat() as readonly Statement[], resource: [] }) === 'ALLOWED';
  }
}

function eventOf2(identitySource: readonly string[], { routeArn, event }: Asked): object {
  const { body: _body, isBase64Encoded: _base64, ...request } = event;
  return { ...request, type: 'REQUEST', routeArn, identitySource };
}

function eventOf1(identitySource: readonly string[], { routeArn, event }: Asked): object {
  const { headers, queryStringParameters, pathParameters, requestContext, routeKey, rawPath } = event;
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: routeArn,
    identitySource: identitySource.join(','),
    authorizationToken: identitySource.join(','),
    resource: routeKey.split(' ')[1] ?? routeKey,
    path: rawPath,
    httpMethod: routeKey.split(' ')[0],
    headers,
    queryStringParameters: queryStringParameters ?? {},
    pathParameters: pathParameters ?? {},
    stageVariables: {},
    requestContext,
  };
}
