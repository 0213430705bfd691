/** Steps that change what checks look at. Each takes effect now or `after` a time, and is taken back after `for`. */
import type { World } from '../world';
import { knownTargetGroup } from './names';
import type { Step } from './schema';

interface Times {
  readonly after?: number;
  readonly for?: number;
}

export function setTargets(world: World, step: Extract<Step, { readonly targets: unknown }>['targets']): void {
  const { group, after, for: duration, ...targets } = step;
  knownTargetGroup(world, group);
  const { targetGroups } = world.watched;
  change(world, { after, for: duration }, targetGroups.targetsOf(group), targets, `targets of ${group}`, (state) =>
    targetGroups.set(group, state),
  );
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
