import { AwsError, type Service } from '../service';
import type { Surroundings } from './surroundings';

export type CanaryState = 'passes' | 'fails' | 'hangs' | 'stopped' | 'silent' | 'missing';

export interface SaidCanary {
  readonly state: CanaryState;
  /** Milliseconds between two runs; 5 minutes when absent. */
  readonly every?: number;
}

interface Run {
  readonly id: string;
  readonly started: number;
  readonly state: CanaryState;
}

const EVERY = 5 * 60_000;
/** How long a run takes, unless it hangs. */
const TAKES = 20_000;
const MAKING_RUNS: readonly CanaryState[] = ['passes', 'fails', 'hangs'];
const NAMED = /^\/canary\/([^/]+)(\/runs)?$/;

/** Canaries of CloudWatch Synthetics, which run and pass unless a scenario says otherwise. */
export class SyntheticsCanaries {
  private readonly said = new Map<string, readonly (SaidCanary & { readonly from: number })[]>();
  private readonly began: number;

  constructor(private readonly around: Surroundings) {
    this.began = around.clock.now();
  }

  find(name: string): SaidCanary {
    return this.said.get(name)?.at(-1) ?? { state: 'passes' };
  }

  set(name: string, canary: SaidCanary): void {
    this.said.set(name, [...(this.said.get(name) ?? []), { ...canary, from: this.around.clock.now() }]);
    this.around.tell('synthetics', `canary ${name}: ${canary.state}`);
  }

  service(): Service {
    const authorize =
      (action: string) =>
      ({ name }: any, { region = this.around.region }: { readonly region?: string }) => ({
        action: `synthetics:${action}`,
        resources: [`arn:aws:synthetics:${region}:${this.around.account}:canary:${name}`],
      });
    return {
      name: 'synthetics',
      protocol: 'rest',
      route: ({ method, path, body }) => {
        const [, name, runs] = NAMED.exec(path) ?? [];
        if (name === undefined) return undefined;
        if (runs === undefined) return method === 'GET' ? { operation: 'GetCanary', input: { name } } : undefined;
        if (method !== 'POST') return undefined;
        return { operation: 'GetCanaryRuns', input: { ...JSON.parse(body.toString('utf8') || '{}'), name } };
      },
      operations: {
        GetCanary: ({ name }) => ({ Canary: { Name: name, Status: { State: this.stateOf(name) } } }),
        GetCanaryRuns: ({ name, MaxResults = 100, NextToken }) => {
          this.stateOf(name);
          const runs = this.runsOf(name);
          const from = Number(NextToken ?? 0);
          const next = from + MaxResults;
          return {
            CanaryRuns: runs.slice(from, next).map((run) => this.view(name, run)),
            ...(next < runs.length ? { NextToken: String(next) } : {}),
          };
        },
      },
      authorize: { GetCanary: authorize('GetCanary'), GetCanaryRuns: authorize('GetCanaryRuns') },
    };
  }

  private stateOf(name: string): string {
    const { state } = this.find(name);
    if (state === 'missing') throw new AwsError('ResourceNotFoundException', `Canary ${name} is not found`, 404);
    return state === 'stopped' ? 'STOPPED' : 'RUNNING';
  }

  /** Newest first. */
  private runsOf(name: string): readonly Run[] {
    const spans = [
      { state: 'passes', from: this.began } as SaidCanary & { from: number },
      ...(this.said.get(name) ?? []),
    ];
    const runs: Run[] = [];
    spans.forEach(({ state, every = EVERY, from }, index) => {
      const until = spans[index + 1]?.from ?? this.around.clock.now() + 1;
      if (!MAKING_RUNS.includes(state)) return;
      // A canary runs at full multiples of its interval.
      for (let at = Math.ceil(from / every) * every; at < until; at += every) {
        runs.push({ id: `run-${at}`, started: at, state });
      }
    });
    return runs.reverse();
  }

  private view(name: string, { id, started, state }: Run): object {
    const completed = started + TAKES;
    const over = state !== 'hangs' && completed <= this.around.clock.now();
    const passed = state === 'passes';
    return {
      Id: id,
      Name: name,
      Status: over
        ? {
            State: passed ? 'PASSED' : 'FAILED',
            ...(passed ? {} : { StateReason: 'the basket is empty', StateReasonCode: 'CANARY_FAILURE' }),
          }
        : { State: 'RUNNING' },
      Timeline: { Started: started / 1000, ...(over ? { Completed: completed / 1000 } : {}) },
    };
  }
}
