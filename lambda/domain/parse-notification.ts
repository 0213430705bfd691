import type { GateName } from '../../contract/policy';
import { json, NAME, object, parsed, text, time, type Parsed } from './parsed';
import { runNamedIn } from './run-line';

/** What is believed of an approval notification: which action asks, and with which token. */
export interface Notification extends GateName {
  readonly token: string;
  /** The envelope's own time. */
  readonly requestedAt: string;
  /** Where to look for the run first; its text is anybody's. */
  readonly executionHint?: string;
}

const TOKEN = /^[0-9a-zA-Z-]{1,64}$/;

/** Takes the envelope that SNS puts into a queue (raw delivery off). */
export function parseNotification(envelope: unknown): Parsed<Notification> {
  return parsed('approval notification', () => {
    const outer = object(envelope, 'envelope');
    const requestedAt = time(outer, 'Timestamp');
    const approval = object(object(json(outer['Message']), 'Message')['approval'], 'approval');
    const custom = approval['customData'];
    const hint = typeof custom === 'string' ? runNamedIn(custom) : undefined;
    return {
      pipeline: text(approval, 'pipelineName', NAME),
      stage: text(approval, 'stageName', NAME),
      action: text(approval, 'actionName', NAME),
      token: text(approval, 'token', TOKEN),
      requestedAt,
      ...(hint === undefined ? {} : { executionHint: hint }),
    };
  });
}
