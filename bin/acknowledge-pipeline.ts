import { Stack, Validations } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';

/** Wildcards of the permissions that the CDK grants to the roles of a pipeline's actions. */
const GRANTED_BY_CDK = [
  's3:Abort*',
  's3:DeleteObject*',
  's3:GetBucket*',
  's3:GetObject*',
  's3:List*',
  'cloudformation:DescribeStack*',
  'cloudformation:GetTemplate*',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
];

/** The roles of a pipeline are the CDK's: it grants families of actions, on this pipeline's artifacts and these stacks. */
export function acknowledgePipeline(pipeline: codepipeline.Pipeline): void {
  acknowledgeCdkGrants(pipeline, pipeline);
}

/** The same for a role beside the pipeline that reads or writes its artifacts. */
export function acknowledgeCdkGrants(scope: IConstruct, pipeline: codepipeline.Pipeline): void {
  for (const action of GRANTED_BY_CDK) {
    acknowledge(
      scope,
      `AwsSolutions-IAM5[Action::${action}]`,
      'the CDK grants actions in families; the resources are exact',
    );
  }
  const buckets = [pipeline.artifactBucket, ...replicationBuckets(pipeline)];
  const artifacts = buckets.map(({ bucketArn }) => `${shown(Stack.of(scope), bucketArn)}/*`);
  for (const resource of resourcesBelow(scope)) {
    if (artifacts.includes(resource)) {
      acknowledge(
        scope,
        `AwsSolutions-IAM5[Resource::${resource}]`,
        'artifacts of this pipeline alone, whatever their keys',
      );
    } else if (/:stack\/[^*]+\/\*$/.test(resource)) {
      acknowledge(scope, `AwsSolutions-IAM5[Resource::${resource}]`, 'one stack, whatever its generated id');
    }
  }
}

/** Of the Regions that the actions of a pipeline act in beside its own. */
export function replicationBuckets(pipeline: codepipeline.Pipeline): s3.IBucket[] {
  return Object.values(pipeline.crossRegionSupport).map(({ replicationBucket }) => replicationBucket);
}

export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}

/** Resources of all statements in policies below a construct, as linters show them: `<LogicalId.Arn>/*`. */
export function resourcesBelow(scope: IConstruct): string[] {
  const stack = Stack.of(scope);
  const policies = scope.node.findAll().filter((child): child is iam.Policy => child instanceof iam.Policy);
  const resources = policies.flatMap((policy) => {
    const document = stack.resolve(policy.document) as { readonly Statement?: readonly Statement[] } | undefined;
    return (document?.Statement ?? []).flatMap((statement) => statement.Resource ?? []);
  });
  return [...new Set(resources.map((resource) => text(resource)))];
}

interface Statement {
  readonly Resource?: unknown;
}

function shown(stack: Stack, value: string): string {
  return text(stack.resolve(value));
}

function text(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (Array.isArray(join)) {
    return (join[1] as unknown[]).map(text).join('');
  }
  return Array.isArray(attribute) ? `<${attribute.join('.')}>` : `<${String(Ref)}>`;
}
