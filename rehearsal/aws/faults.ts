import { AwsError, type Caller } from '../service';

export interface Fault {
  /** `dynamodb:PutItem`, or `codepipeline:*`; the service as in its endpoint's name. */
  readonly operation: string;
  /** `InternalServerError` when absent; `AccessDeniedException` and its like are not retried by the SDK. */
  readonly code?: string;
  /** So many calls fail; without `times` and `until`, one does. */
  readonly times?: number;
  /** So many calls go well before. */
  readonly skip?: number;
  /** Calls fail until then (virtual time). */
  readonly until?: string | Date;
  /** Only calls of callers whose name holds this, in any case: `decide`. */
  readonly principal?: string;
  /** The operation takes effect, and then its caller is told that it failed. */
  readonly after?: boolean;
}

/** A function that cannot run until then: Lambda refuses its invocations, or its runtime exits. */
export interface Down {
  readonly until: number;
  readonly how: 'throttled' | 'crashes';
}

interface Replacement {
  readonly by: (value: string) => string;
  readonly until: number;
}

interface Active extends Fault {
  left: number;
  spared: number;
}

/** Failures that a scenario or a test asks for. */
export class FaultInjector {
  private active: Active[] = [];
  private readonly hidden = new Map<string, number>();
  private readonly replaced = new Map<string, Replacement>();
  private readonly down = new Map<string, Down>();

  constructor(private readonly now: () => number) {}

  add(fault: Fault): void {
    const forever = fault.times === undefined && fault.until !== undefined;
    this.active.push({ ...fault, left: forever ? Infinity : (fault.times ?? 1), spared: fault.skip ?? 0 });
  }

  /** A parameter is not to be found until then. */
  hide(parameter: string, until: number): void {
    this.hidden.set(parameter, until);
  }

  isHidden(parameter: string): boolean {
    return this.now() < (this.hidden.get(parameter) ?? 0);
  }

  /** A parameter has another value until then. */
  replace(parameter: string, by: Replacement['by'], until: number): void {
    this.replaced.set(parameter, { by, until });
  }

  valueOf(parameter: string, value: string): string {
    const found = this.replaced.get(parameter);
    return found === undefined || this.now() >= found.until ? value : found.by(value);
  }

  /** A function cannot run for a while. */
  stop(functionName: string, down: Down): void {
    this.down.set(functionName, down);
  }

  isDown(functionName: string): Down['how'] | undefined {
    const found = this.down.get(functionName);
    return found === undefined || this.now() >= found.until ? undefined : found.how;
  }

  clear(): void {
    this.hidden.clear();
    this.replaced.clear();
    this.down.clear();
    this.active = [];
  }

  /** Throws when a fault says so. */
  strike(service: string, operation: string, caller: Caller, after: boolean): void {
    const fault = this.active.find((one) => this.matches(one, service, operation, caller) && !!one.after === after);
    if (fault === undefined) {
      return;
    }
    if (fault.spared > 0) {
      fault.spared -= 1;
      return;
    }
    fault.left -= 1;
    const code = fault.code ?? 'InternalServerError';
    throw new AwsError(code, `${operation} failed because the rehearsal was told so`, statusOf(code));
  }

  private matches(fault: Active, service: string, operation: string, caller: Caller): boolean {
    const [wantedService, wantedOperation] = fault.operation.split(':');
    return (
      fault.left > 0 &&
      (fault.until === undefined || this.now() < new Date(fault.until).getTime()) &&
      wantedService === service &&
      (wantedOperation === '*' || wantedOperation === operation) &&
      (fault.principal === undefined || caller.principal.toLowerCase().includes(fault.principal.toLowerCase()))
    );
  }
}

function statusOf(code: string): number {
  if (/AccessDenied/.test(code)) {
    return 403;
  }
  return /Internal|Unavailable/.test(code) ? 500 : 400;
}
