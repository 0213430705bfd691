import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SourceSettings } from './settings';

export interface Source {
  readonly action: codepipeline.IAction;
  /** Where a change can be looked at. */
  readonly reviewUrl?: string;
}

/** Where changes come from: a repository behind a CodeConnections connection, or an archive in a bucket. */
export function sourceOf(scope: Construct, settings: SourceSettings, output: codepipeline.Artifact): Source {
  const common = { actionName: 'Source', variablesNamespace: 'Source', output };
  if (settings.kind === 'connection') {
    const action = new actions.CodeStarConnectionsSourceAction({
      ...common,
      connectionArn: settings.connectionArn,
      owner: settings.owner,
      repo: settings.repository,
      branch: settings.branch,
    });
    return { action };
  }
  const bucket =
    settings.bucketName === undefined
      ? madeBucket(scope, settings.key)
      : s3.Bucket.fromBucketName(scope, 'SourceBucket', settings.bucketName);
  const action = new actions.S3SourceAction({ ...common, bucket, bucketKey: settings.key });
  return { action, reviewUrl: objectPage(scope, bucket, settings.key, action.variables.versionId) };
}

/** The S3 console's page of one version of an object. */
function objectPage(scope: Construct, bucket: s3.IBucket, key: string, versionId: string): string {
  const { region, partition } = Stack.of(scope);
  const host = partition === 'aws-cn' ? 'console.amazonaws.cn' : 'console.aws.amazon.com';
  const query = `region=${region}&prefix=${encodeURIComponent(key)}&versionId=${versionId}`;
  return `https://${host}/s3/object/${bucket.bucketName}?${query}`;
}

function madeBucket(scope: Construct, key: string): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'SourceBucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // CodePipeline takes versions of one object.
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  new CfnOutput(scope, 'SourceLocation', {
    value: bucket.s3UrlForObject(key),
    description: 'Put an archive of the repository here to start a release',
  });
  return bucket;
}
