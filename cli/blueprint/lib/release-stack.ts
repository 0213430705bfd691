import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { ApprovalGateStep, ApprovalWorkflow, Approver, Approvers, RolloutStrategy } from 'cdk-approval-gates';
import type { Construct } from 'constructs';
import { ServiceStage } from './service-stage';
import { settings, type Target } from './settings';

/** Every change goes from stage to stage: it is deployed and watched, and before the last stage people approve it. */
export class ReleaseStack extends Stack {
  private readonly approvals: ApprovalWorkflow;
  private readonly pipeline: CodePipeline;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const { service, stages, repository, branch, connectionArn } = settings;

    this.approvals = new ApprovalWorkflow(this, 'Approvals', { workflowName: `${service}-approvals` });
    this.pipeline = new CodePipeline(this, 'Pipeline', {
      pipelineName: `${service}-release`,
      pipelineType: PipelineType.V2, // only V2 rolls back
      crossAccountKeys: stages.some(({ account }) => account !== this.account), // others read the artifacts
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.connection(repository, branch, { connectionArn }),
        commands: ['npm ci', 'npx cdk synth'],
      }),
    });
    stages.forEach((target) => this.addTarget(target, target === stages[stages.length - 1]));
  }

  private addTarget(target: Target, isLast: boolean): void {
    const stage = new ServiceStage(this, target.name, {
      target,
      strategy: isLast ? RolloutStrategy.canary(10, Duration.minutes(10)) : RolloutStrategy.allAtOnce(),
      workflowName: this.approvals.workflowName,
    });
    this.pipeline.addStage(stage, {
      pre: isLast ? [this.approvedByPeople()] : [],
      post: [
        new ApprovalGateStep(`${target.name}Healthy`, {
          workflow: this.approvals,
          checks: stage.checks,
          bakeTime: isLast ? Duration.minutes(30) : Duration.minutes(10),
          rollbackOnReject: true,
        }),
      ],
    });
  }

  private approvedByPeople(): ApprovalGateStep {
    const people = settings.approvers.map((email) => Approver.person(email));
    return new ApprovalGateStep('Approve', {
      workflow: this.approvals,
      approvers: Approvers.atLeast(settings.approvals, ...people),
      timeout: Duration.days(2),
    });
  }
}
