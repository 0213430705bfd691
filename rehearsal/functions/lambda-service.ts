import { accountOf } from '../aws/callers';
import type { Surroundings } from '../aws/surroundings';
import { AwsError, type Caller, type RestCall, type RestRequest, type Service } from '../service';
import { functionNameOf } from '../template/identity';
import { payloadOf, THROTTLED, type FunctionPool, type InvokeResult } from './pool';
import type { AliasState } from './versions';

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const ALIAS = /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/;

/** Minutes after which Lambda tries a failed asynchronous invocation again. */
const RETRIES = [1, 2];

/** Lambda's own API, as far as callers of functions need it. */
export function lambdaService(around: Surroundings, pool: FunctionPool): Service {
  /** A name alone means a function of the caller's account, in the Region that is asked. */
  const arnOf = (reference: string, caller: Caller, qualifier?: string): string => {
    const [, , , region = caller.region ?? around.region, account = accountOf(caller)] = reference.startsWith('arn:')
      ? reference.split(':')
      : [];
    const base = `arn:aws:lambda:${region}:${account}:function:${functionNameOf(reference)}`;
    const own = reference.includes(':function:') ? reference.split(':')[7] : reference.split(':')[1];
    const wanted = qualifier ?? own;
    return wanted === undefined ? base : `${base}:${wanted}`;
  };
  return {
    name: 'lambda',
    protocol: 'rest',
    route: (request) => routeInvoke(request) ?? routeAlias(request),
    operations: {
      Invoke: async ({ FunctionName, Qualifier, InvocationType, Payload }, caller) => {
        const reference = arnOf(FunctionName, caller, Qualifier);
        if (InvocationType === 'DryRun') {
          return { statusCode: 204 };
        }
        if (InvocationType === 'Event') {
          invokeLater(around, pool, reference, Payload);
          return { statusCode: 202 };
        }
        const result = await pool.invoke(reference, Payload);
        if (result.functionError === THROTTLED) {
          throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
        }
        return { statusCode: 200, ...result };
      },
      GetAlias: ({ FunctionName, Name }) => aliasOf(pool.versions.alias(FunctionName, Name)),
      GetProvisionedConcurrencyConfig: () => {
        // Versions are started when they are called.
        throw new AwsError(
          'ProvisionedConcurrencyConfigNotFoundException',
          'No Provisioned Concurrency Config found for this function',
          404,
        );
      },
      UpdateAlias: ({ FunctionName, Name, FunctionVersion, RoutingConfig }) =>
        aliasOf(
          pool.versions.setAlias(
            FunctionName,
            Name,
            FunctionVersion ?? pool.versions.alias(FunctionName, Name)?.version,
            RoutingConfig?.AdditionalVersionWeights,
          ),
        ),
    },
    authorize: {
      Invoke: ({ FunctionName, Qualifier }, caller) => ({
        action: 'lambda:InvokeFunction',
        resources: [arnOf(FunctionName, caller, Qualifier)],
      }),
      GetAlias: ({ FunctionName }, caller) => ({
        action: 'lambda:GetAlias',
        resources: [arnOf(FunctionName, caller)],
      }),
      GetProvisionedConcurrencyConfig: ({ FunctionName, Qualifier }, caller) => ({
        action: 'lambda:GetProvisionedConcurrencyConfig',
        resources: [arnOf(FunctionName, caller, Qualifier)],
      }),
      UpdateAlias: ({ FunctionName }, caller) => ({
        action: 'lambda:UpdateAlias',
        resources: [arnOf(FunctionName, caller)],
      }),
    },
  };
}

/** Lambda keeps an event that it throttles for six hours, and tries it about every five minutes. */
const KEPT_WHILE_THROTTLED = 6 * 3_600_000;
const BETWEEN_THROTTLED = 5 * 60_000;

/** An asynchronous invocation: tried again after one and after two minutes, then lost. Throttling does not count. */
export function invokeLater(around: Surroundings, pool: FunctionPool, reference: string, payload: unknown): void {
  const began = around.clock.now();
  const attempt = async (turn: number): Promise<void> => {
    const { functionError } = await pool.invoke(reference, payload);
    if (functionError === THROTTLED && around.clock.now() - began < KEPT_WHILE_THROTTLED) {
      const what = `invoke ${functionNameOf(reference)} again`;
      around.clock.schedule(around.clock.now() + BETWEEN_THROTTLED, what, () => attempt(turn));
      return;
    }
    const minutes = RETRIES[turn];
    if (functionError === undefined) {
      return;
    }
    if (minutes === undefined) {
      around.tell('function', `${reference} failed for good: an asynchronous event is lost`, 'error');
      return;
    }
    const at = around.clock.now() + minutes * 60_000;
    around.clock.schedule(at, `invoke ${functionNameOf(reference)} again`, () => attempt(turn + 1));
  };
  around.clock.schedule(around.clock.now(), `invoke ${functionNameOf(reference)}`, () => attempt(0));
}

function routeInvoke({ method, path, headers, query, body }: RestRequest): RestCall | undefined {
  const [, name] = INVOKE.exec(path) ?? [];
  if (name === undefined || method !== 'POST') {
    return undefined;
  }
  return {
    operation: 'Invoke',
    input: {
      FunctionName: decodeURIComponent(name),
      Qualifier: query.get('Qualifier') ?? undefined,
      InvocationType: headers['x-amz-invocation-type'],
      Payload: payloadOf(body.toString('utf8')),
    },
    respond: ({ statusCode, payload, functionError, executedVersion }: InvokeResult & { statusCode: number }) => ({
      status: statusCode,
      headers: {
        ...(functionError === undefined ? {} : { 'x-amz-function-error': functionError }),
        ...(executedVersion === undefined ? {} : { 'x-amz-executed-version': executedVersion }),
      },
      body: payload === undefined ? '' : JSON.stringify(payload),
    }),
  };
}

function routeAlias({ method, path, body }: RestRequest): RestCall | undefined {
  const [, name, alias] = ALIAS.exec(path) ?? [];
  if (name === undefined || alias === undefined) {
    return undefined;
  }
  const input = { FunctionName: decodeURIComponent(name), Name: alias };
  return method === 'GET'
    ? { operation: 'GetAlias', input }
    : { operation: 'UpdateAlias', input: { ...input, ...(payloadOf(body.toString('utf8')) as object) } };
}

function aliasOf(alias: AliasState | undefined): object {
  if (alias === undefined) {
    throw new AwsError('ResourceNotFoundException', 'Cannot find alias', 404);
  }
  return {
    AliasArn: alias.arn,
    Name: alias.name,
    FunctionVersion: alias.version,
    RoutingConfig: { AdditionalVersionWeights: alias.weights },
  };
}
