/** The licences of the packages that the software bill of materials of this run lists: an object that its build put into a bucket. */
import { GetObjectCommand, NoSuchKey, S3Client, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { LicensesCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeLicenses } from '../../domain/licenses';
import { parseSbom } from '../../domain/sbom';
import { isAccessDenied } from '../failure';
import type { MeasureClients } from './clients';
import { linked, objectLink } from './console-link';
import type { Finding } from './measure';

const MEGABYTE = 1024 * 1024;
const MOST_MEGABYTES = 10;

export async function measureLicenses(
  plan: LicensesCheckPlan,
  { run, now }: Pick<CheckCommand, 'run' | 'now'>,
  clients: MeasureClients,
): Promise<Finding> {
  if (run?.executionId === undefined) {
    return { verdict: 'ERROR', reason: 'It is not known which run this is.' };
  }
  const key = `${plan.keyPrefix}${run.executionId}${plan.keySuffix}`;
  const found = await textAt(key, plan, clients);
  if (typeof found !== 'string') {
    return found;
  }
  const sbom = parseSbom(found);
  const judged: Finding = sbom.ok
    ? judgeLicenses(plan, sbom.value, now)
    : { verdict: 'ERROR', reason: `${sbom.problem}.` };
  return { ...judged, ...linked({ link: objectLink(plan.region, plan.bucket, key) }) };
}

async function textAt(
  key: string,
  { bucket, region, reader }: LicensesCheckPlan,
  clients: MeasureClients,
): Promise<string | Finding> {
  let answer: GetObjectCommandOutput;
  try {
    answer = await clients.of(S3Client, region).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    // Whoever may not list a bucket is not told that it lacks an object.
    if (error instanceof NoSuchKey || (reader === undefined && isAccessDenied(error))) {
      const where = `'${key}' in bucket '${bucket}'`;
      return {
        verdict: 'ERROR',
        reason: `The software bill of materials of this run is missing, or may not be read: ${where}.`,
      };
    }
    throw error;
  }
  const { Body, ContentLength = Infinity } = answer;
  if (ContentLength > MOST_MEGABYTES * MEGABYTE) {
    await Body?.transformToWebStream().cancel();
    return { verdict: 'ERROR', reason: `The software bill of materials has more than ${MOST_MEGABYTES} MB.` };
  }
  return (await Body?.transformToString()) ?? '';
}
