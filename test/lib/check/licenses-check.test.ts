import { App, Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Check, LicensePolicy, Waiver } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const stackOf = () => new Stack(new App(), 'Gates', { env: ENV });
const MIT = LicensePolicy.allow('MIT');

function bound(stack: Stack, check: Check): { plan: any; statements: any[] } {
  const { plans, statements } = bindChecks(stack, [check]);
  return {
    plan: stack.resolve(plans[0]),
    statements: stack.resolve(statements.map((statement) => statement.toJSON())),
  };
}

test('it may read the bills of all runs, and no other object', () => {
  const stack = stackOf();
  const bucket = s3.Bucket.fromBucketName(stack, 'Sboms', 'shop-sboms');

  const { plan, statements } = bound(stack, Check.licenses(bucket, LicensePolicy.allow('MIT', ' ISC ')));

  expect(plan).toMatchObject({
    kind: 'licenses',
    title: 'licenses shop-sboms',
    bucket: 'shop-sboms',
    region: 'eu-west-1',
    keyPrefix: 'sbom/',
    keySuffix: '.json',
    policy: { only: 'ALLOWED', licenses: ['MIT', 'ISC'] },
    waivers: [],
  });
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::shop-sboms/sbom/*.json']] },
    },
  ]);
});

test('of a bucket with a key of its own it may also decrypt, by S3 alone', () => {
  const stack = stackOf();
  const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1');
  const bucket = new s3.Bucket(stack, 'Sboms', { encryptionKey });

  expect(bound(stack, Check.licenses(bucket, MIT)).statements[1]).toEqual({
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: 'arn:aws:kms:eu-west-1:111111111111:key/1',
    Condition: {
      StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
    },
  });
});

test('key, policy and waivers may be chosen', () => {
  const stack = stackOf();
  const bucket = s3.Bucket.fromBucketName(stack, 'Sboms', 'shop-sboms');
  const waiver = Waiver.of({ finding: '@shop/a@1.0', owner: 'ana', reason: 'bought', until: '2026-12-31' });
  const options = { keyPrefix: 'boms/shop-', keySuffix: '.cdx.json', waivers: [waiver] };

  const { plan, statements } = bound(stack, Check.licenses(bucket, LicensePolicy.refuse('AGPL-3.0-only'), options));

  expect(plan).toMatchObject({
    keyPrefix: 'boms/shop-',
    policy: { only: 'REFUSED', licenses: ['AGPL-3.0-only'] },
    waivers: [{ finding: '@shop/a@1.0' }],
  });
  expect(JSON.stringify(statements)).toContain('shop-sboms/boms/shop-*.cdx.json');
});

test.each([
  [{ keyPrefix: '' }, /`Check.licenses keyPrefix` is "", but has to be 1 to 200 letters/],
  [{ keyPrefix: 'x'.repeat(201) }, /keyPrefix/],
  [{ keyPrefix: '*' }, /keyPrefix/],
  [{ keySuffix: '?.json' }, /`Check.licenses keySuffix`/],
  [{ keySuffix: '${aws:username}' }, /keySuffix/],
  [{ keySuffix: Token.asString({ Ref: 'Suffix' }) }, /literal/],
  [{ waivers: ['left-pad' as never] }, /Waiver.of/],
])('fails for %j', (options, message) => {
  expect(() => Check.licenses(s3.Bucket.fromBucketName(stackOf(), 'Sboms', 'shop-sboms'), MIT, options)).toThrow(
    message,
  );
});

test.each([
  [[], /`LicensePolicy.allow` has 0 licences, but needs 1 to 100/],
  [Array.from({ length: 101 }, () => 'MIT'), /has 101 licences/],
  [['MIT', ' '], /has " ", but a licence has to be one line/],
  [['x'.repeat(81)], /1 to 80 characters/],
  [['MIT\nISC'], /one line/],
  [[1 as never], /has to be a text/],
  [[Token.asString({ Ref: 'License' })], /literal/],
])('a policy of %j is refused', (licenses, message) => {
  expect(() => LicensePolicy.allow(...licenses)).toThrow(message);
});

test('fails for what is no bucket or no policy', () => {
  const bucket = s3.Bucket.fromBucketName(stackOf(), 'Sboms', 'shop-sboms');

  expect(() => Check.licenses('shop-sboms' as never, MIT)).toThrow(/fromBucketName/);
  expect(() => Check.licenses(bucket, ['MIT'] as never)).toThrow(/LicensePolicy.allow/);
});
