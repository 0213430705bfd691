/** Small rollouts, and what may happen to them. */
import { POLICY_VERSION } from '../../../contract/policy';
import { Env } from '../../../contract/names';
import type { Shift } from '../../../contract/stage-shift';
import { TIMING } from '../../lambda/check-timing';
import type { FunctionName } from './functions';
import type { Manners } from './services';
import type { Budget, RunKind } from './world';

export type PersonsAct = 'removes the canary' | 'promotes the canary' | 'replaces the canary';

export interface Configuration {
  readonly name: string;
  readonly of: FunctionName;
  readonly shift: Shift;
  readonly bakeMinutes: number;
  readonly kind: RunKind;
  readonly acts: readonly PersonsAct[];
  /** Kinds of runs that may follow. */
  readonly nextRuns: readonly RunKind[];
  readonly manners: Manners;
  /** Invocations in progress at once. */
  readonly atOnce: number;
}

export interface Exploration {
  readonly configuration: Configuration;
  readonly short: Partial<Budget>;
  readonly wide: readonly Partial<Budget>[];
}

const NOTHING: Budget = {
  faults: 0,
  repeats: 0,
  delays: 0,
  waits: 0,
  turns: 0,
  people: 0,
  stops: 0,
  runs: 0,
  retries: 0,
};

export const budgetOf = (some: Partial<Budget>): Budget => ({ ...NOTHING, ...some });

const CANARY: Configuration = {
  name: 'a canary',
  of: 'stage-rollout',
  shift: { percent: 10, everyMinutes: 2, steps: 1 },
  bakeMinutes: 2,
  kind: 'STANDARD',
  acts: [],
  nextRuns: ['STANDARD'],
  manners: { removesNothing: 'refused', endedJob: 'InvalidJobState' },
  atOnce: 2,
};

const LINEAR: Shift = { percent: 25, everyMinutes: 1, steps: 3 };

const SOMEBODY: readonly PersonsAct[] = ['removes the canary', 'promotes the canary', 'replaces the canary'];

export const EXPLORATIONS: readonly Exploration[] = [
  {
    configuration: CANARY,
    short: { faults: 1, repeats: 1, turns: 1 },
    wide: [
      { faults: 2, turns: 1, waits: 1 },
      { faults: 1, repeats: 1, turns: 2, waits: 1 },
    ],
  },
  {
    configuration: {
      ...CANARY,
      name: 'a canary, where AWS answers differently',
      manners: { removesNothing: 'done', endedJob: 'JobNotFound' },
    },
    short: { faults: 1, stops: 1 },
    wide: [{ faults: 2, repeats: 1, stops: 1, turns: 1 }],
  },
  {
    configuration: { ...CANARY, name: 'a linear shift', shift: LINEAR, bakeMinutes: 3 },
    short: { faults: 1, repeats: 1 },
    wide: [
      { faults: 2, repeats: 1, waits: 1, turns: 1 },
      { faults: 1, stops: 1, retries: 1, turns: 2 },
    ],
  },
  {
    configuration: { ...CANARY, name: 'the run is stopped' },
    short: { stops: 1, delays: 1, repeats: 1 },
    wide: [
      { stops: 1, faults: 1, delays: 1, repeats: 1 },
      { stops: 1, faults: 2, waits: 1 },
    ],
  },
  {
    configuration: {
      ...CANARY,
      name: 'the run is stopped, and answers are taken nevertheless',
      manners: { removesNothing: 'refused', endedJob: 'taken' },
    },
    short: { stops: 1, delays: 1, faults: 1 },
    wide: [{ stops: 1, faults: 1, delays: 1, repeats: 1 }],
  },
  {
    configuration: {
      ...CANARY,
      name: 'a newer run',
      nextRuns: ['STANDARD', 'ROLLBACK'],
      atOnce: 1,
      manners: { removesNothing: 'refused', endedJob: 'taken' },
    },
    short: { runs: 1, repeats: 1, stops: 1 },
    wide: [
      { runs: 1, repeats: 1, delays: 1, stops: 1, faults: 1 },
      { runs: 1, turns: 1, faults: 1, repeats: 1 },
    ],
  },
  {
    configuration: { ...CANARY, name: 'the action is tried again', atOnce: 1 },
    short: { retries: 1, turns: 2, delays: 1 },
    wide: [{ retries: 1, turns: 2, delays: 1, repeats: 1, faults: 1, stops: 1 }],
  },
  {
    configuration: {
      ...CANARY,
      name: 'the action is tried again, and answers are taken nevertheless',
      atOnce: 1,
      manners: { removesNothing: 'refused', endedJob: 'taken' },
    },
    short: { retries: 1, stops: 1, delays: 1, turns: 1 },
    wide: [{ retries: 1, turns: 2, delays: 1, repeats: 1, stops: 1 }],
  },
  {
    configuration: { ...CANARY, name: 'somebody changes the stage', acts: SOMEBODY, atOnce: 1 },
    short: { people: 1, turns: 1, repeats: 1 },
    wide: [
      { people: 1, turns: 1, faults: 1, repeats: 1 },
      { people: 2, turns: 1, runs: 1 },
    ],
  },
  {
    configuration: { ...CANARY, name: 'a rollback', kind: 'ROLLBACK' },
    short: { faults: 2, repeats: 1, stops: 1 },
    wide: [{ faults: 2, repeats: 1, stops: 1, delays: 1, runs: 1 }],
  },
  {
    configuration: { ...CANARY, name: 'a check as an action', of: 'health-action', bakeMinutes: 3 },
    short: { faults: 1, repeats: 1, turns: 2 },
    wide: [{ faults: 2, repeats: 1, turns: 2, waits: 1, delays: 1, stops: 1, retries: 1 }],
  },
  {
    configuration: { ...CANARY, name: 'a hook of CodeDeploy', of: 'hook', bakeMinutes: 0 },
    short: { faults: 1, repeats: 1, turns: 2 },
    wide: [{ faults: 2, repeats: 1, turns: 3, waits: 1, delays: 1 }],
  },
];

/** The check of the hook is measured so often, since a hook has no bake time of its own. */
export const HOOK_SAMPLES = 3;

export function environmentOf({ of, shift, bakeMinutes }: Configuration): Readonly<Record<string, string>> {
  const check = {
    kind: 'alarm',
    id: 'alarm-x',
    title: 'alarm x',
    alarmName: 'x',
    region: 'eu-west-1',
    missingData: 'INCONCLUSIVE',
    alreadyRed: 'FAIL',
    ...TIMING,
    ...(of === 'hook' ? { minSamples: HOOK_SAMPLES } : {}),
    consecutiveErrorLimit: 1,
  };
  return {
    [Env.HOOK_CHECKS]: JSON.stringify({ v: POLICY_VERSION, checks: [check] }),
    [Env.HOOK_BAKE_MINUTES]: String(bakeMinutes),
    [Env.REST_API]: 'a1b2c3',
    [Env.API_STAGE]: 'prod',
    [Env.SHIFT]: JSON.stringify(shift),
    [Env.PIPELINE]: 'shop',
    [Env.PIPELINE_STAGE]: 'Prod',
    [Env.PIPELINE_ACTION]: 'Release',
  };
}
