/** The first look makes a request whole: the run, its change, what is deployed now, who is invited. */
import type { LookResult } from '../../contract/messages';
import type { GatePolicy } from '../../contract/policy';
import { errorName, log } from '../aws/log';
import type { FoundRun } from '../aws/pipeline';
import type { RequestMeta } from '../domain/records';
import { withoutRunLine } from '../domain/run-line';
import { DAY, HOUR, millis, MINUTE, plus, SECOND } from '../domain/time';
import { runKeyOf } from '../signing/link-key';
import { needsConsole } from './console-only';
import type { Pipeline, Ports } from './ports';

/** A parameter may appear after its pipeline has started. */
export const POLICY_PATIENCE = 15 * MINUTE;
/** New roles are not usable at once. */
const ROLE_PATIENCE = 10 * MINUTE;
/** CodePipeline shows an action later than it notifies. */
const RUN_PATIENCE = 5 * MINUTE;
/** No approval waits longer. */
export const LONGEST_APPROVAL = 61 * DAY;

/** Undefined when the request is whole now; else when to look again. */
export async function identify(
  ports: Ports,
  meta: RequestMeta,
  policy: GatePolicy | undefined,
  policyProblem: string,
  now: string,
): Promise<LookResult | undefined> {
  const age = millis(now) - millis(meta.requestedAt);
  if (age > LONGEST_APPROVAL) {
    const summary = 'This request never could be matched to a run';
    await ports.store.settle(meta.pk, { kind: 'STOPPED', by: 'CODEPIPELINE', at: now, summary }, now, now);
    return undefined;
  }
  if (policy === undefined) {
    return later(ports, meta, now, age < POLICY_PATIENCE, policyProblem);
  }
  let pipeline: Pipeline;
  try {
    pipeline = await ports.pipeline(policy.gate, policy.answerRole, meta.pk);
  } catch (error) {
    if (!/AccessDenied/.test(errorName(error))) {
      throw error;
    }
    return later(ports, meta, now, age < ROLE_PATIENCE, 'the role that answers for this gate cannot be assumed');
  }
  const run = await pipeline.find(meta.pk, meta.executionHint);
  if (run === undefined) {
    return later(ports, meta, now, age < RUN_PATIENCE, 'no run of the pipeline waits with the token of this request');
  }
  const found = await describe(pipeline, meta, policy, run);
  await ports.events.put('Approval Requested', now, { ...meta, ...found });
  await ports.store.identify(meta.pk, runKeyOf(meta.pipeline, meta.stage, meta.action, run.executionId), found, now);
  if (meta.consoleOnly !== undefined) {
    await ports.store.consoleOnly(meta.pk, undefined);
  }
  log('INFO', 'request identified', { ...gateOf(meta), executionId: run.executionId });
  return undefined;
}

export function gateOf({ pk, pipeline, stage, action }: RequestMeta) {
  return { requestId: pk, pipeline, stage, action };
}

async function later(
  ports: Ports,
  meta: RequestMeta,
  now: string,
  patient: boolean,
  reason: string,
): Promise<LookResult> {
  const look = { requestId: meta.pk };
  if (patient) {
    return { done: false, next: plus(now, 30 * SECOND), look };
  }
  await needsConsole(ports, meta, reason, now);
  return { done: false, next: plus(now, 6 * HOUR), look };
}

async function describe(
  pipeline: Pipeline,
  meta: RequestMeta,
  policy: GatePolicy,
  run: FoundRun,
): Promise<Partial<RequestMeta>> {
  const facts = await pipeline.describe(run.executionId);
  const good = await pipeline.lastGoodRun(run.executionId);
  const deployedNow = good === undefined ? [] : (await pipeline.describe(good)).revisions;
  const target = facts.executionType === 'ROLLBACK' ? facts.rollbackTarget : undefined;
  const started = run.startedAt ?? meta.requestedAt;
  const text = withoutRunLine(run.text ?? '');
  return {
    ...facts,
    executionId: run.executionId,
    actionExecutionId: run.actionExecutionId,
    deadline: plus(started, policy.timeoutMinutes * MINUTE),
    invited: policy.approvers?.ids ?? [],
    policy,
    ...(deployedNow === undefined ? {} : { deployedNow }),
    ...(run.link === undefined || run.link === '' ? {} : { reviewUrl: run.link }),
    ...(text === '' ? {} : { text }),
    ...(target === undefined ? {} : { rollbackProven: await pipeline.passed(target) }),
  };
}
