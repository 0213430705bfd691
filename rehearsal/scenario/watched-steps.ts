/** Steps that change what checks look at. Each takes effect now or `after` a time, and is taken back after `for`. */
import type { World } from '../world';
import { knownEcsService, knownLogGroup, knownMetric, knownSyntheticsCanary, knownTargetGroup } from './names';
import type { Step } from './schema';

interface Times {
  readonly after?: number;
  readonly for?: number;
}

export function setLogs(world: World, step: Extract<Step, { readonly logs: unknown }>['logs']): void {
  const { group, matches, silent, after = 0 } = step;
  knownLogGroup(world, group);
  const { clock } = world;
  const { logGroups } = world.watched;
  if (silent !== undefined) {
    change(world, step, logGroups.isSilent(group), silent, `${group} is silent`, (state) =>
      logGroups.setSilent(group, state),
    );
  }
  if (matches !== undefined) {
    clock.schedule(clock.now() + after, `lines in ${group}`, () => logGroups.write(group, matches));
  }
}

export function setService(world: World, step: Extract<Step, { readonly service: unknown }>['service']): void {
  const { name, after, for: duration, ...service } = step;
  knownEcsService(world, name);
  const { ecsServices } = world.watched;
  change(
    world,
    { after, for: duration },
    ecsServices.find(name),
    service,
    `service ${name} is ${step.state}`,
    (state) => ecsServices.set(name, state),
  );
}

export function setSynthetics(world: World, step: Extract<Step, { readonly synthetics: unknown }>['synthetics']): void {
  const { name, after, for: duration, ...canary } = step;
  knownSyntheticsCanary(world, name);
  const { syntheticsCanaries } = world.watched;
  change(
    world,
    { after, for: duration },
    syntheticsCanaries.find(name),
    canary,
    `canary ${name}: ${step.state}`,
    (state) => syntheticsCanaries.set(name, state),
  );
}

export function setTargets(world: World, step: Extract<Step, { readonly targets: unknown }>['targets']): void {
  const { group, after, for: duration, ...targets } = step;
  knownTargetGroup(world, group);
  const { targetGroups } = world.watched;
  change(world, { after, for: duration }, targetGroups.targetsOf(group), targets, `targets of ${group}`, (state) =>
    targetGroups.set(group, state),
  );
}

export function setMetric(world: World, step: Extract<Step, { readonly metric: unknown }>['metric']): void {
  const { name, namespace = 'AWS/Lambda', dimensions = {}, account, region } = step;
  const { value, spread, lag, after = 0, for: time = Infinity } = step;
  const metric = { namespace, name, dimensions, account, region };
  knownMetric(world, metric);
  const from = world.clock.now() + after;
  world.watched.metrics.set(metric, { from, until: from + time, value, spread, lag });
}

function change<State>(
  { clock }: World,
  { after = 0, for: duration }: Times,
  before: State,
  state: State,
  what: string,
  set: (state: State) => void,
): void {
  const at = clock.now() + after;
  clock.schedule(at, what, () => set(state));
  if (duration !== undefined) {
    clock.schedule(at + duration, `${what}, as before`, () => set(before));
  }
}
