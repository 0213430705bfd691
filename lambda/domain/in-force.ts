/**
 * The policy of a gate that is in force: the one under which the gate opened last. Another one is proposed by whatever deployed it, and
 * comes into force when the gate opens under it. One that is weaker does not open the gate that it weakens: until then the people of
 * the former rule decide, so a change cannot take its own gate away.
 */
import type { CheckPlan } from '../../contract/checks';
import {
  checksOf,
  peopleOf,
  type GateName,
  type GatePolicy,
  type GateRule,
  type PeopleRule,
  type Person,
} from '../../contract/policy';
import type { ShownBeside } from '../../contract/record';
import { cleanText } from './clean-text';
import { parsePolicy } from './parse-policy';
import { parsed, text, whole, type Fields, type Parsed } from './parsed';
import { endingOf, type Ended } from './request';
import { mustBeOfThisVersion } from './rows';
import type { Ruling } from './ruling';
import { summaryOf } from './summary';
import { weakenings } from './weakened';

/** Partition of the policies in force in the requests table; each gate has one row. */
export const IN_FORCE = 'in-force';

export interface InForce {
  /** One more for each policy that came into force. */
  readonly n: number;
  /** With its checks; or why a former version of the library left what this one cannot read. */
  readonly policy: Parsed<GatePolicy>;
}

/** A policy under which the gate has not opened yet. */
export interface Proposed {
  /** As its parameters have it, with its checks. */
  readonly policy: GatePolicy;
  /** SHA-256 in hex of that. */
  readonly hash: string;
  /** It takes the place of this one, and of no other. */
  readonly after: number;
  /** What the gate would lose. Absent = it is at least as strict. */
  readonly weakens?: readonly string[];
  /** Neither rule names anybody who could approve that. */
  readonly nobody?: true;
}

/** No pipeline, stage or action has a slash in its name. */
export function placeOf({ pipeline, stage, action }: GateName): string {
  return `${pipeline}/${stage}/${action}`;
}

export function parseInForce(row: Fields, gate: GateName): Parsed<InForce> {
  return parsed('policy in force', () => {
    mustBeOfThisVersion(row);
    return {
      n: whole(row, 'n', 1, Number.MAX_SAFE_INTEGER),
      policy: parsePolicy(text(row, 'document', /^[\s\S]+$/), gate),
    };
  });
}

/** The policy with its checks in it, wherever its parameters keep them. */
export function withChecks(policy: GatePolicy, plans: readonly CheckPlan[]): GatePolicy {
  const { rule } = policy;
  return rule.kind === 'MANUAL'
    ? policy
    : { ...policy, rule: { ...rule, checks: { ...rule.checks, source: { plans } } } };
}

/** What a policy means that differs from the one in force. */
export function proposalOf(policy: GatePolicy, hash: string, inForce: InForce, people: readonly Person[]): Proposed {
  const after = inForce.n;
  if (!inForce.policy.ok) {
    return { policy, hash, after, weakens: ['its former rule cannot be read'], nobody: true };
  }
  const former = inForce.policy.value;
  const weakens = weakenings(former, policy, people);
  if (weakens.length === 0) {
    return { policy, hash, after };
  }
  const nobody = peopleOf(former.rule) === undefined && peopleOf(policy.rule) === undefined;
  return { policy, hash, after, weakens, ...(nobody ? { nobody: true } : {}) };
}

/**
 * The rule by which a request is judged while a weaker one is proposed: people have to approve, those of the former rule where it has
 * any. The checks are the proposed ones: what was checked before cannot be measured any more, its permissions may be gone.
 */
export function formerRule(former: GateRule, proposed: GateRule): GateRule {
  const people = peopleOf(former) ?? withoutBreakGlass(peopleOf(proposed));
  const checks = checksOf(proposed);
  if (people === undefined) {
    return proposed;
  }
  return checks === undefined ? { kind: 'MANUAL', people } : { kind: 'GUARDED', people, checks };
}

/** Nobody opens a gate alone by a rule that is not in force. */
function withoutBreakGlass(people: PeopleRule | undefined): PeopleRule | undefined {
  if (people === undefined) {
    return undefined;
  }
  const { breakGlass: _, ...others } = people;
  return others;
}

/** The same for a whole policy: its former window applies, too. */
export function underFormerRule(policy: GatePolicy, former: GatePolicy): GatePolicy {
  const window = former.window ?? policy.window;
  return { ...policy, rule: formerRule(former.rule, policy.rule), ...(window === undefined ? {} : { window }) };
}

/** For people, summaries and events. Empty where nothing is weakened. */
export function weakeningSentence(proposed: Proposed | undefined): string | undefined {
  return proposed?.weakens === undefined ? undefined : `This gate is being weakened: ${proposed.weakens.join('; ')}`;
}

/** Whether whoever approved was shown all that the gate would lose by this policy now. */
export function isInSight(proposed: Proposed | undefined, shown: ShownBeside | undefined): boolean {
  return proposed?.weakens === undefined || shown?.weaker === proposed.hash;
}

/** Why links do not open a gate, where that is so because its former rule applies. */
export function byFormerRule(problem: string, proposed: Proposed | undefined): string {
  return proposed?.weakens === undefined ? problem : `its rule is being weakened; by the former one, ${problem}`;
}

const HELD = 'its rule is being weakened; neither the former one nor the new one names anybody who could approve that';

/** Whoever opens a gate that is being weakened is told so. Where nobody is left to ask, only the console opens it. */
export function withProposal(ruling: Ruling, proposed: Proposed | undefined): Ruling {
  const sentence = weakeningSentence(proposed);
  if (sentence === undefined || (ruling.kind === 'END' && ruling.outcome.kind !== 'APPROVED')) {
    return ruling;
  }
  if (proposed?.nobody === true) {
    return ruling.kind === 'END' ? { kind: 'WAIT', askPeople: false, stuck: HELD } : { ...ruling, stuck: HELD };
  }
  if (ruling.kind === 'WAIT') {
    return ruling;
  }
  const { outcome } = ruling;
  return { kind: 'END', outcome: { ...outcome, summary: summaryOf(cleanText(sentence, 200), outcome.summary) } };
}

/**
 * What comes into force because the gate opened. A rollback that passes by itself approves of no policy, and whoever opens a gate alone
 * approves of no weaker one.
 */
export function comesIntoForce(request: Ended): Proposed | undefined {
  const { kind, by } = endingOf(request);
  const proposed = request.shown?.proposed;
  const isApprovedOf = by !== 'ROLLBACK' && (by !== 'BREAK_GLASS' || proposed?.weakens === undefined);
  return kind === 'APPROVED' && isApprovedOf ? proposed : undefined;
}
