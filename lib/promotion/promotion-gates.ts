import type { Duration } from 'aws-cdk-lib';
import type {
  Approvers,
  BreakGlass,
  DeploymentWindow,
  FreezeCalendar,
  GateRule,
  OnInconclusive,
  StartLater,
} from '../approval';
import type { Check } from '../check';

/** The gates of a stage or wave: before its deployment, and after it. */
export interface PromotionGates {
  /**
   * People have to let a change into this stage. The gate is the stage's first action, called `Approve`.
   *
   * @default false
   */
  readonly manualApproval?: boolean;

  /**
   * Who is asked here, by `manualApproval` and by `rule`.
   *
   * @default - the approvers of the pipeline
   */
  readonly approvers?: Approvers;

  /**
   * When an approval of `Approve` may let a change into this stage; outside of it, the approval is held back. Needs `manualApproval`.
   *
   * @default - at any time
   */
  readonly window?: DeploymentWindow;

  /**
   * Calendars of times in which no approval of `Approve` may let a change into this stage. Needs `manualApproval`.
   *
   * @default - no freezes
   */
  readonly freezes?: FreezeCalendar[];

  /**
   * Whether the approvers of `Approve` may choose when their approval lets a change into this stage. Needs `manualApproval`.
   *
   * @default - every approval takes effect at once, or when `window` and `freezes` are open
   */
  readonly startLater?: StartLater;

  /**
   * Who may open the gate alone in an emergency, if somebody has to approve it. Needs `manualApproval`.
   *
   * @default - nobody
   */
  readonly breakGlass?: BreakGlass;

  /**
   * What has to be healthy after the deployment. They make a gate that is the stage's last action, called `Healthy`. They decide
   * alone, unless `rule` says otherwise.
   *
   * @default - nothing is watched
   */
  readonly checks?: Check[];

  /**
   * How the approvers take part in the gate `Healthy`: those of the stage, or of the pipeline. Needs `checks`.
   *
   * @default - they do not: the checks decide alone
   */
  readonly rule?: GateRule;

  /**
   * How long the checks have to stay healthy.
   *
   * @default - in a stage, healthy at that moment is enough. In a wave `BakePreset.FIRST_WAVE` where it is the first wave of its pipeline, and
   * `BakePreset.LATER_WAVE` behind another wave. A wave that is put in front of all others later on has to say it
   */
  readonly bakeTime?: Duration;

  /**
   * Roll the stage back to its last good run when the checks reject the new one.
   *
   * CodePipeline does that after *any* failure of the stage: it then runs the stage again with what was approved and healthy
   * there before. A rejection or an expiry at `Approve` is such a failure, too. Nothing was deployed then, so that run deploys
   * once more what is there already.
   *
   * @default false
   */
  readonly rollbackOnReject?: boolean;

  /**
   * What happens when the checks cannot tell. Only without `rule`.
   *
   * @default OnInconclusive.REJECT
   */
  readonly onInconclusive?: OnInconclusive;

  /**
   * How long the gates of this stage wait for an answer.
   *
   * @default - the time-out of the pipeline
   */
  readonly timeout?: Duration;
}
