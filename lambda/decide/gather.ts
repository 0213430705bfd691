/** Finds out what the decision needs about a request in its phase, and keeps what was measured and shown on the way. */
import { isKnownKind, type CheckPlan } from '../../contract/checks';
import { checksOf, peopleOf, type GatePolicy, type GateRule, type Person } from '../../contract/policy';
import { isAccessDenied } from '../aws/failure';
import { breakers } from '../domain/break-glass';
import { judgedAt, type ActionState } from '../domain/console-answer';
import { countVotes } from '../domain/count-votes';
import { namedByPlace } from '../domain/delegation';
import { eligibility } from '../domain/eligibility';
import { inEffect } from '../domain/escalation';
import type { Evaluation } from '../domain/evaluate';
import { CHECK_SLACK, Pace, Patience } from '../domain/limits';
import { closedFor, isStillHeld, OPEN, openingOf } from '../domain/opening';
import type { DecidedFacts, WaitingFacts } from '../domain/facts';
import { gateOf, type Decided, type Waiting } from '../domain/request';
import type { RequestRecords } from '../domain/rows';
import type { Judged } from '../domain/ruling';
import { startOf } from '../domain/start-later';
import { awaitsOpening } from '../domain/standing';
import { elapsed, plus } from '../domain/time';
import type { Vote } from '../domain/vote';
import { keepStandIns, placed, type Placed } from './absences';
import type { Documents } from './documents';
import { openingAt } from './opening';
import { measuredHealth, shownHealth, unreadableHealth, watchOf } from './health';
import type { Pipeline, Ports } from './ports';
import { showChange, showExclusions, showResponses } from './shown';
import { votesThatStand } from './standing-votes';

export interface Gathered<Facts> {
  readonly facts: Facts;
  /** Undefined when its role is gone. */
  readonly pipeline: Pipeline | undefined;
}

/**
 * @param anew a vote brought this look: its effect depends on the health of this moment
 * @returns undefined when another look changed what people are shown meanwhile
 */
export async function gatherWaiting(
  ports: Ports,
  records: RequestRecords & { readonly request: Waiting },
  documents: Documents,
  now: string,
  anew: boolean,
): Promise<Gathered<WaitingFacts> | undefined> {
  const { invitations, standIns } = records;
  const { way: answers } = ports.answers;
  const { pipeline, action } = await observe(ports, records.request, documents, now);
  if (action.status !== 'WAITING') {
    return { pipeline, facts: await answeredFacts(ports, records, documents, action, now) };
  }
  const readable = await readability(ports, records.request, documents, now);
  if (!readable.ok) {
    const { request, votes } = records;
    const problem = readable.problem === undefined ? {} : { problem: readable.problem };
    const unknown = { judged: undefined, people: [], opening: OPEN };
    return { pipeline, facts: { request, action, answers, invitations, votes, ...unknown, ...problem } };
  }
  const { policy, plans, request: before } = readable;
  const fresh = anew || opensNow(before, now);
  const health = await healthOf(ports, { ...records, request: before }, policy.rule, plans, now, fresh, pipeline);
  const request = await showChange(ports, before, { documents, policy, health, pipeline, now });
  if (request === undefined) {
    return undefined;
  }
  const people = await peopleFor(ports, policy.rule, documents);
  const votes = await votesThatStand(ports, request, records.votes);
  const known = { rule: policy.rule, people, votes, standIns };
  const places = placed(request, known, documents, now);
  await keepStandIns(ports, places, known, documents, now);
  const judged = judgedBy(places, people, votes, health ?? shownHealth([]), now);
  await showExclusions(ports, places, people, records, now);
  const responses = await showResponses(ports, places, people, votes, now);
  const asked = { ...places.request, responses };
  const opening = await openingFor(ports, asked, policy, judged, now);
  return { pipeline, facts: { request: asked, action, answers, judged, people, invitations, votes, opening } };
}

/** The action waits no more: what its answer is judged by, as far as it is known without measuring. */
async function answeredFacts(
  ports: Ports,
  records: RequestRecords & { readonly request: Waiting },
  documents: Documents,
  action: ActionState,
  now: string,
): Promise<WaitingFacts> {
  const { invitations, votes } = records;
  const at = judgedAt(action, now);
  const known = await lastKnown(ports, records, documents, at);
  const policy = policyNow(records.request, documents);
  // Only a yes has to be in time for the window; a stage that is gone can be asked for nothing.
  const opening = action.status === 'SUCCEEDED' ? await openingAt(ports, records.request, policy, at) : OPEN;
  return { action, answers: ports.answers.way, ...known, invitations, votes, opening };
}

/** Calendars are read when something hangs on them: not at every look, and not by a rejection. */
async function openingFor(
  ports: Ports,
  request: Waiting,
  policy: GatePolicy,
  judged: Judged,
  now: string,
): Promise<WaitingFacts['opening']> {
  if (!awaitsOpening(request, judged, now)) {
    return openingOf(policy.window, now, request.run.deadline);
  }
  const start = judged.kind === 'AUTOMATED' ? undefined : startOf(judged.votes.approvals);
  return openingAt(ports, request, policy, now, start);
}

export async function gatherDecided(
  ports: Ports,
  records: RequestRecords & { readonly request: Decided },
  documents: Documents,
  now: string,
): Promise<Gathered<DecidedFacts>> {
  const { request } = records;
  const { pipeline, action } = await observe(ports, request, documents, now);
  const at = judgedAt(action, now);
  const known = await lastKnown(ports, records, documents, at);
  const asks = request.outcome.kind === 'APPROVED' ? ['WAITING', 'SUCCEEDED'] : ['SUCCEEDED'];
  const policy = policyNow(request, documents);
  const opening = asks.includes(action.status) ? await openingAt(ports, request, policy, at) : OPEN;
  const answerRoles = [policy.answerRole, request.shown.policy.answerRole];
  const isOpen = closedFor(request.outcome, request.run.kind, opening) === undefined;
  const depends = request.outcome.whileHealthy === true && action.status === 'WAITING' && isOpen;
  const health = depends ? await healthAtDelivery(ports, records, documents, now, pipeline) : undefined;
  return { pipeline, facts: { action, ...known, health, answerRoles, opening } };
}

/** Whether an approval that is held back may go ahead now: its health is that of this moment, not the one it was approved with. */
function opensNow({ held }: Waiting, now: string): boolean {
  return held !== undefined && (held.opensAt === undefined || !isStillHeld(held, now));
}

function policyNow({ shown, asking }: Waiting | Decided, { policy, plans }: Documents): GatePolicy {
  // Without its checks it is not known whether the policy weakens the gate.
  return policy.ok && plans.ok ? policy.value : inEffect(shown.policy, asking);
}

/**
 * How the gate stands as far as it is known without measuring: an answer from outside is judged by that, whether or not the
 * parameters can be read now.
 */
async function lastKnown<R extends Waiting | Decided>(
  ports: Ports,
  { request, votes, standIns }: RequestRecords & { readonly request: R },
  documents: Documents,
  at: string,
): Promise<{ readonly request: R; readonly judged: Judged; readonly people: readonly Person[] }> {
  const { rule } = policyNow(request, documents);
  const people = await peopleFor(ports, rule, documents);
  const places = placed(request, { rule, people, votes, standIns }, documents, at);
  return {
    request: places.request,
    people,
    judged: judgedBy(places, people, votes, shownHealth(request.shown.checks), at),
  };
}

async function peopleFor(ports: Ports, rule: GateRule, { people }: Documents): Promise<readonly Person[]> {
  return peopleOf(rule) === undefined ? [] : (people ?? ports.policies.people());
}

async function observe(
  ports: Ports,
  request: Waiting | Decided,
  documents: Documents,
  now: string,
): Promise<{ readonly pipeline: Pipeline | undefined; readonly action: ActionState }> {
  const { policy } = documents;
  const role = policy.ok ? policy.value.answerRole : request.shown.policy.answerRole;
  const { executionId, actionExecutionId, deadline } = request.run;
  try {
    const pipeline = await ports.pipeline(gateOf(request), role, request.id);
    return { pipeline, action: await pipeline.observe(executionId, actionExecutionId) };
  } catch (error) {
    // The pipeline's stack was deleted, and its role with it: nothing will ever be heard again.
    if (isAccessDenied(error) && elapsed(deadline, now) > Patience.AFTER_DEADLINE) {
      return { pipeline: undefined, action: { status: 'GONE', answer: {} } };
    }
    throw error;
  }
}

type Readability =
  | { readonly ok: true; readonly request: Waiting; readonly policy: GatePolicy; readonly plans: readonly CheckPlan[] }
  | { readonly ok: false; readonly problem?: NonNullable<WaitingFacts['problem']> };

/** What cannot be read is waited for, from when it was first missed: it may come with the deployment that is under way. */
async function readability(ports: Ports, request: Waiting, documents: Documents, now: string): Promise<Readability> {
  const { policy, plans } = documents;
  if (policy.ok && plans.ok) {
    const known = { policy: policy.value, plans: plans.value };
    if (plans.value.some((check) => !check.observeOnly && !isKnownKind(check))) {
      await missedSince(ports, request, now);
      return { ok: true, request, ...known };
    }
    return { ok: true, request: await readableAgain(ports, request, now), ...known };
  }
  const since = await missedSince(ports, request, now);
  if (elapsed(since, now) < Patience.PARAMETER) {
    return { ok: false };
  }
  const reason = policy.ok ? (plans.ok ? '' : plans.problem) : policy.problem;
  return { ok: false, problem: { reason, since } };
}

/** Since when something of this gate cannot be read: from now on, where that is new. */
async function missedSince(ports: Ports, { id, unreadableSince }: Waiting | Decided, now: string): Promise<string> {
  if (unreadableSince === undefined) {
    await ports.store.unreadable(id, now);
  }
  return unreadableSince ?? now;
}

/**
 * A bake that nobody could watch for longer than checks forgive begins again: a hole that only our own reading made must not
 * reject a change.
 */
async function readableAgain(ports: Ports, request: Waiting, now: string): Promise<Waiting> {
  const { unreadableSince: since, ...others } = request;
  if (since === undefined) {
    return request;
  }
  const again = elapsed(since, now) > CHECK_SLACK && request.shown.bakedAt === undefined ? now : undefined;
  await ports.store.readable(request.id, again);
  return again === undefined ? others : { ...others, watchedSince: again };
}

/** Undefined for a rule without checks. Where people were asked because of what the checks said, the answer is theirs. */
async function healthOf(
  ports: Ports,
  records: RequestRecords & { readonly request: Waiting },
  rule: GateRule,
  plans: readonly CheckPlan[],
  now: string,
  anew: boolean,
  pipeline: Pipeline | undefined,
): Promise<Evaluation | undefined> {
  const { request, tallies } = records;
  const checks = checksOf(rule);
  if (checks === undefined) {
    return undefined;
  }
  if (rule.kind === 'AUTOMATED_ELSE_PEOPLE' && request.asking !== undefined) {
    return shownHealth(request.shown.checks);
  }
  const watch = watchOf(request, rule.kind, checks, plans, tallies, pipeline);
  return measuredHealth(ports, watch, now, anew ? now : undefined);
}

async function healthAtDelivery(
  ports: Ports,
  { request, tallies }: RequestRecords & { readonly request: Decided },
  documents: Documents,
  now: string,
  pipeline: Pipeline | undefined,
): Promise<Evaluation | undefined> {
  const { rule } = policyNow(request, documents);
  const checks = checksOf(rule);
  if (checks === undefined) {
    return undefined;
  }
  const { plans } = documents;
  if (!plans.ok) {
    return unreadableHealth(plans.problem, await missedSince(ports, request, now), now);
  }
  if (request.unreadableSince !== undefined) {
    await ports.store.readable(request.id);
  }
  const watch = watchOf(request, rule.kind, checks, plans.value, tallies, pipeline);
  return measuredHealth(ports, watch, now, plus(now, -Pace.FRESH_HEALTH));
}

function judgedBy(
  { rule, request: { run }, handedOver }: Placed<Waiting | Decided>,
  people: readonly Person[],
  votes: readonly Vote[],
  evaluation: Evaluation,
  at: string,
): Judged {
  const asked = peopleOf(rule);
  const voters = namedByPlace(eligibility(run, asked, people, at), handedOver, people);
  const counted = () => countVotes(voters, votes, run.deadline, breakers(run, asked, people), asked?.fields);
  switch (rule.kind) {
    case 'MANUAL':
      return { kind: rule.kind, rule, votes: counted() };
    case 'AUTOMATED':
      return { kind: rule.kind, rule, evaluation };
    case 'GUARDED':
      return { kind: rule.kind, rule, votes: counted(), evaluation };
    case 'AUTOMATED_ELSE_PEOPLE':
      return { kind: rule.kind, rule, votes: counted(), evaluation };
  }
}
