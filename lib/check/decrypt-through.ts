import { Aws, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { RegionInfo } from 'aws-cdk-lib/region-info';

const USUAL = 'amazonaws.com';

/**
 * Decryption with a key that a service does for the caller, in one Region, and nothing else: what is encrypted there may be read, but no text be
 * decrypted by the key itself.
 *
 * AWS writes services as `s3.eu-west-1.amazonaws.com` (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html) and does not
 * say how where endpoints have another suffix: both ways are allowed there. Each of them is the service itself.
 */
export function decryptThrough(service: string, key: kms.IKey, region: string): iam.PolicyStatement {
  const suffix = Token.isUnresolved(region) ? Aws.URL_SUFFIX : (RegionInfo.get(region).domainSuffix ?? Aws.URL_SUFFIX);
  const via = [...new Set([USUAL, suffix])].map((domain) => `${service}.${region}.${domain}`);
  return new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': via.length === 1 ? via[0] : via } },
  });
}
