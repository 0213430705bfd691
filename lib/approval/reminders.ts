import { Token } from 'aws-cdk-lib';
import { MOST_REMINDERS } from '../../contract/policy';
import { GateError } from '../errors';

/** When those who have not answered yet are reminded, each by an email with a further personal link. */
export class Reminders {
  /**
   * At these shares of the time from when people are asked until the gate times out: `Reminders.at(0.5, 0.9)` at half and at
   * nine tenths of it. Time-outs under an hour have no reminders.
   *
   * @param shares 1 to 5 different numbers above 0 and below 1, in any order
   */
  public static at(...shares: number[]): Reminders {
    if (shares.length === 0) {
      throw new GateError(
        'NoReminders',
        '`Reminders.at()` names no time: give shares such as 0.5, or write `Reminders.none()`',
      );
    }
    if (shares.length > MOST_REMINDERS) {
      throw new GateError(
        'TooManyReminders',
        `\`reminders\` has ${shares.length} times, but a person is reminded at most ${MOST_REMINDERS} times: give fewer`,
      );
    }
    shares.forEach(mustBeShare);
    const sorted = [...shares].sort((one, other) => one - other);
    const twice = sorted.find((share, index) => share === sorted[index + 1]);
    if (twice !== undefined) {
      throw new GateError('DuplicateReminder', `\`reminders\` has ${twice} twice: remove one`);
    }
    return new Reminders(sorted);
  }

  /** Nobody is reminded. */
  public static none(): Reminders {
    return new Reminders([]);
  }

  /** The shares of the time, ascending. */
  public readonly shares: number[];

  private constructor(shares: number[]) {
    this.shares = shares;
  }
}

function mustBeShare(share: unknown): void {
  if (Token.isUnresolved(share)) {
    throw new GateError('LiteralNeeded', '`reminders` holds a token, but has to be known at synth: give numbers');
  }
  if (typeof share !== 'number' || !(share > 0 && share < 1)) {
    throw new GateError(
      'InvalidReminder',
      `\`reminders\` holds ${JSON.stringify(share)}, but a share of the time is above 0 and below 1: write 0.5 for half of it`,
    );
  }
}
