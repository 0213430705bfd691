/** What the configurations have in common. */
import type { CheckPlan } from '../../contract/checks';
import type { ChecksRule, GatePolicy, GateRule, PeopleRule } from '../../contract/policy';
import { TIMING } from '../lambda/check-timing';
import { eventTarget, type Configuration, type Fault } from './scheduler';
import { ANSWER_ROLE, GATE, iso, REQUEST, START, type Budget, type World } from './world';

export interface Exploration {
  readonly configuration: Configuration;
  /** What may go wrong in the short form, and in the wide one. */
  readonly short: Partial<Budget>;
  readonly wide: Partial<Budget>;
}

export const people = (quorum: number, ...ids: string[]): PeopleRule => ({
  groups: [{ quorum, ids }],
  excludeAuthor: false,
  reason: 'OPTIONAL',
});

export const CHECK: CheckPlan = {
  id: 'health',
  title: 'http health',
  kind: 'http',
  url: 'https://shop.example.com/health',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 5,
  ...TIMING,
};

export const checks = (bakeMinutes: number, ...plans: readonly CheckPlan[]): ChecksRule => ({
  role: 'arn:aws:iam::111111111111:role/approval-gates/w/check',
  bakeMinutes,
  source: { plans: plans.length > 0 ? plans : [CHECK] },
});

export const policyOf = (rule: GateRule): GatePolicy => ({
  v: 2,
  gate: GATE,
  answerRole: ANSWER_ROLE,
  rule,
  timeoutMinutes: 50,
  onReject: 'STOP',
});

/** The request's own timer wakes now, beside whatever else happens. */
export const timerIsDue = (world: World): World => ({
  ...world,
  timers: Object.fromEntries(
    Object.entries(world.timers).map(([name, timer]) => [
      name,
      name === REQUEST ? { ...timer, at: world.clock } : timer,
    ]),
  ),
});

/** And so does a run that followed an event of the same action: two looks at once. */
export const twoTimersAreDue = (world: World): World => {
  const due = timerIsDue(world);
  const target = eventTarget(iso(START));
  return { ...due, timers: { ...due.timers, event: { target, at: world.clock, failures: 0, running: false } } };
};

const ALL: readonly Fault[] = ['crash', 'refused', 'answer lost', 'sent twice'];

export const usual = {
  shownToken: 'OWN',
  lists: 'AT_ONCE',
  policyMoves: false,
  opens: false,
  runsCome: false,
  faults: ALL,
  passes: 2,
  batches: 1,
  begin: timerIsDue,
} as const;

export function budgetOf(partial: Partial<Budget>): Budget {
  return { faults: 0, duplicates: 0, reorders: 0, refusals: 0, waits: 0, ...partial };
}
