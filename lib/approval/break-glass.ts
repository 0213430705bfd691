import { GateError } from '../errors';
import type { Approver } from './approver';
import { mustBeApprover } from './quorum-rules';

/**
 * Who may open a gate alone in an emergency, with a reason, from the personal page.
 *
 * It waits for nobody else: not for the quorum, not for checks or a bake time, not for a deployment window or a change calendar, and the
 * author of a change may do it for their own. It does not open a gate that somebody has rejected, nor one whose time is over. Everybody who
 * was asked is told who did it and why; the event `Glass Broken` and the metric `GlassBroken` say so, and the record keeps the signed answer.
 * A policy that weakens the gate does not come into force by it.
 *
 * A follow-up stays open until a second person closes it, with a comment, by their personal link: an approver of the gate, or somebody else who
 * may break the glass; never whoever did, and never an author where `excludeAuthor` holds. They are emailed at once, every day for a week,
 * and then every week. The dashboard shows it until then, and the record keeps the closing as an entry of its own.
 */
export class BreakGlass {
  /**
   * Every approver of the gate, those of lists included. Not shared mailboxes and not guests: neither is somebody who answers for the gate.
   * People of an `escalation` may do it once they are asked.
   */
  public static byApprovers(): BreakGlass {
    return new BreakGlass(undefined);
  }

  /**
   * These people, whether or not they are approvers. They are declared in the workflow like approvers, so with `Mail.sns()` each has an email
   * topic. Whoever is no approver is not emailed when the gate asks: the dashboard emails them a link when they need one.
   *
   * Throws for nobody, for shared mailboxes and for guests.
   *
   * @param approvers persons
   */
  public static by(...approvers: Approver[]): BreakGlass {
    if (approvers.length === 0) {
      throw new GateError('NobodyBreaksGlass', '`breakGlass` names nobody: name at least one person, or remove it');
    }
    approvers.forEach((approver) => mustBeApprover('`breakGlass`', approver));
    const nobody = approvers.find(({ shared, until }) => shared || until !== undefined);
    if (nobody !== undefined) {
      throw new GateError(
        'NobodyInParticular',
        `\`breakGlass\` names '${nobody.mail}', ${nobody.shared ? 'a shared mailbox' : 'a guest'}, but whoever opens a gate alone has to be ` +
          'somebody who answers for it: name persons with `Approver.person`',
      );
    }
    return new BreakGlass([...approvers]);
  }

  /**
   * Undefined for every approver of the gate.
   *
   * @internal
   */
  public readonly _named: readonly Approver[] | undefined;

  private constructor(named: readonly Approver[] | undefined) {
    this._named = named;
  }
}
