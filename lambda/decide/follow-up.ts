/** Finds out who may close the follow-up of an emergency, and closes it. */
import { Metric } from '../../contract/names';
import { peopleOf } from '../../contract/policy';
import { count, log } from '../aws/log';
import type { Effect } from '../domain/effect';
import type { FollowUpFacts } from '../domain/facts';
import { isFollowedUp, NOBODY_REVIEWS, reviewersOf, type FollowedUp } from '../domain/follow-up';
import { closingEntryOf } from '../domain/record';
import { gateOf, type Request } from '../domain/request';
import type { RequestRecords } from '../domain/rows';
import { documentsNow } from './documents';
import type { Doing } from './effects';
import type { Ports } from './ports';

/** A policy that cannot be read, or is gone with its pipeline, leaves the one that the request knew last. */
export async function gatherFollowUp(
  ports: Ports,
  { request, reviews, invitations }: RequestRecords & { readonly request: FollowedUp },
  now: string,
): Promise<FollowUpFacts> {
  const { policy, people } = await documentsNow(ports, gateOf(request));
  const { rule } = policy.ok ? policy.value : request.shown.policy;
  const everybody = people ?? (await ports.policies.people());
  return { request, reviews, invitations, reviewers: reviewersOf(request, peopleOf(rule), everybody, now) };
}

export async function nobodyReviews(ports: Ports, request: Request, now: string): Promise<void> {
  const keys = { requestId: request.id, ...gateOf(request) };
  log('ERROR', 'nobody is left who could close a follow-up', keys);
  count(Metric.FOLLOW_UP_STUCK, ports.workflow, now, keys);
  await ports.events.put('Follow-up Stuck', now, request, { reason: NOBODY_REVIEWS });
  await ports.store.consoleOnly(request.id, NOBODY_REVIEWS);
}

/** The record first: what is closed is looked at no more. */
export async function closeFollowUp(
  { ports, records: { request }, now }: Doing,
  { review, reviewer }: Extract<Effect, { readonly kind: 'closeFollowUp' }>,
): Promise<void> {
  if (!isFollowedUp(request)) {
    return;
  }
  const entry = closingEntryOf(ports.workflow, request, review, reviewer);
  const { n, hash } = await ports.record.append(entry, now, request.closingRecorded);
  await ports.events.put('Follow-up Closed', now, request, { summary: review.comment, record: { n, hash } });
  await ports.store.close(request.id, now);
  log('INFO', 'a follow-up was closed', { requestId: request.id, ...gateOf(request), approver: reviewer.id });
}
