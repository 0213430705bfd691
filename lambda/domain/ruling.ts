/** What votes and checks mean under a rule. The one place where a gate opens. */
import { areFilled, fillGroups, type FilledGroup } from '../../contract/groups';
import type { FieldRule, FieldValues } from '../../contract/fields';
import type {
  AutomatedElsePeopleRule,
  AutomatedRule,
  GuardedRule,
  ManualRule,
  PeopleRule,
} from '../../contract/policy';
import { cleanText } from './clean-text';
import { nameOf, type CountedVote, type VoteCount } from './count-votes';
import { openedAlone } from './break-glass';
import type { Evaluation } from './evaluate';
import { enteredValues, newestOf, valuesInWords, valuesOf } from './fields';
import { approversInWords } from './group-words';
import { healthInWords } from './health-in-words';
import { withProposal, type Proposed } from './in-force';
import { SUMMARY_LIMIT } from './limits';
import type { Outcome, RunKind } from './request';
import { findingOf, leavesItToPeople } from './left-to-people';
import { startInWords, startOf } from './start-later';
import { summaryOf } from './summary';
import { isBefore, MINUTE, plus } from './time';

/** A rule with all that its kind needs to be judged; nothing less compiles. */
export type Judged =
  | { readonly kind: 'MANUAL'; readonly rule: ManualRule; readonly votes: VoteCount }
  | { readonly kind: 'AUTOMATED'; readonly rule: AutomatedRule; readonly evaluation: Evaluation }
  | { readonly kind: 'GUARDED'; readonly rule: GuardedRule; readonly votes: VoteCount; readonly evaluation: Evaluation }
  | {
      readonly kind: 'AUTOMATED_ELSE_PEOPLE';
      readonly rule: AutomatedElsePeopleRule;
      readonly votes: VoteCount;
      readonly evaluation: Evaluation;
    };

/** How the request stands beside its rule. */
export interface Standing {
  readonly run: RunKind;
  /** When the checks began to be watched. */
  readonly watchedSince: string;
  /** The checks had been healthy for the whole bake time. */
  readonly baked: boolean;
  readonly deadline: string;
  /** People are asked already. */
  readonly asked: boolean;
  readonly newerRunWaiting: boolean;
  /** A no would roll the stage back. */
  readonly goesBack: boolean;
  /** It was approved before, and is held back until the gate opens. */
  readonly held: boolean;
  /** The policy as its parameter has it, while it is not in force. */
  readonly proposed?: Proposed;
}

export type Ruling =
  | {
      readonly kind: 'WAIT';
      readonly askPeople: boolean;
      /** Why nothing but the console opens it now. */
      readonly stuck?: string | undefined;
    }
  | { readonly kind: 'END'; readonly outcome: Outcome };

export function rulingOf(judged: Judged, standing: Standing, now: string): Ruling {
  const opened = standing.proposed?.nobody === true ? undefined : openedAlone(judged, now);
  if (opened !== undefined) {
    return end(opened);
  }
  const ruling = withProposal(byKind(judged, standing, now), standing.proposed);
  return ruling.kind === 'WAIT' && isReplaced(judged, standing) ? end(replaced(now)) : ruling;
}

function byKind(judged: Judged, standing: Standing, now: string): Ruling {
  switch (judged.kind) {
    case 'MANUAL':
      return manual(judged.rule, judged.votes, standing, now);
    case 'GUARDED':
      return guarded(judged.rule, judged.votes, judged.evaluation, standing, now);
    case 'AUTOMATED':
      return automated(judged.rule, judged.evaluation, standing, now);
    case 'AUTOMATED_ELSE_PEOPLE':
      return automatedElsePeople(judged.rule, judged.votes, judged.evaluation, standing, now);
  }
}

const ASK: Ruling = { kind: 'WAIT', askPeople: true };
const WATCH: Ruling = { kind: 'WAIT', askPeople: false };

function end(outcome: Outcome): Ruling {
  return { kind: 'END', outcome };
}

/** A proven automatic rollback has the yes that its target got; a no of those who are asked all the same counts. */
function manual({ people }: ManualRule, votes: VoteCount, { run }: Standing, now: string): Ruling {
  return votes.rejections.length === 0 && isProvenRollback(run)
    ? end(passedAsRollback(run, now))
    : byVotes(votes, people, now);
}

/** The first no ends it, enough yeses in every group open. */
function byVotes(votes: VoteCount, { groups, fields }: PeopleRule, now: string): Ruling {
  const rejection = votes.rejections[0];
  if (rejection !== undefined) {
    return end(rejectedBy(rejection, now));
  }
  const filled = fillGroups(
    groups,
    votes.approvals.map(({ person }) => person.id),
  );
  return areFilled(filled) ? end(approvedBy(votes.approvals, filled, fields, now)) : ASK;
}

/**
 * People said yes and the checks are healthy at that moment. Only a bake that fails rejects by itself: what turns red after the
 * bake locks the gate until it is green again.
 */
function guarded(
  { people, checks }: GuardedRule,
  votes: VoteCount,
  evaluation: Evaluation,
  { run, baked, watchedSince }: Standing,
  now: string,
): Ruling {
  const rejection = votes.rejections[0];
  if (rejection !== undefined) {
    return end(rejectedBy(rejection, now));
  }
  switch (evaluation.verdict) {
    case 'FAIL':
      return checks.bakeMinutes > 0 && !baked ? end(byChecks('REJECTED', evaluation, now)) : ASK;
    case 'UNREADABLE':
      return { kind: 'WAIT', askPeople: true, stuck: unreadable(evaluation) };
    case 'INCONCLUSIVE': {
      const isOver = !isBefore(now, plus(watchedSince, checks.bakeMinutes * MINUTE));
      return checks.bakeMinutes > 0 && !baked && isOver
        ? {
            kind: 'WAIT',
            askPeople: true,
            stuck: 'its bake is over, and its checks cannot tell whether it was healthy',
          }
        : ASK;
    }
    case 'PASS': {
      const ruling = isProvenRollback(run) ? end(passedAsRollback(run, now)) : byVotes(votes, people, now);
      return ruling.kind === 'END' ? end({ ...ruling.outcome, whileHealthy: true }) : ruling;
    }
    case 'RUNNING':
      return ASK;
  }
}

function automated(
  { checks, onInconclusive }: AutomatedRule,
  evaluation: Evaluation,
  standing: Standing,
  now: string,
): Ruling {
  const decided = byHealth(evaluation, standing, now);
  if (decided !== undefined) {
    return decided;
  }
  const inTime = isBefore(now, standing.deadline);
  if (onInconclusive === 'APPROVE_WITH_WARNING' && isWatched(evaluation)) {
    // Checks that fail to measure may recover within the bake, and then see what is wrong.
    const baked = !isBefore(now, plus(standing.watchedSince, checks.bakeMinutes * MINUTE));
    return inTime && baked ? end(byChecks('APPROVED', evaluation, now, 'Warning: the checks cannot tell')) : WATCH;
  }
  return standing.held ? WATCH : end(byChecks('REJECTED', evaluation, now, 'The checks cannot tell'));
}

/** Once people are asked the answer is theirs, and nothing is measured any more. */
function automatedElsePeople(
  rule: AutomatedElsePeopleRule,
  votes: VoteCount,
  evaluation: Evaluation,
  standing: Standing,
  now: string,
): Ruling {
  const isTheirs = standing.asked || leavesItToPeople(rule, evaluation);
  const decided = isTheirs ? undefined : byHealth(evaluation, standing, now);
  if (decided !== undefined) {
    return decided;
  }
  const ruling = byVotes(votes, rule.people, now);
  if (ruling.kind === 'WAIT') {
    return stepsAside(standing) ? end(steppedAside(evaluation, now)) : ruling;
  }
  return evaluation.verdict === 'FAIL' ? end(despiteFailure(ruling.outcome, evaluation)) : ruling;
}

/** Whoever reads the summary of an approval learns which check it overrules. */
function despiteFailure(outcome: Outcome, { reasons }: Evaluation): Outcome {
  return outcome.kind === 'APPROVED'
    ? { ...outcome, summary: summaryOf(outcome.summary, `This overrules a check: ${reasons[0] ?? 'it failed'}`) }
    : outcome;
}

/** Undefined when the checks cannot tell. */
function byHealth(evaluation: Evaluation, { deadline, held }: Standing, now: string): Ruling | undefined {
  switch (evaluation.verdict) {
    case 'FAIL':
      // Its bake is over: what turns red after it locks the gate until it is green again.
      return held ? WATCH : end(byChecks('REJECTED', evaluation, now));
    case 'PASS':
      return isBefore(now, deadline) ? end({ ...byChecks('APPROVED', evaluation, now), whileHealthy: true }) : WATCH;
    case 'RUNNING':
      return WATCH;
    case 'UNREADABLE':
      return { kind: 'WAIT', askPeople: false, stuck: unreadable(evaluation) };
    case 'INCONCLUSIVE':
      return undefined;
  }
}

function unreadable({ reasons }: Evaluation): string {
  return `its checks cannot be read: ${reasons[0] ?? 'unknown'}`;
}

/** Whether anything was there to be watched: a warning stands for checks that could not tell, never for none. */
function isWatched({ checks }: Evaluation): boolean {
  return checks.some(({ observeOnly }) => !observeOnly);
}

/** A rollback that CodePipeline started by itself, to a run that has passed this gate, needs no second approval. */
export function isProvenRollback(run: RunKind): boolean {
  return run.type === 'ROLLBACK' && run.automatic && run.proven;
}

/**
 * Whoever asks people may let a newer run take its place, and only once people are asked. Not where a rejection would roll the stage
 * back: that would deploy what serves already, in front of the newer run.
 */
function isReplaced(judged: Judged, { run, asked, newerRunWaiting, goesBack }: Standing): boolean {
  if (judged.kind === 'AUTOMATED' || judged.rule.people.newerRun !== 'REPLACES' || run.type !== 'STANDARD') {
    return false;
  }
  const yeses = judged.votes.approvals.map(({ person }) => person.id);
  // With enough of them it only waits to be healthy.
  const isAnswered = areFilled(fillGroups(judged.rule.people.groups, yeses));
  return !isAnswered && asked && newerRunWaiting && !goesBack;
}

function replaced(now: string): Outcome {
  const summary = summaryOf(
    'A newer run waited for this stage, and took the place of this one before there were enough answers',
  );
  return { kind: 'REJECTED', by: 'NEWER_RUN', at: now, summary };
}

/**
 * A rollback has deployed already when its checks are watched, and a no undoes nothing. If a newer run waits behind it, most
 * likely the fix, waiting for people would only keep that out.
 */
function stepsAside({ run, newerRunWaiting, goesBack }: Standing): boolean {
  return run.type === 'ROLLBACK' && newerRunWaiting && !goesBack;
}

function steppedAside(evaluation: Evaluation, now: string): Outcome {
  const summary = summaryOf(
    'A newer run waits behind this rollback, which steps aside for it: what it deployed stays',
    findingOf(evaluation),
    ...evaluation.reasons,
  );
  return { kind: 'REJECTED', by: 'ROLLBACK', at: now, summary };
}

function passedAsRollback(run: RunKind, now: string): Outcome {
  const target = run.type === 'ROLLBACK' ? run.target : undefined;
  const summary = summaryOf(`Automatic rollback to run ${target ?? 'before'}, which passed this gate`);
  return { kind: 'APPROVED', by: 'ROLLBACK', at: now, summary };
}

function approvedBy(
  approvals: readonly CountedVote[],
  groups: readonly FilledGroup[],
  fields: PeopleRule['fields'],
  now: string,
): Outcome {
  const comments = approvals
    .filter(({ vote }) => vote.comment.trim() !== '')
    .map(({ person, vote }) => (approvals.length === 1 ? vote.comment : `${nameOf(person)}: ${vote.comment}`));
  const who = `Approved by ${approversInWords(
    groups,
    approvals.map(({ person }) => person),
  )}`;
  const start = startOf(approvals);
  const when = start === undefined ? undefined : `To start ${startInWords(start)}`;
  const filled = filledIn(approvals, fields);
  const summary = summaryOf(who, when, filled?.said, ...comments);
  return {
    kind: 'APPROVED',
    by: 'PEOPLE',
    at: now,
    summary,
    ...(filled === undefined ? {} : { fields: filled.values }),
  };
}

/** Later actions read what the newest of these approvals filled in. */
function filledIn(
  approvals: readonly CountedVote[],
  fields: readonly FieldRule[] = [],
): { readonly values: FieldValues; readonly said: string } | undefined {
  const newest = newestOf(approvals.map(({ person, vote }) => ({ ...vote, person })));
  if (newest === undefined || fields.length === 0) {
    return undefined;
  }
  const values = enteredValues(fields, valuesOf(newest));
  const words = cleanText(valuesInWords(fields, values), SUMMARY_LIMIT / 2);
  return { values, said: words === '' ? '' : `${words} (by ${nameOf(newest.person)})` };
}

function rejectedBy({ person, vote }: CountedVote, now: string): Outcome {
  return { kind: 'REJECTED', by: 'PEOPLE', at: now, summary: summaryOf(`Rejected by ${nameOf(person)}`, vote.comment) };
}

/** What is left of a summary behind who decided. */
const ROOM = SUMMARY_LIMIT - 80;

function byChecks(kind: 'APPROVED' | 'REJECTED', evaluation: Evaluation, now: string, first?: string): Outcome {
  const verb = kind === 'APPROVED' ? 'Approved by the checks' : 'Rejected by the checks';
  return { kind, by: 'CHECKS', at: now, summary: summaryOf(first, verb, ...healthInWords(evaluation, ROOM)) };
}
