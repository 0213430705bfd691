import type { Duration } from 'aws-cdk-lib';
import type { Check } from '../check/check';
import type { Approvers } from './approvers';
import type { BreakGlass } from './break-glass';
import type { ChangeSetRef } from '../check/change-set-ref';
import type { DecisionField } from './decision-field';
import type { DeploymentWindow } from './deployment-window';
import type { Escalation } from './escalation';
import type { FreezeCalendar } from './freeze-calendar';
import type { GateRule } from './gate-rule';
import type { Reminders } from './reminders';
import type { StartLater } from './start-later';

/**
 * What happens when checks that decide alone cannot tell whether a version is healthy: no data, errors only, too few samples.
 *
 * To ask people then, give `approvers` and `rule: GateRule.automatedElsePeople()`.
 */
export enum OnInconclusive {
  /** The gate rejects. */
  REJECT = 'REJECT',
  /** The gate opens, and says in its summary that the checks could not tell. */
  APPROVE_WITH_WARNING = 'APPROVE_WITH_WARNING',
}

/** When an approver has to give a reason. */
export enum RequireReason {
  /** Never. */
  OPTIONAL = 'OPTIONAL',
  /** With a no. */
  FOR_REJECTION = 'FOR_REJECTION',
  /** With every answer. */
  ALWAYS = 'ALWAYS',
}

/** What happens to a request when a newer run waits for its stage. */
export enum NewerRun {
  /** It waits until the request is answered. */
  WAITS = 'WAITS',
  /**
   * It takes the place of the request, which is rejected: everybody who was asked is told, and is asked anew by the newer run. Noticed
   * within five minutes.
   */
  REPLACES = 'REPLACES',
}

/** What a gate asks, whatever pipeline it stands in. */
export interface GatePolicyOptions {
  /**
   * Who may answer.
   *
   * @default - nobody is asked, `checks` decide alone
   */
  readonly approvers?: Approvers;

  /**
   * What is measured. Needs a workflow.
   *
   * @default - people decide alone
   */
  readonly checks?: Check[];

  /**
   * How people and checks decide together. Needed where both `approvers` and `checks` are given, and refused elsewhere.
   *
   * @default - `approvers` or `checks` decide alone
   */
  readonly rule?: GateRule;

  /**
   * How long the checks have to stay healthy before they pass. Whole minutes, shorter than `timeout`. Needs `checks`.
   *
   * @default Duration.minutes(0) - healthy at this moment
   */
  readonly bakeTime?: Duration;

  /**
   * What happens when the checks cannot tell. For gates with `checks` and without `approvers`.
   *
   * @default - the gate rejects (`OnInconclusive.REJECT`); with `approvers`, `rule` says it
   */
  readonly onInconclusive?: OnInconclusive;

  /**
   * How long the gate waits for an answer: whole minutes, from 5 minutes to 60 days
   * (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). Then it fails.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;

  /**
   * Whether authors and the starter of a change have no vote on it. Needs a workflow, and persons only.
   *
   * A seat belt, not a lock: Git authorship is what the author says it is.
   *
   * @default - true for a quorum above one, false otherwise
   */
  readonly excludeAuthor?: boolean;

  /**
   * When an approver has to give a reason. Needs a workflow and `approvers`.
   *
   * @default RequireReason.OPTIONAL
   */
  readonly requireReason?: RequireReason;

  /**
   * What whoever approves has to fill in: 1 to 10 fields, each with a name of its own. It is signed with the approval, shown to everybody
   * who was asked, and kept in the record; `ApprovalFieldsAction` gives it to later actions. Needs a workflow whose people answer by link, and
   * `approvers`; refused with `GateRule.automatedElsePeople()` and with `breakGlass`, which open a gate without them.
   *
   * @default - nothing
   */
  readonly fields?: DecisionField[];

  /**
   * When those who have not answered are reminded. Needs a workflow and `approvers`, and a `timeout` of an hour or more: shorter
   * ones have no reminders, which is a warning where these are given.
   *
   * @default - `Reminders.at(0.5)` with a workflow: once, at half of the time
   */
  readonly reminders?: Reminders;

  /**
   * Who is asked, too, when there are not enough answers after some time. Needs a workflow and `approvers`.
   *
   * @default - nobody
   */
  readonly escalation?: Escalation;

  /**
   * Who may open the gate alone in an emergency. Needs a workflow whose people answer by link, and `approvers`.
   *
   * @default - nobody
   */
  readonly breakGlass?: BreakGlass;

  /**
   * What happens when a newer run waits for the stage while people are asked. `NewerRun.REPLACES` needs a workflow and `approvers`, and is
   * refused where a failed stage is rolled back, because each replaced run would roll it back.
   *
   * @default NewerRun.WAITS
   */
  readonly newerRun?: NewerRun;

  /**
   * Whether an approver may choose when the approval takes effect: `StartLater.allowed()`. Needs a workflow whose approvers answer by
   * link, and `approvers`.
   *
   * A rejection acts at once, and so does an automatic rollback to a run that passed this gate. Whoever approves in the console starts it
   * at once: that counts if it is enough without the approvals that start later, and is a bypass otherwise.
   *
   * @default - every approval takes effect at once, or when `window` and `freezes` are open
   */
  readonly startLater?: StartLater;

  /**
   * When an approval may take effect. Needs a workflow.
   *
   * People may answer at any time, and checks are watched at any time. An approval outside the window is held back until it opens, and
   * can be taken back until then; then the gate is judged anew, so that votes have to count and checks have to be healthy at that moment.
   * A rejection acts at once, and so does an automatic rollback to a run that passed this gate. An approval in the console while the
   * window is closed counts as a bypass. Those who approved get an email that says when it goes ahead, unless that is within the hour.
   *
   * @default - at any time
   */
  readonly window?: DeploymentWindow;

  /**
   * Change sets of CloudFormation whose effect approvers are shown: what is added, changed, replaced and removed. An approval of a change
   * set that is made again afterwards does not count. At most 20, in the account and Region of the pipeline; the gate's answer role may
   * describe them (`cloudformation:DescribeChangeSet` on their stacks). Needs a workflow and `approvers`. An empty list shows none.
   *
   * @default - with a workflow and `approvers`: those that earlier actions of the gate's stage prepare, where this app makes the pipeline
   */
  readonly changeSets?: ChangeSetRef[];

  /**
   * Calendars of times in which no approval may take effect: it is held back as by a closed `window`. 1 to 5 of them; all have to be
   * open, and `window`, too. A calendar that cannot be read counts as closed; after 15 minutes that is told. Needs a workflow.
   *
   * @default - no freezes
   */
  readonly freezes?: FreezeCalendar[];
}
