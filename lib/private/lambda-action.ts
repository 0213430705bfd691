import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from './acknowledge';

/** What CodePipeline has to know of every Lambda action of ours. */
export const LAMBDA_ACTION = {
  category: codepipeline.ActionCategory.INVOKE,
  provider: 'Lambda',
  artifactBounds: { minInputs: 0, maxInputs: 0, minOutputs: 0, maxOutputs: 0 },
} as const;

/** Lets the role of an action invoke its function, and list functions, as CodePipeline asks for. */
export function letInvoke(role: iam.IRole, { functionArn }: lambda.IFunction): void {
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:ListFunctions'], resources: ['*'] }));
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'lambda:ListFunctions knows no resources');
}
