import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeLiteral } from '../private/text';
import { mustBeText, mustHave } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import { decryptThrough } from './decrypt-through';
import { waiversOf } from './findings-rule';
import { LicensePolicy } from './license-policy';
import type { LicensesCheckOptions } from './licenses-options';
import { reachableBucketName } from './other-stage';
import { placeOfResource } from './place-of';
import { timingOf } from './timing';
import { warnOfEndedWaivers } from './waiver-warning';

const METHOD = 'Check.licenses';

/** Validates at once; who reads is known with the gate's stack. */
export function bindLicenses(
  bucket: s3.IBucket,
  policy: LicensePolicy,
  options: LicensesCheckOptions,
): (scope: Construct) => CheckBinding {
  mustHave(METHOD, bucket, ['bucketArn', 'bucketName'], 'give a bucket, or import one by `Bucket.fromBucketName`');
  if (!((policy as unknown) instanceof LicensePolicy)) {
    throw new GateError(
      'WrongType',
      `\`${METHOD}\` has to have a policy: take it from \`LicensePolicy\`, as \`LicensePolicy.allow('MIT')\``,
    );
  }
  const { keyPrefix = 'sbom/', keySuffix = '.json', waivers = [] } = options;
  mustBeKeyPart('keyPrefix', keyPrefix, 200);
  mustBeKeyPart('keySuffix', keySuffix, 100);
  const rule = { policy: policy._plan, waivers: waiversOf(METHOD, waivers) };
  const timing = timingOf(METHOD, options, `licenses ${nameOf(bucket)}`.slice(0, 80));
  return (scope) => {
    const place = placeOfResource(bucket, Stack.of(scope));
    const region = place.region ?? Stack.of(scope).region;
    const name = reachableBucketName(bucket, scope);
    warnOfEndedWaivers(scope, timing.title, waivers);
    return {
      draft: { ...timing, kind: 'licenses', bucket: name, region, keyPrefix, keySuffix, ...rule },
      statements: [
        new iam.PolicyStatement({
          actions: ['s3:GetObject'],
          resources: [`arn:${Aws.PARTITION}:s3:::${name}/${keyPrefix}*${keySuffix}`],
        }),
        ...(bucket.encryptionKey === undefined ? [] : [decryptThrough('s3', bucket.encryptionKey, region)]),
      ],
      place,
    };
  };
}

function mustBeKeyPart(prop: string, value: string, limit: number): void {
  mustBeText(`${METHOD} ${prop}`, value);
  mustBeLiteral(`${METHOD} ${prop}`, value, 'a permission depends on it');
  if (!/^[A-Za-z0-9/_.-]+$/.test(value) || value.length > limit) {
    throw new GateError(
      'BadKey',
      `\`${METHOD} ${prop}\` is ${JSON.stringify(value)}, but has to be 1 to ${limit} letters, digits and \`/ - _ .\`: the id of the run stands beside it`,
    );
  }
}

function nameOf(bucket: s3.IBucket): string {
  return Token.isUnresolved(bucket.bucketName) ? nameInStack(bucket) : bucket.bucketName;
}
