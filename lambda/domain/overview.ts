/** What serves in the stages of a pipeline: what CodePipeline said when somebody last looked. */
import { list, object, parsed, text, time, type Fields, type Parsed } from './parsed';
import type { Revision } from './request';

/** Partition key of all overviews. */
export const OVERVIEW = 'overview';

export interface PipelineOverview {
  readonly pipeline: string;
  readonly asOf: string;
  readonly stages: readonly StageOverview[];
}

export interface StageOverview {
  readonly stage: string;
  /** The run whose deployments in this stage succeeded last, and what it carries. Absent in a stage that nothing serves in. */
  readonly serving?: { readonly executionId: string; readonly revisions: readonly Revision[] };
  /** The newest run that entered the stage. */
  readonly latest?: LatestRun;
  /** A run that waits for the stage to become free. */
  readonly behind?: { readonly executionId: string; readonly revisions: readonly Revision[] };
}

export interface LatestRun {
  readonly executionId: string;
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  readonly isRollback: boolean;
}

/** A row of another form is not shown. */
export function parseOverview(row: Fields): Parsed<PipelineOverview> {
  return parsed('overview', () => ({
    pipeline: text(row, 'sk'),
    asOf: time(row, 'asOf'),
    stages: list(row['stages'], 'stages').map((stage) => {
      const fields = object(stage, 'stage');
      text(fields, 'stage');
      return fields as unknown as StageOverview;
    }),
  }));
}

/** The parts of CodePipeline's own description of a stage that matter here. */
interface StageRun {
  readonly pipelineExecutionId?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
}

/** Overviews of many pipelines are read at once: the first line of a message says enough. */
export function inBrief({ message, ...revision }: Revision): Revision {
  return message === undefined ? revision : { ...revision, message: (message.split('\n', 1)[0] ?? '').slice(0, 200) };
}

const LATEST: Readonly<Record<string, LatestRun['status']>> = {
  InProgress: 'IN_PROGRESS',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopping: 'STOPPED',
  Stopped: 'STOPPED',
  Cancelled: 'STOPPED',
};

/** Undefined where no run has entered the stage, or where nobody knows what its status means. */
export function latestRunOf(latest: StageRun | undefined): LatestRun | undefined {
  const status = LATEST[latest?.status ?? ''];
  return latest?.pipelineExecutionId === undefined || status === undefined
    ? undefined
    : { executionId: latest.pipelineExecutionId, status, isRollback: latest.type === 'ROLLBACK' };
}
