import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { ApprovalWorkflow, Approver, Approvers, CdkPromotion, RolloutStrategy } from 'cdk-approval-gates';
import type { Construct } from 'constructs';
import { ServiceStage } from './service-stage';
import { settings } from './settings';

/** Every change goes from stage to stage: it is deployed and watched, and before the last stage people approve it. */
export class ReleaseStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const { service, stages, repository, branch, connectionArn } = settings;

    const approvals = new ApprovalWorkflow(this, 'Approvals', { workflowName: `${service}-approvals` });
    const pipeline = new CodePipeline(this, 'Pipeline', {
      pipelineName: `${service}-release`,
      pipelineType: PipelineType.V2, // only V2 rolls back
      crossAccountKeys: stages.some(({ account }) => account !== this.account), // others read the artifacts
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.connection(repository, branch, { connectionArn }),
        commands: ['npm ci', 'npx cdk synth'],
      }),
    });

    const people = settings.approvers.map((email) => Approver.person(email));
    const promotion = new CdkPromotion(this, 'Promotion', {
      pipeline,
      workflow: approvals,
      approvers: Approvers.atLeast(settings.approvals, ...people),
      timeout: Duration.days(2),
    });
    for (const target of stages) {
      const isLast = target === stages[stages.length - 1];
      const stage = new ServiceStage(this, target.name, {
        target,
        strategy: isLast ? RolloutStrategy.canary(10, Duration.minutes(10)) : RolloutStrategy.allAtOnce(),
        workflowName: approvals.workflowName,
      });
      promotion.addStage(stage, {
        manualApproval: isLast,
        checks: stage.checks,
        bakeTime: isLast ? Duration.minutes(30) : Duration.minutes(10),
        rollbackOnReject: true,
      });
    }
  }
}
