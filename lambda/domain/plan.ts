/**
 * The decision: a request in its phase and what was found out about it go in, what to do next comes out. It never reads a clock
 * and never does anything itself; doing its effects twice is harmless.
 */
import { areFilled, fillGroups } from '../../contract/groups';
import { peopleOf } from '../../contract/policy';
import { listsOf } from './approver-list';
import { answeredOutside, isOurs, judgedAt, maybeNamedLater, type EndedAction } from './console-answer';
import type { Effect, Plan } from './effect';
import { isToBeAsked, lateFrom } from './digest';
import { eligibility, type Eligibility } from './eligibility';
import { escalationTime, votersToCome } from './escalation';
import type { Evaluation } from './evaluate';
import type { DecidedFacts, Facts, WaitingFacts } from './facts';
import { planFollowUp } from './follow-up';
import { tellHeld, untilHealthy, whyStuck } from './held-back';
import { byFormerRule } from './in-force';
import { LONGEST_APPROVAL, Pace, Patience } from './limits';
import { closedFor, heldBy, neverOpens, type Closed } from './opening';
import { slowingDown } from './pace';
import { whyUnreachable } from './reachability';
import { hasAnswered, isOwed, remindersOf } from './reminders';
import type { Decided, Held, Outcome, Request, Waiting } from './request';
import { endingOf } from './request';
import { rulingOf, type Judged, type Ruling } from './ruling';
import { same } from './same';
import { standingOf } from './standing';
import { elapsed, iso, isBefore, millis, MINUTE, plus, soonest } from './time';
import type { Invitation, Vote } from './vote';

export function plan(facts: Facts, now: string): Plan {
  if ('judged' in facts) {
    return 'health' in facts ? planDecided(facts, now) : planWaiting(facts, now);
  }
  if ('reviewers' in facts) {
    return planFollowUp(facts, now);
  }
  return { effects: [{ kind: 'tell', outcome: endingOf(facts.request) }] };
}

function planWaiting(facts: WaitingFacts, now: string): Plan {
  const { request, action, judged } = facts;
  const voters = votersOf(facts, now);
  if (action.status !== 'WAITING') {
    const outcome = outsideOutcome(facts, action, voters, now);
    return outcome === undefined ? later(plus(now, Pace.SOON)) : { effects: [{ kind: 'acknowledge', outcome }] };
  }
  if (isLongOver(request, now)) {
    return { effects: [{ kind: 'acknowledge', outcome: neverSaid(now) }] };
  }
  if (judged === undefined) {
    return facts.problem === undefined
      ? later(plus(now, Pace.SOON))
      : {
          effects: tellStuck(request, facts.problem.reason),
          next: plus(now, slowingDown(facts.problem.since, now)),
        };
  }
  const ruling = rulingOf(judged, standingOf(request), now);
  if (ruling.kind === 'END') {
    const closed = closedFor(ruling.outcome, request.run.kind, facts.opening);
    return closed === undefined
      ? { effects: [{ kind: 'decide', outcome: ruling.outcome }] }
      : holdApproval(facts, judged, voters, { outcome: ruling.outcome, closed }, now);
  }
  const stuck = whyStuck(ruling, judged, request, facts.opening, now);
  const waiting = keepWaiting(facts, judged, voters, { ...ruling, stuck }, now);
  const isTakenBack = request.held !== undefined && ruling.askPeople;
  return isTakenBack ? { ...waiting, effects: [{ kind: 'release' }, ...waiting.effects] } : waiting;
}

/** What was approved is no outcome before the gate opens: until then it may be taken back, and then it is judged anew. */
function holdApproval(
  facts: WaitingFacts,
  judged: Judged,
  voters: readonly Eligibility[],
  { outcome, closed }: { readonly outcome: Outcome; readonly closed: Closed },
  now: string,
): Plan {
  const { request } = facts;
  const held = heldBy(closed, outcome, request.held, now);
  const ruling = { kind: 'WAIT', askPeople: false, stuck: neverOpens(closed, held.since, now) } as const;
  const waiting = keepWaiting(facts, judged, voters, ruling, now);
  return {
    effects: [...hold(request, held), ...waiting.effects, ...tellHeld(judged, facts.invitations, held, now)],
    next: notSooner(soonest(waiting.next ?? plus(now, Pace.LONGEST_SLEEP), closed.next), now),
  };
}

function hold({ held: before }: Request, held: Held): readonly Effect[] {
  return same(before, held) ? [] : [{ kind: 'hold', held }];
}

function planDecided(facts: DecidedFacts, now: string): Plan {
  const { request, action, health, answerRoles } = facts;
  const { outcome } = request;
  if (action.status === 'WAITING') {
    if (isLongOver(request, now)) {
      return { effects: [{ kind: 'delivered', overtakenBy: neverSaid(now) }] };
    }
    const closed = closedFor(outcome, request.run.kind, facts.opening);
    if (closed !== undefined) {
      const held = heldBy(closed, outcome, request.held, now);
      const why = neverOpens(closed, held.since, now);
      return {
        effects: [...hold(request, held), ...(why === undefined ? [] : tellStuck(request, why))],
        next: notSooner(soonest(plus(now, Pace.LONGEST_SLEEP), closed.next), now),
      };
    }
    return health === undefined || health.verdict === 'PASS'
      ? { effects: [{ kind: 'deliver', outcome }] }
      : heldBack(request, health, now);
  }
  const agrees = action.status === (outcome.kind === 'APPROVED' ? 'SUCCEEDED' : 'FAILED');
  if (agrees && isOurs(action.answer.by, request.id, answerRoles)) {
    return { effects: [{ kind: 'delivered' }] };
  }
  const overtakenBy = outsideOutcome(facts, action, votersOf(facts, now), now);
  return overtakenBy === undefined ? later(plus(now, Pace.SOON)) : { effects: [{ kind: 'delivered', overtakenBy }] };
}

/** A check that is still being measured holds the outcome back too, and is nothing to tell. */
function heldBack(request: Decided, health: Evaluation, now: string): Plan {
  return {
    effects: health.verdict === 'RUNNING' ? [] : tellStuck(request, untilHealthy(health)),
    next: notSooner(soonest(plus(now, Pace.LONGEST_SLEEP), health.next), now),
  };
}

function later(next: string): Plan {
  return { effects: [], next };
}

function notSooner(next: string, now: string): string {
  return iso(Math.max(millis(next), millis(now) + Pace.SHORTEST_SLEEP));
}

function votersOf(
  { request, judged, people, action }: WaitingFacts | DecidedFacts,
  now: string,
): readonly Eligibility[] {
  return judged === undefined ? [] : eligibility(request.run, peopleOf(judged.rule), people, judgedAt(action, now));
}

/** Undefined while CodePipeline may still name who answered. */
function outsideOutcome(
  { request, judged, opening }: WaitingFacts | DecidedFacts,
  action: EndedAction,
  voters: readonly Eligibility[],
  now: string,
): Outcome | undefined {
  const { deadline, kind } = request.run;
  // Where neither rule names anybody who could approve it, nobody's approval is one.
  const isOpen =
    request.shown.proposed?.nobody !== true && closedFor({ kind: 'APPROVED' }, kind, opening) === undefined;
  return maybeNamedLater(action, deadline, now)
    ? undefined
    : answeredOutside(action, { deadline, voters, judged, asked: request.asking !== undefined, isOpen }, now);
}

/** CodePipeline should have said long ago how it ended. Only a deadline that it named itself is sure. */
function isLongOver({ asked, run }: Waiting | Decided, now: string): boolean {
  return asked.expires === undefined
    ? elapsed(asked.at, now) > LONGEST_APPROVAL
    : elapsed(run.deadline, now) > Patience.AFTER_DEADLINE;
}

function neverSaid(now: string): Outcome {
  const summary = 'The time is over and CodePipeline never said how it ended';
  return { kind: 'EXPIRED', by: 'CODEPIPELINE', at: now, summary };
}

function tellStuck({ consoleOnly }: Request, reason: string): readonly Effect[] {
  return consoleOnly === reason ? [] : [{ kind: 'consoleOnly', reason }];
}

function keepWaiting(
  facts: WaitingFacts,
  judged: Judged,
  voters: readonly Eligibility[],
  ruling: Extract<Ruling, { readonly kind: 'WAIT' }>,
  now: string,
): Plan {
  const { request, invitations, votes } = facts;
  const { run, asking } = request;
  const able = voters.filter(({ excluded }) => excluded === undefined).map(({ person }) => person.id);
  const byApprover = new Map(invitations.map((invitation) => [invitation.approver, invitation]));
  const open = isBefore(now, run.deadline);
  const asks = ruling.askPeople && open;
  const escalationAt = escalationTime(request);
  if (run.escalation !== undefined && asks && isDue(escalationAt, now) && !hasEnough(judged)) {
    return { effects: [{ kind: 'escalate', approvers: run.escalation.ids }] };
  }
  const unsent = asks ? able.filter((id) => isToBeAsked(byApprover.get(id), now)) : [];
  const invite = unsent.length > 0 || (asks && asking === undefined);
  const reminders = remindersOf(request, peopleOf(judged.rule)?.reminders, now);
  const grace = plus(run.deadline, MINUTE);
  const next = soonest(
    plus(now, Pace.LONGEST_SLEEP),
    judged.kind === 'MANUAL' ? undefined : judged.evaluation.next,
    unsent.length > 0 ? plus(now, slowingDown(asking?.since ?? now, now)) : undefined,
    ...(asks ? timesWhileAsking(request, judged, able, byApprover, now) : []),
    reminders.next,
    isDue(escalationAt, now) ? undefined : escalationAt,
    ...voters.map(({ person, excluded }) => (excluded === undefined ? person.until : undefined)),
    isBefore(now, grace) ? grace : plus(now, Pace.AFTER_DEADLINE),
  );
  return {
    effects: [
      ...(invite ? [{ kind: 'invite', approvers: unsent } as const] : []),
      ...(asks ? tellEscalation(request, able, invitations) : []),
      ...(asks ? remind(reminders.due, able, byApprover, votes) : []),
      ...reachability(facts, judged, ruling, able, byApprover, now),
    ],
    next: notSooner(next, now),
  };
}

/** Looks for what no event tells while people are asked: late emails, a newer run, changed lists, absences. */
function timesWhileAsking(
  request: Waiting,
  judged: Judged,
  able: readonly string[],
  byApprover: ReadonlyMap<string, Invitation>,
  now: string,
): readonly (string | undefined)[] {
  return [
    ...able.map((id) => lateFrom(byApprover.get(id), now)),
    mayMakeWay(request, judged) ? plus(now, Pace.NEWER_RUN) : undefined,
    listsOf(judged.rule).length > 0 ? plus(now, Pace.APPROVER_LIST) : undefined,
    peopleOf(judged.rule)?.delegates === undefined ? undefined : plus(now, Pace.ABSENCE),
  ];
}

/** Such a request looks out for a newer run: no event tells of one that begins to wait. */
function mayMakeWay({ run }: Waiting, { kind, rule }: Judged): boolean {
  const isReplaceable = run.kind.type === 'STANDARD' && peopleOf(rule)?.newerRun === 'REPLACES';
  const stepsAside = run.kind.type === 'ROLLBACK' && kind === 'AUTOMATED_ELSE_PEOPLE';
  return (isReplaceable || stepsAside) && run.onReject.kind !== 'GOES_BACK';
}

function isDue(time: string | undefined, now: string): boolean {
  return time !== undefined && !isBefore(now, time);
}

/** A guarded gate may have all its yeses, and wait for its checks: that is no reason to ask more people. */
function hasEnough(judged: Judged): boolean {
  return (
    judged.kind !== 'AUTOMATED' &&
    areFilled(
      fillGroups(
        judged.rule.people.groups,
        judged.votes.approvals.map(({ person }) => person.id),
      ),
    )
  );
}

function tellEscalation(
  { run, asking }: Waiting,
  able: readonly string[],
  invitations: readonly Invitation[],
): readonly Effect[] {
  const later = new Set(run.escalation?.ids);
  const further = able.filter((id) => later.has(id));
  if (asking?.escalatedAt === undefined || further.length === 0) {
    return [];
  }
  const untold = invitations.filter(
    ({ approver, sentAt, toldEscalationAt }) =>
      able.includes(approver) && !later.has(approver) && sentAt !== undefined && toldEscalationAt === undefined,
  );
  return untold.length === 0
    ? []
    : [{ kind: 'tellEscalation', approvers: untold.map(({ approver }) => approver), further }];
}

function remind(
  due: string | undefined,
  able: readonly string[],
  byApprover: ReadonlyMap<string, Invitation>,
  votes: readonly Vote[],
): readonly Effect[] {
  if (due === undefined) {
    return [];
  }
  const silent = able.filter((id) => {
    const invitation = byApprover.get(id);
    return invitation !== undefined && isOwed(invitation, due) && !hasAnswered(id, votes);
  });
  return silent.length > 0 ? [{ kind: 'remind', approvers: silent, due }] : [];
}

function reachability(
  { request, people, answers }: WaitingFacts,
  judged: Judged,
  ruling: Extract<Ruling, { readonly kind: 'WAIT' }>,
  able: readonly string[],
  byApprover: ReadonlyMap<string, Invitation>,
  now: string,
): readonly Effect[] {
  if (ruling.stuck !== undefined) {
    return tellStuck(request, ruling.stuck);
  }
  const problem =
    ruling.askPeople && judged.kind !== 'AUTOMATED'
      ? whyUnreachable(judged, {
          answers,
          people,
          able: [...able, ...votersToCome(request, judged.rule.people, people, now)],
          byApprover,
        })
      : undefined;
  if (problem !== undefined) {
    return tellStuck(request, byFormerRule(problem, request.shown.proposed));
  }
  return request.consoleOnly === undefined ? [] : [{ kind: 'reachable' }];
}
