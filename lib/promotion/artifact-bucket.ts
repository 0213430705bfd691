import { Duration, PhysicalName, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { acknowledge } from '../private/acknowledge';
import type { Artifacts } from './other-accounts';

export interface ArtifactBucketOptions {
  readonly artifactBucket?: s3.IBucket;
  readonly crossAccountKeys?: boolean;
  readonly artifactRetention?: Duration;
}

/** The bucket that is given, or one of its own. */
export function artifactsOf(scope: Construct, options: ArtifactBucketOptions): Artifacts {
  const given = options.artifactBucket;
  if (given !== undefined && options.artifactRetention !== undefined) {
    throw new GateError(
      'UnusedRetention',
      '`artifactRetention` is about the bucket that the pipeline makes, but `artifactBucket` is given: set `lifecycleRules` of that bucket, and leave ' +
        '`artifactRetention` out',
    );
  }
  return given === undefined ? { bucket: artifactBucket(scope, options), own: true } : { bucket: given, own: false };
}

/** A private bucket that forgets artifacts in time. Its name is known beforehand where roles of other accounts need to know it. */
function artifactBucket(scope: Construct, options: ArtifactBucketOptions): s3.Bucket {
  const key =
    options.crossAccountKeys === true
      ? new kms.Key(scope, 'ArtifactKey', { enableKeyRotation: true, description: 'Artifacts of a release pipeline' })
      : undefined;
  const bucket = new s3.Bucket(scope, 'Artifacts', {
    bucketName: PhysicalName.GENERATE_IF_NEEDED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: key === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: key === undefined ? undefined : true,
    enforceSSL: true,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [
      {
        expiration: options.artifactRetention ?? Duration.days(180),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'only the pipeline and its actions read artifacts, and CodePipeline records what they did',
  );
  return bucket;
}
