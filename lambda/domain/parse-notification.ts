import type { GateName } from '../../contract/policy';
import { json, NAME, object, parsed, text, time, type Parsed } from './parsed';

/** What is believed of an approval notification: which action asks, and with which token. */
export interface Notification extends GateName {
  readonly token: string;
  /** The envelope's own time. */
  readonly requestedAt: string;
  /** Where to look for the run first; its text is anybody's. */
  readonly executionHint?: string;
}

const TOKEN = /^[0-9a-zA-Z-]{1,64}$/;
const RUN_LINE = /^run: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*$/m;

/** Takes the envelope that SNS puts into a queue (raw delivery off). */
export function parseNotification(envelope: unknown): Parsed<Notification> {
  return parsed('approval notification', () => {
    const outer = object(envelope, 'envelope');
    const requestedAt = time(outer, 'Timestamp');
    const approval = object(object(json(outer['Message']), 'Message')['approval'], 'approval');
    const custom = approval['customData'];
    const hint = typeof custom === 'string' ? RUN_LINE.exec(custom)?.[1] : undefined;
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
