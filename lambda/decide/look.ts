/** One look at a request: gather what is known, decide, do it, until there is nothing left to do now. */
import type { LookResult } from '../../contract/messages';
import type { GatePolicy } from '../../contract/policy';
import { errorName, log } from '../aws/log';
import type { RequestRecords } from '../aws/request-store';
import type { ActionTruth } from '../domain/console-answer';
import { decide, type RequestView } from '../domain/decide';
import { eligibility } from '../domain/eligibility';
import type { Evaluation } from '../domain/evaluate';
import { evidenceText, withEvidence } from '../domain/evidence';
import type { RequestMeta } from '../domain/records';
import { same } from '../domain/same';
import { DAY, latestOf, millis, plus, SECOND } from '../domain/time';
import { sha256 } from '../signing/link-key';
import { perform } from './effects';
import { gateOf, identify } from './identify';
import type { Pipeline, Ports } from './ports';
import { watchChecks } from './watch';

/** Settle, deliver, tell: more rounds than that mean that looks race each other, and the next one goes on. */
const ROUNDS = 6;

export interface LookOptions {
  /** Measure every check anew: what brought this look may be late, and health counts at the moment of the answer. */
  readonly measureAnew?: boolean;
}

export async function lookAtRequest(
  ports: Ports,
  requestId: string,
  broughtAt: string,
  options: LookOptions = {},
): Promise<LookResult> {
  const look = { requestId };
  for (let round = 0; round < ROUNDS; round += 1) {
    const records = await ports.store.load(requestId);
    if (records === undefined) {
      log('WARN', 'a look at a request that does not exist', { requestId });
      return { done: true, look };
    }
    const { meta } = records;
    const now = notBefore(broughtAt, records);
    if (meta.deliveredAt !== undefined && meta.toldAt !== undefined) {
      return { done: true, look };
    }
    const policy = await readPolicy(ports, meta);
    if (meta.identifiedAt === undefined && meta.outcome === undefined) {
      const waiting = await identify(ports, meta, policy.value, policy.problem, now);
      if (waiting !== undefined) {
        return waiting;
      }
      continue;
    }
    const step = await lookOnce(ports, records, policy.value, now, options.measureAnew === true && round === 0);
    if (step !== undefined) {
      return { ...step, look };
    }
  }
  return { done: false, next: plus(broughtAt, 30 * SECOND), look };
}

/** A look may be brought late, or again: what is known already is not in its future. */
function notBefore(time: string, { meta, measurements }: RequestRecords): string {
  const shown = meta.evidenceHistory?.map(({ since }) => since) ?? [];
  return latestOf(time, meta.identifiedAt, meta.outcome?.at, ...shown, ...measurements.map(({ at }) => at));
}

async function readPolicy(
  ports: Ports,
  meta: RequestMeta,
): Promise<{ readonly value: GatePolicy | undefined; readonly problem: string }> {
  const read = await ports.policies.policy(meta);
  if (read === undefined) {
    return { value: undefined, problem: 'this gate has no policy' };
  }
  return read.ok ? { value: read.value, problem: '' } : { value: undefined, problem: read.problem };
}

/** Undefined when something was done, so that it is worth looking again at once. */
async function lookOnce(
  ports: Ports,
  records: RequestRecords,
  policy: GatePolicy | undefined,
  now: string,
  measureAnew: boolean,
): Promise<Omit<LookResult, 'look'> | undefined> {
  const { pipeline, action, newerRunWaiting } = await observe(ports, records.meta, policy, now);
  const people = await ports.policies.people();
  const live = records.meta.outcome === undefined && action.status === 'WAITING';
  const watch =
    live && policy?.checks !== undefined ? await watchChecks(ports, records, policy, now, measureAnew) : undefined;
  const meta = live ? await show(ports, records.meta, policy, watch, newerRunWaiting, now) : records.meta;
  if (meta === undefined) {
    return undefined;
  }
  const view: RequestView = {
    meta,
    people,
    invitations: records.invitations,
    votes: records.votes,
    action,
    ...(policy === undefined ? {} : { policy }),
    ...(watch === undefined ? {} : { evaluation: watch }),
  };
  if (live) {
    await showExclusions(ports, view);
  }
  const step = decide(view, now);
  for (const effect of step.effects) {
    await perform(effect, { ports, records, view, now, ...(pipeline === undefined ? {} : { pipeline }) });
  }
  // Whether mail reaches those who were just invited is known only now.
  if (step.effects.some((effect) => effect.kind === 'invite' && asksSomebodyNew(effect.approvers, records))) {
    return undefined;
  }
  if (step.done || step.next !== undefined) {
    return { done: step.done, ...(step.next === undefined ? {} : { next: step.next }) };
  }
  return undefined;
}

function asksSomebodyNew(approvers: readonly string[], { invitations }: RequestRecords): boolean {
  return approvers.some((id) => !invitations.some(({ approver }) => approver === id));
}

async function observe(
  ports: Ports,
  meta: RequestMeta,
  policy: GatePolicy | undefined,
  now: string,
): Promise<{ readonly pipeline?: Pipeline; readonly action: ActionTruth; readonly newerRunWaiting: boolean }> {
  const role = policy?.answerRole ?? meta.policy?.answerRole;
  const { executionId, actionExecutionId } = meta;
  if (meta.deliveredAt !== undefined || role === undefined || executionId === undefined) {
    return { action: { status: 'GONE' }, newerRunWaiting: false };
  }
  try {
    const pipeline = await ports.pipeline(meta, role, meta.pk);
    return { pipeline, ...(await pipeline.observe(executionId, actionExecutionId ?? '')) };
  } catch (error) {
    // The pipeline's stack was deleted, and its role with it: nothing will ever be heard again.
    if (/AccessDenied/.test(errorName(error)) && isLongOver(meta, now)) {
      return { action: { status: 'GONE' }, newerRunWaiting: false };
    }
    throw error;
  }
}

function isLongOver({ deadline }: RequestMeta, now: string): boolean {
  return deadline !== undefined && millis(now) > millis(deadline) + DAY;
}

/** Brings what the page shows up to date. Undefined when another look did so meanwhile. */
async function show(
  ports: Ports,
  meta: RequestMeta,
  policy: GatePolicy | undefined,
  evaluation: Evaluation | undefined,
  newerRunWaiting: boolean,
  now: string,
): Promise<RequestMeta | undefined> {
  const checks = evaluation?.checks ?? [];
  const shown = { newerRunWaiting, checks, ...(policy === undefined ? {} : { policy }) };
  const evidence = sha256(evidenceText({ ...meta, ...shown }));
  const changes = evidence !== meta.evidence;
  const update: Partial<RequestMeta> = {
    ...shown,
    ...(changes ? { evidence, evidenceHistory: withEvidence(meta.evidenceHistory, evidence, now) } : {}),
  };
  const next = { ...meta, ...update };
  if (same(next, meta)) {
    return meta;
  }
  return (await ports.store.show(meta.pk, update, meta.evidence)) ? next : undefined;
}

/** The page refuses people who have no vote, and says why. */
async function showExclusions(ports: Ports, view: RequestView): Promise<void> {
  const voters = new Map(
    eligibility(view.meta, view.policy, view.people).map(({ person, excluded }) => [person.id, excluded ?? '']),
  );
  for (const { approver, excluded } of view.invitations) {
    const wanted = voters.get(approver) ?? 'no longer an approver of this gate';
    if (wanted !== '' && wanted !== excluded) {
      await ports.store.markInvitation(view.meta.pk, approver, { excluded: wanted });
      log('INFO', 'an approver has no vote', { ...gateOf(view.meta), approver, reason: wanted });
    } else if (wanted === '' && excluded !== undefined) {
      await ports.store.clearExclusion(view.meta.pk, approver);
    }
  }
}
