import type { Clock } from '../clock';
import type { Tally } from '../counts';
import type { RecordedCall } from '../record';
import { AwsError, type Authorization, type Caller, type Service } from '../service';
import type { Guard } from '../iam/guard';
import type { FaultInjector } from './faults';

/** The record of calls is shortened when it has so many, and keeps so many of the latest. */
const MOST_CALLS = 40_000;
const LATEST_CALLS = 10_000;

/** Every call of every caller comes through here: it needs permission, may be struck by a fault, is recorded, and holds the clock. */
export class Dispatcher {
  calls: RecordedCall[] = [];
  private readonly services = new Map<string, Service>();
  private readonly lackListeners: ((caller: Caller, what: string) => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly faults: FaultInjector,
    private readonly tally: Tally,
    private readonly guard: Pick<Guard, 'check'>,
  ) {}

  register(service: Service): void {
    this.services.set(service.name, service);
  }

  /** Tells who asked for what the rehearsal does not have. */
  onLack(listener: (caller: Caller, what: string) => void): void {
    this.lackListeners.push(listener);
  }

  /** Refuses a call of what the rehearsal does not have. */
  lack(caller: Caller, what: string, status?: number): never {
    this.lackListeners.forEach((listener) => listener(caller, what));
    throw new AwsError('UnknownOperationException', what, status);
  }

  /** Every operation there is, and `*` for all of a service. */
  get operations(): readonly string[] {
    return [...this.services.values()].flatMap(({ name, operations }) =>
      ['*', ...Object.keys(operations)].map((operation) => `${name}:${operation}`),
    );
  }

  /** By the name in its endpoint's variable. */
  service(name: string): Service {
    const service = this.services.get(name);
    if (service === undefined) {
      throw new AwsError('UnknownOperationException', `the rehearsal has no service ${name}`);
    }
    return service;
  }

  /** By the name in the scope of a signature. */
  bySigningName(name: string): Service | undefined {
    return [...this.services.values()].find((service) => (service.signingName ?? service.name) === name);
  }

  call(serviceName: string, operation: string, input: object, caller: Caller): Promise<any> {
    return this.clock.track(this.perform(serviceName, operation, input, caller));
  }

  /** Notes a call that AWS makes with a caller's role, without performing anything. That it may was seen at deployment. */
  note(service: string, operation: string, authorization: Authorization, caller: Caller): void {
    this.record(service, operation, [authorization], caller, undefined);
  }

  private async perform(serviceName: string, operation: string, input: object, caller: Caller): Promise<object> {
    const service = this.service(serviceName);
    this.tally.called(caller.principal, `${serviceName}:${operation}`);
    const run = service.operations[operation];
    let questions: readonly Authorization[] = [];
    try {
      if (run === undefined) {
        return this.lack(caller, `the rehearsal's ${serviceName} has no operation ${operation}`);
      }
      questions = questionsOf(service, operation, input, caller);
      questions.forEach((question) => this.guard.check(serviceName, question, caller));
      this.faults.strike(serviceName, operation, caller, false);
      const output = await run(input, caller);
      this.faults.strike(serviceName, operation, caller, true);
      this.record(serviceName, operation, questions, caller, undefined);
      return output;
    } catch (error) {
      this.record(serviceName, operation, questions, caller, error instanceof AwsError ? error.code : String(error));
      throw error;
    }
  }

  private record(
    service: string,
    operation: string,
    questions: readonly Authorization[],
    caller: Caller,
    error: string | undefined,
  ): void {
    for (const { action, resources, context } of questions) {
      this.calls.push({
        at: new Date(this.clock.now()).toISOString(),
        service,
        operation,
        action,
        resources,
        context: context ?? {},
        principal: caller.principal,
        roleArn: caller.roleArn,
        sessionArn: caller.arn,
        ok: error === undefined,
        ...(error === undefined ? {} : { error }),
      });
    }
    if (this.calls.length >= MOST_CALLS) {
      this.forgetRepeats();
    }
  }

  /** Of the older calls, one of each kind stays: enough to judge every permission that was ever asked for. */
  private forgetRepeats(): void {
    const kinds = new Map<string, RecordedCall>();
    for (const call of this.calls.slice(0, -LATEST_CALLS)) {
      const { action, resources, roleArn, ok, error, context } = call;
      const kind = JSON.stringify([roleArn, action, resources, ok, error, Object.entries(context).map(withoutIds)]);
      kinds.set(kind, call);
    }
    this.calls = [...kinds.values(), ...this.calls.slice(-LATEST_CALLS)];
  }
}

/** Leading keys differ from row to row: only what comes before `#` tells kinds of rows apart. */
function withoutIds([key, values]: readonly [string, readonly string[]]): readonly [string, readonly string[]] {
  return key === 'dynamodb:LeadingKeys'
    ? [key, values.map((value) => value.replace(/(?<=#).*|^[^#]*$/, ''))]
    : [key, values];
}

function questionsOf(service: Service, operation: string, input: object, caller: Caller): readonly Authorization[] {
  const authorize = service.authorize?.[operation];
  if (authorize === undefined) {
    return [{ action: `${service.signingName ?? service.name}:${operation}`, resources: ['*'] }];
  }
  const answer = authorize(input, caller);
  return Array.isArray(answer) ? answer : [answer as Authorization];
}
