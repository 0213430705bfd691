import type { Construct, IConstruct } from 'constructs';
import { GateError } from '../errors';

const taken = new WeakMap<IConstruct, Map<string, string>>();

/** Two rollouts of one thing would each say how it is deployed. Remembers this one. */
export function mustBeOnlyRollout(
  rollout: Construct,
  target: IConstruct,
  { what, fix, key = '' }: { readonly what: string; readonly fix: string; readonly key?: string },
): void {
  const rollouts = taken.get(target) ?? new Map<string, string>();
  const other = rollouts.get(key);
  if (other !== undefined) {
    throw new GateError('RolloutTwice', `${what} is rolled out by '${other}' already: ${fix}`);
  }
  taken.set(target, rollouts.set(key, rollout.node.path));
}
