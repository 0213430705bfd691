import {
  DescribeImageScanFindingsCommand,
  ECRClient,
  ImageNotFoundException,
  RepositoryNotFoundException,
  ScanNotFoundException,
  type DescribeImageScanFindingsResponse,
} from '@aws-sdk/client-ecr';
import { mockClient } from 'aws-sdk-client-mock';
import type { ImageScanCheckPlan } from '../../../../contract/checks';
import type { CheckCommand } from '../../../../contract/messages';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';
const DIGEST = `sha256:${'a'.repeat(64)}`;

const plan: ImageScanCheckPlan = {
  kind: 'imageScan',
  id: 'scan',
  title: 'image scan shop',
  repositoryArn: 'arn:aws:ecr:us-east-1:222222222222:repository/team/shop',
  image: { by: 'REVISION', prefix: '' },
  scanning: 'ENHANCED',
  maxAge: 86_400,
  limits: { critical: 0, unrated: 0 },
  waivers: [{ finding: 'CVE-7', owner: 'ana', reason: 'no fix', until: '2026-11-23' }],
  ...TIMING,
};

const ecr = mockClient(ECRClient);
const regions: string[] = [];
beforeEach(() => {
  ecr.reset();
  regions.length = 0;
});

type Findings = NonNullable<DescribeImageScanFindingsResponse['imageScanFindings']>;

function scanned(findings: Findings, more: Partial<DescribeImageScanFindingsResponse> = {}) {
  return {
    imageId: { imageDigest: DIGEST },
    imageScanStatus: { status: 'COMPLETE' as const },
    imageScanFindings: { imageScanCompletedAt: new Date('2026-11-23T10:00:00Z'), ...findings },
    ...more,
  };
}

function measured(run: CheckCommand['run'] = { image: 'abc' }, now = NOW) {
  return measure(
    { requestId: 'r'.repeat(32), check: plan, role: 'arn', since: NOW, now, run },
    {
      of: (Service, region) => {
        regions.push(region);
        return new Service({ region, maxAttempts: 1 });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

const calls = () => ecr.commandCalls(DescribeImageScanFindingsCommand).map(({ args }) => args[0].input);

test.each([
  ['tag', 'abc', { imageTag: 'abc' }],
  ['digest', DIGEST, { imageDigest: DIGEST }],
])('the image of the run is asked for by its %s, where its repository is', async (_, image, imageId) => {
  ecr.on(DescribeImageScanFindingsCommand).resolves(scanned({ findings: [] }));

  expect(await measured({ image })).toMatchObject({
    verdict: 'PASS',
    value: 'no findings',
    link: expect.stringContaining('/ecr/repositories/private/222222222222/team/shop'),
  });
  expect(calls()).toEqual([
    { registryId: '222222222222', repositoryName: 'team/shop', imageId, maxResults: 1000, nextToken: undefined },
  ]);
  expect(regions).toEqual(['us-east-1']);
});

test('findings of a basic scan and of Amazon Inspector count alike', async () => {
  const inspected = (id: string, status = 'ACTIVE') => ({
    severity: 'CRITICAL',
    status,
    packageVulnerabilityDetails: { vulnerabilityId: id },
  });
  const enhancedFindings = [inspected('CVE-2'), inspected('CVE-3', 'CLOSED'), inspected('CVE-4', 'SUPPRESSED')];
  ecr
    .on(DescribeImageScanFindingsCommand)
    .resolves(scanned({ findings: [{ name: 'CVE-1', severity: 'CRITICAL' }], enhancedFindings }));

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: '2 critical findings, but at most 0 may be: CVE-1, CVE-2.',
  });
});

test('a finding without name, severity or status counts as not rated', async () => {
  ecr.on(DescribeImageScanFindingsCommand).resolves(scanned({ findings: [{}], enhancedFindings: [{ title: 'bad' }] }));

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('2 unrated') });
});

test('a finding of Amazon Inspector is known by its vulnerability, else by its title', async () => {
  const enhancedFindings = [
    { severity: 'CRITICAL', packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2' }, title: 'CVE-2 - openssl' },
    { severity: 'CRITICAL', title: 'Port 22 is open' },
    { severity: 'CRITICAL' },
  ];
  ecr.on(DescribeImageScanFindingsCommand).resolves(scanned({ enhancedFindings }));

  expect(await measured()).toMatchObject({ reason: expect.stringContaining(': CVE-2, Port 22 is open, unnamed.') });
});

test('a finding of a basic scan without a name is one all the same', async () => {
  ecr.on(DescribeImageScanFindingsCommand).resolves(scanned({ findings: [{ severity: 'CRITICAL' }] }));

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining(': unnamed.') });
});

test('a waiver counts on its last day by the time of the measurement, and no longer', async () => {
  ecr.on(DescribeImageScanFindingsCommand).resolves(scanned({ findings: [{ name: 'CVE-7', severity: 'CRITICAL' }] }));

  expect(await measured()).toMatchObject({ verdict: 'PASS', reason: expect.stringContaining('waived by ana') });
  expect(await measured({ image: 'abc' }, '2026-11-24T00:00:00.000Z')).toMatchObject({ verdict: 'FAIL' });
});

test('a finding on the last page counts', async () => {
  ecr
    .on(DescribeImageScanFindingsCommand)
    .resolvesOnce(scanned({ findings: [] }, { nextToken: 'more' }))
    .resolvesOnce(scanned({ findings: [{ name: 'CVE-1', severity: 'CRITICAL' }] }));

  expect((await measured()).verdict).toBe('FAIL');
  expect(calls()[1]).toMatchObject({ nextToken: 'more' });
});

test('pages without end, and pages of two images, never pass', async () => {
  ecr.on(DescribeImageScanFindingsCommand).resolves(scanned({ findings: [] }, { nextToken: 'more' }));
  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('completely') });

  ecr.reset();
  ecr
    .on(DescribeImageScanFindingsCommand)
    .resolvesOnce(scanned({ findings: [] }, { nextToken: 'more' }))
    .resolvesOnce(scanned({ findings: [] }, { imageId: { imageDigest: 'sha256:other' } }));
  expect((await measured()).verdict).toBe('ERROR');
});

test('what ECR shows to those who may not read in Amazon Inspector is no clean scan', async () => {
  ecr.on(DescribeImageScanFindingsCommand).resolves({
    imageId: { imageDigest: DIGEST },
    imageScanStatus: { status: 'ACTIVE' },
    imageScanFindings: { findings: [] },
  });

  expect((await measured()).verdict).toBe('IN_PROGRESS');
});

test.each([
  [
    'an image that is gone',
    new ImageNotFoundException({ $metadata: {}, message: 'x' }),
    'INCONCLUSIVE',
    'The repository has no image abc.',
  ],
  [
    'an image without a scan',
    new ScanNotFoundException({ $metadata: {}, message: 'x' }),
    'INCONCLUSIVE',
    'There is no scan of image abc.',
  ],
  [
    'a repository that is gone',
    new RepositoryNotFoundException({ $metadata: {}, message: 'x' }),
    'ERROR',
    /RepositoryNotFoundException/,
  ],
])('%s is no pass', async (_, error, verdict, reason) => {
  ecr.on(DescribeImageScanFindingsCommand).rejects(error);

  const found = await measured();

  expect(found.verdict).toBe(verdict);
  expect(found.reason).toMatch(reason);
});

test('a run that does not tell its image cannot be judged, and nothing is read', async () => {
  expect(await measured({})).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: 'The run does not tell which image is its own.',
  });
  expect(calls()).toEqual([]);
});

test('an answer without any content cannot pass', async () => {
  ecr.on(DescribeImageScanFindingsCommand).resolves({});

  expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE' });
});
