/** Steps that change what checks look at. Each takes effect now or `after` a time, and is taken back after `for`. */
import type { World } from '../world';
import {
  knownAlarm,
  knownCalendar,
  knownEcsService,
  knownLogGroup,
  knownMetric,
  knownServers,
  knownSyntheticsCanary,
  knownTargetGroup,
} from './names';
import type { Rehearsal } from './rehearsal';
import type { SomeSteps } from './schema';

interface Times {
  readonly after?: number;
  readonly for?: number;
}

export function watchedSteps(rehearsal: Rehearsal) {
  const { world } = rehearsal;
  const { clock, watched } = world;
  return {
    alarm: ({ name, state, reason = 'as the scenario says', after = 0, for: time }) => {
      knownAlarm(world, name);
      const back = world.alarms.state(name) ?? 'OK';
      const at = clock.now() + after;
      clock.schedule(at, `alarm ${name} is ${state}`, () => world.alarms.set(name, state, reason));
      if (time !== undefined) {
        clock.schedule(at + time, `alarm ${name} is ${back}`, () => world.alarms.set(name, back, 'it is over'));
      }
    },
    calendar: ({ name, account, state, after = 0, for: time = 0 }) => {
      knownCalendar(world, name);
      const at = clock.now() + after;
      world.calendars.set({ name, account }, state, at, at + time);
    },
    logs: ({ group, matches, silent, ...times }) => {
      knownLogGroup(world, group);
      const { logGroups } = watched;
      if (silent !== undefined) {
        const set = (state: boolean): void => logGroups.setSilent(group, state);
        change(world, times, `${group} is silent`, logGroups.isSilent(group), silent, set);
      }
      if (matches !== undefined) {
        const at = clock.now() + (times.after ?? 0);
        clock.schedule(at, `lines in ${group}`, () => logGroups.write(group, matches));
      }
    },
    service: ({ name, after, for: time, ...service }) => {
      knownEcsService(world, name);
      const { ecsServices } = watched;
      const set = (state: typeof service): void => ecsServices.set(name, state);
      const what = `service ${name} is ${service.state}`;
      change(world, { after, for: time }, what, ecsServices.find(name), service, set);
    },
    servers: ({ of, count }) => {
      knownServers(rehearsal, of);
      rehearsal.servers.resize(of, count);
    },
    synthetics: ({ name, after, for: time, ...canary }) => {
      knownSyntheticsCanary(world, name);
      const { syntheticsCanaries } = watched;
      const set = (state: typeof canary): void => syntheticsCanaries.set(name, state);
      change(
        world,
        { after, for: time },
        `canary ${name}: ${canary.state}`,
        syntheticsCanaries.find(name),
        canary,
        set,
      );
    },
    targets: ({ group, after, for: time, ...targets }) => {
      knownTargetGroup(world, group);
      const { targetGroups } = watched;
      const set = (state: typeof targets): void => targetGroups.set(group, state);
      change(world, { after, for: time }, `targets of ${group}`, targetGroups.targetsOf(group), targets, set);
    },
    metric: ({ name, namespace = 'AWS/Lambda', dimensions = {}, account, region, ...step }) => {
      const { value, spread, lag, after = 0, for: time = Infinity } = step;
      const metric = { namespace, name, dimensions, account, region };
      knownMetric(world, metric);
      const from = clock.now() + after;
      watched.metrics.set(metric, { from, until: from + time, value, spread, lag });
    },
  } satisfies SomeSteps;
}

function change<State>(
  { clock }: World,
  { after = 0, for: duration }: Times,
  what: string,
  before: State,
  state: State,
  set: (state: State) => void,
): void {
  const at = clock.now() + after;
  clock.schedule(at, what, () => set(state));
  if (duration !== undefined) {
    clock.schedule(at + duration, `${what}, as before`, () => set(before));
  }
}
