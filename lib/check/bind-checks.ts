import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CheckPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { mustBeList, mustBeSpread, shown } from '../private/types';
import { mustBeComparable } from './canary-check';
import type { Check } from './check';
import type { CheckBinding, CheckDraft } from './check-binding';
import type { CheckPlace } from './fits-gate';
import { mustBeBounded, mustFit } from './fits-gate';
import { mustNotBeEmpty } from './no-checks';
import { readerOf, type ReaderOfCheck } from './reader-of';
import { mustFitHook, mustSuitHook } from './suits-hook';

/** Checks of one gate (or hook), ready to be deployed. */
export interface BoundChecks {
  /** May hold tokens: render them with `stack.toJsonString`. */
  readonly plans: readonly CheckPlan[];
  /** What the measuring role needs, one statement per set of actions. */
  readonly statements: iam.PolicyStatement[];
  /** Who has to read in other accounts. */
  readonly readers: readonly ReaderOfCheck[];
}

/** Binds the checks of one gate: gives every check an id of its own and refuses sets that can never open a gate or always do. */
export function bindChecks(scope: Construct, checks: readonly Check[], place: CheckPlace = {}): BoundChecks {
  mustBeList('checks', checks, "[Check.http('https://…')]");
  mustNotBeEmpty('checks', checks);
  checks.forEach(mustBeCheck);
  if (new Set(checks).size < checks.length) {
    throw new GateError('SameCheckTwice', '`checks` names the same check twice: remove one');
  }
  const bindings = checks.map((check) => withReader(check._bind(scope, place), scope, place));
  const plans = completed(bindings, place.inconclusiveLimit ?? 0);
  const { hook } = place;
  if (hook !== undefined) {
    plans.forEach((plan) => mustSuitHook(plan, hook));
  }
  const deciding = plans.filter((plan) => !plan.observeOnly);
  if (deciding.length === 0) {
    throw new GateError(
      'OnlyObservers',
      'every one of the `checks` has `observeOnly: true`: at least one has to decide',
    );
  }
  plans.forEach((plan) => mustBeBounded(plan, place));
  plans.forEach((plan) => mustBeComparable(plan, place));
  deciding.forEach((plan) => mustFit(plan, place));
  if (hook !== undefined) {
    plans.forEach((plan) => mustFitHook(plan, hook));
  }
  return {
    plans,
    statements: bindings.flatMap(({ statements }) => statements),
    readers: bindings.flatMap(({ reader }) => reader ?? []),
  };
}

/** A check, who reads for it, and what the role that measures needs for that. */
interface ReadCheck {
  readonly draft: CheckDraft;
  readonly reader?: ReaderOfCheck;
  readonly statements: readonly iam.PolicyStatement[];
}

/** In another account a reader has the permissions of the check; here it may be assumed, and nothing more. */
function withReader(binding: CheckBinding, scope: Construct, place: CheckPlace): ReadCheck {
  const reader = readerOf(binding, scope, place);
  return reader === undefined
    ? binding
    : {
        ...binding,
        reader,
        statements: [new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [reader.roleArn] })],
      };
}

/** Callers without a type checker may pass an address or an alarm instead. */
export function mustBeCheck(check: unknown): void {
  mustBeSpread('checks', [check]);
  if (typeof (check as Partial<Check> | null | undefined)?._bind !== 'function') {
    throw new GateError(
      'WrongType',
      `\`checks\` holds ${shown(check)}, but has to hold checks: make them by \`Check.…\`, as \`Check.alarm(alarm)\`, or by \`RecommendedChecks.…\``,
    );
  }
}

function completed(checks: readonly ReadCheck[], inconclusiveLimit: number): CheckPlan[] {
  const taken = new Set<string>();
  return checks.map(({ draft: { readerName: _, ...draft }, reader }) => {
    const id = freeId(slugOf(draft), taken);
    taken.add(id);
    return {
      ...draft,
      id,
      inconclusiveLimit: draft.inconclusiveLimit ?? inconclusiveLimit,
      ...(reader === undefined ? {} : { reader: reader.roleArn }),
    };
  });
}

/** From the title, so that ids survive a changed order; the kind alone where the title is known only at deployment. */
function slugOf({ title, kind }: CheckDraft): string {
  const text = Token.isUnresolved(title) ? kind : title.toLowerCase();
  const slug = text
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? kind : slug;
}

function freeId(slug: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? slug : `${slug}-${n}`;
    if (!taken.has(id)) {
      return id;
    }
  }
}
