/** The function or API whose metrics a check reads: its log and its traces say why a number is what it is. */
import type { MetricSource } from '../../../contract/checks';
import type { Measurement } from '../../../contract/messages';
import { linked, logLink, tracesLink, type Service, type Watched } from './console-link';

export interface ObservedMetric {
  readonly namespace: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

export function functionNamed(name: string): Service {
  return { type: 'AWS::Lambda::Function', name, logGroup: `/aws/lambda/${name}` };
}

/** The first metric that names one. */
export function serviceIn(metrics: readonly ObservedMetric[]): Service | undefined {
  return metrics.map(serviceOf).find((service) => service !== undefined);
}

export function serviceOfSources(sources: readonly MetricSource[]): Service | undefined {
  return serviceIn(sources.flatMap(({ queries }) => queries.flatMap((query) => ('namespace' in query ? [query] : []))));
}

export function serviceLinks(
  service: Service | undefined,
  region: string,
  watched: Watched,
): Pick<Measurement, 'logs' | 'traces'> {
  if (service === undefined) {
    return {};
  }
  return linked({
    logs: service.logGroup === undefined ? undefined : logLink(region, service.logGroup, watched),
    traces: tracesLink(region, service, watched),
  });
}

function serviceOf({ namespace, dimensions = {} }: ObservedMetric): Service | undefined {
  const { FunctionName, ApiName, Stage } = dimensions;
  if (namespace === 'AWS/Lambda' && FunctionName !== undefined) {
    return functionNamed(FunctionName);
  }
  // REST APIs alone are traced, each stage as a service of its own.
  return namespace === 'AWS/ApiGateway' && ApiName !== undefined && Stage !== undefined
    ? { type: 'AWS::ApiGateway::Stage', name: `${ApiName}/${Stage}` }
    : undefined;
}
