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
