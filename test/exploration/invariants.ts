/** What must hold in every state (DESIGN §10), and what must come true once all is well. */
import { PutApprovalResultCommand } from '@aws-sdk/client-codepipeline';
import { createHash } from 'node:crypto';
import type { Measurement } from '../../contract/messages';
import { checksOf, peopleOf, type GatePolicy, type GroupRule, type PeopleRule } from '../../contract/policy';
import type { Outcome, Shown } from '../../lambda/domain/request';
import { MAIL_CLAIM, Pace } from '../../lambda/domain/limits';
import type { Vote } from '../../lambda/domain/vote';
import { canFill } from '../lambda/every-assignment';
import type { Call } from './calls';
import { canonical, type Row, type Rows } from './memory-table';
import { toldKind } from './services';
import { checkMeasured, plansOf, redSince } from './check-invariants';
import { must, type Invariant } from './violation';
import {
  DEADLINE,
  type Health,
  metaOf,
  nameOf,
  type Decision,
  OUR_SESSION,
  phaseOf,
  REQUEST,
  TOKEN,
  OTHER_TOKEN,
  type World,
} from './world';

/** The process that makes a step, as far as invariants ask about it. */
export interface Maker {
  /** What it knew of the request when it decided. */
  readonly loaded: Rows | undefined;
  /** What it has measured itself. */
  readonly measured: readonly Measurement[];
  /** When it really began. */
  readonly startedAt: number;
  /** Who was no approver any more when it began. */
  readonly removedBefore: readonly string[];
  /** Which change set there was when it began. */
  readonly changeSetBefore: number;
  /** The time of its turn, which is the time of its claims; tries of one turn share it. */
  readonly turnAt: number;
  /** Times of the turns that are under way beside it. */
  readonly others: readonly number[];
}

const RANKS = ['OPENED', 'WAITING', 'DECIDED', 'DELIVERED', 'CLOSED'];

/** Secrets of the whole exploration: seeds of links, tokens of approvals. */
export class Secrets {
  private readonly known = new Set<string>([TOKEN, OTHER_TOKEN]);
  private readonly clean = new Set<number>();

  secret(seed: string): void {
    this.known.add(seed);
  }

  logged(line: string): void {
    must('no secret in a row, a name or a log line', !this.holdsOne(line), () => `log: ${line}`);
  }

  checkRow(row: Row): void {
    if (!this.clean.has(row.id)) {
      must('no secret in a row, a name or a log line', !this.holdsOne(row.json), () => `row: ${row.json}`);
      this.clean.add(row.id);
    }
  }

  checkText(text: string): void {
    must('no secret in a row, a name or a log line', !this.holdsOne(text), () => text);
  }

  private holdsOne(text: string): boolean {
    return text.includes(TOKEN) || text.includes(OTHER_TOKEN) || (text.match(/[\w-]{43,}/g) ?? []).some(this.isSecret);
  }

  private readonly isSecret = (word: string): boolean =>
    word.length === 43 ? this.known.has(word) : [...this.known].some((secret) => word.includes(secret));
}

/** One call of one process. */
export function checkCall(before: World, after: World, call: Call, by: Maker, policy: GatePolicy): void {
  if (before.rows !== after.rows) {
    checkPhase(before, after);
    checkVotes(before, after);
    checkTallies(before, after);
    checkDecided(before, after, by, policy);
    checkDeliveredRow(before, after);
    checkRecord(before, after);
    checkSessions(before, after);
  }
  if (call.port === 'codepipeline' && call.command instanceof PutApprovalResultCommand) {
    checkAnswer(before, after, call.command, by, policy);
  }
  if (call.port === 'event' && call.type === 'Approval Decided') {
    checkAnchor(after, call.details);
  }
  if (call.port === 'mail' && after.mail.told !== before.mail.told) {
    checkTold(before, call, by);
  }
}

function checkPhase(before: World, after: World): void {
  const [from, to] = [metaOf(before), metaOf(after)];
  if (from === to || from === undefined) {
    return;
  }
  const [old, young] = [String(from.fields['phase']), String(to?.fields['phase'])];
  must('phases only go forward', RANKS.indexOf(young) >= RANKS.indexOf(old), () => `${old} became ${young}`);
  for (const name of ['outcome', 'overtakenBy', 'deliveredAt', 'closedAt']) {
    const [was, is] = [from.fields[name], to?.fields[name]];
    must(
      'one outcome that never changes',
      was === undefined || JSON.stringify(was) === JSON.stringify(is),
      () => `${name} was ${JSON.stringify(was)} and became ${JSON.stringify(is)}`,
    );
  }
}

export function votesIn(rows: Rows): readonly (Vote & { readonly row: Row })[] {
  return rows
    .filter(({ pk, sk }) => pk === REQUEST && sk.startsWith('vote#'))
    .map((row) => ({ ...(row.fields as unknown as Vote), row }));
}

function checkVotes(before: World, after: World): void {
  const [was, is] = [votesIn(before.rows), votesIn(after.rows)];
  for (const old of was) {
    const now = is.find(({ row }) => row.sk === old.row.sk);
    const kept =
      now !== undefined &&
      (now.row === old.row || now.seq > old.seq || (now.seq === old.seq && old.verdict !== 'REJECT'));
    must('votes are neither lost nor counted twice', kept, () => {
      const young = now === undefined ? 'is gone' : `gave way to an older ${now.verdict}`;
      return `the ${old.verdict} of ${nameOf(old.approver)} ${young}`;
    });
  }
  for (const vote of is.filter(({ row }) => !was.some((old) => old.row === row))) {
    const decision = after.decisions.find(({ sig }) => sig === vote.sig);
    const genuine =
      decision !== undefined &&
      decision.approver === vote.approver &&
      decision.verdict === vote.verdict &&
      decision.seq === vote.seq;
    must('votes are neither lost nor counted twice', genuine, () => `nobody gave the vote ${vote.row.json}`);
    const twice = is.some(({ row, sig }) => row !== vote.row && sig === vote.sig);
    must(
      'votes are neither lost nor counted twice',
      !twice,
      () => `one decision of ${nameOf(vote.approver)} is two votes`,
    );
  }
}

/** The stream has brought this decision and does not bring it again: nobody may miss it, whenever he has read the votes. */
function isTaken({ stream, decisions }: World, sig: string): boolean {
  return decisions.some((one) => one.sig === sig && !stream.some(({ id }) => id === one.id));
}

function checkTallies(before: World, after: World): void {
  for (const row of before.rows.filter(({ pk, sk }) => pk === REQUEST && sk.startsWith('check#'))) {
    const [was, is] = [row, after.rows.find(({ pk, sk }) => pk === REQUEST && sk === row.sk)].map((one) =>
      Number(one?.fields['failures']),
    );
    must('a failure that was counted stays', (is ?? 0) >= (was ?? 0), () => `${was ?? 0} failures became ${is ?? 0}`);
  }
}

/** Those who are asked later count from the moment when they are asked, and not before. */
function withFurther(people: PeopleRule | undefined, meta: Row | undefined): PeopleRule | undefined {
  const { escalatedAt } = (meta?.fields['asking'] ?? {}) as { readonly escalatedAt?: string };
  const further = escalatedAt === undefined ? undefined : people?.escalation;
  return people === undefined || further === undefined
    ? people
    : { ...people, groups: people.groups.map((group) => ({ ...group, ids: [...group.ids, ...further.ids] })) };
}

/** Each place is that of its approver, or of whoever answered in it while its approver was away. */
function placesBy(
  { groups }: PeopleRule,
  sigs: readonly string[],
  decisions: World['decisions'],
): readonly GroupRule[] {
  const given = decisions.filter(({ sig }) => sigs.includes(sig));
  const holderOf = (id: string) =>
    given.some(({ approver }) => approver === id)
      ? id
      : (given.find(({ standsFor }) => standsFor.includes(id))?.approver ?? id);
  return groups.map((group) => ({ ...group, ids: group.ids.map(holderOf) }));
}

/** Somebody who may signed it in time, as the process that decided knew, and it knew of every rejection that was kept. */
function checkOpenedAlone(before: World, after: World, by: Maker, { rule }: GatePolicy): void {
  const people = peopleOf(rule);
  const isHere = (id: string): boolean => !by.removedBefore.includes(id);
  const named = Array.isArray(people?.breakGlass) ? (people.breakGlass as readonly string[]).filter(isHere) : [];
  const known = votesIn(by.loaded ?? []);
  const signed = known.some(
    ({ approver, verdict, sig }) =>
      verdict === 'BREAK_GLASS' &&
      named.includes(approver) &&
      after.decisions.some((one) => one.sig === sig && one.verdict === verdict && one.at < DEADLINE),
  );
  const taken = votesIn(before.rows).filter(({ sig }) => isTaken(before, sig));
  const no = [...known, ...taken].filter(
    ({ approver, verdict }) => verdict === 'REJECT' && idsIn(people).includes(approver) && isHere(approver),
  );
  must(
    'one person alone opens a gate only in an emergency that is theirs to name',
    signed && no.length === 0,
    () => `opened by ${named.map(nameOf).join(', ')} and ${no.length} against`,
  );
}

/** Judged anew, by other means than the code: from what the process knew, and what people really did. */
function checkDecided(before: World, after: World, by: Maker, policy: GatePolicy): void {
  const meta = metaOf(after);
  if (phaseOf(after) !== 'DECIDED' || phaseOf(before) === 'DECIDED' || meta === undefined) {
    return;
  }
  const outcome = meta.fields['outcome'] as Outcome;
  if (outcome.by === 'NEWER_RUN') {
    checkReplaced(before, outcome, by, policy);
  }
  const { rule, window, changeSets } = policy;
  if (outcome.kind !== 'APPROVED') {
    const asks = rule.kind === 'AUTOMATED_ELSE_PEOPLE' && rule.onFail === 'ASK_APPROVERS';
    must(
      'a check that fails rejects nothing where people are asked then',
      !asks || outcome.by !== 'CHECKS',
      () => outcome.summary,
    );
    return;
  }
  must(
    'nothing is approved while its window is closed',
    isOpen(window, by.startedAt) || outcome.by === 'BREAK_GLASS',
    () => 'decided before the window opens, when it may still be taken back',
  );
  if (outcome.by === 'BREAK_GLASS') {
    checkOpenedAlone(before, after, by, policy);
    return;
  }
  if (outcome.by === 'PEOPLE') {
    // What was made again since is another change.
    const isOfTheChange = ({ verdict, changeSet }: Decision) =>
      verdict === 'REJECT' || changeSets === undefined || changeSet >= by.changeSetBefore;
    const people = withFurther(peopleOf(rule), meta);
    const able = [...idsIn(people), ...Object.values(people?.delegates ?? {}).flat()].filter(
      (id) => !by.removedBefore.includes(id),
    );
    const known = votesIn(by.loaded ?? []).filter(
      ({ approver, at }) => able.includes(approver) && Date.parse(at) < DEADLINE,
    );
    const signed = (approver: string, verdict: string) =>
      known.some(
        (vote) =>
          vote.approver === approver &&
          vote.verdict === verdict &&
          after.decisions.some((one) => one.sig === vote.sig && one.at < DEADLINE && isOfTheChange(one)),
      );
    const yes = able.filter((id) => signed(id, 'APPROVE'));
    const signedBy = known.filter(({ verdict }) => verdict === 'APPROVE').map(({ sig }) => sig);
    const taken = votesIn(before.rows).filter(({ sig }) => isTaken(before, sig));
    const counted = [...known, ...taken].filter(({ approver }) => able.includes(approver)).map(({ sig }) => sig);
    const early = after.decisions.find(({ sig, start }) => counted.includes(sig) && (start ?? 0) > by.startedAt);
    must(
      'nothing is approved before the time for which it was approved',
      early === undefined,
      () =>
        `decided ${((early?.start ?? 0) - by.startedAt) / 1000} s before the time of ${nameOf(early?.approver ?? '')}`,
    );
    const no = able.filter((id) =>
      [...known, ...taken].some(({ approver, verdict }) => approver === id && verdict === 'REJECT'),
    );
    must(
      'an approval has its quorum or its health',
      people !== undefined && canFill(placesBy(people, signedBy, after.decisions), yes) && no.length === 0,
      () => `approved by ${yes.map(nameOf).join(', ')} and ${no.length} against`,
    );
  }
  const depends = outcome.by === 'CHECKS' || rule.kind === 'GUARDED';
  if (depends && outcome.by !== 'ROLLBACK' && !outcome.summary.includes('Warning')) {
    const tallies = (by.loaded ?? []).filter(({ sk }) => sk.startsWith('check#'));
    const now = after.rows.filter(({ sk, pk }) => pk === REQUEST && sk.startsWith('check#'));
    const seen = [...tallies, ...now].some(({ fields }) => (fields['last'] as { verdict: string }).verdict === 'PASS');
    must(
      'an approval has its quorum or its health',
      seen && outcome.whileHealthy === true,
      () => 'nothing was healthy',
    );
    checkMeasured(after, outcome, by, policy);
  }
  if (outcome.by === 'CHECKS' && (checksOf(rule)?.bakeMinutes ?? 0) > 0) {
    const failed = after.rows.filter(({ pk, fields }) => pk === `measured#${REQUEST}` && fields['verdict'] === 'FAIL');
    must(
      'an approval has its quorum or its health',
      failed.length === 0,
      () => `approved although the record holds a failure at ${failed[0]?.sk ?? ''}`,
    );
  }
}

/** Only where the rule says so, a newer run did come, and the votes that were known were not enough. */
function checkReplaced({ newerRunCame }: World, outcome: Outcome, by: Maker, { rule }: GatePolicy): void {
  const invariant: Invariant = 'a newer run takes no place that is not free for it';
  const people = peopleOf(rule);
  must(invariant, outcome.kind === 'REJECTED', () => `${outcome.kind} for a newer run`);
  must(invariant, people?.newerRun === 'REPLACES', () => 'its rule does not say so');
  must(invariant, newerRunCame, () => 'no newer run had come');
  const yes = votesIn(by.loaded ?? []).flatMap(({ approver, verdict }) => (verdict === 'APPROVE' ? [approver] : []));
  must(invariant, people !== undefined && !canFill(people.groups, yes), () => 'it had all its approvals');
}

function checkDeliveredRow(before: World, after: World): void {
  const meta = metaOf(after);
  if (phaseOf(after) !== 'DELIVERED' || phaseOf(before) === 'DELIVERED' || meta === undefined) {
    return;
  }
  const { outcome, overtakenBy } = meta.fields as { readonly outcome: Outcome; readonly overtakenBy?: Outcome };
  const { status, by } = after.gate;
  const ending = overtakenBy ?? outcome;
  must('delivered means that CodePipeline has it', status !== 'WAITING', () => `marked while the approval still waits`);
  const agrees = {
    WAITING: [''],
    SUCCEEDED: ['APPROVED'],
    FAILED: ['REJECTED', 'EXPIRED'],
    ABANDONED: ['STOPPED'],
  }[status].includes(ending.kind);
  must('delivered means that CodePipeline has it', agrees, () => `${ending.kind} while CodePipeline has ${status}`);
  const ours = by === OUR_SESSION;
  const wasDecided = phaseOf(before) === 'DECIDED';
  must(
    'delivered means that CodePipeline has it',
    ours === (wasDecided && overtakenBy === undefined),
    () => `the answer ${ours ? 'is ours' : 'is not ours'}, and the request says otherwise: ${meta.json}`,
  );
}

const RECORD_HOLDS: Invariant = 'the record has one entry for each request that ended, without a gap';

function entriesIn({ rows }: World): readonly Row[] {
  return rows.filter(({ pk }) => pk === 'record');
}

/** What an entry says, without the time when it may be cleaned away. */
function entryOf({ fields: { ttl: _ttl, ...said } }: Row): string {
  return JSON.stringify(said);
}

/** The hashes are made anew, by other code than that which made them. */
function checkRecord(before: World, after: World): void {
  const [was, is] = [entriesIn(before), entriesIn(after)];
  for (const old of was) {
    const now = is.find(({ sk }) => sk === old.sk);
    must(RECORD_HOLDS, now !== undefined && entryOf(now) === entryOf(old), () => `entry ${old.sk} was changed`);
  }
  const requests = is.map(({ fields }) => (fields['entry'] as { readonly request: string }).request);
  must(RECORD_HOLDS, new Set(requests).size === is.length, () => `a request has two entries: ${requests.join()}`);
  is.forEach(({ fields, sk }, index) => {
    const { n, at, previous, entry, hash } = fields as Record<string, string>;
    must(RECORD_HOLDS, Number(n) === index + 1 && Number(sk) === Number(n), () => `entry ${sk} follows ${index}`);
    const before = is[index - 1]?.fields as Record<string, string> | undefined;
    must(RECORD_HOLDS, previous === (before?.['hash'] ?? '0'.repeat(64)), () => `entry ${sk} hangs on nothing`);
    must(RECORD_HOLDS, (before?.['at'] ?? '') <= (at ?? ''), () => `entry ${sk} is earlier than the one before`);
    const text = JSON.stringify(canonical(['cdk-approval-gates/record/v1', n, at, previous, entry]));
    must(RECORD_HOLDS, hash === createHash('sha256').update(text).digest('hex'), () => `the hash of ${sk} is wrong`);
  });
  if (phaseOf(after) === 'CLOSED') {
    const own = is.find(({ fields }) => (fields['entry'] as { readonly request: string }).request === REQUEST);
    must(RECORD_HOLDS, own !== undefined, () => 'closed, and not recorded');
    must(
      RECORD_HOLDS,
      metaOf(after)?.fields['recorded'] === own?.fields['n'],
      () =>
        `recorded as ${String(own?.fields['n'])}, and the request says ${String(metaOf(after)?.fields['recorded'])}`,
    );
    const { outcome, overtakenBy } = own?.fields['entry'] as Record<string, unknown>;
    const meta = metaOf(after)?.fields ?? {};
    must(
      RECORD_HOLDS,
      same(outcome, meta['outcome']) && same(overtakenBy, meta['overtakenBy']),
      () => 'the record tells of another end',
    );
  }
}

function same(recorded: unknown, known: unknown): boolean {
  const { whileHealthy: _whileHealthy, ...outcome } = (known ?? {}) as Record<string, unknown>;
  return JSON.stringify(canonical(recorded ?? {})) === JSON.stringify(canonical(outcome));
}

const SIGNS_IN: Invariant = 'a link to sign in begins one session, of the person it was sent to';

/** By what people did: which link, in which browser. */
function checkSessions({ rows: before }: World, { rows, wishes, mail }: World): void {
  const sessions = rows.filter(({ pk }) => pk.startsWith('session#'));
  const begun = sessions.map(({ pk, fields }) => {
    const used = wishes.find(({ kind, session }) => kind === 'USE' && pk === `session#${session}`);
    const sent = mail.signIns.find(({ seed }) => seed === used?.link);
    const own = fields['approver'];
    must(SIGNS_IN, sent?.approver === own, () => `a session of ${nameOf(String(own))}, who had no such link`);
    return used?.link;
  });
  must(SIGNS_IN, new Set(begun).size === begun.length, () => 'one link began two sessions');
  for (const { pk, fields } of before.filter((row) => row.pk.startsWith('session#'))) {
    const now = sessions.find((row) => row.pk === pk)?.fields;
    must(SIGNS_IN, fields['endedAt'] === undefined || now?.['endedAt'] !== undefined, () => 'a session came back');
  }
}

/** An event that is archived elsewhere has to fit the record. */
function checkAnchor(world: World, details: object): void {
  const { record } = details as { readonly record?: { readonly n: number; readonly hash: string } };
  const fits = entriesIn(world).some(
    ({ fields }) =>
      fields['n'] === record?.n &&
      fields['hash'] === record?.hash &&
      (fields['entry'] as { readonly request: string }).request === REQUEST,
  );
  must(RECORD_HOLDS, fits, () => `the event names ${JSON.stringify(record)}`);
}

function checkAnswer(
  before: World,
  after: World,
  { input }: PutApprovalResultCommand,
  by: Maker,
  policy: GatePolicy,
): void {
  const { window } = policy;
  const invariant: Invariant = 'delivered once, as decided, by the token of its run';
  must(invariant, input.token === TOKEN, () => 'the answer has the token of another run');
  const outcome = metaOf(before)?.fields['outcome'] as Outcome | undefined;
  must(invariant, outcome !== undefined, () => 'an answer without an outcome');
  const approved = input.result?.status === 'Approved';
  must(
    invariant,
    (outcome?.kind === 'APPROVED') === approved,
    () => `${input.result?.status ?? ''} is not the outcome`,
  );
  must(invariant, after.gate.ours <= 1, () => 'it took effect twice');
  must(
    'nothing is approved while its window is closed',
    !approved || outcome?.by === 'BREAK_GLASS' || isOpen(window, by.startedAt),
    () => `the window was closed when this look began`,
  );
  const began = Math.min(by.startedAt, before.clock);
  const redFor = began - (redSince(before, plansOf(policy), began) ?? began);
  must(
    'nothing is approved while its health is red',
    !approved || outcome?.whileHealthy !== true || redFor <= Pace.FRESH_HEALTH,
    () => `the check was red for ${redFor / 1000} s when this look began`,
  );
}

function checkTold(before: World, { recipient, mail }: Extract<Call, { readonly port: 'mail' }>, by: Maker): void {
  const invariant: Invariant = 'one outcome mail for a person, of what really happened';
  const earlier = before.mail.told.filter(({ approver }) => approver === recipient.id);
  // A look that died, or could not note what it had sent, has its claim until the time is over that began with its turn.
  const isOver = (look: number) => before.clock - look >= MAIL_CLAIM && !by.others.includes(look);
  const soon = earlier.find(
    ({ at, look, unsure }) => unsure !== true && !isOver(look) && before.clock - at < MAIL_CLAIM,
  );
  must(
    invariant,
    soon === undefined,
    () => `${nameOf(recipient.id)} was told ${before.clock - (soon?.at ?? 0)} ms before`,
  );
  must(invariant, before.gate.status !== 'WAITING', () => 'told while the approval still waits');
  const kind = toldKind(mail.subject);
  const truth = {
    WAITING: [''],
    SUCCEEDED: ['APPROVED'],
    FAILED: ['REJECTED', 'EXPIRED'],
    ABANDONED: ['STOPPED'],
  }[before.gate.status];
  must(invariant, truth.includes(kind), () => `told ${kind} while CodePipeline has ${before.gate.status}`);
}

/** Of what one person says at once, the last of these counts. */
const CARE = ['BREAK_GLASS', 'APPROVE', 'REJECT'];

/** A batch of the stream was taken, and the records with these numbers do not come again. */
export function checkTaken(world: World, ids: readonly number[]): void {
  if (phaseOf(world) !== 'WAITING') {
    return;
  }
  for (const decision of world.decisions.filter(({ id, at }) => ids.includes(id) && at < DEADLINE)) {
    const vote = votesIn(world.rows).find(({ approver }) => approver === decision.approver);
    const kept =
      vote !== undefined &&
      (vote.seq > decision.seq ||
        (vote.seq === decision.seq && CARE.indexOf(vote.verdict) >= CARE.indexOf(decision.verdict)));
    must(
      'votes are neither lost nor counted twice',
      kept,
      () => `the ${decision.verdict} of ${nameOf(decision.approver)} was taken and is no vote`,
    );
  }
}

/** How a request has to end, if from here on everything works and nobody does anything more; undefined = in any way. */
export function expectedEnding(world: World, { rule, changeSets }: GatePolicy): 'SUCCEEDED' | 'FAILED' | undefined {
  const { gate, decisions, clock, policy } = world;
  if (gate.status !== 'WAITING' || clock > DEADLINE - 20 * 60_000 || !policy.readable) {
    return undefined;
  }
  const fixed = metaOf(world)?.fields['outcome'] as Outcome | undefined;
  if (fixed !== undefined) {
    return fixed.kind === 'APPROVED' ? 'SUCCEEDED' : 'FAILED';
  }
  if (rule.kind === 'AUTOMATED') {
    return wasEverWell(world) ? 'SUCCEEDED' : undefined;
  }
  const people = withFurther(peopleOf(rule), metaOf(world));
  const asked = rule.kind !== 'AUTOMATED_ELSE_PEOPLE' || metaOf(world)?.fields['asking'] !== undefined;
  if (people === undefined || !asked) {
    return undefined;
  }
  const sawChangeSet = ({ changeSet }: Decision) => changeSets === undefined || changeSet === world.changeSet;
  const able = idsIn(people).filter((id) => !policy.removed.includes(id));
  const last = able.flatMap((id) => {
    const own = decisions.filter(({ approver }) => approver === id);
    const top = Math.max(...own.map(({ seq }) => seq));
    const newest = own.filter(({ seq }) => seq === top);
    const isNo = newest.some(({ verdict }) => verdict === 'REJECT');
    const isAlone = newest.every(({ verdict }) => verdict === 'BREAK_GLASS');
    return newest.length === 0
      ? []
      : [{ id, isNo, isAlone, isInSight: newest.every((one) => sawWeakening(world, one) && sawChangeSet(one)) }];
  });
  const yes = last.flatMap(({ id, isNo, isAlone, isInSight }) => (isNo || isAlone || !isInSight ? [] : [id]));
  if (last.some(({ isNo }) => isNo)) {
    return 'FAILED';
  }
  if (last.some(({ id, isAlone, isInSight }) => isAlone && isInSight && people.breakGlass?.includes(id) === true)) {
    return 'SUCCEEDED';
  }
  if (world.behind && people.newerRun === 'REPLACES') {
    // Enough approvals count if a look knows of them before it knows of the newer run.
    return canFill(people.groups, yes) ? undefined : 'FAILED';
  }
  return canFill(people.groups, yes) ? 'SUCCEEDED' : undefined;
}

/** Whatever was measured, and whatever can be measured later of the time before. */
function wasEverWell({ rows, health }: World): boolean {
  const isWell = (one: Health | undefined): boolean =>
    one === undefined || ((one.verdict === 'PASS' || one.verdict === 'IN_PROGRESS') && isWell(one.before));
  const measured = rows.filter(({ pk, sk }) => pk === REQUEST && sk.startsWith('check#'));
  const doubts = measured.some(({ fields }) =>
    ['failures', 'inconclusives', 'errorsInARow'].some((name) => Number(fields[name]) > 0),
  );
  return isWell(health) && !doubts;
}

/** Who approved before a weaker policy was shown has approved something else. */
function sawWeakening(world: World, { evidence }: World['decisions'][number]): boolean {
  const shown = metaOf(world)?.fields['shown'] as Shown | undefined;
  return !world.policy.weakened || (shown?.proposed !== undefined && shown.evidence === evidence);
}

/** By other means than the code: hours of one day, in UTC. */
function isOpen(window: GatePolicy['window'], time: number): boolean {
  const minute = Math.floor(time / 60_000) % (24 * 60);
  return window === undefined || window.ranges.some(({ from, to }) => from <= minute && minute < to);
}

function idsIn(people: PeopleRule | undefined): readonly string[] {
  return [...new Set((people?.groups ?? []).flatMap(({ ids }) => ids))];
}

/** @param everybody was to be asked in time, where the time ran out */
export function checkEnding(world: World, expected: 'SUCCEEDED' | 'FAILED' | undefined, everybody = false): void {
  const invariant: Invariant = 'everything ends well once all is well';
  const { gate, mail, events } = world;
  // Nobody reviews anything here, so a gate that one person opened alone is left with its follow-up.
  const isFollowedUp = phaseOf(world) === 'DELIVERED' && metaOf(world)?.fields['followUp'] !== undefined;
  must(
    invariant,
    phaseOf(world) === 'CLOSED' || isFollowedUp,
    () => `the request stays ${phaseOf(world) ?? 'unknown'}`,
  );
  must(invariant, gate.status !== 'WAITING', () => 'CodePipeline has no answer');
  must(
    invariant,
    expected === undefined || (gate.status === expected && gate.by === OUR_SESSION),
    () => `decisions that came in time should have made it ${expected ?? ''}, and it is ${gate.status}`,
  );
  for (const { kind, link, session } of world.wishes) {
    const isOpen = (id: string | undefined) => world.rows.some(({ pk }) => pk === `session#${id}`);
    const sharing = world.wishes.filter((one) => one.kind === 'USE' && one.link === link);
    must(
      invariant,
      kind !== 'USE' || sharing.some((one) => isOpen(one.session)),
      () => 'a link to sign in did nothing',
    );
    const ended = world.rows.find(({ pk }) => pk === `session#${session}`)?.fields['endedAt'];
    must(invariant, kind !== 'SIGN_OUT' || ended !== undefined, () => 'who signed out is still signed in');
    const wanted = world.wishes.filter((one) => one.kind === 'LINK');
    must(invariant, wanted.length === 0 || mail.signIns.length > 0, () => 'no link to sign in was sent');
  }
  const shown = metaOf(world)?.fields['shown'] as Shown | undefined;
  const wanted = everybody && gate.at !== undefined && gate.at >= DEADLINE ? idsIn(peopleOf(shown!.policy.rule)) : [];
  const unasked = wanted.find((id) => !mail.links.some(({ approver, at }) => approver === id && at < DEADLINE));
  must(invariant, unasked === undefined, () => `${nameOf(unasked ?? '')} was never asked`);
  const untold = mail.links.find((link) => !mail.told.some(({ approver }) => approver === link.approver));
  must(
    invariant,
    untold === undefined,
    () => `${nameOf(untold?.approver ?? '')} has a link and never heard the outcome`,
  );
  must(invariant, events.includes('Approval Decided'), () => 'no event told the outcome');
}
