/** What is thrown where an invariant of promotions does not hold. */

/** The names of the invariants, as they are printed. */
export type Invariant =
  | 'a stage has one run at a time'
  | 'nothing runs beside a gate'
  | 'nothing is deployed before people have approved it in this run, or in the run that an automatic rollback leads back to'
  | 'nothing goes on before all targets of the stage before have the change and were well for the whole bake'
  | 'targets one by one: none begins before the ones in front of it have the change'
  | 'a red alarm ends the bake'
  | 'what fails in a stage that goes back, goes back to the last run that passed it; elsewhere it stays'
  | 'a rollback changes its own stage only'
  | 'a target serves what was deployed there last'
  | 'nothing enters while an incident is open'
  | 'nothing goes on while the window is closed'
  | 'a gate that waits takes the answer of whom it asked'
  | 'everybody who was asked hears the outcome, once'
  | 'a no does what people were told that it does'
  | 'the newest change gets through once all is well'
  | 'no call is refused for want of a permission';

export class Violation extends Error {
  constructor(
    readonly invariant: Invariant,
    readonly detail: string,
  ) {
    super(`${invariant}: ${detail}`);
  }
}
