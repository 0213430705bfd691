import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check, PromotionPipeline, type PromotionPipelineProps } from '../../../lib';

export const HERE = { account: '111111111111', region: 'eu-west-1' };

export const alarm = (name = 'shop-5xx') => Check.alarm(AlarmRef.named(name));

/** A stack with what promotions need. */
export function fixture(env: typeof HERE | undefined = undefined) {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env });
  const code = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'source');
  const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'a.zip', output: code });
  const deploy = (
    actionName = 'Deploy',
    more: Partial<actions.CloudFormationCreateUpdateStackActionProps> = {},
  ): codepipeline.IAction =>
    new actions.CloudFormationCreateUpdateStackAction({
      actionName,
      stackName: `shop-${actionName}`,
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
      ...more,
    });
  const promotion = (props: Partial<PromotionPipelineProps> = {}): PromotionPipeline =>
    new PromotionPipeline(stack, 'Promotion', { source, ...props });
  return { app, stack, code, source, deploy, promotion };
}

interface RenderedAction {
  readonly Name: string;
  readonly RunOrder: number;
}

/** Names of stages, in their order. */
export function stageNames(stack: Stack): string[] {
  return stagesOf(stack).map(({ Name }) => Name);
}

/** `Approve 1`, `Deploy 2`, … of a stage, in the order in which they run. */
export function orderIn(stack: Stack, stageName: string): string[] {
  const { Actions } = stagesOf(stack).find(({ Name }) => Name === stageName)!;
  return [...Actions]
    .sort((one, other) => one.RunOrder - other.RunOrder || one.Name.localeCompare(other.Name))
    .map(({ Name, RunOrder }) => `${Name} ${RunOrder}`);
}

/** The policy document of a gate, as text. */
export function policyOf(stack: Stack, stage: string, action: string): string | undefined {
  return Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'))
    .map((parameter) => JSON.stringify(parameter.Properties.Value).replace(/\\+"/g, '"'))
    .find((text) => text.includes(`"stage":"${stage}"`) && text.includes(`"action":"${action}"`));
}

function stagesOf(stack: Stack): { Name: string; Actions: RenderedAction[] }[] {
  const pipelines = Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline');
  return Object.values(pipelines)[0]!.Properties.Stages;
}
