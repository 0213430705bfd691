import type { EventEmitter } from 'node:events';
import type { EventRecord, JournalEntry, LogLine, Mail, RecordedCall, RoleRecord } from './record';
import type { Caller, Service } from './service';
import type { Resource, StackArtifact, Template } from './template/model';
import type { VirtualClock } from './virtual-clock';

export interface WorldOptions {
  /** Virtual time at the beginning; 2030-01-07T09:00:00Z when absent. */
  readonly start?: string | Date;
  readonly account?: string;
  readonly region?: string;
  /** Which stacks are there from the beginning (by stack name); all when absent. */
  readonly deployed?: (stack: StackArtifact) => boolean;
}

export interface Journal extends EventEmitter<{ entry: [JournalEntry] }> {
  readonly entries: readonly JournalEntry[];
  add(source: string, text: string, level?: JournalEntry['level']): void;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface Alarms {
  /** Sets an alarm's state now; one that no template declares comes into being. */
  set(name: string, state: AlarmState, reason?: string): void;
  state(name: string): AlarmState | undefined;
  readonly names: readonly string[];
  /** Called after each change of state, as EventBridge and CodeDeploy would hear it. */
  onChange(listener: (name: string, state: AlarmState, reason: string) => void): void;
}

export interface InvokeResult {
  readonly payload: any;
  /** `Unhandled` when the function threw, ran out of time or crashed; `payload` is then `{ errorType, errorMessage }`. */
  readonly functionError?: string;
  readonly executedVersion: string;
}

/** An alias and where its invocations go: `weights` by version beside `version`, as Lambda's routing configuration. */
export interface AliasState {
  readonly functionName: string;
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly weights: Readonly<Record<string, number>>;
}

export interface Functions {
  alias(functionName: string, alias: string): AliasState | undefined;
  setAlias(functionName: string, alias: string, version: string, weights?: Readonly<Record<string, number>>): void;
  versions(functionName: string): readonly string[];
}

/** An alias that a deployment would move by CodeDeploy: the caller does, then calls `functions.setAlias`. */
export interface AliasUpdate {
  readonly resource: Resource;
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
  readonly applicationName: string;
  readonly deploymentGroupName: string;
  readonly beforeAllowTrafficHook?: string;
  readonly afterAllowTrafficHook?: string;
}

export interface Deployment {
  readonly stack: string;
  readonly created: readonly Resource[];
  readonly updated: readonly Resource[];
  readonly deleted: readonly Resource[];
  readonly aliasUpdates: readonly AliasUpdate[];
}

export interface Faults {
  /** Lets an operation fail (`'dynamodb:PutItem'`, `'codepipeline:*'`): so many times, or until a virtual time, for a caller's principal or all. */
  add(fault: {
    readonly operation: string;
    readonly code?: string;
    readonly times?: number;
    readonly until?: string | Date;
    readonly principal?: string;
    /** Fails after the operation took effect. */
    readonly after?: boolean;
  }): void;
  clear(): void;
}

export interface World {
  readonly clock: VirtualClock;
  readonly account: string;
  readonly region: string;
  /** Where every AWS client goes: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly stacks: readonly StackArtifact[];
  readonly journal: Journal;
  readonly inbox: readonly Mail[];
  readonly calls: readonly RecordedCall[];
  readonly logs: readonly LogLine[];
  readonly events: readonly EventRecord[];
  readonly alarms: Alarms;
  readonly functions: Functions;
  readonly faults: Faults;
  /** Types of deployed resources that nothing here runs. */
  readonly unknownTypes: readonly string[];
  /** Base URL of the first HTTP API, on this machine, without a trailing slash. */
  readonly reviewUrl: string;
  register(service: Service): void;
  /** Deployed resources of a type, or all. */
  resources(type?: string): readonly Resource[];
  /** By ARN, physical id, or `<stack>/<logical id>`. */
  resource(idOrArn: string): Resource | undefined;
  /** Deploys a stack of the assembly, or updates it; `template` in place of the assembly's, if given. */
  deploy(stackName: string, template?: Template, parameters?: Readonly<Record<string, string>>): Promise<Deployment>;
  /** An operation as `caller`, past the wire but through faults and records. */
  call(service: string, operation: string, input: object, caller?: Caller): Promise<any>;
  invoke(functionArnOrName: string, payload: unknown, caller?: Caller): Promise<InvokeResult>;
  publish(
    topicArn: string,
    message: { readonly subject?: string; readonly message: string },
    caller?: Caller,
  ): Promise<string>;
  /** An event of an AWS service on the default bus; `time` is now unless given. */
  emit(event: {
    readonly source: string;
    readonly 'detail-type': string;
    readonly detail: object;
    readonly resources?: readonly string[];
    readonly time?: string;
  }): void;
  /** A caller with a role's ARN, optionally as a session of it. */
  caller(roleArn: string, session?: string): Caller;
  /** Credentials for an SDK client that acts as `caller`. */
  credentials(caller: Caller): {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  roleOf(functionArnOrName: string): RoleRecord;
  policies(roleArn: string): RoleRecord;
  /** How a mail subscription stands: `confirmed` unless set. */
  setSubscription(endpoint: string, state: 'confirmed' | 'pending' | 'missing'): void;
  close(): Promise<void>;
}
