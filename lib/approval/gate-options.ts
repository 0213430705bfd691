import type * as sns from 'aws-cdk-lib/aws-sns';
import type { GatePolicyOptions } from './policy-options';
import type { IApprovalWorkflow } from './workflow-api';

/** What a gate asks, and what it shows. */
export interface ApprovalGateOptions extends GatePolicyOptions {
  /**
   * The workflow that asks, counts and answers.
   *
   * @default - CodePipeline's own approval: one topic mails all approvers, who answer in the AWS console
   */
  readonly workflow?: IApprovalWorkflow;

  /**
   * Where to look at the change: an `https:` or `http:` address of at most 1,000 characters. May hold variables of source actions.
   *
   * @default - no link
   */
  readonly reviewUrl?: string;

  /**
   * Text for whoever is asked. May hold variables. At most 1,000 characters, 940 with a workflow, which adds the id of the run.
   *
   * @default - no text
   */
  readonly additionalInformation?: string;

  /**
   * Topic that hears of the request instead of a topic of the gate's own, without workflow and `approvers`: subscribe whom you like.
   *
   * A standard topic of the pipeline's Region. The pipeline's role may publish to it, and use its key where the topic is encrypted;
   * the key of an imported topic has to be imported with it.
   *
   * @default - a topic is made for the addresses of `approvers`
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * Roll the gate's stage back to its last good run when the gate rejects or expires. Type V2 pipelines that are not PARALLEL; not in the first
   * stage; the gate runs after another action of its stage.
   *
   * Rendered as the stage's `OnFailure` with result `ROLLBACK`, so **any** failure of that stage rolls it back.
   *
   * @default false
   */
  readonly rollbackOnReject?: boolean;
}
