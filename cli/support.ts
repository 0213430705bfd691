/** Whether an outcome is supported by what the entry holds. Votes are judged by the code that decides in the functions. */
import { fillGroups } from '../contract/groups';
import type { Person } from '../contract/policy';
import type { RecordedOutcome, RecordedRule, RecordedVote, RecordEntry } from '../contract/record';
import { countVotes } from '../lambda/domain/count-votes';
import { eligibility, type Eligibility } from '../lambda/domain/eligibility';
import type { Standing } from '../lambda/domain/ruling';
import { rulingOf } from '../lambda/domain/ruling';
import { isBefore } from '../lambda/domain/time';

/** @param proven the votes that are signed as they stand there; no other one supports anything */
export function supportOf(entry: RecordEntry, proven: readonly RecordedVote[]): readonly string[] {
  const { outcome, overtakenBy } = entry;
  return [
    ...byOutcome(entry, outcome, proven),
    ...(overtakenBy === undefined || endsOutside(overtakenBy) ? [] : ['it was overtaken by what does not overtake']),
  ];
}

function byOutcome(entry: RecordEntry, outcome: RecordedOutcome, proven: readonly RecordedVote[]): readonly string[] {
  const { rule, run } = entry;
  const say = (holds: boolean, problem: string) => (holds ? [] : [problem]);
  switch (outcome.by) {
    case 'PEOPLE':
      return byPeople(entry, outcome, proven);
    case 'CHECKS':
      return say(rule !== undefined && rule.kind !== 'MANUAL', `${outcome.kind} by checks, and its rule has none`);
    case 'ROLLBACK':
      return say(run?.kind === 'ROLLBACK', `${outcome.kind} as a rollback, and its run is none`);
    case 'NEWER_RUN': {
      const makesWay = rule?.people?.newerRun === 'REPLACES' && run?.kind === 'STANDARD';
      return say(
        outcome.kind === 'REJECTED' && makesWay,
        `${outcome.kind} for a newer run, and its rule does not say so`,
      );
    }
    case 'CONSOLE':
      return say(rule?.people !== undefined, `${outcome.kind} by an approver, and its rule names nobody`);
    case 'BYPASS':
    case 'CODEPIPELINE':
      return say(endsOutside(outcome), `${outcome.kind}, and nobody did it`);
  }
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
  const { people } = rule;
  const known = proven.filter(({ at }) => !isBefore(outcome.at, at));
  const voters = votersOf(entry, { ...rule, people });
  const votes = countVotes(voters, known, run.deadline);
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
  return ruling.outcome.kind === outcome.kind
    ? []
    : [`${outcome.kind} by people, and their votes say ${ruling.outcome.kind}`];
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
};

/** Each person once, as it was invited; who had no vote then has none now. */
function votersOf(
  { invited, run, outcome }: RecordEntry,
  { people }: RecordedRule & { readonly people: NonNullable<RecordedRule['people']> },
): readonly Eligibility[] {
  const persons = new Map<string, Person>();
  for (const { approver: id, mail, name, shared } of invited) {
    persons.set(id, { id, mail, shared, alsoKnownAs: [], ...(name === undefined ? {} : { name }) });
  }
  const { authors = [], startedBy } = run ?? {};
  const asked = { invited: [...persons.keys()], authors, ...(startedBy === undefined ? {} : { startedBy }) };
  return eligibility(asked, people, [...persons.values()], outcome.at).map((voter) => {
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
