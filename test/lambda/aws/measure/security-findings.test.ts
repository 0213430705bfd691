import { GetFindingsCommand, SecurityHubClient, type AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import type { SecurityFindingsCheckPlan } from '../../../../contract/checks';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';

const plan: SecurityFindingsCheckPlan = {
  kind: 'securityFindings',
  id: 'findings',
  title: 'security findings app=shop',
  region: 'us-east-1',
  resources: { by: 'TAG', key: 'app', value: 'shop' },
  limits: { critical: 0, unrated: 0 },
  waivers: [{ finding: 'CVE-7', owner: 'ana', reason: 'no fix', until: '2026-11-23' }],
  ...TIMING,
};

const hub = mockClient(SecurityHubClient);
const regions: string[] = [];
beforeEach(() => {
  hub.reset();
  regions.length = 0;
});

const found = (finding: Partial<AwsSecurityFinding>) =>
  ({ Id: 'arn:finding', Severity: { Label: 'CRITICAL' }, ...finding }) as AwsSecurityFinding;

function answers(...findings: readonly Partial<AwsSecurityFinding>[]): void {
  hub.on(GetFindingsCommand).resolves({ Findings: findings.map(found) });
}

function measured(check: Partial<SecurityFindingsCheckPlan> = {}, now = NOW) {
  return measure(
    { requestId: 'r'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: NOW, now },
    {
      of: (Service, region) => {
        regions.push(region);
        return new Service({ region, maxAttempts: 1 });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

const calls = () => hub.commandCalls(GetFindingsCommand).map(({ args }) => args[0].input);

test('everything counts that is not archived, resolved, suppressed or a hint', async () => {
  answers();

  expect(await measured()).toMatchObject({
    verdict: 'PASS',
    reason: 'no findings, within the limits.',
    link: expect.stringMatching(/securityhub\/home\?region=us-east-1#\/findings\?search=RecordState%3D[^&]*ACTIVE$/),
  });
  expect(calls()).toEqual([
    {
      Filters: {
        RecordState: [{ Value: 'ARCHIVED', Comparison: 'NOT_EQUALS' }],
        WorkflowStatus: [
          { Value: 'RESOLVED', Comparison: 'NOT_EQUALS' },
          { Value: 'SUPPRESSED', Comparison: 'NOT_EQUALS' },
        ],
        SeverityLabel: [{ Value: 'INFORMATIONAL', Comparison: 'NOT_EQUALS' }],
        ResourceTags: [{ Key: 'app', Value: 'shop', Comparison: 'EQUALS' }],
      },
      MaxResults: 100,
      NextToken: undefined,
    },
  ]);
  expect(regions).toEqual(['us-east-1']);
});

test('one resource, and some products, are asked for where the check says so', async () => {
  answers();

  await measured({ resources: { by: 'ARN', arn: 'arn:aws:s3:::shop' }, products: ['Inspector', 'GuardDuty'] });

  expect(calls()[0]?.Filters).toMatchObject({
    ResourceId: [{ Value: 'arn:aws:s3:::shop', Comparison: 'EQUALS' }],
    ProductName: [
      { Value: 'Inspector', Comparison: 'EQUALS' },
      { Value: 'GuardDuty', Comparison: 'EQUALS' },
    ],
  });
  expect(calls()[0]?.Filters).not.toHaveProperty('ResourceTags');
});

test.each<[string, Partial<SecurityFindingsCheckPlan>, string]>([
  ['a resource', { resources: { by: 'ARN', arn: 'shop' } }, 'RecordState ACTIVE, ResourceId shop'],
  ['a product', { products: ['Inspector'] }, 'RecordState ACTIVE, ProductName Inspector'],
  ['several products, which it cannot name', { products: ['Inspector', 'GuardDuty'] }, 'RecordState ACTIVE'],
])('the link leads to findings of %s', async (_, check, expected) => {
  answers();

  const { link = '' } = await measured(check);

  const search = decodeURIComponent(decodeURIComponent(link.split('search=')[1] ?? ''));
  expect(search.replaceAll('=\\operator\\:EQUALS\\:', ' ').replaceAll('&', ', ')).toBe(expected);
});

test.each<[string, Partial<AwsSecurityFinding>, string]>([
  ['its vulnerability', { Vulnerabilities: [{ Id: 'CVE-1' }] }, 'CVE-1'],
  ['its control', { Compliance: { SecurityControlId: 'S3.8' } }, 'S3.8'],
  [
    'its own id, where it has several vulnerabilities',
    { Vulnerabilities: [{ Id: 'CVE-7' }, { Id: 'CVE-8' }] },
    'arn:finding',
  ],
  ['its own id', {}, 'arn:finding'],
  ['its own id, where it has no vulnerabilities', { Vulnerabilities: [] }, 'arn:finding'],
  ['nothing', { Id: undefined }, 'unnamed'],
])('a finding is known by %s', async (_, finding, id) => {
  answers(finding);

  expect(await measured()).toMatchObject({
    verdict: 'FAIL',
    reason: `1 critical finding, but at most 0 may be: ${id}.`,
  });
});

test('a finding without a severity counts as not rated', async () => {
  answers({ Severity: undefined });

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('1 unrated finding') });
});

test('a waiver counts on its last day, and no longer', async () => {
  answers({ Vulnerabilities: [{ Id: 'CVE-7' }] });

  expect(await measured()).toMatchObject({ verdict: 'PASS', reason: expect.stringContaining('waived by ana') });
  expect((await measured({}, '2026-11-24T00:00:00.000Z')).verdict).toBe('FAIL');
});

test('a finding on the last page counts', async () => {
  hub
    .on(GetFindingsCommand)
    .resolvesOnce({ Findings: [], NextToken: 'more' })
    .resolvesOnce({ Findings: [found({})] });

  expect((await measured()).verdict).toBe('FAIL');
  expect(calls()[1]).toMatchObject({ NextToken: 'more' });
});

test.each([undefined, ''])('a page that names %j as the next one is the last', async (NextToken) => {
  hub.on(GetFindingsCommand).resolves({ Findings: [], NextToken });

  expect((await measured()).verdict).toBe('PASS');
  expect(calls()).toHaveLength(1);
});

test('an answer without a list holds no findings', async () => {
  hub.on(GetFindingsCommand).resolves({});

  expect(await measured()).toMatchObject({ verdict: 'PASS', value: 'no findings' });
});

test('pages without end never pass, and fail by what they show', async () => {
  hub.on(GetFindingsCommand).resolves({ Findings: [], NextToken: 'more' });
  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('more findings') });
  expect(calls()).toHaveLength(20);

  hub.on(GetFindingsCommand).resolves({ Findings: [found({})], NextToken: 'more' });
  expect((await measured()).verdict).toBe('FAIL');
});

test('an account without Security Hub is an error', async () => {
  hub.on(GetFindingsCommand).rejects(Object.assign(new Error('not subscribed'), { name: 'InvalidAccessException' }));

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The check could not be carried out: InvalidAccessException.',
  });
});
