import { Annotations } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { areFilled, fillGroups } from '../../contract/groups';
import type { RulePlan } from './gate-plan';

/** Sources for which CodePipeline never names the author of a change: their revisions hold an id and at most a message. */
const WITHOUT_AUTHOR = ['S3', 'ECR', 'CodeCommit', 'GitHub'];

/** An exclusion of authors may leave too few people, or find no author. */
export function warnOfExclusion(stage: codepipeline.IStage, actionName: string, rule: RulePlan): void {
  if (rule.kind === 'AUTOMATED' || !rule.people.excludeAuthor) {
    return;
  }
  warnOfUnknownAuthor(stage, actionName);
  const { groups, approvers } = rule.people;
  const needed = approvers.filter((one) => {
    const others = approvers.filter((other) => other !== one).map(({ approverId }) => approverId);
    return !areFilled(fillGroups(groups, others));
  });
  if (needed.length > 0) {
    const whom =
      needed.length === approvers.length
        ? `all of its ${approvers.length} approvers`
        : `its approvers ${needed.map(({ mail }) => `'${mail}'`).join(', ')}`;
    Annotations.of(stage.pipeline).addWarningV2(
      'cdk-approval-gates:ApprovalGate.nobodyToSpare',
      `gate '${actionName}' of stage '${stage.stageName}' needs ${whom}, and authors have ` +
        'no vote on their own change, which then can be answered in the console only: name one more approver',
    );
  }
}

/** An exclusion of authors that can never find one looks like a protection and is none. */
function warnOfUnknownAuthor(stage: codepipeline.IStage, actionName: string): void {
  const first = stage.pipeline instanceof codepipeline.Pipeline ? stage.pipeline.stages[0] : undefined;
  const sources = (first?.actions ?? []).map(({ actionProperties }) => actionProperties);
  const silent = sources.filter(({ provider }) => WITHOUT_AUTHOR.includes(provider));
  if (silent.length === 0) {
    return;
  }
  const names = silent.map((source) => `'${source.actionName}' (${source.provider})`).join(', ');
  Annotations.of(stage.pipeline).addWarningV2(
    'cdk-approval-gates:ApprovalGate.authorNotKnown',
    `gate '${actionName}' of stage '${stage.stageName}' takes no vote of authors on their own change, but CodePipeline names no author for ` +
      `source ${names}: authors can vote. Take the source by a connection, or set \`excludeAuthor\` to false; ` +
      'whoever starts the pipeline by hand is excluded all the same',
  );
}
