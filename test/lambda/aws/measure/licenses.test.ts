import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import type { LicensesCheckPlan } from '../../../../contract/checks';
import type { CheckCommand } from '../../../../contract/messages';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';
const plan: LicensesCheckPlan = {
  kind: 'licenses',
  id: 'licenses',
  title: 'licenses shop',
  bucket: 'shop-sboms',
  region: 'us-east-1',
  keyPrefix: 'sbom/',
  keySuffix: '.json',
  policy: { only: 'ALLOWED', licenses: ['MIT'] },
  waivers: [],
  ...TIMING,
};

const s3 = mockClient(S3Client);
const regions: string[] = [];
beforeEach(() => {
  s3.reset();
  regions.length = 0;
});

function holds(text: string, size = text.length): jest.Mock {
  const cancel = jest.fn(() => Promise.resolve());
  const Body = { transformToString: () => Promise.resolve(text), transformToWebStream: () => ({ cancel }) };
  s3.on(GetObjectCommand).resolves({ Body: Body as never, ContentLength: size });
  return cancel;
}

function measured(run: CheckCommand['run'] | null = { executionId: 'run-1' }, check: LicensesCheckPlan = plan) {
  return measure(
    { requestId: 'r'.repeat(32), check, role: 'arn', since: NOW, now: NOW, ...(run && { run }) },
    {
      of: (Service, region) => {
        regions.push(region);
        return new Service({ region, maxAttempts: 1 });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

const bom = (license: string): string =>
  JSON.stringify({ bomFormat: 'CycloneDX', components: [{ name: 'a', licenses: [{ license: { id: license } }] }] });

test('the bill of this very run is judged, where its bucket is', async () => {
  holds(bom('MIT'));

  expect(await measured()).toEqual({
    checkId: 'licenses',
    at: NOW,
    verdict: 'PASS',
    reason: '1 package with licences that may be used.',
    value: '0 of 1 package refused',
    threshold: 'only MIT',
    link: 'https://us-east-1.console.aws.amazon.com/s3/object/shop-sboms?region=us-east-1&prefix=sbom%2Frun-1.json',
  });
  expect(regions).toEqual(['us-east-1']);
  expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).toEqual({
    Bucket: 'shop-sboms',
    Key: 'sbom/run-1.json',
  });
});

test('a package under another licence fails the check', async () => {
  holds(bom('GPL-3.0-only'));

  expect((await measured()).verdict).toBe('FAIL');
});

test.each([
  ['what is no bill', 'hello', /cannot be read: not JSON/],
  ['nothing', '', /cannot be read/],
])('%s is an error, and no pass', async (_, text, reason) => {
  holds(text);

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringMatching(reason) });
});

test('a bill of 10 MB is read', async () => {
  holds(bom('MIT'), 10 * 1024 * 1024);

  expect((await measured()).verdict).toBe('PASS');
});

test('an answer without a body is no bill', async () => {
  s3.on(GetObjectCommand).resolves({ ContentLength: 1 });
  expect((await measured()).reason).toContain('not JSON');

  s3.on(GetObjectCommand).resolves({});
  expect((await measured()).reason).toContain('more than 10 MB');
});

test.each([10 * 1024 * 1024 + 1, undefined])('a bill of %s bytes is not read', async (size) => {
  const cancel = holds(bom('MIT'));
  const answer = await new S3Client({}).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
  s3.on(GetObjectCommand).resolves({ ...answer, ContentLength: size });

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('more than 10 MB') });
  expect(cancel).toHaveBeenCalled();
});

const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });

test.each<[string, Error]>([
  ['for a role that may not list the bucket', denied],
  ['for one that may', new NoSuchKey({ message: 'no', $metadata: {} })],
])('a bill that is missing is told, with its place, %s', async (_, error) => {
  s3.on(GetObjectCommand).rejects(error);

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason:
      "The software bill of materials of this run is missing, or may not be read: 'sbom/run-1.json' in bucket 'shop-sboms'.",
  });
});

test('a reader that may not read says what to do', async () => {
  s3.on(GetObjectCommand).rejects(denied);

  const reader = 'arn:aws:iam::222222222222:role/approval-gates/shop/reader';
  expect(await measured(undefined, { ...plan, reader })).toMatchObject({
    verdict: 'ERROR',
    reason: expect.stringContaining('may not read this'),
  });
});

test('what else goes wrong is an error', async () => {
  s3.on(GetObjectCommand).rejects(Object.assign(new Error('no'), { name: 'SlowDown' }));

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('SlowDown') });
});

test('without a run nothing is read', async () => {
  expect(await measured(null)).toMatchObject({ verdict: 'ERROR', reason: 'It is not known which run this is.' });
  expect((await measured({ image: 'abc' })).reason).toBe('It is not known which run this is.');
  expect(s3.calls()).toHaveLength(0);
});
