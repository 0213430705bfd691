import type { ImageScanCheckPlan } from '../../../contract/checks';
import { judgeScan, type ImageScan } from '../../../lambda/domain/image-scan';
import { TIMING } from '../check-timing';

const NOW = '2026-11-23T10:00:00.000Z';

const plan: ImageScanCheckPlan = {
  kind: 'imageScan',
  id: 'scan',
  title: 'image scan shop',
  repositoryArn: 'arn:aws:ecr:eu-west-1:111111111111:repository/shop',
  image: { by: 'REVISION', prefix: '' },
  scanning: 'ENHANCED',
  maxAge: 3600,
  limits: { critical: 0 },
  waivers: [],
  ...TIMING,
};
const CLEAN: ImageScan = { status: 'COMPLETE', completedAt: '2026-11-23T09:30:00.000Z', findings: [], isWhole: true };
const CRITICAL = [{ id: 'CVE-1', severity: 'CRITICAL' }];

test.each<[string, Partial<ImageScan>, string, RegExp]>([
  ['found nothing', {}, 'PASS', /^no findings/],
  ['found too much', { findings: CRITICAL }, 'FAIL', /CVE-1/],
  ['found too much in what could be read of it', { findings: CRITICAL, isWhole: false }, 'FAIL', /CVE-1/],
  ['cannot be read completely', { isWhole: false }, 'ERROR', /completely/],
  ['is as old as it may be', { completedAt: '2026-11-23T09:00:00.000Z' }, 'PASS', /^no findings/],
  [
    'is too old',
    { completedAt: '2026-11-23T08:59:59.999Z' },
    'INCONCLUSIVE',
    /last scanned on 2026-11-23, which is too/,
  ],
  ['is too old and found too much', { completedAt: '2026-01-01T00:00:00.000Z', findings: CRITICAL }, 'FAIL', /CVE-1/],
  ['has a time that cannot be read', { completedAt: 'then' }, 'INCONCLUSIVE', /too long ago/],
  ['goes on by itself', { status: 'ACTIVE', completedAt: '2026-01-01T00:00:00.000Z' }, 'PASS', /^no findings/],
  ['was started', { status: 'IN_PROGRESS', completedAt: undefined }, 'IN_PROGRESS', /to the end yet/],
  ['is waited for', { status: 'PENDING', completedAt: undefined }, 'IN_PROGRESS', /to the end yet/],
  [
    'shows no time, as without the permission to read it',
    { status: 'ACTIVE', completedAt: undefined },
    'IN_PROGRESS',
    /yet/,
  ],
  ['failed', { status: 'FAILED' }, 'INCONCLUSIVE', /^There is no scan of the image: FAILED\.$/],
  ['cannot be made of such an image', { status: 'UNSUPPORTED_IMAGE' }, 'INCONCLUSIVE', /UNSUPPORTED_IMAGE/],
  ['is over', { status: 'SCAN_ELIGIBILITY_EXPIRED' }, 'INCONCLUSIVE', /SCAN_ELIGIBILITY_EXPIRED/],
  ['has a state of the future', { status: 'NEW' }, 'INCONCLUSIVE', /NEW/],
])('a scan that %s', (_, scan, verdict, reason) => {
  const judged = judgeScan(plan, { ...CLEAN, ...scan } as ImageScan, NOW);

  expect(judged.verdict).toBe(verdict);
  expect(judged.reason).toMatch(reason);
});

test.each<[string, Partial<ImageScan>, string]>([
  ['a basic scan', {}, 'PASS'],
  ['a basic scan that goes on', { status: 'IN_PROGRESS', completedAt: undefined }, 'IN_PROGRESS'],
  ['a basic scan that does not tell its time', { completedAt: undefined }, 'IN_PROGRESS'],
  ['a scan by Amazon Inspector that tells its time', { status: 'ACTIVE' }, 'PASS'],
])('a check of basic scans takes %s as it is', (_, scan, verdict) => {
  expect(judgeScan({ ...plan, scanning: 'BASIC' }, { ...CLEAN, ...scan } as ImageScan, NOW).verdict).toBe(verdict);
});

test('a scan by Amazon Inspector, of which a check of basic scans sees nothing, is not waited for', () => {
  const judged = judgeScan({ ...plan, scanning: 'BASIC' }, { ...CLEAN, status: 'ACTIVE', completedAt: undefined }, NOW);

  expect(judged.verdict).toBe('INCONCLUSIVE');
  expect(judged.reason).toMatch(/`scanning: ImageScanning.ENHANCED`/);
});
