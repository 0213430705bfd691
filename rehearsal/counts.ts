/** How often each thing that AWS bills has happened, since the world began. */
export interface Counts {
  /** Calls by operation: `dynamodb:PutItem`. Refused ones and failed ones count too. */
  readonly calls: Readonly<Record<string, number>>;
  /** The same by who called: a function's path in the app. */
  readonly callsBy: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly invocations: Readonly<Record<string, Invocations>>;
  /** DynamoDB, on demand: request units of the items' sizes. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** CloudWatch: the different metrics of each GetMetricData. Expressions cost nothing beside the metrics in them. */
  readonly metricsRead: number;
  /** Step Functions: each state entered, and each retry. */
  readonly transitions: number;
  readonly mails: number;
}

export interface Invocations {
  readonly count: number;
  readonly gigabyteSeconds: number;
}

/** No function of a rehearsal takes as long as in AWS: each invocation is counted as so many seconds. */
export const ASSUMED_SECONDS = 0.25;

/** Counts while a rehearsal runs. */
export class Tally {
  private readonly calls = new Map<string, Map<string, number>>();
  private readonly invocations = new Map<string, Invocations>();
  private read = 0;
  private written = 0;
  private metrics = 0;

  called(principal: string, operation: string): void {
    const own = this.calls.get(principal) ?? new Map<string, number>();
    this.calls.set(principal, own.set(operation, (own.get(operation) ?? 0) + 1));
  }

  invoked(principal: string, megabytes: number): void {
    const { count, gigabyteSeconds } = this.invocations.get(principal) ?? { count: 0, gigabyteSeconds: 0 };
    this.invocations.set(principal, {
      count: count + 1,
      gigabyteSeconds: gigabyteSeconds + (megabytes / 1024) * ASSUMED_SECONDS,
    });
  }

  consumed(kind: 'read' | 'write', units: number): void {
    if (kind === 'read') {
      this.read += units;
    } else {
      this.written += units;
    }
  }

  readMetrics(count: number): void {
    this.metrics += count;
  }

  counts(rest: Pick<Counts, 'transitions' | 'mails'>): Counts {
    const calls: Record<string, number> = {};
    for (const own of this.calls.values()) {
      own.forEach((count, operation) => (calls[operation] = (calls[operation] ?? 0) + count));
    }
    return {
      calls,
      callsBy: Object.fromEntries([...this.calls].map(([who, own]) => [who, Object.fromEntries(own)])),
      invocations: Object.fromEntries(this.invocations),
      readUnits: this.read,
      writeUnits: this.written,
      metricsRead: this.metrics,
      ...rest,
    };
  }
}
