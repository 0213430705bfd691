import { createHash } from 'node:crypto';
import { AwsError, type Service } from '../service';
import type { World } from '../world';

/** What the scan of an image found. */
export interface SaidScan {
  readonly repository: string;
  /** Its tag. */
  readonly image: string;
  /** ECR's own word; COMPLETE, or ACTIVE for an enhanced scan, when absent. */
  readonly status?: string;
  readonly findings?: readonly { readonly id: string; readonly severity: string }[];
  /** By Amazon Inspector. */
  readonly enhanced?: boolean;
}

interface Scan {
  readonly said: SaidScan;
  readonly at: number;
}

/** Image scans of ECR, as a scenario says them. An image that no step scanned is not in its repository. */
export class ImageScans {
  private readonly scans = new Map<string, Scan>();

  constructor(private readonly around: Pick<World, 'account' | 'region' | 'clock'>) {}

  /** An image was pushed, or was scanned again. */
  say(said: SaidScan): void {
    this.scans.set(`${said.repository}:${said.image}`, { said, at: this.around.clock.now() });
  }

  service(): Service {
    return {
      name: 'ecr',
      operations: { DescribeImageScanFindings: (input) => this.describe(input) },
      authorize: {
        DescribeImageScanFindings: (input, { region = this.around.region }) => [
          {
            action: 'ecr:DescribeImageScanFindings',
            resources: [`arn:aws:ecr:${region}:${this.around.account}:repository/${input.repositoryName}`],
          },
          ...(this.find(input)?.said.enhanced === true
            ? ['ListCoverage', 'ListFindings'].map((action) => ({ action: `inspector2:${action}`, resources: ['*'] }))
            : []),
        ],
      },
    };
  }

  private find({ repositoryName, imageId = {} }: any): Scan | undefined {
    const { imageTag, imageDigest } = imageId;
    return [...this.scans.values()].find(
      ({ said }) =>
        said.repository === repositoryName && (said.image === imageTag || digestOf(said.image) === imageDigest),
    );
  }

  private describe(input: any): object {
    const { repositoryName, maxResults = 100, nextToken } = input;
    const scan = this.find(input);
    if (scan === undefined) throw new AwsError('ImageNotFoundException', 'the image does not exist');
    const { image, enhanced = false, status = enhanced ? 'ACTIVE' : 'COMPLETE', findings = [] } = scan.said;
    const from = Number(nextToken ?? 0);
    const page = findings.slice(from, from + maxResults);
    const ended = ['ACTIVE', 'COMPLETE'].includes(status);
    return {
      registryId: this.around.account,
      repositoryName,
      imageId: { imageTag: image, imageDigest: digestOf(image) },
      imageScanStatus: { status },
      ...(ended
        ? {
            imageScanFindings: {
              imageScanCompletedAt: new Date(scan.at),
              ...(enhanced ? byInspector(page) : byEcr(page)),
            },
          }
        : {}),
      ...(from + maxResults < findings.length ? { nextToken: String(from + maxResults) } : {}),
    };
  }
}

type Findings = NonNullable<SaidScan['findings']>;

function byEcr(findings: Findings): object {
  return { findings: findings.map(({ id, severity }) => ({ name: id, severity })) };
}

function byInspector(findings: Findings): object {
  return {
    enhancedFindings: findings.map(({ id, severity }) => ({
      severity,
      status: 'ACTIVE',
      title: `${id} - a package`,
      type: 'PACKAGE_VULNERABILITY',
      packageVulnerabilityDetails: { vulnerabilityId: id },
    })),
  };
}

function digestOf(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
