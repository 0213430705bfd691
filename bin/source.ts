import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SourceSettings } from './settings';

/** Where changes come from: a repository behind a CodeConnections connection, or an archive in a bucket. */
export function sourceAction(
  scope: Construct,
  settings: SourceSettings,
  output: codepipeline.Artifact,
): codepipeline.IAction {
  const common = { actionName: 'Source', variablesNamespace: 'Source', output };
  if (settings.kind === 'connection') {
    return new actions.CodeStarConnectionsSourceAction({
      ...common,
      connectionArn: settings.connectionArn,
      owner: settings.owner,
      repo: settings.repository,
      branch: settings.branch,
    });
  }
  const bucket =
    settings.bucketName === undefined
      ? madeBucket(scope, settings.key)
      : s3.Bucket.fromBucketName(scope, 'SourceBucket', settings.bucketName);
  return new actions.S3SourceAction({ ...common, bucket, bucketKey: settings.key });
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
