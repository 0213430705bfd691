import type { GateName } from '../../contract/policy';
import { executionIdIn } from './execution-id-line';
import { json, NAME, object, parsed, text, time, type Parsed } from './parsed';

/** What is believed of an approval notification: which action asks, with which token, and until when. */
export interface Notification extends GateName {
  readonly token: string;
  /** The envelope's own time. */
  readonly requestedAt: string;
  /** Absent where it cannot be read: then the policy's own time-out counts. */
  readonly expires?: string;
  /** Where to look for the run first; its text is anybody's. */
  readonly executionHint?: string;
}

const TOKEN = /^[0-9a-zA-Z-]{1,64}$/;
/** To the minute, as CodePipeline writes it: `2026-11-25T20:22Z`. */
const EXPIRES = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

/** Takes the envelope that SNS puts into a queue (raw delivery off). */
export function parseNotification(envelope: unknown): Parsed<Notification> {
  return parsed('approval notification', () => {
    const outer = object(envelope, 'envelope');
    const requestedAt = time(outer, 'Timestamp');
    const approval = object(object(json(outer['Message']), 'Message')['approval'], 'approval');
    const custom = approval['customData'];
    const hint = typeof custom === 'string' ? executionIdIn(custom) : undefined;
    const expires = expiryIn(approval['expires']);
    return {
      pipeline: text(approval, 'pipelineName', NAME),
      stage: text(approval, 'stageName', NAME),
      action: text(approval, 'actionName', NAME),
      token: text(approval, 'token', TOKEN),
      requestedAt,
      ...(expires === undefined ? {} : { expires }),
      ...(hint === undefined ? {} : { executionHint: hint }),
    };
  });
}

function expiryIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !EXPIRES.test(value) || Number.isNaN(Date.parse(value))) {
    return undefined;
  }
  return new Date(value).toISOString();
}
