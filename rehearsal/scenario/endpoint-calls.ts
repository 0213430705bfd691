/** Somebody calls an address that the app serves: of a function's alias, or of an API. */
import type { Resource } from '../template/model';
import type { World } from '../world';
import { known } from './names';
import type { StepOf } from './schema';

export async function callEndpoint(world: World, { to, times, failed, path = '/' }: StepOf<'calls'>): Promise<void> {
  const endpoints = new Map([
    ...[...world.resources('AWS::Lambda::Url'), ...world.resources('AWS::ApiGatewayV2::Api')].map(
      (resource) =>
        [nameOf(resource), String(resource.attributes.FunctionUrl ?? resource.attributes.ApiEndpoint)] as const,
    ),
    ...[...world.restApis.all].map(
      ([stage, { apiId }]) =>
        [stage, `https://${apiId}.execute-api.${world.region}.amazonaws.com/${stage.split('/').at(-1)}`] as const,
    ),
  ]);
  known('address', to, [...endpoints.keys()]);
  const url = world.localUrl(endpoints.get(to) ?? '').replace(/\/$/, '') + path;
  let errors = 0;
  for (let call = 0; call < times; call += 1) {
    const { status } = await fetch(url);
    if (status >= 500) errors += 1;
  }
  if (errors !== failed) {
    throw new Error(`${errors} of ${times} calls of ${to} failed, not ${failed}`);
  }
}

/** `shop:live` for the alias of a function, `shop` for the function itself; an API by its name. */
function nameOf({ type, properties }: Resource): string {
  if (type !== 'AWS::Lambda::Url') return String(properties.Name);
  const name = String(properties.TargetFunctionArn).split(':').slice(6)[0] ?? String(properties.TargetFunctionArn);
  return properties.Qualifier === undefined ? name : `${name}:${String(properties.Qualifier)}`;
}
