import type { RestApis } from '../aws/rest-apis';
import type { Surroundings } from '../aws/surroundings';
import type { Guard } from '../iam/guard';
import type { Resource } from '../template/model';
import type { Front } from './front';
import { HttpApi } from './http-api';
import type { ReadJson } from './jwt-authorizer';
import type { FunctionPool } from './pool';
import { RestApi } from './rest-api';

/** What stands behind everything that answers web requests. */
export interface BehindFronts {
  readonly around: Surroundings;
  readonly pool: FunctionPool;
  readonly guard: Pick<Guard, 'letsIn'>;
  readonly restApis: Pick<RestApis, 'serves'>;
}

/** Begins to serve an API, or the URL of a function. */
export function openFront(
  { around, pool, guard, restApis }: BehindFronts,
  api: Resource,
  readJson: ReadJson,
): Promise<Front> {
  return api.type === 'AWS::ApiGateway::RestApi'
    ? RestApi.listen(around, pool, guard, restApis, api)
    : HttpApi.listen(around, pool, guard, api, readJson);
}
