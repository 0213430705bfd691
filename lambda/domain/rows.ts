/**
 * Where things stand in the two tables. Times are ISO 8601 in UTC; `ttl` is in epoch seconds, cleans and never decides.
 *
 * | table | pk | sk | written by | what |
 * |---|---|---|---|---|
 * | requests | `asked#<request>` | `asked` | intake | an approval that asked |
 * | requests | `trigger#<run>` | `trigger` | intake | who made the change that a run carries |
 * | requests | `<request>` | `meta` | decide | the request in its phase |
 * | requests | `<request>` | `check#<check>` | decide | running state of a check |
 * | requests | `<request>` | `invite#<approver>` | decide | an invitation with its public keys |
 * | requests | `<request>` | `vote#<approver>` | decide | the newest verified decision of an approver |
 * | requests | `<request>` | `review#<approver>` | decide | what an approver said of a gate that somebody opened alone |
 * | requests | `<request>` | `stand-in#<approver>#<delegate>` | decide | a delegate was asked in the place of an approver who was away |
 * | requests | `measured#<request>` | `<check>#<time>` | decide | a measurement that differs from the one before, for the record |
 * | requests | `run#<run of an action>` | `<request>` | decide | index: requests of a run |
 * | requests | `fields#<run>` | `<stage>/<action>` | decide | what approvers of a gate filled in, for later actions of the run |
 * | requests | `record` | `<number>` | decide | the record: an entry for each request that ended, in a chain of hashes |
 * | requests | `in-force` | `<pipeline>/<stage>/<action>` | decide | the policy under which the gate opened last, without an end |
 * | requests | `absence` | `<person>` | decide | the newest absence of a person: from when until when, and who answers in their place |
 * | requests | `mailbox#<person>` | `<second>` | decide | mails begun in that second |
 * | requests | `digest#<person>` | `quiet` | decide | until when further mails to a person are held back |
 * | requests | `digest#<person>` | `mail#<request>#<kind>` | decide | a mail that is held back, or was sent in a digest |
 * | requests | `sign-in#<person>` | `<hash of key>` | decide | a link that signs a person in at the dashboard, with its public key |
 * | requests | `session#<session>` | `session` | decide | somebody who is signed in |
 * | requests | `overview` | `<pipeline>` | decide | what serves in the stages of a pipeline |
 * | decisions | `<request>` | `<approver>#<sha-256 of sig>` | review | a signed decision |
 * | decisions | `sign-in#<person>` | anything | review | somebody asks for a link, or uses one |
 * | decisions | `session#<session>` | anything | review | somebody who is signed in asks for something, signed |
 * | decisions | `viewer#<person>` | anything | review | somebody whom an authorizer let in asks for something, unsigned |
 */
import type { CheckTally } from './check-tally';
import { optionalDetails } from './decision-details';
import { mustBeCourse } from './parse-course';
import { RECORD_DAYS } from './limits';
import { flag, list, Malformed, object, oneOf, parsed, text, time, whole, type Fields, type Parsed } from './parsed';
import type { StandIn } from './delegation';
import type { Request } from './request';
import { DAY, millis, SECOND } from './time';
import { VERDICTS, type Invitation, type Review, type Vote } from './vote';

/** Version of the rows. A row of any other version is refused: it may mean something else by the same words. */
export const ROW_VERSION = 2;

export const META = 'meta';
export const CHECK = 'check#';
export const INVITE = 'invite#';
export const VOTE = 'vote#';
export const REVIEW = 'review#';
export const STAND_IN = 'stand-in#';

/** When a row may be cleaned away. */
export function expiryOf(at: string, kept = RECORD_DAYS * DAY): number {
  return Math.floor((millis(at) + kept) / SECOND);
}

/** All that decides about a request. */
export interface RequestRecords {
  readonly request: Request;
  readonly tallies: readonly CheckTally[];
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  readonly reviews: readonly Review[];
  readonly standIns: readonly StandIn[];
}

/** A row that this version cannot read; nothing is decided on what is left without it. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
}

/** Undefined when there is no request among the rows. */
export function recordsOf(rows: readonly Fields[]): RequestRecords | undefined {
  const meta = rows.find(({ sk }) => sk === META);
  if (meta === undefined) {
    return undefined;
  }
  const read = (prefix: string, what: string, check: (row: Fields) => void) =>
    rows
      .filter(({ sk }) => String(sk).startsWith(prefix))
      .map((row) => mustRead(parsed(what, () => checked(row, check)))) as readonly unknown[];
  return {
    request: mustRead(parseRequest(meta)),
    tallies: read(CHECK, 'check', mustBeTally) as readonly CheckTally[],
    invitations: read(INVITE, 'invitation', mustBeInvitation) as readonly Invitation[],
    votes: read(VOTE, 'vote', mustBeVote) as readonly Vote[],
    reviews: read(REVIEW, 'review', mustBeReview) as readonly Review[],
    standIns: read(STAND_IN, 'stand-in', mustBeStandIn) as readonly StandIn[],
  };
}

/** @throws UnreadableRow */
export function mustRead<T>(read: Parsed<T>): T {
  if (!read.ok) {
    throw new UnreadableRow(read.problem);
  }
  return read.value;
}

/** What the row says, without what belongs to the table. */
function checked(row: Fields, check: (row: Fields) => void): Fields {
  mustBeOfThisVersion(row);
  check(row);
  const { pk: _pk, sk: _sk, v: _v, ttl: _ttl, ...facts } = row;
  return facts;
}

const COUNTERS = [
  'passes',
  'failures',
  'failuresInARow',
  'errorsInARow',
  'inconclusives',
  'inconclusivesInARow',
] as const;

/** A counter that is missing would compare as "not above the limit", and a check would pass on it. */
export function mustBeTally(row: Fields): void {
  text(row, 'checkId');
  COUNTERS.forEach((name) => whole(row, name, 0, Number.MAX_SAFE_INTEGER));
  time(row, 'unchangedSince');
  mustBeMeasurement(object(row['last'], 'last'));
  if (row['lastFinished'] !== undefined) {
    mustBeMeasurement(object(row['lastFinished'], 'lastFinished'));
  }
  if (row['course'] !== undefined) {
    mustBeCourse(object(row['course'], 'course'));
  }
}

function mustBeShownCheck(fields: Fields): void {
  if (fields['course'] !== undefined) {
    mustBeCourse(object(fields['course'], 'course'));
  }
  if (fields['seenAt'] !== undefined) {
    text(object(fields['seenAt'], 'seenAt'), 'link');
  }
}

function mustBeMeasurement(fields: Fields): void {
  time(fields, 'at');
  oneOf(fields, 'verdict', ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS']);
}

function mustBeInvitation(row: Fields): void {
  ['approver', 'mail'].forEach((name) => text(row, name));
  flag(row, 'shared');
  if (row['until'] !== undefined) {
    time(row, 'until');
  }
  list(row['keys'], 'keys').forEach((key) => text({ key }, 'key'));
}

function mustBeVote(row: Fields): void {
  text(row, 'approver');
  optionalDetails(row, oneOf(row, 'verdict', VERDICTS));
  time(row, 'at');
  whole(row, 'seq', 0, Number.MAX_SAFE_INTEGER);
  flag(row, 'current');
  ['sig', 'key'].forEach((name) => text(row, name));
}

function mustBeReview(row: Fields): void {
  ['approver', 'comment', 'evidence', 'sig', 'key'].forEach((name) => text(row, name));
  time(row, 'at');
  whole(row, 'seq', 0, Number.MAX_SAFE_INTEGER);
}

function mustBeStandIn(row: Fields): void {
  ['person', 'delegate', 'mail'].forEach((name) => text(row, name));
  ['since', 'until', 'setAt'].forEach((name) => time(row, name));
}

const PHASES = ['OPENED', 'WAITING', 'DECIDED', 'DELIVERED', 'CLOSED'] as const;

/** A request with every fact that its phase requires. */
export function parseRequest(row: Fields): Parsed<Request> {
  return parsed('request', () => {
    mustBeOfThisVersion(row);
    const phase = oneOf(row, 'phase', PHASES);
    const asked = object(row['asked'], 'asked');
    ['pipeline', 'stage', 'action'].forEach((name) => text(asked, name));
    time(asked, 'at');
    if (phase === 'WAITING' || phase === 'DECIDED' || row['run'] !== undefined) {
      const run = object(row['run'], 'run');
      ['executionId', 'actionExecutionId'].forEach((name) => text(run, name));
      ['deadline', 'identifiedAt'].forEach((name) => time(run, name));
      ['authors', 'invited', 'revisions', 'serving'].forEach((name) => list(run[name], name));
      ['kind', 'onReject'].forEach((name) => object(run[name], name));
      const range = object(run['range'] ?? { kind: 'UNKNOWN' }, 'range');
      if (oneOf(range, 'kind', ['ALONG', 'BACK', 'UNKNOWN']) !== 'UNKNOWN') {
        ['changes', 'authors'].forEach((name) => list(range[name], name));
      }
      const shown = object(row['shown'], 'shown');
      text(shown, 'evidence');
      object(shown['policy'], 'policy');
      list(shown['evidenceHistory'], 'evidenceHistory');
      list(shown['checks'], 'checks').forEach((check) => mustBeShownCheck(object(check, 'checks')));
      list(shown['changeSets'] ?? [], 'changeSets');
    }
    if (row['held'] !== undefined) {
      const held = object(row['held'], 'held');
      ['summary', 'why'].forEach((name) => text(held, name));
      time(held, 'since');
    }
    if (phase === 'DECIDED' || phase === 'DELIVERED' || phase === 'CLOSED') {
      const outcome = object(row['outcome'], 'outcome');
      oneOf(outcome, 'kind', ['APPROVED', 'REJECTED', 'EXPIRED', 'STOPPED']);
      time(outcome, 'at');
    }
    if (phase === 'DELIVERED' || phase === 'CLOSED') {
      time(row, 'deliveredAt');
      if (row['followUp'] !== undefined) {
        const followUp = object(row['followUp'], 'followUp');
        time(followUp, 'since');
        list(followUp['openedBy'], 'openedBy');
      }
    }
    const { pk, sk: _sk, v: _v, ttl: _ttl, open: _o, openSince: _os, votesSeen: _vs, ...facts } = row;
    return { ...facts, id: text({ pk }, 'pk') } as unknown as Request;
  });
}

export function mustBeOfThisVersion(row: Fields): void {
  if (row['v'] !== ROW_VERSION) {
    throw new Malformed(`\`v\` is not ${ROW_VERSION}: this row was written by another version of the library`);
  }
}
