/** The changes between what serves and what asks: found once, at the first look. */
import { isAccessDenied } from '../aws/failure';
import { changeRange, runsBetween, type ChangeRange } from '../domain/change-range';
import type { Pipeline, Ports } from './ports';

export interface RangeQuestion {
  readonly pipeline: string;
  /** The run that asks, and the one whose sources it brings: of a rollback, its target. */
  readonly executionId: string;
  readonly origin: string;
  /** The run that serves in the stage. */
  readonly serving: string | undefined;
}

export async function findRange(
  ports: Ports,
  view: Pipeline,
  { pipeline, executionId, origin, serving }: RangeQuestion,
): Promise<ChangeRange | undefined> {
  try {
    const between = runsBetween(await view.runs(origin), executionId, serving);
    if (between === undefined || between.kind === 'UNKNOWN') {
      return between;
    }
    const runs: (typeof between.runs)[number][] = [];
    for (const run of between.runs) {
      const told = await ports.intake.authorsOf(pipeline, run.executionId);
      runs.push({ ...run, authors: [...run.authors, ...told] });
    }
    return changeRange({ ...between, runs }, executionId);
  } catch (error) {
    // The stack of the pipeline may be older than the function.
    if (isAccessDenied(error)) {
      return { kind: 'UNKNOWN', reason: 'UNREADABLE' };
    }
    throw error;
  }
}
