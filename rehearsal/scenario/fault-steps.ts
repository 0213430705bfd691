/** Steps by which something fails: calls of AWS, functions, parameters, web addresses, mailboxes. */
import { known, knownAddress, parametersNamed } from './names';
import type { Rehearsal } from './rehearsal';
import type { SomeSteps, StepOf } from './schema';

export function faultSteps({ world }: Rehearsal) {
  return {
    fail: ({ operation, code, times, after, of: principal, for: time }) => {
      if (principal !== undefined) world.functionNamed(principal);
      known('operation', operation, world.operations);
      const until = time === undefined ? undefined : new Date(world.clock.now() + time);
      world.faults.add({ operation, code, times, after, until, principal });
    },
    function: ({ name, down, how = 'throttled' }) =>
      world.faults.stop(world.functionNamed(name).physicalId, { until: world.clock.now() + down, how }),
    parameter: (step) => {
      const now = world.clock.now();
      for (const name of parametersNamed(world, step.name)) {
        if (step.missing !== undefined) world.faults.hide(name, now + step.missing);
        else world.faults.replace(name, (value) => replaced(value, step), now + (step.for ?? Infinity));
      }
    },
    web: (step) => world.web.set(step.address, step),
    mailbox: ({ address, state }) => {
      knownAddress(world, address);
      world.setSubscription(address, state);
    },
  } satisfies SomeSteps;
}

/** The value that a parameter is to have: another one, or its own with other members. */
function replaced(value: string, step: StepOf<'parameter'>): string {
  if (step.with === undefined) return step.value ?? value;
  const members = Object.entries(step.with).map(([member, text]) => [member, jsonOr(text)]);
  return JSON.stringify({ ...(JSON.parse(value) as object), ...(Object.fromEntries(members) as object) });
}

/** `2` and `true` are no texts in a JSON document. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
