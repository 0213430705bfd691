/**
 * Requests to stages of REST APIs and how many of them fail, as a scenario says. Those of a canary are counted from its access log, by the
 * metric filters that the templates have on it.
 */
import type { MetricBoard } from '../aws/metrics';
import { canaryLogOf, type ApiStageState, type RestApis } from '../aws/rest-apis';
import type { Resource } from '../template/model';
import { countsOf } from './alias-traffic';

const MINUTE = 60_000;

/** What of a world is needed. */
export interface StageHost {
  readonly clock: { now(): number };
  readonly restApis: Pick<RestApis, 'all' | 'onChange'>;
  readonly watched: { readonly metrics: Pick<MetricBoard, 'set'> };
  resources(type: string): readonly Resource[];
}

/** Shares of 1: of the requests that fail. */
export interface StageRequests {
  readonly perMinute: number;
  /** Of the server, with any other deployment than the one that production has now. */
  readonly canary: number;
  /** Of clients, with the same; none where absent. */
  readonly canaryRefuses?: number;
}

interface Script extends StageRequests {
  readonly since: number;
}

/** Their quotation marks are those of the filter syntax. */
const SERVER_ERRORS = '{ $.status = "5*" }';
const CLIENT_ERRORS = '{ $.status = "4*" }';

export class StageTraffic {
  private readonly scripts = new Map<string, Script>();

  constructor(private readonly host: StageHost) {
    host.restApis.onChange((stage) => this.publish(stage));
  }

  /** From the next full minute on. */
  set(path: string, requests: StageRequests): void {
    const stage = this.host.restApis.all.get(path);
    if (stage === undefined) throw new Error(`the app has no stage ${path}`);
    this.scripts.set(path, { ...requests, since: Math.floor(this.host.clock.now() / MINUTE) * MINUTE });
    this.publish(stage);
  }

  private publish({ apiId, path, canary }: ApiStageState): void {
    const script = this.scripts.get(path);
    if (script === undefined) return;
    const share = (canary?.percent ?? 0) / 100;
    const { Invocations, Errors } = countsOf(script, share, script.canary);
    const refused = countsOf(script, share, script.canaryRefuses ?? 0).Errors;
    const counts = new Map([
      ['', Invocations],
      [SERVER_ERRORS, Errors],
      [CLIENT_ERRORS, refused],
    ]);
    const from = this.host.clock.now();
    for (const { pattern, namespace, name } of this.filters(apiId, path)) {
      const count = counts.get(pattern);
      if (count === undefined) throw new Error(`the rehearsal does not know the filter pattern ${pattern}`);
      const value = canary === undefined ? undefined : count;
      this.host.watched.metrics.set({ namespace, name, dimensions: {} }, { from, until: Infinity, value });
    }
  }

  private filters(
    apiId: string,
    path: string,
  ): readonly { readonly pattern: string; readonly namespace: string; readonly name: string }[] {
    const log = this.host
      .resources('AWS::ApiGateway::Stage')
      .filter(({ properties }) => properties.RestApiId === apiId && path.endsWith(`/${String(properties.StageName)}`))
      .map(canaryLogOf)[0];
    return this.host
      .resources('AWS::Logs::MetricFilter')
      .filter(({ properties }) => properties.LogGroupName === log)
      .flatMap(({ properties }) =>
        (properties.MetricTransformations as any[]).map(({ MetricNamespace, MetricName }) => ({
          pattern: String(properties.FilterPattern),
          namespace: String(MetricNamespace),
          name: String(MetricName),
        })),
      );
  }
}
