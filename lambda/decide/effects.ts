/** Performs what the pure decision asks for. Each effect may be done twice, by two looks at once, or after a crash. */
import { Metric } from '../../contract/names';
import { count, log } from '../aws/log';
import type { RequestRecords } from '../aws/request-store';
import type { Effect, RequestView } from '../domain/decide';
import type { Outcome } from '../domain/records';
import { needsConsole } from './console-only';
import { gateOf } from './identify';
import { invite, remind, tellOutcome } from './mails';
import type { Pipeline, Ports } from './ports';

export interface Scene {
  readonly ports: Ports;
  readonly records: RequestRecords;
  readonly view: RequestView;
  readonly pipeline?: Pipeline;
  readonly now: string;
}

/** CodePipeline took no answer and does not yet say that it has one: the machine tries again. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

export async function perform(effect: Effect, scene: Scene): Promise<void> {
  const { ports, view, now } = scene;
  const { meta } = view;
  switch (effect.kind) {
    case 'settle':
      return settle(effect.outcome, effect.delivered, scene);
    case 'deliver':
      return deliver(effect.outcome, scene);
    case 'delivered':
      await ports.store.delivered(meta.pk, now, effect.overtakenBy);
      return;
    case 'tell':
      return tell(effect.outcome, scene);
    case 'invite': {
      const asked = view.people.filter(({ id }) => effect.approvers.includes(id));
      await ports.store.mark(meta.pk, 'askedAt', now);
      return invite(ports, meta, asked, now);
    }
    case 'remind': {
      const silent = view.people.filter(({ id }) => effect.approvers.includes(id));
      return remind(ports, meta, silent, now);
    }
    case 'consoleOnly':
      return needsConsole(ports, meta, effect.reason, now);
    case 'reachable':
      return ports.store.consoleOnly(meta.pk, undefined);
  }
}

async function settle(outcome: Outcome, delivered: boolean, { ports, view, now }: Scene): Promise<void> {
  if (await ports.store.settle(view.meta.pk, outcome, now, delivered ? now : undefined)) {
    log('INFO', `request settled: ${outcome.kind} by ${outcome.by}`, gateOf(view.meta));
  }
}

async function deliver(outcome: Outcome, { ports, view, pipeline, now }: Scene): Promise<void> {
  const { pk, executionId } = view.meta;
  if (pipeline === undefined || executionId === undefined) {
    throw new NotDelivered('the run of this request is not known');
  }
  const approved = outcome.kind === 'APPROVED';
  if (await pipeline.answer(pk, { executionId }, approved, outcome.summary)) {
    await ports.store.delivered(pk, now);
    log('INFO', 'outcome delivered', gateOf(view.meta));
    return;
  }
  // Answered or over: the next look at CodePipeline tells by whom. It may lag behind its own refusal.
  const { action } = await pipeline.observe(executionId, view.meta.actionExecutionId ?? '');
  if (action.status === 'WAITING') {
    throw new NotDelivered('CodePipeline neither takes the outcome nor has one');
  }
}

async function tell(outcome: Outcome, { ports, records, view, now }: Scene): Promise<void> {
  const meta = { ...view.meta, outcome };
  await tellOutcome(ports, meta, records.invitations, now);
  const { kind, by, summary } = outcome;
  if (by === 'BYPASS') {
    count(Metric.BYPASSED, ports.workflow, now, gateOf(meta));
    await ports.events.put('Approval Bypassed', now, meta, { outcome: kind, by, summary });
  }
  await ports.events.put('Approval Decided', now, meta, { outcome: kind, by, summary });
  await ports.store.mark(meta.pk, 'toldAt', now);
}
