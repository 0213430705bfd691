import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge, acknowledgeCdkGrants, acknowledgePipeline, resourcesBelow } from './acknowledge-pipeline';
import { ENVIRONMENTS, Environment, serviceName, serviceStackName } from './names';
import type { ReferenceApp } from './reference-app';

/** Findings of security linters in the reference app, each with the reason why it stays. */
export function acknowledgeFindings({ release }: ReferenceApp): void {
  const { pipeline } = release.promotion;
  acknowledgePipeline(pipeline);

  const project = release.node.findChild('Build') as codebuild.PipelineProject;
  acknowledgeCdkGrants(project, pipeline);
  acknowledge(
    project,
    'AwsSolutions-CB4',
    'what it writes are templates, encrypted by the key of S3 like every artifact',
  );
  for (const resource of resourcesBelow(project).filter((arn) => arn.includes(':log-group:/aws/codebuild/'))) {
    acknowledge(project, `AwsSolutions-IAM5[Resource::${resource}]`, 'log streams of this project alone');
  }

  const bucket = release.node.tryFindChild('SourceBucket');
  if (bucket instanceof s3.Bucket) {
    acknowledge(bucket, 'AwsSolutions-S1', 'CodePipeline records which version of the archive it took, and when');
  }

  for (const environment of ENVIRONMENTS) {
    acknowledgeDeploymentRole(release, environment);
  }
}

function acknowledgeDeploymentRole(stack: Stack, environment: Environment): void {
  const role = stack.node.findChild(`Deploy${environment}Role`) as iam.Role;
  // Whatever is not named after the environment's own service stays a finding.
  const own = new RegExp(`[:/](${serviceStackName(environment)}-\\*|${serviceName(environment)}(:|-)\\*)`);
  for (const resource of resourcesBelow(role)) {
    if (own.test(resource)) {
      acknowledge(
        role,
        `AwsSolutions-IAM5[Resource::${resource}]`,
        'names begin with those of the service; what follows is generated',
      );
    } else if (resource.endsWith(':deploymentconfig:CodeDeployDefault.Lambda*')) {
      acknowledge(role, `AwsSolutions-IAM5[Resource::${resource}]`, 'deployment configurations of AWS, read only');
    } else if (resource === '*') {
      acknowledge(
        role,
        'AwsSolutions-IAM5[Resource::*]',
        'log groups and their policies are listed for all groups only',
      );
    }
  }
}
