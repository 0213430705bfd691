import type { Tally } from '../counts';
import type { EventRecord, JournalEntry } from '../record';
import type { Caller } from '../service';
import type { Resource } from '../template/model';
import type { VirtualClock } from '../virtual-clock';
import type { Dispatcher } from './dispatcher';

/** What a local service may ask of the world around it. */
export interface Surroundings {
  readonly account: string;
  readonly region: string;
  readonly clock: VirtualClock;
  readonly dispatcher: Dispatcher;
  readonly tally: Tally;
  resources(type?: string): readonly Resource[];
  resource(idOrArn: string): Resource | undefined;
  /** A caller with a role, as a session of it where one is given. */
  caller(roleArn: string, session?: string): Caller;
  tell(source: string, text: string, level?: JournalEntry['level']): void;
  /** Hands a payload to a target by its ARN: queue, topic, function, state machine or bus. */
  deliver(targetArn: string, payload: string, options?: DeliverOptions): void;
  emit(event: Emitted): EventRecord;
}

export interface DeliverOptions {
  /** The service that delivers, and for whom: the policy of the target has to let it in, unless it has a role. */
  readonly from?: { readonly service: string; readonly arn?: string };
  /** A role's own call, such as that of Lambda with the role of a function. */
  readonly as?: Caller;
  /** Role that the deliverer assumes for it, if any. */
  readonly roleArn?: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface Emitted {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: object;
  readonly resources?: readonly string[];
  readonly time?: string;
}
