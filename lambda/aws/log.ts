/**
 * One JSON line per entry, with the keys listed here and no others: no event, token, seed or address gets in by accident.
 * Metrics are embedded in the log, so that they need no permission and no call.
 */
import { METRIC_NAMESPACE } from '../../contract/names';

export interface LogKeys {
  readonly requestId?: string;
  readonly pipeline?: string;
  readonly stage?: string;
  readonly action?: string;
  readonly executionId?: string;
  readonly checkId?: string;
  readonly approver?: string;
  /** Our own words, never something received. */
  readonly reason?: string;
  /** Name of an error; messages of errors may repeat what was sent. */
  readonly error?: string;
}

export type Level = 'INFO' | 'WARN' | 'ERROR';

const KEYS = [
  'requestId',
  'pipeline',
  'stage',
  'action',
  'executionId',
  'checkId',
  'approver',
  'reason',
  'error',
] as const;

export function log(level: Level, message: string, keys: LogKeys = {}): void {
  write({ level, message, ...chosen(keys) });
}

/** Counts one, at the time of the event that caused it. */
export function count(metric: string, workflow: string, at: string, keys: LogKeys = {}): void {
  write({
    level: 'WARN',
    message: metric,
    ...chosen(keys),
    Workflow: workflow,
    [metric]: 1,
    _aws: {
      Timestamp: Date.parse(at),
      CloudWatchMetrics: [
        { Namespace: METRIC_NAMESPACE, Dimensions: [['Workflow']], Metrics: [{ Name: metric, Unit: 'Count' }] },
      ],
    },
  });
}

/** The name of whatever was thrown: SDK errors carry their code there. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'Unknown';
}

function chosen(keys: LogKeys): LogKeys {
  return Object.fromEntries(KEYS.filter((key) => keys[key] !== undefined).map((key) => [key, keys[key]]));
}

function write(entry: object): void {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}
