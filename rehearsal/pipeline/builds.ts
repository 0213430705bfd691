/** Actions of CodeBuild, and what their builds report of their tests. */
import type { Provider } from './provider';
import { DURATIONS } from './provider';

/** A build that has ended. */
export interface EndedBuild {
  /** `project:uuid` */
  readonly id: string;
  /** `Stage/Action` */
  readonly action: string;
  /** Id of the run that it belongs to. */
  readonly executionId: string;
}

/** A build succeeds after the time that such an action takes. */
export function buildProvider(ended: (build: EndedBuild) => void): Provider {
  return async (work, course) => {
    const { run, action, pipeline, execution } = work;
    const id = `${action.configuration.ProjectName ?? 'project'}:${run.id}`;
    run.externalId = id;
    await course.sleep(DURATIONS[action.category] ?? 0, `${run.stage}/${run.action} of ${pipeline.name}`);
    ended({ id, action: `${run.stage}/${run.action}`, executionId: execution.id });
    return { status: 'Succeeded', externalId: id };
  };
}
