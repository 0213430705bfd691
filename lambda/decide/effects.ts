/** Performs what the decision asks for. Each effect may be done twice, by two looks at once, or after a crash. */
import { LogMessage, Metric } from '../../contract/names';
import type { RecordRow } from '../../contract/record';
import { count, errorName, log } from '../aws/log';
import { Patience } from '../domain/limits';
import type { Effect } from '../domain/effect';
import type { Facts } from '../domain/facts';
import { comesIntoForce } from '../domain/in-force';
import { gateOf, isEnded, isKnown, type Outcome } from '../domain/request';
import { entryOf } from '../domain/record';
import type { RequestRecords } from '../domain/rows';
import { elapsed } from '../domain/time';
import { needsConsole } from './console-only';
import { keepFields } from './fields';
import { needsFollowUp, whoBrokeGlass } from '../domain/follow-up';
import { closeFollowUp, nobodyReviews } from './follow-up';
import { askReview } from './review-mails';
import { invite, remind, tellEscalation, tellHeld, tellOutcome } from './mails';
import type { Pipeline, Ports } from './ports';

type Recorded = Pick<RecordRow, 'n' | 'hash'>;

export interface Doing {
  readonly ports: Ports;
  readonly facts: Facts;
  /** What the table holds about the request. */
  readonly records: RequestRecords;
  readonly pipeline: Pipeline | undefined;
  readonly now: string;
}

/** CodePipeline took no answer and does not yet say that it has one: the machine tries again. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

/** Answers when to look again, where the effect is not complete and nothing else will bring the next look. */
export async function perform(effect: Effect, doing: Doing): Promise<string | undefined> {
  const { ports, facts, now } = doing;
  const { request } = facts;
  switch (effect.kind) {
    case 'decide':
      return decide(effect.outcome, doing);
    case 'acknowledge':
      if (await ports.store.acknowledge(request.id, effect.outcome, now)) {
        logEnd(doing, effect.outcome);
      }
      return undefined;
    case 'deliver':
      return deliver(effect.outcome, doing);
    case 'delivered':
      await ports.store.delivered(request.id, now, effect.overtakenBy);
      return undefined;
    case 'tell':
      return tell(effect.outcome, doing);
    case 'invite':
      await ports.store.ask(request.id, now);
      return invite(ports, facts, effect.approvers, now);
    case 'escalate':
      if (await ports.store.escalate(request.id, effect.approvers, now)) {
        log('INFO', 'further people are asked', { requestId: request.id, ...gateOf(request) });
      }
      return undefined;
    case 'tellEscalation':
      return tellEscalation(ports, facts, effect, now);
    case 'remind':
      return remind(ports, facts, effect, now);
    case 'consoleOnly':
      await needsConsole(ports, request, effect.reason, now);
      return undefined;
    case 'reachable':
      await ports.store.consoleOnly(request.id, undefined);
      return undefined;
    case 'askReview':
      return askReview(ports, facts, effect, now);
    case 'nobodyReviews':
      await nobodyReviews(ports, request, now);
      return undefined;
    case 'closeFollowUp':
      await closeFollowUp(doing, effect);
      return undefined;
    case 'hold':
      await ports.store.hold(request.id, effect.held);
      return undefined;
    case 'tellHeld':
      return tellHeld(ports, facts, effect, now);
    case 'release':
      await ports.store.hold(request.id, undefined);
      return undefined;
  }
}

async function decide(outcome: Outcome, doing: Doing): Promise<undefined> {
  const { request } = doing.facts;
  if (request.phase !== 'WAITING') {
    throw new Error('only a request that waits is decided');
  }
  const { id, rejections, shown } = request;
  if (await doing.ports.store.decide(id, outcome, rejections, shown.evidence)) {
    logEnd(doing, outcome);
  }
}

function logEnd({ facts: { request } }: Doing, { kind, by }: Outcome): void {
  log('INFO', `${LogMessage.DECIDED} ${kind} by ${by}`, { requestId: request.id, ...gateOf(request) });
}

async function deliver(outcome: Outcome, { ports, facts, pipeline, now }: Doing): Promise<undefined> {
  const { request } = facts;
  if (pipeline === undefined || !isKnown(request)) {
    throw new NotDelivered('the run of this request cannot be reached');
  }
  const { executionId, actionExecutionId } = request.run;
  if (outcome.kind === 'APPROVED') {
    await keepFields(ports, request, outcome);
  }
  switch (await pipeline.answer(request.id, executionId, outcome.kind === 'APPROVED', outcome.summary)) {
    case 'TAKEN':
      await ports.store.delivered(request.id, now);
      log('INFO', 'outcome delivered', { requestId: request.id, ...gateOf(request) });
      return;
    case 'GONE': {
      const summary = 'The approval no longer exists in the pipeline';
      await ports.store.delivered(request.id, now, { kind: 'STOPPED', by: 'CODEPIPELINE', at: now, summary });
      return;
    }
    case 'OVER':
      // Answered or over: the next look at CodePipeline tells by whom. It may lag behind its own refusal.
      if ((await pipeline.observe(executionId, actionExecutionId)).status === 'WAITING') {
        throw new NotDelivered('CodePipeline neither takes the outcome nor has one');
      }
  }
}

/**
 * The record comes first, so that a day without mail does not keep it waiting. A record that fails keeps nobody from being told: it is
 * tried again, and the request stays open until it is written, because what is closed is looked at no more.
 */
async function tell(outcome: Outcome, doing: Doing): Promise<string | undefined> {
  const { ports, records, now } = doing;
  const { request } = doing.facts;
  const [recorded, inForce] = await Promise.allSettled([record(doing), bringIntoForce(doing)]);
  const unfinished = await forADay(doing, () => tellOutcome(ports, request, records.invitations, now));
  if (recorded.status === 'rejected') {
    throw recorded.reason;
  }
  if (inForce.status === 'rejected') {
    throw inForce.reason;
  }
  if (unfinished !== undefined) {
    return unfinished;
  }
  await forADay(doing, () => announce(outcome, recorded.value, doing));
  await (isEnded(request) && needsFollowUp(request)
    ? ports.store.openFollowUp(request.id, { since: now, openedBy: whoBrokeGlass(records.votes) })
    : ports.store.close(request.id, now));
  return undefined;
}

/** Whom a day of trying did not reach, that is logged, and the request goes on. */
async function forADay<T>({ facts: { request }, now }: Doing, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (request.phase !== 'DELIVERED' || elapsed(request.deliveredAt, now) <= Patience.TELLING) {
      throw error;
    }
    const keys = { requestId: request.id, ...gateOf(request), error: errorName(error) };
    log('ERROR', 'not everybody could be told how a request ended', keys);
    return undefined;
  }
}

/** The gate has opened: from now on, later policies are compared with the policy of this request. */
async function bringIntoForce({ ports, records: { request } }: Doing): Promise<void> {
  const proposed = isEnded(request) ? comesIntoForce(request) : undefined;
  if (proposed !== undefined && (await ports.inForce.replace(gateOf(request), proposed))) {
    log('INFO', 'a policy came into force', { requestId: request.id, ...gateOf(request) });
  }
}

async function record({ ports, records, now }: Doing): Promise<Recorded> {
  const { request } = records;
  if (request.phase !== 'DELIVERED') {
    throw new NotDelivered('only what CodePipeline has is recorded');
  }
  const { n, hash } = await ports.record.append(
    entryOf(ports.workflow, { ...records, request }),
    now,
    request.recorded,
  );
  return { n, hash };
}

async function announce(
  { kind, by, summary, fields }: Outcome,
  recorded: Recorded,
  { ports, facts: { request }, now }: Doing,
): Promise<void> {
  if (by === 'BYPASS') {
    count(Metric.BYPASSED, ports.workflow, now, { requestId: request.id, ...gateOf(request) });
    await ports.events.put('Approval Bypassed', now, request, { outcome: kind, by, summary });
  }
  if (by === 'BREAK_GLASS') {
    count(Metric.GLASS_BROKEN, ports.workflow, now, { requestId: request.id, ...gateOf(request) });
    await ports.events.put('Glass Broken', now, request, { outcome: kind, by, summary });
  }
  const filled = fields === undefined ? {} : { fields };
  await ports.events.put('Approval Decided', now, request, { outcome: kind, by, summary, ...filled, record: recorded });
}
