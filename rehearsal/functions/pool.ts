import { randomUUID } from 'node:crypto';
import type { Callers } from '../aws/callers';
import { callerOf } from '../aws/callers';
import type { Surroundings } from '../aws/surroundings';
import type { FaultInjector } from '../aws/faults';
import { keepLatest } from '../kept';
import type { LogLine } from '../record';
import { AwsError, type Caller } from '../service';
import type { Resource } from '../template/model';
import type { AwsDoor } from './calls';
import type { CodeStore } from './code';
import { Sandbox, type Failure, type Outcome } from './sandbox';
import { LATEST, Versions, type Target } from './versions';

export interface InvokeResult {
  readonly payload: any;
  /** `Throttled` when Lambda refused; `Unhandled` when the function threw, ran out of time or crashed; `payload` is then `{ errorType, errorMessage }`. */
  readonly functionError?: string;
  readonly executedVersion: string;
}

/** What functions stand on. */
export interface FunctionGround {
  readonly faults: Pick<FaultInjector, 'isDown'>;
  /** Variables that lead a function to the services of this machine. */
  addresses(): Readonly<Record<string, string>>;
  /** Puts addresses of this machine in the place of those that AWS would give. */
  localize(text: string): string;
  /** What answers the functions' calls of AWS. */
  aws(): AwsDoor;
}

/** The error of an invocation that Lambda refuses; everything else that fails is `Unhandled`. */
export const THROTTLED = 'Throttled';

/** Log lines that are kept, of all functions together. */
const MOST_LINES = 20_000;

/** The functions of the deployed templates, each in its own warm thread. */
export class FunctionPool {
  readonly versions = new Versions();
  readonly logs: LogLine[] = [];
  private readonly sandboxes = new Map<string, Sandbox>();

  constructor(
    private readonly around: Surroundings,
    private readonly callers: Callers,
    private readonly code: CodeStore,
    private readonly ground: FunctionGround,
  ) {}

  put(resource: Resource): void {
    this.versions.put(resource);
    const key = `${resource.physicalId}:${LATEST}`;
    void this.sandboxes.get(key)?.close();
    this.sandboxes.delete(key);
  }

  /** Whether its code is of a kind that runs here, and stands in the assembly. */
  canRun(resource: Resource): boolean {
    try {
      this.code.handlerOf(resource);
      return true;
    } catch {
      return false;
    }
  }

  /** A function's own identity in AWS: a session of its role. */
  callerOf(resource: Resource): Caller {
    return callerOf(String(resource.properties.Role), resource.physicalId, principalOf(resource));
  }

  invoke(reference: string, payload: unknown, qualifier?: string): Promise<InvokeResult> {
    return this.around.clock.track(this.run(reference, payload, qualifier));
  }

  async close(): Promise<void> {
    await Promise.all([...this.sandboxes.values()].map((sandbox) => sandbox.close()));
    this.code.close();
  }

  private async run(reference: string, payload: unknown, qualifier?: string): Promise<InvokeResult> {
    const target = this.versions.target(reference, qualifier);
    const { functionName, version, resource } = target;
    const down = this.ground.faults.isDown(functionName);
    if (down === 'throttled') {
      return { payload: { errorMessage: 'Rate Exceeded.' }, functionError: THROTTLED, executedVersion: version };
    }
    if (down === 'crashes') {
      const payload = { errorType: 'Runtime.ExitError', errorMessage: 'the runtime exited with status 1' };
      return { payload, functionError: 'Unhandled', executedVersion: version };
    }
    this.around.tally.invoked(principalOf(resource), Number(resource.properties.MemorySize ?? 128));
    let outcome: Outcome;
    try {
      outcome = await this.sandbox(target).invoke(payload, {
        awsRequestId: randomUUID(),
        functionName,
        functionVersion: version,
        invokedFunctionArn: reference.startsWith('arn:') ? reference : String(resource.arn),
        memoryLimitInMB: String(resource.properties.MemorySize ?? 128),
        logGroupName: resource.properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`,
        logStreamName: `rehearsal/[${version}]`,
      });
    } catch (error) {
      outcome = { failure: { errorType: 'Runtime.Unavailable', errorMessage: String(error) } };
    }
    if ('failure' in outcome) {
      this.complain(functionName, outcome.failure);
      return { payload: outcome.failure, functionError: 'Unhandled', executedVersion: version };
    }
    return { payload: outcome.payload, executedVersion: version };
  }

  private complain(functionName: string, { errorType, errorMessage, trace }: Failure): void {
    this.write(functionName, 'error', [`${errorType}: ${errorMessage}`, ...(trace ?? []).slice(1)].join('\n'));
    if (this.isNamed(errorType)) {
      return;
    }
    this.around.tell('function', `${functionName} failed: ${errorType}: ${errorMessage}`, 'error');
  }

  /** A state machine that names an error expects it: it is a way to end, not a failure. */
  private isNamed(errorType: string): boolean {
    return this.around
      .resources('AWS::StepFunctions::StateMachine')
      .some(({ properties }) => String(properties.DefinitionString).includes(JSON.stringify(errorType)));
  }

  private write(functionName: string, level: LogLine['level'], text: string): void {
    this.logs.push({ at: this.around.clock.iso(), function: functionName, level, text });
    keepLatest(this.logs, MOST_LINES);
  }

  private sandbox({ functionName, version, resource }: Target): Sandbox {
    const key = `${functionName}:${version}`;
    const existing = this.sandboxes.get(key);
    if (existing !== undefined) {
      return existing;
    }
    const { Timeout = 3, MemorySize = 128 } = resource.properties;
    const sandbox = new Sandbox({
      ...this.code.handlerOf(resource),
      functionName,
      version,
      environment: this.environment(resource, version),
      timeoutSeconds: Number(Timeout),
      memoryMegabytes: Number(MemorySize),
      now: () => this.around.clock.now(),
      log: (level, text) => this.write(functionName, level, text),
      aws: this.ground.aws(),
    });
    this.sandboxes.set(key, sandbox);
    return sandbox;
  }

  private environment(resource: Resource, version: string): Record<string, string> {
    const declared = Object.entries<unknown>(resource.properties.Environment?.Variables ?? {});
    const { accessKeyId, secretAccessKey, sessionToken } = this.callers.keyOf(this.callerOf(resource));
    return {
      ...Object.fromEntries(declared.map(([name, value]) => [name, this.ground.localize(String(value))])),
      AWS_REGION: this.around.region,
      AWS_DEFAULT_REGION: this.around.region,
      ...this.ground.addresses(),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      AWS_LAMBDA_FUNCTION_NAME: resource.physicalId,
      AWS_LAMBDA_FUNCTION_VERSION: version,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      TZ: 'UTC',
    };
  }
}

/** What people call a function: its path in the app. */
export function principalOf(resource: Resource): string {
  return resource.path?.replace(/\/Resource$/, '') ?? resource.logicalId;
}

/** Refuses a payload that Lambda would refuse. */
export function payloadOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}
