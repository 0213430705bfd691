import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import {
  Check,
  ImageScanning,
  ScannedImage,
  Waiver,
  type ImageScanCheckOptions,
  type WaiverProps,
} from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const stackOf = () => new Stack(new App(), 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const WAIVER: WaiverProps = { finding: 'CVE-2026-1234', owner: 'ana', reason: 'no fix yet', until: day(30) };

function bound(options: ImageScanCheckOptions = {}, stack = stackOf()): { plan: any; statements: any[]; stack: Stack } {
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'shop');
  const { plans, statements } = bindChecks(stack, [Check.imageScan(repository, options)]);
  return {
    plan: stack.resolve(plans[0]),
    statements: stack.resolve(statements.map((statement) => statement.toJSON())),
    stack,
  };
}

test('an image scan has defaults that let nothing critical, high or unrated pass', () => {
  const { plan, statements } = bound();

  expect(plan).toMatchObject({
    kind: 'imageScan',
    title: 'image scan shop',
    scanning: 'BASIC',
    image: { by: 'REVISION', prefix: '' },
    limits: { critical: 0, high: 0, unrated: 0 },
    waivers: [],
    maxAge: 30 * 86_400,
  });
  expect(plan.limits).not.toHaveProperty('medium');
  expect(statements).toEqual([
    { Effect: 'Allow', Action: 'ecr:DescribeImageScanFindings', Resource: plan.repositoryArn },
  ]);
});

test('an enhanced scan is read in Amazon Inspector, too', () => {
  const { plan, statements } = bound({ scanning: ImageScanning.ENHANCED });

  expect(plan).toMatchObject({ scanning: 'ENHANCED' });
  expect(statements[1]).toEqual({
    Effect: 'Allow',
    Action: ['inspector2:ListCoverage', 'inspector2:ListFindings'],
    Resource: '*',
  });
});

test('every option is taken', () => {
  const { plan } = bound({
    image: ScannedImage.fromVariable('Build', 'Image', 'IMAGE_DIGEST'),
    limits: { critical: 1, high: 2, medium: 3, low: 4, unrated: 5 },
    waivers: [Waiver.of(WAIVER)],
    maxAge: Duration.hours(1),
  });

  expect(plan).toMatchObject({
    image: { by: 'VARIABLE', stage: 'Build', action: 'Image', variable: 'IMAGE_DIGEST' },
    limits: { critical: 1, high: 2, medium: 3, low: 4, unrated: 5 },
    waivers: [WAIVER],
    maxAge: 3600,
  });
});

test('a tag is made of a part of the revision of one source', () => {
  const image = ScannedImage.taggedByRevision({ artifactName: 'Code', prefix: 'release-', length: 7 });

  expect(bound({ image }).plan.image).toEqual({ by: 'REVISION', artifact: 'Code', prefix: 'release-', length: 7 });
});

test.each<[ImageScanCheckOptions, RegExp]>([
  [{ limits: { critical: -1 } }, /`Check.imageScan limits.critical` is -1/],
  [{ limits: { medium: 1.5 } }, /`Check.imageScan limits.medium` is 1.5/],
  [{ limits: { critical: 2, high: 1 } }, /lets 2 critical findings pass but only 1 high ones: lower `critical`/],
  [{ maxAge: Duration.minutes(59) }, /`Check.imageScan maxAge` is 59 minutes/],
  [{ maxAge: Duration.days(366) }, /is 366 days/],
  [{ waivers: [WAIVER as unknown as Waiver] }, /make them by `Waiver.of`/],
  [{ waivers: [Waiver.of(WAIVER), Waiver.of({ ...WAIVER, owner: 'bo' })] }, /waives 'CVE-2026-1234' twice/],
  [
    { waivers: Array.from({ length: 51 }, (_, n) => Waiver.of({ ...WAIVER, finding: `CVE-${n}` })) },
    /has 51, but at most 50/,
  ],
  [{ scanning: 'FULL' as ImageScanning }, /take it from `ImageScanning`/],
  [{ image: 'latest' as unknown as ScannedImage }, /take it from `ScannedImage`/],
])('an image scan fails for %j', (options, message) => {
  expect(() => bound(options)).toThrow(message);
});

test('fails for what is no repository', () => {
  expect(() => Check.imageScan('shop' as never)).toThrow(/give a repository/);
});

test.each<[() => ScannedImage, RegExp]>([
  [() => ScannedImage.taggedByRevision({ length: 6 }), /length` is 6/],
  [() => ScannedImage.taggedByRevision({ prefix: '-x' }), /prefix` is '-x'/],
  [() => ScannedImage.taggedByRevision({ prefix: 'a/b' }), /prefix` is 'a\/b'/],
  [() => ScannedImage.fromVariable('Build', 'Image', '#{Build.DIGEST}'), /the name of a variable alone/],
  [() => ScannedImage.fromVariable('Bu/ild', 'Image', 'DIGEST'), /stageName/],
])('no image is named by %s', (make, message) => {
  expect(make).toThrow(message);
});

describe('a waiver', () => {
  test.each<[Partial<WaiverProps>, RegExp]>([
    [{ owner: '' }, /`Waiver.of owner` is "", but has to be one line of 1 to 60 characters/],
    [{ owner: '   ' }, /owner/],
    [{ owner: undefined }, /`owner` is nothing/],
    [{ reason: '' }, /`Waiver.of reason` is ""/],
    [{ reason: undefined }, /`reason` is nothing/],
    [{ reason: 'a\nb' }, /one line/],
    [{ reason: 'x'.repeat(201) }, /1 to 200/],
    [{ finding: '' }, /`Waiver.of finding`/],
    [{ finding: 'CVE-*' }, /the id of one finding, without spaces, `\*`/],
    [{ finding: 'CVE-1 CVE-2' }, /the id of one finding/],
    [{ until: undefined }, /`until` is nothing/],
    [{ until: 'soon' }, /but has to be a day: write it like '2026-12-31'/],
    [{ until: '2026-02-30' }, /has to be a day/],
    [{ until: '2026-12-31T00:00:00Z' }, /has to be a day/],
    [{ until: '31.12.2026' }, /has to be a day/],
    [{ until: day(368) }, /more than a year away/],
    [{ until: '9999-12-31' }, /more than a year away/],
  ])('is refused with %j', (props, message) => {
    expect(() => Waiver.of({ ...WAIVER, ...props } as WaiverProps)).toThrow(message);
  });

  test('may last for a year', () => {
    expect(() => Waiver.of({ ...WAIVER, until: day(365) })).not.toThrow();
  });

  test('that is over is a warning, and counts for nothing', () => {
    const { stack } = bound({ waivers: [Waiver.of({ ...WAIVER, until: day(-2) })] });

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('has a waiver of CVE-2026-1234, whose last day'),
    );
  });

  test.each([0, 30])('whose last day is %d days away is no warning', (days) => {
    const { stack } = bound({ waivers: [Waiver.of({ ...WAIVER, until: day(days) })] });

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
