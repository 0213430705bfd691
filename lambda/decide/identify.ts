/** The first look finds the run that asks, its change, what serves now, and who is invited: the request waits from then on. */
import { membersOf } from '../../contract/groups';
import { LogMessage } from '../../contract/names';
import type { GatePolicy, Person } from '../../contract/policy';
import { peopleOf } from '../../contract/policy';
import { isAccessDenied } from '../aws/failure';
import { log } from '../aws/log';
import type { FoundRun } from '../aws/pipeline';
import { listedIn } from '../domain/approver-list';
import { breakers, namedToBreakGlass } from '../domain/break-glass';
import { escalated } from '../domain/escalation';
import { evidenceText, shownBeside } from '../domain/evidence';
import { withoutExecutionIdLine } from '../domain/execution-id-line';
import type { Proposed } from '../domain/in-force';
import { LONGEST_APPROVAL, Pace, Patience } from '../domain/limits';
import { slowingDown } from '../domain/pace';
import { rejectionEffect } from '../domain/rejection-effect';
import { gateOf, type Opened, type Run, type RunKind, type Shown } from '../domain/request';
import type { RunFacts } from '../domain/run-facts';
import { elapsed, MINUTE, plus } from '../domain/time';
import { runKeyOf, sha256 } from '../signing/link-key';
import { findRange } from './change-range';
import { needsConsole } from './console-only';
import type { Documents } from './documents';
import type { Pipeline, Ports } from './ports';

/** Undefined when the request waits (or is over) now; else when to look again. */
export async function identify(
  ports: Ports,
  request: Opened,
  { policy, proposed, people }: Documents,
  now: string,
): Promise<string | undefined> {
  const age = elapsed(request.asked.at, now);
  if (age > LONGEST_APPROVAL) {
    const summary = 'This request never could be matched to a run';
    await ports.store.acknowledge(request.id, { kind: 'STOPPED', by: 'CODEPIPELINE', at: now, summary }, now);
    return undefined;
  }
  if (!policy.ok) {
    return later(ports, request, now, age < Patience.PARAMETER, policy.problem);
  }
  let pipeline: Pipeline;
  try {
    pipeline = await ports.pipeline(policy.value.gate, policy.value.answerRole, request.id);
  } catch (error) {
    if (!isAccessDenied(error)) {
      throw error;
    }
    return later(ports, request, now, age < Patience.ROLE, 'the role that answers for this gate cannot be assumed');
  }
  const found = await pipeline.find(request.id, request.asked.executionHint);
  if (found === undefined) {
    const reason = 'no run of the pipeline waits with the token of this request';
    return later(ports, request, now, age < Patience.RUN, reason);
  }
  const described = await describe(ports, pipeline, request, policy.value, found, now);
  const run = { ...described, ...(await whoMayBreakGlass(ports, policy.value, people)) };
  const shown = firstShown(policy.value, proposed, run, now);
  const weakens = proposed?.weakens === undefined ? {} : { weakens: proposed.weakens };
  await ports.events.put('Approval Requested', now, { ...request, phase: 'WAITING', run, shown }, weakens);
  const { pipeline: name, stage, action } = request.asked;
  if (peopleOf(policy.value.rule)?.fields !== undefined) {
    await ports.fields.forget(run.executionId, policy.value.gate, request.asked.at);
  }
  await ports.store.identify(request.id, runKeyOf(name, stage, action, run.executionId), run, shown);
  log('INFO', LogMessage.ASKED, { requestId: request.id, ...gateOf(request), executionId: run.executionId });
  return undefined;
}

async function later(ports: Ports, request: Opened, now: string, patient: boolean, reason: string): Promise<string> {
  if (patient) {
    return plus(now, Pace.SOON);
  }
  await needsConsole(ports, request, reason, now);
  return plus(now, slowingDown(request.asked.at, now));
}

async function describe(
  ports: Ports,
  pipeline: Pipeline,
  { asked }: Opened,
  policy: GatePolicy,
  found: FoundRun,
  now: string,
): Promise<Run> {
  const { executionId, actionExecutionId } = found;
  const facts = await pipeline.describe(executionId);
  const { serving, servingRun, deployed, rollbackTarget } = await pipeline.stageStatus(executionId);
  const kind = await kindOf(pipeline, facts);
  const triggered = await ports.intake.authorsOf(asked.pipeline, executionId);
  const text = withoutExecutionIdLine(found.text ?? '');
  const started = found.startedAt ?? asked.at;
  const { trigger, startedBy } = facts;
  const people = peopleOf(policy.rule);
  const origin = facts.target ?? executionId;
  const question = { pipeline: asked.pipeline, executionId, origin, serving: servingRun };
  const range = people === undefined ? undefined : await findRange(ports, pipeline, question);
  const listed = people === undefined ? undefined : listedIn(people);
  return {
    executionId,
    actionExecutionId,
    identifiedAt: now,
    deadline: asked.expires ?? plus(started, policy.timeoutMinutes * MINUTE),
    kind,
    authors: [...new Set([...triggered, ...facts.authors])],
    invited: membersOf(people?.groups ?? []),
    ...(listed === undefined ? {} : { listed }),
    ...(people?.escalation === undefined ? {} : { escalation: people.escalation }),
    revisions: facts.revisions,
    serving,
    ...(deployed === undefined ? {} : { deployed }),
    onReject: rejectionEffect(policy, kind, rollbackTarget),
    ...(range === undefined ? {} : { range }),
    ...(trigger === undefined ? {} : { trigger }),
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(found.link === undefined || found.link === '' ? {} : { reviewUrl: found.link }),
    ...(text === '' ? {} : { text }),
  };
}

/** People who are asked later may do it from then on. */
async function whoMayBreakGlass(
  ports: Ports,
  { rule }: GatePolicy,
  listed: readonly Person[] | undefined,
): Promise<Pick<Run, 'mayBreakGlass'>> {
  const people = peopleOf(rule);
  if (people?.breakGlass === undefined) {
    return {};
  }
  const named = escalated(people);
  const able = breakers({ mayBreakGlass: namedToBreakGlass(named) }, named, listed ?? (await ports.policies.people()));
  return { mayBreakGlass: able.map(({ id }) => id) };
}

async function kindOf(pipeline: Pipeline, { isRollback, target, trigger }: RunFacts): Promise<RunKind> {
  if (!isRollback) {
    return { type: 'STANDARD' };
  }
  return {
    type: 'ROLLBACK',
    automatic: trigger === 'AutomatedRollback',
    ...(target === undefined ? { proven: false } : { target, proven: (await pipeline.passedAt(target)) !== undefined }),
  };
}

function firstShown(policy: GatePolicy, proposed: Proposed | undefined, run: Run, now: string): Shown {
  const nothing = { newerRunWaiting: false, checks: [], ...(proposed === undefined ? {} : { proposed }) };
  const shown = shownBeside(nothing.newerRunWaiting, nothing.checks, undefined, proposed);
  const evidence = sha256(evidenceText({ ...run, ...shown }));
  return { policy, ...nothing, evidence, evidenceHistory: [{ hash: evidence, since: now, shown }] };
}
