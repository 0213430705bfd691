/** The rollout of a REST API by the canary of its stage: what a run of a pipeline does next, by what the stage serves. */
import type { ShiftStep } from '../../contract/stage-shift';
import { json, list, Malformed, object, parsed, type Parsed } from './parsed';
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
  readonly isRollback: boolean;
}

export function moveOf({ production, canary }: ServedStage, { id, hasBegun, isRollback }: StageRun): StageMove {
  if (production.run === id) {
    return { kind: 'DONE' };
  }
  if (canary?.run === id) {
    return { kind: 'WATCH' };
  }
  if (hasBegun) {
    return canary === undefined
      ? refuse(
          'The canary is gone: somebody removed it, or this rollout did and could not say so. Nothing of the new version serves',
        )
      : refuse('Somebody gave the stage another canary: look at the stage, and release again');
  }
  if (canary !== undefined && canary.run === undefined) {
    return refuse('The stage has a canary that no rollout made: promote or remove it in API Gateway, then retry');
  }
  return { kind: isRollback ? 'GO_BACK' : 'BEGIN' };
}

/** The share of the canary, in percent, so long after the beginning. */
export function percentAt(steps: readonly ShiftStep[], milliseconds: number): number {
  const [first] = steps;
  return steps.findLast(({ minutes }) => minutes * MINUTE <= milliseconds)?.percent ?? first?.percent ?? 0;
}

export function parseShift(text: unknown): Parsed<readonly ShiftStep[]> {
  return parsed('shift', () => {
    const steps = list(json(text), 'shift').map((one) => stepOf(object(one, 'step')));
    if (steps.length === 0) {
      throw new Malformed('no step');
    }
    return steps;
  });
}

function stepOf({ percent, minutes }: Readonly<Record<string, unknown>>): ShiftStep {
  if (typeof percent !== 'number' || !(percent > 0 && percent < 100)) {
    throw new Malformed('`percent` is not between 0 and 100');
  }
  if (typeof minutes !== 'number' || !(minutes >= 0)) {
    throw new Malformed('`minutes` is not a number');
  }
  return { percent, minutes };
}

function refuse(why: string): StageMove {
  return { kind: 'REFUSE', why };
}
