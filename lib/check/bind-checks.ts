import { Duration, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CheckPlan, ChecksDocument } from '../../contract/policy';
import { GateError } from '../errors';
import type { Check } from './check';
import type { CheckBinding } from './check-binding';

/** Checks of one gate (or hook), ready to be deployed. */
export interface BoundChecks {
  /** May hold tokens: render it with `stack.toJsonString`. */
  readonly document: ChecksDocument;
  /** What the measuring role needs, one statement per set of actions. */
  readonly statements: iam.PolicyStatement[];
}

/**
 * Binds the checks of one gate: gives every check an id of its own and refuses sets that can never open a gate or always do.
 *
 * @param bakeTime when given and longer than zero, every check that decides has to be able to get its samples within it
 */
export function bindChecks(scope: Construct, checks: readonly Check[], bakeTime?: Duration): BoundChecks {
  if (checks.length === 0) {
    throw new GateError('NoChecks', '`checks` is empty: give at least one check, or leave the property out');
  }
  if (new Set(checks).size < checks.length) {
    throw new GateError('SameCheckTwice', '`checks` names the same check twice: remove one');
  }
  const bindings = withIds(checks.map((check) => check._bind(scope)));
  const deciding = bindings.map((binding) => binding.plan).filter((plan) => !plan.observeOnly);
  if (deciding.length === 0) {
    throw new GateError(
      'OnlyObservers',
      'every one of the `checks` has `observeOnly: true`: at least one has to decide',
    );
  }
  if (bakeTime !== undefined && !bakeTime.isUnresolved() && bakeTime.toSeconds() > 0) {
    deciding.forEach((plan) => mustFit(plan, bakeTime));
  }
  return {
    document: { v: 1, checks: bindings.map((binding) => binding.plan) },
    statements: bindings.flatMap((binding) => binding.statements),
  };
}

function withIds(bindings: readonly CheckBinding[]): CheckBinding[] {
  const taken = new Set<string>();
  return bindings.map((binding) => {
    const id = freeId(slugOf(binding.plan), taken);
    taken.add(id);
    return { ...binding, plan: { ...binding.plan, id } };
  });
}

/** From the title, so that ids survive a changed order; the kind alone where the title is known only at deployment. */
function slugOf(plan: CheckPlan): string {
  const text = Token.isUnresolved(plan.id) ? plan.kind : plan.id.toLowerCase();
  const slug = text
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? plan.kind : slug;
}

function freeId(slug: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? slug : `${slug}-${n}`;
    if (!taken.has(id)) {
      return id;
    }
  }
}

function mustFit(plan: CheckPlan, bakeTime: Duration): void {
  const { initialDelay, interval, minimumSamples, title } = plan;
  if ([initialDelay, interval, minimumSamples].some((value) => Token.isUnresolved(value))) {
    return;
  }
  const needed = initialDelay + (minimumSamples - 1) * interval;
  if (needed > bakeTime.toSeconds()) {
    throw new GateError(
      'BakeTooShort',
      `\`bakeTime\` is ${bakeTime.toHumanString()}, but check '${title}' needs ${Duration.seconds(needed).toHumanString()} ` +
        'for its `initialDelay` and `minimumSamples`: give it more time, or lower them',
    );
  }
}
