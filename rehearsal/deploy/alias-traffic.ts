/** Requests to aliases and how many of them fail, as a scenario says, counted as Lambda counts them: by function, alias and version. */
import type { MetricBoard, MetricName } from '../aws/metrics';
import type { AliasState } from '../functions/versions';

const MINUTE = 60_000;

/** What of a world is needed. */
export interface TrafficHost {
  readonly clock: { now(): number };
  readonly functions: {
    alias(functionName: string, alias: string): AliasState | undefined;
    onChange(listener: (alias: AliasState) => void): void;
  };
  readonly watched: { readonly metrics: Pick<MetricBoard, 'set'> };
}

/** Shares of 1: of the requests that fail. */
export interface AliasRequests {
  readonly perMinute: number;
  /** With the version that the alias has now. */
  readonly baseline: number;
  /** With any other version. */
  readonly canary: number;
}

interface Script extends AliasRequests {
  readonly baselineVersion: string;
  /** A version that served once publishes nothing any more, rather than zeros. */
  readonly seen: Set<string>;
  readonly since: number;
}

type Count = (minute: number) => number;

export class AliasTraffic {
  private readonly scripts = new Map<string, Script>();

  constructor(private readonly host: TrafficHost) {
    host.functions.onChange((alias) => this.publish(alias));
  }

  /** From the next full minute on. */
  set(functionName: string, name: string, requests: AliasRequests): void {
    const alias = this.host.functions.alias(functionName, name);
    if (alias === undefined) throw new Error(`the function ${functionName} has no alias ${name}`);
    const since = Math.floor(this.host.clock.now() / MINUTE) * MINUTE;
    this.scripts.set(alias.arn, { ...requests, baselineVersion: alias.version, seen: new Set(), since });
    this.publish(alias);
  }

  private publish({ arn, functionName, name, version, weights }: AliasState): void {
    const script = this.scripts.get(arn);
    if (script === undefined) return;
    const others = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    const shares = new Map([...Object.entries(weights), [version, 1 - others] as const]);
    shares.forEach((_, served) => script.seen.add(served));

    const counted = [...shares].map(([served, share]) => {
      const failing = served === script.baselineVersion ? script.baseline : script.canary;
      return { served, ...countsOf(script, share, failing) };
    });
    const [, , , region, account] = arn.split(':');
    const dimensions = { FunctionName: functionName, Resource: `${functionName}:${name}` };
    const say = (metric: string, of: Readonly<Record<string, string>>, value: Count | undefined): void =>
      this.say({ namespace: 'AWS/Lambda', name: metric, dimensions: of, account, region }, value);
    for (const metric of ['Invocations', 'Errors'] as const) {
      const all: Count = (minute) => counted.reduce((sum, one) => sum + one[metric](minute), 0);
      say(metric, dimensions, all);
      say(metric, { FunctionName: functionName }, all);
      for (const served of script.seen) {
        const one = counted.find((count) => count.served === served);
        say(metric, { ...dimensions, ExecutedVersion: served }, one?.[metric]);
      }
    }
  }

  private say(metric: MetricName, value: Count | undefined): void {
    this.host.watched.metrics.set(metric, { from: this.host.clock.now(), until: Infinity, value });
  }
}

/** Spread evenly over the minutes and always whole: 0.1 % of 200 a minute is one error every five minutes. */
export function countsOf(
  { perMinute, since }: Pick<Script, 'perMinute' | 'since'>,
  share: number,
  failing: number,
): Record<'Invocations' | 'Errors', Count> {
  const whole = (count: number): number => Math.floor(count + 1e-6);
  const requestsUntil = (minute: number): number => whole(((minute - since) / MINUTE) * perMinute * share);
  const errorsUntil = (minute: number): number => whole(requestsUntil(minute) * failing);
  return {
    Invocations: (minute) => requestsUntil(minute + MINUTE) - requestsUntil(minute),
    Errors: (minute) => errorsUntil(minute + MINUTE) - errorsUntil(minute),
  };
}
