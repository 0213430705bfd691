/** Reads the record: rows of the table, and exports that come from anywhere. What is not understood is refused. */
import { CLOSING, RECORD_KIND, RECORD_VERSION, type RecordExport, type RecordRow } from '../../contract/record';
import { optionalDetails } from './decision-details';
import { COMMENT_LIMIT } from './limits';
import { mustBeCourse } from './parse-course';
import {
  flag,
  list,
  Malformed,
  NAME,
  object,
  oneOf,
  optionalText,
  parsed,
  text,
  time,
  whole,
  type Fields,
  type Parsed,
} from './parsed';
import { parsePeopleRule } from './parse-policy';
import { APPROVER_ID, EVIDENCE, REQUEST_ID, VERDICTS } from './vote';

const HASH = /^[0-9a-f]{64}$/;
const KINDS = ['APPROVED', 'REJECTED', 'EXPIRED', 'STOPPED'] as const;
const WAYS = ['PEOPLE', 'BREAK_GLASS', 'CHECKS', 'ROLLBACK', 'NEWER_RUN', 'CONSOLE', 'BYPASS', 'CODEPIPELINE'] as const;
/** No entry that we write is nested deeper. */
const DEEPEST = 16;
/** Longer than anything that CodePipeline tells. */
const FOREIGN_LIMIT = 16_384;
/** No gate asks so many people: a policy would not hold them. */
const MOST_PEOPLE = 1_000;

/** What the next entry has to know of a row. */
export interface RecordPlace extends Pick<RecordRow, 'n' | 'at' | 'hash'> {
  readonly request: string;
  readonly isClosing: boolean;
}

export function parseRecordPlace(row: Fields): Parsed<RecordPlace> {
  return parsed('record', () => {
    mustBeOfThisVersion(row);
    const entry = object(row['entry'], 'entry');
    return { ...placeOf(row), request: text(entry, 'request', REQUEST_ID), isClosing: entry['kind'] !== undefined };
  });
}

/** A row of the record, from the table or from an export, without what belongs to the table. */
export function parseRecordRow(row: Fields): Parsed<RecordRow> {
  return parsed(nameOf(row), () => rowOf(row));
}

/** An export: of one workflow, in the order of its numbers. Whether the numbers have gaps is for whoever verifies it. */
export function parseRecordExport(value: unknown): Parsed<RecordExport> {
  return parsed('export', () => {
    const fields = object(value, 'export');
    if (fields['kind'] !== RECORD_KIND) {
      throw new Malformed(`\`kind\` is not ${RECORD_KIND}`);
    }
    mustBeOfThisVersion(fields);
    const [from, to] = [optionalText(fields, 'from'), optionalText(fields, 'to')];
    const entries = list(fields['entries'], 'entries').map((entry, index) => {
      const row = object(entry, `entries[${index}]`);
      const read = parseRecordRow(row);
      if (!read.ok) {
        throw new Malformed(read.problem);
      }
      return read.value;
    });
    return {
      kind: RECORD_KIND,
      v: RECORD_VERSION,
      workflow: text(fields, 'workflow'),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      entries,
    };
  });
}

/** An entry is known by its number, if it has one. */
function nameOf({ n }: Fields): string {
  return Number.isSafeInteger(n) ? `entry ${n}` : 'an entry without a number';
}

function mustBeOfThisVersion(fields: Fields): void {
  if (fields['v'] !== RECORD_VERSION) {
    throw new Malformed(`\`v\` is not ${RECORD_VERSION}: this was written by another version of the library`);
  }
}

function placeOf(row: Fields): Pick<RecordRow, 'n' | 'at' | 'hash'> {
  time(row, 'at');
  return {
    n: whole(row, 'n', 1, 999_999_999_999),
    at: text(row, 'at'),
    hash: text(row, 'hash', HASH),
  };
}

function rowOf(row: Fields): RecordRow {
  mustBeOfThisVersion(row);
  const place = { ...placeOf(row), previous: text(row, 'previous', HASH) };
  const entry = object(row['entry'], 'entry');
  mustBeFlat(entry, DEEPEST);
  if (entry['kind'] === undefined) {
    mustBeEntry(entry);
  } else {
    mustBeClosing(entry);
  }
  return { v: RECORD_VERSION, ...place, entry: entry as unknown as RecordRow['entry'] };
}

/** What is nested without end could not be hashed. */
function mustBeFlat(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth === 0) {
    throw new Malformed(`it is nested deeper than ${DEEPEST} levels`);
  }
  Object.values(value).forEach((part) => mustBeFlat(part, depth - 1));
}

function mustBeEntry(entry: Fields): void {
  text(entry, 'workflow');
  text(entry, 'request', REQUEST_ID);
  const gate = object(entry['gate'], 'gate');
  ['pipeline', 'stage', 'action'].forEach((name) => text(gate, name, NAME));
  const asked = object(entry['asked'], 'asked');
  time(asked, 'at');
  oneOf(asked, 'by', ['NOTIFICATION', 'EVENT']);
  if (entry['run'] !== undefined || entry['rule'] !== undefined) {
    mustBeRun(object(entry['run'], 'run'));
    mustBeRule(object(entry['rule'], 'rule'));
  }
  people(entry, 'invited').forEach(mustBeInvitation);
  people(entry, 'votes').forEach(mustBeVote);
  mustBeShown(entry);
  if (entry['standIns'] !== undefined) {
    people(entry, 'standIns').forEach(mustBeStandIn);
  }
  if (entry['checks'] !== undefined) {
    objects(entry, 'checks').forEach(mustBeCheck);
  }
  mustBeOutcome(object(entry['outcome'], 'outcome'));
  if (entry['overtakenBy'] !== undefined) {
    mustBeOutcome(object(entry['overtakenBy'], 'overtakenBy'));
  }
  time(entry, 'deliveredAt');
}

function mustBeClosing(entry: Fields): void {
  oneOf(entry, 'kind', [CLOSING]);
  text(entry, 'workflow');
  text(entry, 'request', REQUEST_ID);
  const gate = object(entry['gate'], 'gate');
  ['pipeline', 'stage', 'action'].forEach((name) => text(gate, name, NAME));
  whole(entry, 'about', 1, 999_999_999_999);
  time(entry, 'openedAt');
  list(entry['openedBy'], 'openedBy').forEach((approver) => text({ approver }, 'approver', APPROVER_ID));
  const reviewer = object(entry['reviewer'], 'reviewer');
  text(reviewer, 'approver', APPROVER_ID);
  text(reviewer, 'mail');
  optionalText(reviewer, 'name');
  mustBeSigned(object(entry['review'], 'review'));
}

function mustBeRun(run: Fields): void {
  text(run, 'executionId');
  time(run, 'deadline');
  oneOf(run, 'kind', ['STANDARD', 'ROLLBACK']);
  ['target', 'trigger', 'startedBy'].forEach((name) => foreign(run[name] ?? '', name));
  list(run['authors'], 'authors').forEach((author) => foreign(author, 'authors'));
  for (const revision of [...objects(run, 'revisions'), ...objects(run, 'serving')]) {
    ['name', 'id'].forEach((name) => foreign(revision[name], name));
    ['message', 'url', 'author', 'createdAt'].forEach((name) => foreign(revision[name] ?? '', name));
  }
}

/** The people of a rule are read as those of a policy are: the same code judges both. */
function mustBeRule(rule: Fields): void {
  const kind = oneOf(rule, 'kind', ['MANUAL', 'AUTOMATED', 'GUARDED', 'AUTOMATED_ELSE_PEOPLE']);
  if (kind !== 'AUTOMATED') {
    parsePeopleRule(object(rule['people'], 'people'));
  } else if (rule['people'] !== undefined) {
    throw new Malformed('`people` stands in a rule that asks nobody');
  }
  if (rule['onFail'] !== undefined) {
    oneOf(rule, 'onFail', ['ASK_APPROVERS']);
    if (kind !== 'AUTOMATED_ELSE_PEOPLE') {
      throw new Malformed('`onFail` stands in a rule of another kind');
    }
  }
  list(rule['weakens'] ?? [], 'weakens').forEach((loss) => foreign(loss, 'weakens'));
}

function mustBeInvitation(invitation: Fields): void {
  text(invitation, 'approver', APPROVER_ID);
  text(invitation, 'mail');
  flag(invitation, 'shared');
  ['name', 'excluded'].forEach((name) => optionalText(invitation, name));
  if (invitation['sentAt'] !== undefined) {
    time(invitation, 'sentAt');
  }
}

function mustBeStandIn(standIn: Fields): void {
  ['person', 'delegate'].forEach((name) => text(standIn, name, APPROVER_ID));
  text(standIn, 'mail');
  optionalText(standIn, 'name');
  ['since', 'until'].forEach((name) => time(standIn, name));
}

function mustBeCheck(check: Fields): void {
  ['title', 'reason'].forEach((name) => foreign(check[name], name));
  oneOf(check, 'verdict', ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'RUNNING', 'UNREADABLE']);
  flag(check, 'observeOnly');
  if (check['course'] !== undefined) {
    mustBeCourse(object(check['course'], 'course'));
  }
}

function mustBeVote(vote: Fields): void {
  text(vote, 'approver', APPROVER_ID);
  optionalDetails(vote, oneOf(vote, 'verdict', VERDICTS));
  mustBeSigned(vote);
  flag(vote, 'current');
}

/** What was shown, by its evidence; its change sets are named by their places. */
function mustBeShown(entry: Fields): void {
  const changeSets = objects(entry, 'changeSets');
  for (const changeSet of changeSets) {
    ['stack', 'name', 'says'].forEach((name) => text(changeSet, name));
    optionalText(changeSet, 'id');
  }
  for (const [evidence, value] of Object.entries(object(entry['shown'], 'shown'))) {
    text({ evidence }, 'evidence', EVIDENCE);
    const shown = object(value, 'shown');
    flag(shown, 'newerRunWaiting');
    list(shown['weakens'] ?? [], 'weakens').forEach((loss) => foreign(loss, 'weakens'));
    optionalText(shown, 'weaker');
    for (const pair of list(shown['verdicts'], 'verdicts')) {
      const [check, verdict] = list(pair, 'verdicts');
      ['check', 'verdict'].forEach((name) => text({ check, verdict }, name));
    }
    for (const place of list(shown['changeSets'] ?? [], 'changeSets')) {
      whole({ place }, 'place', 0, changeSets.length - 1);
    }
  }
}

function mustBeSigned(decision: Fields): void {
  maybeEmpty(decision['comment'], 'comment', COMMENT_LIMIT);
  text(decision, 'evidence', EVIDENCE);
  whole(decision, 'seq', 0, Number.MAX_SAFE_INTEGER);
  time(decision, 'at');
  ['sig', 'key'].forEach((name) => text(decision, name, /^[A-Za-z0-9_-]{43,86}$/));
}

function mustBeOutcome(outcome: Fields): void {
  oneOf(outcome, 'kind', KINDS);
  oneOf(outcome, 'by', WAYS);
  time(outcome, 'at');
  text(outcome, 'summary');
  if (!Object.values(object(outcome['fields'] ?? {}, 'fields')).every((value) => typeof value === 'string')) {
    throw new Malformed('`fields` are not texts');
  }
}

function people(entry: Fields, name: string): readonly Fields[] {
  const found = objects(entry, name);
  if (found.length > MOST_PEOPLE) {
    throw new Malformed(`\`${name}\` has more than ${MOST_PEOPLE} members`);
  }
  return found;
}

function objects(fields: Fields, name: string): readonly Fields[] {
  return list(fields[name], name).map((value) => object(value, name));
}

/** As CodePipeline told it, so it may be anything: an entry that nobody can read would spoil every export that holds it. */
function foreign(value: unknown, name: string): void {
  maybeEmpty(value, name, FOREIGN_LIMIT);
}

function maybeEmpty(value: unknown, name: string, longest: number): void {
  if (typeof value !== 'string' || value.length > longest) {
    throw new Malformed(`\`${name}\` is not a text of at most ${longest} characters`);
  }
}
