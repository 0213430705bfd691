import type { GateName } from '../../contract/policy';
import { NAME, object, parsed, text, time, type Fields, type Parsed } from './parsed';

/** What EventBridge tells about a pipeline. Hints, never facts. */
export type PipelineEvent = ActionEvent | TriggerEvent;

/** An approval action changed its state. */
export interface ActionEvent {
  readonly kind: 'ACTION';
  readonly id: string;
  readonly at: string;
  readonly gate: GateName;
  readonly executionId: string;
  readonly started: boolean;
}

/** A run of a pipeline began, and its trigger names who made the change. */
export interface TriggerEvent {
  readonly kind: 'TRIGGER';
  readonly at: string;
  readonly pipeline: string;
  readonly executionId: string;
  readonly authors: readonly string[];
}

const EXECUTION_ID = /^[0-9a-zA-Z-]{1,64}$/;
const IDENTITIES = ['author-display-name', 'author-email', 'author-id'];
const NAME_LIMIT = 320;

export function parseEvent(event: unknown): Parsed<PipelineEvent> {
  return parsed('pipeline event', () => {
    const outer = object(event, 'event');
    const detail = object(outer['detail'], 'detail');
    const common = {
      at: time(outer, 'time'),
      executionId: text(detail, 'execution-id', EXECUTION_ID),
    };
    const pipeline = text(detail, 'pipeline', NAME);
    if (outer['detail-type'] === 'CodePipeline Pipeline Execution State Change') {
      return { kind: 'TRIGGER', ...common, pipeline, authors: authorsIn(detail) };
    }
    return {
      kind: 'ACTION',
      ...common,
      id: text(outer, 'id', /^[0-9a-zA-Z-]{1,100}$/),
      gate: { pipeline, stage: text(detail, 'stage', NAME), action: text(detail, 'action', NAME) },
      started: text(detail, 'state') === 'STARTED',
    };
  });
}

function authorsIn(detail: Fields): readonly string[] {
  const trigger = detail['execution-trigger'];
  const fields = typeof trigger === 'object' && trigger !== null ? (trigger as Fields) : {};
  return IDENTITIES.map((name) => fields[name]).flatMap((value) =>
    typeof value === 'string' && value.trim() !== '' ? [value.slice(0, NAME_LIMIT)] : [],
  );
}
