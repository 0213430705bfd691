/** The rollout of a REST API by the canary of its stage: what a run of a pipeline does next, by what the stage serves. */
import type { Shift } from '../../contract/stage-shift';
import { json, Malformed, object, parsed, type Parsed } from './parsed';
import { MINUTE } from './time';

/** A snapshot of an API, which a stage serves. */
export interface ApiDeployment {
  readonly id: string;
  /** The run that made it; undefined where no rollout did. */
  readonly run?: string;
  /** Undefined where API Gateway does not say. */
  readonly madeAt?: string;
}

export interface ServedStage {
  readonly production: ApiDeployment;
  readonly canary?: ApiDeployment & { readonly percent: number };
}

export type StageMove =
  /** Makes a deployment and gives it the first share; a canary that another run has left there goes before. */
  | { readonly kind: 'BEGIN' }
  /** The canary is this run's. */
  | { readonly kind: 'WATCH' }
  /** CodePipeline goes back to a version that has served before: all requests at once. */
  | { readonly kind: 'GO_BACK' }
  /** All requests go to this run's deployment already: somebody was not told. */
  | { readonly kind: 'DONE' }
  /** Nothing is touched. */
  | { readonly kind: 'REFUSE'; readonly why: string };

/** What this run knows of itself. */
export interface StageRun {
  readonly id: string;
  /** It has made its canary, as it was told by itself. */
  readonly hasBegun: boolean;
  /** It has looked at its canary. */
  readonly wasSeen: boolean;
  readonly isRollback: boolean;
}

export function moveOf(
  { production, canary }: ServedStage,
  { id, hasBegun, wasSeen, isRollback }: StageRun,
): StageMove {
  if (production.run === id) {
    return { kind: 'DONE' };
  }
  if (canary?.run === id) {
    return { kind: 'WATCH' };
  }
  if (hasBegun && isRollback) {
    return refuse(
      'The requests could not be moved back: the log of the function of this action says why. Retry the action',
    );
  }
  if (hasBegun && canary !== undefined) {
    return refuse('Somebody gave the stage another canary: look at the stage, and release again');
  }
  if (hasBegun) {
    return refuse(
      wasSeen
        ? 'The canary is gone: somebody removed it, or this rollout did, and the log of its function says why. Nothing of the new version serves'
        : 'The canary could not begin: API Gateway did not take it, and the log of the function of this action says why, or somebody removed it at once. ' +
            'Nothing of the new version serves',
    );
  }
  if (canary !== undefined && canary.run === undefined) {
    return refuse('The stage has a canary that no rollout made: promote or remove it in API Gateway, then retry');
  }
  return { kind: isRollback ? 'GO_BACK' : 'BEGIN' };
}

/** The share of the canary, in percent, so long after the beginning. */
export function percentAt({ percent, everyMinutes, steps }: Shift, milliseconds: number): number {
  const waits = Math.floor(milliseconds / (everyMinutes * MINUTE));
  return shareOf(percent, Math.min(Math.max(waits + 1, 1), steps));
}

/** In hundredths, which are whole numbers: 1.1 * 3 is 3.3000000000000003. */
function shareOf(percent: number, step: number): number {
  return (Math.round(percent * 100) * step) / 100;
}

export function parseShift(text: unknown): Parsed<Shift> {
  return parsed('shift', () => {
    const { percent, everyMinutes, steps } = object(json(text), 'shift');
    if (typeof steps !== 'number' || !Number.isInteger(steps) || steps < 1) {
      throw new Malformed('`steps` is not a number of steps');
    }
    if (
      typeof percent !== 'number' ||
      !(shareOf(percent, 1) === percent && percent > 0 && shareOf(percent, steps) < 100)
    ) {
      throw new Malformed('`percent` leads to a share that is not between 0 and 100, or has more than two decimals');
    }
    if (typeof everyMinutes !== 'number' || !(everyMinutes > 0)) {
      throw new Malformed('`everyMinutes` is not a time');
    }
    return { percent, everyMinutes, steps };
  });
}

function refuse(why: string): StageMove {
  return { kind: 'REFUSE', why };
}
