/** What happens without any function: people change the stage, alarms turn, and whoever waits for an answer waits no longer. */
import type { PersonsAct } from './configurations';
import {
  currentOf,
  ended,
  MINUTE,
  PATIENCE,
  runOf,
  withStage,
  type AlarmState,
  type Budget,
  type World,
} from './world';

/** CodeDeploy waits so long for a hook (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html). */
const PATIENCE_OF_CODEDEPLOY = 60 * MINUTE;

export function acted(world: World, act: PersonsAct): World | undefined {
  const { stage, deployments, promotedByPerson } = world;
  const { canary, production } = stage;
  switch (act) {
    case 'removes the canary':
      return canary === undefined ? undefined : withStage(world, { production });
    case 'promotes the canary': {
      if (canary === undefined) {
        return undefined;
      }
      const whose = runOf(world, canary.id) ?? canary.id;
      return { ...withStage(world, { production: canary.id }), promotedByPerson: [...promotedByPerson, whose] };
    }
    case 'replaces the canary': {
      const id = `d${deployments.length}`;
      const next = { ...world, deployments: [...deployments, { id, at: world.clock }] };
      return withStage(next, { production, canary: { id, percent: 5 } });
    }
  }
}

export function turned(world: World, to: AlarmState, time: number): World {
  return { ...world, turned: [...world.turned, { at: time, to }] };
}

export function spent(world: World, what: keyof Budget): World {
  // Another run, or the same one again, is no misfortune.
  const isSpoilt = world.isSpoilt || what !== 'runs';
  const hasFailed = world.hasFailed || what === 'faults';
  return { ...world, isSpoilt, hasFailed, budget: { ...world.budget, [what]: world.budget[what] - 1 } };
}

/** What CodePipeline and CodeDeploy do with whoever never answers. */
export function timedOut(world: World): World | undefined {
  const current = currentOf(world);
  if (current?.open !== undefined && world.clock >= current.open.at + PATIENCE) {
    return ended(world, current, 'TIMED_OUT', true);
  }
  const { lifecycle } = world;
  return lifecycle?.status === 'IN_PROGRESS' && world.clock >= lifecycle.began + PATIENCE_OF_CODEDEPLOY
    ? { ...world, lifecycle: { ...lifecycle, status: 'TIMED_OUT' } }
    : undefined;
}

/** When something happens next by itself. */
export function nextTime(world: World): number | undefined {
  const { deliveries, lifecycle, clock: now } = world;
  const open = currentOf(world)?.open;
  const times = [
    ...deliveries.map(({ at: time }) => time),
    ...(open === undefined ? [] : [open.at + PATIENCE]),
    ...(lifecycle?.status === 'IN_PROGRESS' ? [lifecycle.began + PATIENCE_OF_CODEDEPLOY] : []),
  ].filter((time) => time > now);
  return times.length === 0 ? undefined : Math.min(...times);
}
