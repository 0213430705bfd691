import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { LAMBDA_ACTION } from './lambda-action';

/** Whether an action may deploy something: approvals do not, nor do functions of ours. Whoever calls another function may deploy by it. */
export function mayDeploy({ actionProperties: { category, artifactBounds } }: codepipeline.IAction): boolean {
  return category !== codepipeline.ActionCategory.APPROVAL && artifactBounds !== LAMBDA_ACTION.artifactBounds;
}
