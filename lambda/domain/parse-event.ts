import type { GateName } from '../../contract/policy';
import { NAME, object, parsed, text, time, type Parsed } from './parsed';

/** An approval action changed its state, as EventBridge tells it. A hint, never a fact. */
export interface ActionEvent extends GateName {
  readonly id: string;
  readonly at: string;
  readonly executionId: string;
  readonly started: boolean;
}

const EXECUTION_ID = /^[0-9a-zA-Z-]{1,64}$/;

export function parseEvent(event: unknown): Parsed<ActionEvent> {
  return parsed('action event', () => {
    const outer = object(event, 'event');
    const detail = object(outer['detail'], 'detail');
    return {
      id: text(outer, 'id', /^[0-9a-zA-Z-]{1,100}$/),
      at: time(outer, 'time'),
      pipeline: text(detail, 'pipeline', NAME),
      stage: text(detail, 'stage', NAME),
      action: text(detail, 'action', NAME),
      executionId: text(detail, 'execution-id', EXECUTION_ID),
      started: text(detail, 'state') === 'STARTED',
    };
  });
}
