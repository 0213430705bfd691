/** Whether an outcome is supported by what the entry holds. Votes are judged by the code that decides in the functions. */
import { areFilled, fillGroups, membersOf } from '../contract/groups';
import type { PeopleRule, Person, RuleKind } from '../contract/policy';
import type { RecordedOutcome, RecordedRule, RecordedVote, RecordEntry } from '../contract/record';
import { breakers, namedToBreakGlass } from '../lambda/domain/break-glass';
import { countVotes, isAmongThoseOf, type VoteCount } from '../lambda/domain/count-votes';
import { placesOf } from '../lambda/domain/delegation';
import { eligibility, type Eligibility } from '../lambda/domain/eligibility';
import type { Standing } from '../lambda/domain/ruling';
import { rulingOf } from '../lambda/domain/ruling';
import { canonical } from '../lambda/domain/same';
import { isInEffect, startInWords, startOf } from '../lambda/domain/start-later';
import { isBefore } from '../lambda/domain/time';

type RuleOfPeople = RecordedRule & { readonly people: PeopleRule };

/** @param proven the votes that are signed as they stand there; no other one supports anything */
export function supportOf(entry: RecordEntry, proven: readonly RecordedVote[]): readonly string[] {
  const { outcome, overtakenBy } = entry;
  const others = [outcome, overtakenBy].filter((one) => one !== undefined && one.by !== 'PEOPLE');
  return [
    ...(others.some((one) => one?.fields !== undefined)
      ? ['it has fields, and nobody who approved filled them in']
      : []),
    ...byOutcome(entry, outcome, proven),
    ...(overtakenBy === undefined ? [] : byOvertaking(entry, overtakenBy, proven)),
  ];
}

function byOvertaking(entry: RecordEntry, by: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  return endsOutside(by) ? byOutcome(entry, by, proven) : ['it was overtaken by what does not overtake'];
}

function byOutcome(entry: RecordEntry, outcome: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  const { rule, run } = entry;
  const say = (holds: boolean, problem: string) => (holds ? [] : [problem]);
  switch (outcome.by) {
    case 'PEOPLE':
      return byPeople(entry, outcome, proven);
    case 'BREAK_GLASS':
      return byOneAlone(entry, outcome, proven);
    case 'CHECKS':
      return say(
        DECIDED_BY_CHECKS[rule?.kind ?? 'MANUAL'].includes(outcome.kind) &&
          !(outcome.kind === 'REJECTED' && rule?.onFail === 'ASK_APPROVERS'),
        `${outcome.kind} by checks, and its rule does not let them`,
      );
    case 'ROLLBACK':
      return byRollback(entry, outcome, proven);
    case 'NEWER_RUN': {
      const makesWay = rule?.people?.newerRun === 'REPLACES' && run?.kind === 'STANDARD';
      return say(
        outcome.kind === 'REJECTED' && makesWay,
        `${outcome.kind} for a newer run, and its rule does not say so`,
      );
    }
    case 'CONSOLE':
      return endsOutside(outcome) ? byConsole(entry, outcome, proven) : [`${outcome.kind}, and nobody did it`];
    case 'BYPASS':
    case 'CODEPIPELINE':
      return say(endsOutside(outcome), `${outcome.kind}, and nobody did it`);
  }
}

/** What checks decide by themselves. */
const DECIDED_BY_CHECKS: Readonly<Record<RuleKind, readonly RecordedOutcome['kind'][]>> = {
  MANUAL: [],
  GUARDED: ['REJECTED'],
  AUTOMATED: ['APPROVED', 'REJECTED'],
  AUTOMATED_ELSE_PEOPLE: ['APPROVED', 'REJECTED'],
};

/** Where people are asked first a rollback may pass, unless somebody says no. Where checks could not tell it may step aside. */
function byRollback(entry: RecordEntry, outcome: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  const { rule, run } = entry;
  const claim = `${outcome.kind} as a rollback`;
  if (run?.kind !== 'ROLLBACK') {
    return [`${claim}, and its run is none`];
  }
  if (outcome.kind === 'REJECTED' && rule?.kind === 'AUTOMATED_ELSE_PEOPLE') {
    return [];
  }
  const passes = outcome.kind === 'APPROVED' && (rule?.kind === 'MANUAL' || rule?.kind === 'GUARDED');
  if (!passes || rule.people === undefined) {
    return [`${claim}, and its rule does not say so`];
  }
  if (run.target === undefined || run.target === '') {
    return [`${claim}, and its run goes back to nothing`];
  }
  const { votes } = votesAt(entry, { ...rule, people: rule.people }, proven, outcome.at);
  return votes.rejections.length === 0 ? [] : [`${claim}, and somebody had rejected it`];
}

/**
 * Whoever answered in the console did not sign: it is asked whether there was an approver whose answer was enough. Approvals that were
 * given before the answer was known completed it.
 */
function byConsole(entry: RecordEntry, outcome: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  const { rule, run, deliveredAt } = entry;
  const claim = `${outcome.kind} by an approver`;
  if (rule?.people === undefined || run === undefined) {
    return [`${claim}, and its rule names nobody`];
  }
  const asking = { ...rule, people: rule.people };
  const {
    people: { groups },
    voters,
    votes,
  } = votesAt(entry, asking, proven, outcome.at);
  // Who was not invited yet may answer in the console, too.
  const able = membersOf(groups).filter((id) =>
    voters.every(({ person, excluded }) => person.id !== id || (excluded === undefined && !person.shared)),
  );
  if (able.length === 0) {
    return [`${claim}, and nobody was left who could be one`];
  }
  if (outcome.kind === 'REJECTED') {
    return [];
  }
  if (votes.rejections.length > 0) {
    return [`${claim}, and somebody had rejected it`];
  }
  const approving = votesAt(entry, asking, proven, deliveredAt)
    .votes.approvals.filter(({ vote }) => isInEffect(vote, outcome.at))
    .map(({ person }) => person.id);
  return able.some((id) => areFilled(fillGroups(groups, [...approving, id])))
    ? []
    : [`${claim}, and with that answer there are not enough approvals`];
}

/** Who could vote, and the proven votes that counted at a time. */
function votesAt(
  entry: RecordEntry,
  rule: RuleOfPeople,
  proven: readonly RecordedVote[],
  at: string,
): { readonly people: PeopleRule; readonly voters: readonly Eligibility[]; readonly votes: VoteCount } {
  const known = proven.filter((vote) => isAmongThoseOf(at, vote));
  const people = placesIn(entry, rule.people, known);
  const voters = votersOf(entry, { ...rule, people });
  const able = breakers({ mayBreakGlass: namedToBreakGlass(rule.people) }, rule.people, invitedTo(entry));
  const deadline = entry.run?.deadline ?? at;
  return { people, voters, votes: countVotes(voters, known, deadline, able, rule.people.fields) };
}

/** CodePipeline approves and rejects nothing by itself. */
function endsOutside({ kind, by }: RecordedOutcome): boolean {
  const isAnswer = kind === 'APPROVED' || kind === 'REJECTED';
  return by === 'CODEPIPELINE' ? !isAnswer : (by === 'CONSOLE' || by === 'BYPASS') && isAnswer;
}

function byPeople(entry: RecordEntry, outcome: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  const { rule, run } = entry;
  if (rule?.people === undefined || run === undefined) {
    return [`${outcome.kind} by people, and its rule names nobody`];
  }
  const { people, voters, votes: all } = votesAt(entry, { ...rule, people: rule.people }, proven, outcome.at);
  const votes = { ...all, emergencies: [] };
  // What the votes mean is the same under every rule that asks people.
  const ruling = rulingOf({ kind: 'MANUAL', rule: { kind: 'MANUAL', people }, votes }, PLAIN, outcome.at);
  if (ruling.kind === 'WAIT') {
    const approving = votes.approvals.map(({ person }) => person.id);
    const counts = fillGroups(people.groups, approving).map(
      ({ name, quorum, filledBy }) => `${filledBy.length} of ${quorum}${name === undefined ? '' : ` for ${name}`}`,
    );
    const count = `${counts.join(', ')} approvals count`;
    return [`${outcome.kind} by people, and the votes do not support it: ${count}${whyNot(voters, proven)}`];
  }
  if (ruling.outcome.kind !== outcome.kind) {
    return [`${outcome.kind} by people, and their votes say ${ruling.outcome.kind}`];
  }
  if (canonical(ruling.outcome.fields ?? {}) !== canonical(outcome.fields ?? {})) {
    return ['its fields are not those that the newest approval filled in'];
  }
  const start = outcome.kind === 'APPROVED' ? startOf(votes.approvals) : undefined;
  return start === undefined || !isBefore(outcome.at, start.at)
    ? []
    : [`${outcome.kind} by people, and their votes say ${startInWords(start)}`];
}

/** Somebody whom the rule names for an emergency said so, and nobody had rejected it. */
function byOneAlone(entry: RecordEntry, outcome: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  const { rule, run } = entry;
  const claim = `${outcome.kind} in an emergency`;
  if (rule?.people?.breakGlass === undefined || run === undefined) {
    return [`${claim}, and its rule does not let anybody do that`];
  }
  if (outcome.kind !== 'APPROVED') {
    return [`${claim}, and an emergency only opens a gate`];
  }
  const { votes } = votesAt(entry, { ...rule, people: rule.people }, proven, outcome.at);
  if (votes.rejections.length > 0) {
    return [`${claim}, and somebody had rejected it`];
  }
  return votes.emergencies.length > 0 ? [] : [`${claim}, and nobody who may do that signed it`];
}

/** A run like any other: what a rollback may do without votes is not asked here. */
const PLAIN: Standing = {
  run: { type: 'STANDARD' },
  watchedSince: '',
  baked: false,
  deadline: '',
  asked: true,
  newerRunWaiting: false,
  goesBack: false,
  held: false,
};

/** The rule with a delegate in each place that the delegate has by the votes. Who was away at what time is not asked: that decides about no vote. */
function placesIn(
  { run, standIns = [], invited, outcome }: RecordEntry,
  people: PeopleRule,
  votes: readonly RecordedVote[],
): PeopleRule {
  const away = standIns.map(({ person, mail }) => ({ approver: person, mail, shared: false }));
  const persons = [...invited, ...away].map(({ approver: id, mail, shared }): Person => ({
    id,
    mail,
    shared,
    alsoKnownAs: [],
  }));
  const { authors = [], startedBy, deadline = outcome.at } = run ?? {};
  const facts = { authors, deadline, ...(startedBy === undefined ? {} : { startedBy }) };
  // When the absence was said is not recorded, as no other one is known here that could have taken its place.
  const asked = standIns.map((one) => ({ ...one, setAt: one.since }));
  return placesOf(people, { run: facts, people: persons, votes, standIns: asked, absences: [] }, outcome.at).people;
}

/** Each person once, as it was invited. */
function invitedTo({ invited }: RecordEntry): readonly Person[] {
  const persons = new Map<string, Person>();
  for (const { approver: id, mail, name, shared } of invited) {
    persons.set(id, { id, mail, shared, alsoKnownAs: [], ...(name === undefined ? {} : { name }) });
  }
  return [...persons.values()];
}

/** Who had no vote then has none now. */
function votersOf(entry: RecordEntry, { people }: RuleOfPeople): readonly Eligibility[] {
  const { invited, run, outcome } = entry;
  const persons = invitedTo(entry);
  const { authors = [], startedBy } = run ?? {};
  const ids = persons.map(({ id }) => id);
  const asked = { invited: ids, authors, ...(startedBy === undefined ? {} : { startedBy }) };
  return eligibility(asked, people, persons, outcome.at).map((voter) => {
    const excluded = voter.excluded ?? invited.find(({ approver }) => approver === voter.person.id)?.excluded;
    return excluded === undefined ? voter : { ...voter, excluded };
  });
}

function whyNot(voters: readonly Eligibility[], votes: readonly RecordedVote[]): string {
  const reasons = voters.flatMap(({ person, excluded }) =>
    excluded !== undefined && votes.some(({ approver }) => approver === person.id)
      ? [`${person.mail} had no vote (${excluded})`]
      : [],
  );
  return reasons.length === 0 ? '' : `; ${reasons.join(', ')}`;
}
