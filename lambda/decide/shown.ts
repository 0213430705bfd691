/** What people are shown of a request from now on: the change, how its checks stand, who has answered, and who has no vote. */
import { checksOf, peopleOf, type GatePolicy, type GateRule, type Person } from '../../contract/policy';
import { log } from '../aws/log';
import { whyNoVoter } from '../domain/break-glass';
import { whyNotOwn } from '../domain/delegation';
import { eligibility } from '../domain/eligibility';
import type { Evaluation } from '../domain/evaluate';
import { evidenceText, shownBeside, withEvidence } from '../domain/evidence';
import { gateOf, type Response, type Shown, type Waiting } from '../domain/request';
import { awayOf, responsesOf } from '../domain/responses';
import type { RequestRecords } from '../domain/rows';
import { same } from '../domain/same';
import { checksInList } from '../domain/shown-checks';
import type { Vote } from '../domain/vote';
import { sha256 } from '../signing/link-key';
import type { Placed } from './absences';
import { changeSetsNow } from './change-sets';
import type { Documents } from './documents';
import type { Pipeline, Ports } from './ports';

interface ChangeFacts {
  readonly documents: Documents;
  readonly policy: GatePolicy;
  readonly health: Evaluation | undefined;
  readonly pipeline: Pipeline | undefined;
  readonly now: string;
}

/**
 * The page and its evidence.
 *
 * @returns undefined when another look changed what people are shown meanwhile
 */
export async function showChange(
  ports: Ports,
  before: Waiting,
  { documents, policy, health, pipeline, now }: ChangeFacts,
): Promise<Waiting | undefined> {
  const newerRunWaiting = await newerRunWaits(before, policy.rule, pipeline);
  const { addedToLists: added, proposed: _proposed, changeSets: _before, ...others } = before.shown;
  const late = documents.addedToLists === undefined ? {} : { addedToLists: documents.addedToLists };
  const proposed = documents.proposed === undefined ? {} : { proposed: documents.proposed };
  const prepared = await changeSetsNow(ports, before, policy, health);
  const shown = showing({ ...others, ...late, ...proposed, policy, newerRunWaiting, ...prepared }, before, health, now);
  const request = { ...before, shown };
  if (!same(shown, before.shown) && !(await ports.store.show(request.id, shown, before.shown.evidence))) {
    return undefined;
  }
  if (shown.addedToLists !== added) {
    const keys = { requestId: request.id, ...gateOf(request), reason: `${shown.addedToLists ?? 0} since it asked` };
    log('WARN', 'a list of approvers changed: whoever was put on it has no vote on this request', keys);
  }
  return request;
}

/** The dashboard shows whom the gate still waits for. */
export async function showResponses(
  ports: Ports,
  { rule, request: { id, run, asking, responses = [] }, handedOver }: Placed<Waiting>,
  people: readonly Person[],
  votes: readonly Vote[],
  now: string,
): Promise<readonly Response[]> {
  const voters = eligibility(run, peopleOf(rule), people, now);
  const given = responsesOf(voters, votes, awayOf(handedOver, people));
  const shown = asking === undefined ? [] : given;
  if (!same(shown, responses)) {
    await ports.store.respond(id, shown, votes.length);
  }
  return given;
}

/** The page refuses people who have no vote, and says why. */
export async function showExclusions(
  ports: Ports,
  { rule, request, handedOver }: Placed<Waiting>,
  people: readonly Person[],
  { invitations }: RequestRecords,
  now: string,
): Promise<void> {
  const voters = new Map(
    eligibility(request.run, peopleOf(rule), people, now).map(({ person, excluded }) => [person.id, excluded ?? '']),
  );
  for (const { approver, excluded } of invitations) {
    const wanted = whyNotOwn(approver, handedOver, people) ?? voters.get(approver) ?? whyNoVoter(request.run, approver);
    if (wanted !== '' && wanted !== excluded) {
      await ports.invitations.mark(request.id, approver, { excluded: wanted });
      log('INFO', 'an approver has no vote', { requestId: request.id, ...gateOf(request), approver, reason: wanted });
    } else if (wanted === '' && excluded !== undefined) {
      await ports.invitations.clearExclusion(request.id, approver);
    }
  }
}

/** Asked where the answer matters: to people who decide, and to a rollback that would step aside. */
async function newerRunWaits(
  { run, shown, asking }: Waiting,
  rule: GateRule,
  pipeline: Pipeline | undefined,
): Promise<boolean> {
  const matters =
    rule.kind === 'MANUAL' || rule.kind === 'GUARDED' || asking !== undefined || run.kind.type === 'ROLLBACK';
  return matters && pipeline !== undefined ? pipeline.newerRunWaits(run.executionId) : shown.newerRunWaiting;
}

/** What people are shown from now on. */
function showing(shown: Shown, { run }: Waiting, health: Evaluation | undefined, now: string): Shown {
  const checks = checksInList(health?.checks ?? [], shown.checks);
  const bakes = (checksOf(shown.policy.rule)?.bakeMinutes ?? 0) > 0;
  const baked = shown.bakedAt === undefined && bakes && health?.verdict === 'PASS';
  const beside = shownBeside(shown.newerRunWaiting, checks, shown.changeSets, shown.proposed);
  const evidence = sha256(evidenceText({ ...run, ...beside }));
  return {
    ...shown,
    checks,
    ...(baked ? { bakedAt: now } : {}),
    ...(evidence === shown.evidence
      ? {}
      : {
          evidence,
          evidenceHistory: withEvidence(shown.evidenceHistory, { hash: evidence, since: now, shown: beside }),
        }),
  };
}
