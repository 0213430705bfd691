/** What ECR or Amazon Inspector found in the image of this run. ECR answers for both. */
import {
  DescribeImageScanFindingsCommand,
  ECRClient,
  ImageNotFoundException,
  ScanNotFoundException,
  type DescribeImageScanFindingsResponse,
} from '@aws-sdk/client-ecr';
import type { ImageScanCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import type { SecurityFinding } from '../../domain/findings';
import { judgeScan, type ImageScan } from '../../domain/image-scan';
import { isDigest } from '../../domain/run-image';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';
import { imageLink, linked } from './console-link';
import type { Finding } from './measure';

/** As many as one call answers (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html). */
const PAGE = 1000;
const MAX_PAGES = 20;
/** Findings of Amazon Inspector that are over, or that a suppression rule hides. */
const NOT_COUNTED = ['CLOSED', 'SUPPRESSED'];

export async function measureImageScan(
  plan: ImageScanCheckPlan,
  { run, now }: Pick<CheckCommand, 'run' | 'now'>,
  clients: MeasureClients,
): Promise<Finding> {
  const image = run?.image;
  if (image === undefined) {
    return { verdict: 'INCONCLUSIVE', reason: 'The run does not tell which image is its own.' };
  }
  try {
    const { digest, ...scan } = await scanOf(image, plan.repositoryArn, clients);
    return { ...judgeScan(plan, scan, now), ...linked({ link: imageLink(plan.repositoryArn, digest) }) };
  } catch (error) {
    if (error instanceof ImageNotFoundException || error instanceof ScanNotFoundException) {
      const what =
        error instanceof ImageNotFoundException ? 'The repository has no image' : 'There is no scan of image';
      const link = imageLink(plan.repositoryArn, undefined);
      return { verdict: 'INCONCLUSIVE', reason: `${what} ${image}.`, ...linked({ link }) };
    }
    throw error;
  }
}

type FoundScan = ImageScan & { readonly digest: string | undefined };

async function scanOf(image: string, repositoryArn: string, clients: MeasureClients): Promise<FoundScan> {
  const client = clients.of(ECRClient, regionOf(repositoryArn));
  const input = {
    registryId: repositoryArn.split(':')[4],
    repositoryName: repositoryArn.slice(repositoryArn.indexOf('/') + 1),
    maxResults: PAGE,
  };
  const imageId = isDigest(image) ? { imageDigest: image } : { imageTag: image };
  const findings: SecurityFinding[] = [];
  const digests = new Set<string | undefined>();
  let last: DescribeImageScanFindingsResponse | undefined;
  for (let page = 0; page < MAX_PAGES && (last === undefined || last.nextToken !== undefined); page++) {
    const nextToken: string | undefined = last?.nextToken;
    last = await client.send(new DescribeImageScanFindingsCommand({ ...input, imageId, nextToken }));
    findings.push(...findingsIn(last));
    digests.add(last.imageId?.imageDigest);
  }
  const completedAt = last?.imageScanFindings?.imageScanCompletedAt?.toISOString();
  return {
    status: last?.imageScanStatus?.status ?? 'UNKNOWN',
    ...(completedAt === undefined ? {} : { completedAt }),
    findings,
    digest: last?.imageId?.imageDigest,
    // A tag may move to another image from one page to the next.
    isWhole: last?.nextToken === undefined && digests.size === 1,
  };
}

/** Those of basic scans, and those of Amazon Inspector. */
function findingsIn({ imageScanFindings }: DescribeImageScanFindingsResponse): readonly SecurityFinding[] {
  const { findings = [], enhancedFindings = [] } = imageScanFindings ?? {};
  return [
    ...findings.map(({ name, severity }) => ({ id: name ?? 'unnamed', severity: severity ?? 'UNDEFINED' })),
    ...enhancedFindings
      .filter(({ status }) => !NOT_COUNTED.includes(status ?? ''))
      .map(({ packageVulnerabilityDetails, title, severity }) => ({
        id: packageVulnerabilityDetails?.vulnerabilityId ?? title ?? 'unnamed',
        severity: severity ?? 'UNTRIAGED',
      })),
  ];
}
