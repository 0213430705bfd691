import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { FieldValues } from '../../contract/fields';
import { EVENT_SOURCE } from '../../contract/names';
import { isKnown, type OutcomeKind, type Request } from '../domain/request';

export type DetailType =
  | 'Approval Requested'
  | 'Approval Decided'
  | 'Approval Bypassed'
  | 'Glass Broken'
  | 'Follow-up Closed'
  | 'Follow-up Stuck'
  | 'Gate Needs Console';

export interface EventDetails {
  readonly outcome?: OutcomeKind;
  readonly by?: string;
  readonly summary?: string;
  /** What approvers filled in for later actions, by the names of the gate's fields. */
  readonly fields?: FieldValues;
  readonly reason?: string;
  readonly consoleLink?: string;
  /** What the gate would lose by a policy that is not in force. */
  readonly weakens?: readonly string[];
  /**
   * Where the record holds the request. Whoever archives events outside of this account can tell by it that the record was cut off or
   * written anew.
   */
  readonly record?: { readonly n: number; readonly hash: string };
}

export function eventBridge(): EventBridgeClient {
  return new EventBridgeClient({});
}

/** Puts what happened on the account's default bus, for whoever wants to know. */
export class Events {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly workflow: string,
  ) {}

  async put(type: DetailType, at: string, request: Request, details: EventDetails = {}): Promise<void> {
    const { pipeline, stage, action } = request.asked;
    const requestId = request.id;
    const executionId = isKnown(request) ? request.run.executionId : undefined;
    const detail = { workflow: this.workflow, requestId, pipeline, stage, action, executionId, ...details };
    const entry = { Source: EVENT_SOURCE, DetailType: type, Time: new Date(at), Detail: JSON.stringify(detail) };
    const { FailedEntryCount } = await this.client.send(new PutEventsCommand({ Entries: [entry] }));
    if ((FailedEntryCount ?? 0) > 0) {
      throw new Error('the event bus did not take the event');
    }
  }
}
