import type { AnswerWay } from '../../contract/names';

/** How the people of a workflow answer. */
export abstract class Answers {
  /**
   * By the personal link of an email, or in the AWS console. In the account appear for it an HTTP API that the internet can reach, the
   * function review, and the table of decisions.
   */
  public static byLink(): Answers {
    return new NamedWay('BY_LINK');
  }

  /**
   * In the AWS console alone: nothing of the workflow can be reached from the internet. Emails lead to the pipeline in the console and
   * hold no secret. There is no review page and no dashboard.
   *
   * An answer is the approver's own when the role or user that gave it fits their `alsoKnownAs`; from anybody else it is a bypass, which is
   * recorded, told and counted. So every approver of a gate needs an alias that is the ARN of a role or user, and whatever the console
   * cannot do is an error at synth: a quorum above one, groups, a reason that is required, `GateRule.guarded()`, `window` where people
   * answer, shared mailboxes and lists.
   * `grantManualApproval` of a gate lets a role answer it.
   */
  public static inConsole(): Answers {
    return new NamedWay('IN_CONSOLE');
  }

  /** @internal */
  public abstract readonly _way: AnswerWay;
}

class NamedWay extends Answers {
  constructor(public readonly _way: AnswerWay) {
    super();
  }
}
