import { Duration } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeWithin } from '../private/minutes';
import type { Approver } from './approver';
import { mustBeApprover } from './quorum-rules';

/** Further people who are asked when a gate has not enough answers in time. */
export class Escalation {
  /**
   * So long after people were first asked, these approvers are asked, too. Their votes count like those of the others, toward the
   * same quorum; the others can still answer, and are told who was asked. Before that moment these approvers have no vote.
   * Not for `Approvers.allGroups`.
   *
   * @param time whole minutes, from 5 minutes, and shorter than the gate's `timeout`
   * @param approvers persons or shared mailboxes, none of whom is in `approvers` already
   */
  public static after(time: Duration, ...approvers: Approver[]): Escalation {
    mustBeWithin(time, { prop: 'escalation', min: Duration.minutes(5), max: Duration.days(60) });
    if (approvers.length === 0) {
      throw new GateError(
        'NobodyToEscalateTo',
        '`escalation` names nobody: name at least one approver who is asked then',
      );
    }
    approvers.forEach((approver) => mustBeApprover('`escalation`', approver));
    return new Escalation(time, approvers);
  }

  /** When they are asked, counted from when people were first asked. */
  public readonly time: Duration;
  private readonly list: readonly Approver[];

  private constructor(time: Duration, approvers: readonly Approver[]) {
    this.time = time;
    this.list = [...approvers];
  }

  /** Who is asked then, in the order given. */
  public get approvers(): Approver[] {
    return [...this.list];
  }
}
