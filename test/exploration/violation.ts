/** What is thrown where an invariant does not hold. */

/** The names of the invariants, as they are printed. */
export type Invariant = RequestInvariant | RolloutInvariant;

type RequestInvariant =
  | 'one outcome that never changes'
  | 'phases only go forward'
  | 'delivered once, as decided, by the token of its run'
  | 'delivered means that CodePipeline has it'
  | 'an approval has its quorum or its health'
  | 'one person alone opens a gate only in an emergency that is theirs to name'
  | 'nothing is approved while its health is red'
  | 'no gate opens by a measurement that is missing, stale, unfinished, erroneous or too small'
  | 'a check that fails rejects nothing where people are asked then'
  | 'nothing is approved while its window is closed'
  | 'nothing is approved before the time for which it was approved'
  | 'a newer run takes no place that is not free for it'
  | 'votes are neither lost nor counted twice'
  | 'a failure that was counted stays'
  | 'no secret in a row, a name or a log line'
  | 'one outcome mail for a person, of what really happened'
  | 'the record has one entry for each request that ended, without a gap'
  | 'a link to sign in begins one session, of the person it was sent to'
  | 'everything ends well once all is well';

type RolloutInvariant =
  | 'all requests move only after a whole bake without a red minute, as it was measured'
  | 'an action succeeds only when all requests go to its deployment'
  | 'in the end no canary of a run serves, and nothing of one that failed'
  | 'never a larger share than the shift says'
  | 'a share grows, or ends'
  | 'nobody loses a canary to a run that is over, and no person to any'
  | 'no request goes to a new version before CodePipeline has taken an answer to the job'
  | 'a check passes only after its whole bake without a red minute, as it was measured'
  | 'a deployment goes on only after green measurements'
  | 'whoever takes a job answers it'
  | 'no secret in a log line'
  | 'everything ends';

export class Violation extends Error {
  constructor(
    readonly invariant: Invariant,
    readonly detail: string,
  ) {
    super(`${invariant}: ${detail}`);
  }
}

export function must(invariant: Invariant, holds: boolean, detail: () => string): void {
  if (!holds) {
    throw new Violation(invariant, detail());
  }
}
