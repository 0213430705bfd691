import { GateError } from '../errors';
import type { Approver } from './approver';
import { mustBeApprover } from './quorum-rules';

/** Options of `Dashboard.signInByEmail`. */
export interface DashboardOptions {
  /**
   * People who may look beside the approvers of the workflow, such as developers whose changes wait. They are never asked to approve
   * anything. With `Mail.sns()` each gets an email topic, whose subscription they confirm once.
   *
   * @default - the approvers alone
   */
  readonly viewers?: Approver[];
}

/**
 * The team's dashboard, served beside the review page: what waits for whom, which revision serves in which stage, what was decided
 * and why. It decides nothing: an answer always takes the personal link of an email.
 */
export abstract class Dashboard {
  /**
   * Whoever is declared in the workflow signs in by a link that is emailed to them: it works once, for an hour, and signs them in
   * for eight hours. Somebody who is not declared any more sees nothing from then on.
   *
   * In the account appear six routes of the workflow's HTTP API, with limits of their own; nothing more is paid for while nobody looks.
   */
  public static signInByEmail(options: DashboardOptions = {}): Dashboard {
    const viewers = options.viewers ?? [];
    if (!Array.isArray(viewers)) {
      throw new GateError(
        'WrongType',
        `\`viewers\` is ${JSON.stringify(viewers)}, but has to be a list: write [Approver.person('dev@example.com')]`,
      );
    }
    viewers.forEach((viewer) => mustBeApprover('viewers', viewer));
    return new EmailedDashboard([...viewers]);
  }

  /** No dashboard: the workflow's address serves the pages of personal links alone. */
  public static none(): Dashboard {
    return new NoDashboard();
  }

  /** @internal */
  public abstract readonly _isServed: boolean;
  /** @internal */
  public abstract readonly _viewers: readonly Approver[];
}

class EmailedDashboard extends Dashboard {
  public readonly _isServed = true;

  constructor(public readonly _viewers: readonly Approver[]) {
    super();
  }
}

class NoDashboard extends Dashboard {
  public readonly _isServed = false;
  public readonly _viewers = [];
}
