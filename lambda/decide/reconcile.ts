/** Brings a request up to date: finds out, decides, does it, until there is nothing left to do now. */
import { Metric } from '../../contract/names';
import { count, log } from '../aws/log';
import { Pace } from '../domain/limits';
import { plan } from '../domain/plan';
import { gateOf, type Asked, type Phase } from '../domain/request';
import { UnreadableRow, type RequestRecords } from '../domain/rows';
import { same } from '../domain/same';
import { latestOf, plus, soonest } from '../domain/time';
import { perform } from './effects';
import { isFollowedUp } from '../domain/follow-up';
import { gatherFollowUp } from './follow-up';
import { gatherDecided, gatherWaiting } from './gather';
import { MeasuredMeanwhile } from './health';
import { documentsFor, documentsToAsk } from './documents';
import { identify } from './identify';
import type { Ports } from './ports';

/** Decide, deliver, tell: more rounds than that mean that looks race each other, and the next one goes on. */
const ROUNDS = 6;

/** How a request stands after a look. */
export interface Standing {
  /** UNKNOWN: there is no such request, or other looks are changing it. UNREADABLE: a row of it is of another version. */
  readonly phase: Phase | 'UNKNOWN' | 'UNREADABLE';
  /** What opened the request: its notification, or the event of its action. */
  readonly openedBy?: Asked['by'];
  /** When to look again; absent when nothing is left to look after. */
  readonly next?: string;
  /** It is approved, and goes ahead at that time. */
  readonly held?: boolean;
  /** It ended, and its follow-up is open. */
  readonly followedUp?: boolean;
}

export interface ReconcileOptions {
  /** A vote brought this look: health is measured at this moment. */
  readonly vote?: boolean;
}

export async function reconcile(
  ports: Ports,
  requestId: string,
  broughtAt: string,
  options: ReconcileOptions = {},
): Promise<Standing> {
  try {
    return await rounds(ports, requestId, broughtAt, options.vote === true);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) {
      throw error;
    }
    log('ERROR', 'a request cannot be read, only the console can answer it', { requestId, reason: error.message });
    count(Metric.UNREADABLE, ports.workflow, broughtAt, { requestId });
    return { phase: 'UNREADABLE', next: plus(broughtAt, Pace.LONGEST_SLEEP) };
  }
}

async function rounds(ports: Ports, requestId: string, broughtAt: string, vote: boolean): Promise<Standing> {
  let openedBy: Asked['by'] | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const records = await loadOrOpen(ports, requestId);
    if (records === undefined) {
      log('WARN', 'a look at a request that does not exist', { requestId });
      return { phase: 'UNKNOWN' };
    }
    const { phase, asked } = records.request;
    openedBy = asked.by;
    if (phase === 'CLOSED') {
      return { phase, openedBy };
    }
    const looked = await once(ports, records, notBefore(broughtAt, records), vote && round === 0);
    if (looked !== undefined) {
      return { phase, openedBy, ...looked };
    }
  }
  return { phase: 'UNKNOWN', ...(openedBy === undefined ? {} : { openedBy }), next: plus(broughtAt, Pace.SOON) };
}

type Looked = Required<Pick<Standing, 'next'>> & Pick<Standing, 'held' | 'followedUp'>;

/** Undefined when something was done, so that it is worth looking again at once. */
async function once(ports: Ports, records: RequestRecords, now: string, anew: boolean): Promise<Looked | undefined> {
  const { request } = records;
  switch (request.phase) {
    case 'OPENED': {
      const next = await identify(ports, request, await documentsToAsk(ports, gateOf(request)), now);
      return next === undefined ? undefined : { next };
    }
    case 'WAITING': {
      const documents = await documentsFor(ports, request);
      const gathered = await gatherWaiting(ports, { ...records, request }, documents, now, anew).catch(readAgain);
      return gathered === undefined ? undefined : act(ports, records, gathered, now);
    }
    case 'DECIDED': {
      const documents = await documentsFor(ports, request);
      const gathered = await gatherDecided(ports, { ...records, request }, documents, now).catch(readAgain);
      return gathered === undefined ? undefined : act(ports, records, gathered, now);
    }
    case 'DELIVERED': {
      const facts = isFollowedUp(request) ? await gatherFollowUp(ports, { ...records, request }, now) : { request };
      return act(ports, records, { facts, pipeline: undefined }, now);
    }
    case 'CLOSED':
      return undefined;
  }
}

function readAgain(error: unknown): undefined {
  if (!(error instanceof MeasuredMeanwhile)) {
    throw error;
  }
}

async function act(
  ports: Ports,
  records: RequestRecords,
  {
    facts,
    pipeline,
  }: { readonly facts: Parameters<typeof plan>[0]; readonly pipeline: Parameters<typeof perform>[1]['pipeline'] },
  now: string,
): Promise<Looked | undefined> {
  const { effects, next } = plan(facts, now);
  let soon: string | undefined;
  for (const effect of effects) {
    const unfinished = await perform(effect, { ports, facts, pipeline, records, now });
    soon = unfinished === undefined ? soon : soonest(unfinished, soon);
  }
  if (effects.some(({ kind }) => kind === 'invite') && (await reachChanged(ports, records))) {
    return undefined;
  }
  const again = soon === undefined ? next : soonest(soon, next);
  const kinds = effects.map(({ kind }) => kind);
  const held = kinds.includes('hold') || (facts.request.held !== undefined && !kinds.includes('release'));
  const followedUp = 'reviewers' in facts;
  return again === undefined
    ? undefined
    : { next: again, ...(held ? { held } : {}), ...(followedUp ? { followedUp } : {}) };
}

/** Whether mail reaches those who were just invited is known only now, and whether enough people can answer depends on it. */
async function reachChanged(ports: Ports, { request, invitations }: RequestRecords): Promise<boolean> {
  const reach = (all: RequestRecords['invitations']) =>
    all.map(({ approver, mailbox, sentAt }) => ({ approver, mailbox, sent: sentAt !== undefined }));
  const after = await ports.store.load(request.id);
  return !same(reach(after?.invitations ?? []), reach(invitations));
}

/** A request that is not there yet is opened by what `intake` put down for it. */
async function loadOrOpen(ports: Ports, requestId: string): Promise<RequestRecords | undefined> {
  const records = await ports.store.load(requestId);
  if (records !== undefined) {
    return records;
  }
  const asked = await ports.intake.askedFor(requestId);
  if (asked === undefined) {
    return undefined;
  }
  await ports.store.open(requestId, asked);
  return ports.store.load(requestId);
}

/** A look may be brought late, or again: what is known already is not in its future. */
function notBefore(time: string, { request, tallies, votes }: RequestRecords): string {
  const measured = tallies.map(({ last }) => last.at);
  const voted = votes.map(({ at }) => at);
  if (request.phase === 'OPENED') {
    return latestOf(time, request.asked.at);
  }
  const shown = request.shown?.evidenceHistory.map(({ since }) => since) ?? [];
  const decided = request.phase === 'WAITING' ? undefined : request.outcome.at;
  return latestOf(time, request.run?.identifiedAt, request.watchedSince, decided, ...shown, ...measured, ...voted);
}
