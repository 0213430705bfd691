/** What the terminal says of a verified record. Everything foreign is cleaned: a commit message must not command a terminal. */
import colors from 'picocolors';
import type { RecordedOutcome, RecordEntry } from '../contract/record';
import { cleanText } from '../lambda/domain/clean-text';
import { detailsOf } from '../lambda/domain/decision-details';
import { inPlaceOf } from '../lambda/domain/record-csv';
import type { Finding, Verification, VerifiedClosing, VerifiedEntry } from './verify';
import type { VerifiedVote } from './vote-proof';

/** Colour where somebody looks. A pipe gets none, in CI neither, where a file may be made of it. */
const pc = colors.createColors(
  colors.isColorSupported && (process.stdout.isTTY || process.env['FORCE_COLOR'] !== undefined),
);

const KINDS: Readonly<Record<RecordedOutcome['kind'], (text: string) => string>> = {
  APPROVED: pc.green,
  REJECTED: pc.red,
  EXPIRED: pc.yellow,
  STOPPED: pc.yellow,
};

/** How an outcome without votes came about, and where else it can be looked up. */
const WAYS: Readonly<Record<Exclude<RecordedOutcome['by'], 'PEOPLE'>, string>> = {
  BREAK_GLASS: 'in an emergency, by one person alone',
  CHECKS: 'by the checks',
  ROLLBACK: 'as a rollback',
  NEWER_RUN: 'for a newer run',
  CONSOLE: 'in the console, by an approver (not signed; CloudTrail names the caller)',
  BYPASS: 'outside the workflow (not signed; CloudTrail names the caller)',
  CODEPIPELINE: 'by CodePipeline',
};

export function report(verification: Verification): readonly string[] {
  const { workflow, entries, findings } = verification;
  return [
    pc.bold(`Record of the workflow ${clean(workflow, 64)}`),
    ...entries.flatMap(entryLines),
    '',
    ...summary(verification),
    ...findings.map(findingLine),
  ];
}

function summary({ entries, open, findings, last, unpinned }: Verification): readonly string[] {
  const signatures = entries
    .flatMap((one): readonly Pick<VerifiedVote, 'problems'>[] => ('votes' in one ? one.votes : [one]))
    .filter(({ problems }) => problems.length === 0).length;
  const counts = `${counted(entries.length, 'entry', 'entries')}, ${counted(signatures, 'signature')} verified`;
  const result = findings.length === 0 ? pc.green('no findings') : pc.red(pc.bold(counted(findings.length, 'finding')));
  const pin = `What came before entry ${unpinned ?? 0} is not here: pin it with --after ${(unpinned ?? 0) - 1}:<hash>.`;
  return [
    `${counts}, ${result}`,
    ...(open.length === 0 ? [] : [pc.yellow(`Follow-ups of emergencies that are open here: entry ${open.join(', ')}`)]),
    ...(last === undefined ? [] : [`The chain ends at ${last.n}:${last.hash}`]),
    ...(unpinned === undefined ? [] : [pin]),
  ];
}

function findingLine({ n, problem }: Finding): string {
  return `${pc.red('✗')} ${n === undefined ? '' : `entry ${n}: `}${clean(problem, 400)}`;
}

function entryLines(one: VerifiedEntry | VerifiedClosing): readonly string[] {
  return 'votes' in one ? requestLines(one) : closingLines(one);
}

function closingLines({ row: { n, entry }, problems }: VerifiedClosing): readonly string[] {
  const { gate, reviewer, review, about } = entry;
  const where = [gate.pipeline, gate.stage, gate.action].map((name) => clean(name, 100)).join(' / ');
  const who = clean(`${reviewer.name ?? ''} <${reviewer.mail}>`.trim(), 200);
  const proof = problems.length > 0 ? pc.red('NOT PROVEN') : 'signed';
  return [
    '',
    `${pc.bold(`${n}`)}  ${time(review.at)}  ${pc.green('REVIEWED')}  ${where}`,
    `   the follow-up of entry ${about}, closed by ${who} (${proof}) “${clean(review.comment, 400)}”`,
  ];
}

function requestLines({ row: { n, entry }, votes }: VerifiedEntry): readonly string[] {
  const { gate, outcome, overtakenBy, run } = entry;
  const ending = overtakenBy ?? outcome;
  const where = [gate.pipeline, gate.stage, gate.action].map((name) => clean(name, 100)).join(' / ');
  return [
    '',
    `${pc.bold(`${n}`)}  ${time(ending.at)}  ${KINDS[ending.kind](ending.kind)}  ${where}`,
    ...(run?.revisions ?? []).map(changeLine),
    ...votes.map((vote) => voteLine(entry, vote)),
    ...(overtakenBy === undefined ? [] : [`   decided here: ${outcome.kind}, and overtaken`]),
    ...(ending.by === 'PEOPLE' ? [] : [`   ${WAYS[ending.by]}: ${clean(ending.summary, 512)}`]),
  ];
}

function changeLine({ name, id, message, author }: NonNullable<RecordEntry['run']>['revisions'][number]): string {
  const words = message === undefined ? '' : ` “${clean(message, 100)}”`;
  return `   ${clean(name, 60)} ${clean(id, 64)}${words}${author === undefined ? '' : `, by ${clean(author, 80)}`}`;
}

function voteLine(entry: RecordEntry, { vote, problems }: VerifiedVote): string {
  const person = entry.invited.find(({ approver }) => approver === vote.approver);
  const place = inPlaceOf(entry, vote.approver);
  const who = person === undefined ? vote.approver : `${person.name ?? ''} <${person.mail}>`.trim();
  const proof = problems.length > 0 ? pc.red('NOT PROVEN') : 'signed';
  const notes = [
    ...(person?.excluded === undefined ? [] : [`without a vote: ${person.excluded}`]),
    ...(vote.current ? [] : ['of something shown earlier']),
  ];
  const said = vote.comment.trim() === '' ? '' : ` “${clean(vote.comment, 400)}”`;
  const { notBefore } = detailsOf(vote);
  const start = notBefore === undefined ? [] : [`to start no earlier than ${time(notBefore)}`];
  const details = [proof, ...start, ...notes.map((note) => clean(note, 100))].join(', ');
  return `   ${vote.verdict.toLowerCase()} by ${clean(`${who}${place}`, 300)} at ${time(vote.at)} (${details})${said}`;
}

function clean(text: string, max: number): string {
  return cleanText(text, max);
}

/** To the second, in UTC. */
function time(at: string): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function requestJson({ row: { n, at, hash, entry }, votes }: VerifiedEntry): object {
  return {
    n,
    at,
    hash,
    gate: entry.gate,
    request: entry.request,
    revisions: entry.run?.revisions ?? [],
    outcome: entry.outcome,
    overtakenBy: entry.overtakenBy,
    votes: votes.map(({ vote: { approver, verdict, comment, at: given }, problems }) => ({
      approver,
      mail: entry.invited.find((invited) => invited.approver === approver)?.mail,
      verdict,
      comment,
      at: given,
      proven: problems.length === 0,
    })),
  };
}

function closingJson({ row: { n, at, hash, entry }, problems }: VerifiedClosing): object {
  const { kind, gate, request, about, reviewer, review } = entry;
  const { comment, at: given } = review;
  return { n, at, hash, kind, gate, request, about, reviewer, comment, given, proven: problems.length === 0 };
}

/** For other programs: one JSON document, with everything that a terminal could take for a command escaped. */
export function json({ workflow, entries, open, findings, last, unpinned }: Verification): string {
  const document = {
    verified: findings.length === 0,
    workflow,
    findings,
    open,
    last,
    unpinned,
    entries: entries.map((one) => ('votes' in one ? requestJson(one) : closingJson(one))),
  };
  return JSON.stringify(document, undefined, 2).replace(/[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
