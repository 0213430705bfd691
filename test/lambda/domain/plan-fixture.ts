/** Facts of which a plan is made, each with what a test is about. */
import type { RuleKind } from '../../../contract/policy';
import { countVotes } from '../../../lambda/domain/count-votes';
import type { Evaluation } from '../../../lambda/domain/evaluate';
import { OPEN } from '../../../lambda/domain/opening';
import type { Effect } from '../../../lambda/domain/effect';
import type { DecidedFacts, WaitingFacts } from '../../../lambda/domain/facts';
import type { Decided, Waiting } from '../../../lambda/domain/request';
import type { Judged } from '../../../lambda/domain/ruling';
import type { Invitation, Vote } from '../../../lambda/domain/vote';
import {
  ANA,
  ANSWER_ROLE,
  at,
  BO,
  checksRule,
  CY,
  days,
  decidedRequest,
  peopleRule,
  START,
  waitingRequest,
} from '../samples';

export const PEOPLE = [ANA, BO, CY];

export function health(verdict: Evaluation['verdict'], next?: string): Evaluation {
  return {
    verdict,
    reasons: [`alarm shop-5xx is ${verdict}`],
    checks: [],
    due: [],
    ...(next === undefined ? {} : { next }),
  };
}

export function judged(
  kind: RuleKind,
  votes: readonly Vote[] = [],
  evaluation = health('PASS'),
  people = peopleRule(),
): Judged {
  const count = countVotes(
    PEOPLE.map((person) => ({ person })),
    votes,
    at(days(1)),
  );
  const checks = checksRule({ bakeMinutes: 5 });
  switch (kind) {
    case 'MANUAL':
      return { kind, rule: { kind, people }, votes: count };
    case 'AUTOMATED':
      return { kind, rule: { kind, checks, onInconclusive: 'REJECT' }, evaluation };
    case 'GUARDED':
      return { kind, rule: { kind, people, checks }, votes: count, evaluation };
    case 'AUTOMATED_ELSE_PEOPLE':
      return { kind, rule: { kind, people, checks }, votes: count, evaluation };
  }
}

export function invitation(who: { id: string; mail: string }, more: Partial<Invitation> = {}): Invitation {
  return { approver: who.id, mail: who.mail, shared: false, keys: ['k'], sentAt: START, mailbox: 'confirmed', ...more };
}

export function waiting(more: Partial<WaitingFacts> = {}, request: Partial<Waiting> = {}): WaitingFacts {
  return {
    request: waitingRequest(request),
    action: { status: 'WAITING' },
    answers: 'BY_LINK',
    judged: judged('MANUAL'),
    people: PEOPLE,
    invitations: PEOPLE.map((who) => invitation(who)),
    votes: [],
    opening: OPEN,
    ...more,
  };
}

export function decided(more: Partial<DecidedFacts> = {}, request: Decided = decidedRequest()): DecidedFacts {
  return {
    request,
    action: { status: 'WAITING' },
    judged: judged('MANUAL'),
    health: undefined,
    answerRoles: [ANSWER_ROLE],
    people: PEOPLE,
    opening: OPEN,
    ...more,
  };
}

export const ASKING = { asking: { since: START } };
export const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind);
