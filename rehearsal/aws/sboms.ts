import { AwsError, type RestResponse, type Service } from '../service';
import type { World } from '../world';

/** What the builds of an action put into a bucket: a software bill of materials of their run. */
export interface SaidSbom {
  readonly bucket: string;
  readonly packages: readonly SaidPackage[];
  /** They put none. */
  readonly missing?: boolean;
}

interface SaidPackage {
  readonly name: string;
  readonly version?: string;
  /** An expression of SPDX. Absent = nobody says. */
  readonly license?: string;
}

/** Bills of materials in S3, as a scenario says them, at `sbom/<id of the run>.json`. No other object can be read. */
export class Sboms {
  private readonly said = new Map<string, SaidSbom>();
  private readonly objects = new Map<string, string>();

  constructor(private readonly around: Pick<World, 'journal'>) {}

  /** @param action `Stage/Action`, whose builds do so from now on */
  say(action: string, sbom: SaidSbom): void {
    this.said.set(action, sbom);
  }

  /** A build has ended. */
  built({ action, executionId }: { readonly action: string; readonly executionId: string }): void {
    const said = this.said.get(action);
    if (said === undefined || said.missing === true) return;
    this.objects.set(`${said.bucket}/sbom/${executionId}.json`, JSON.stringify(cycloneDx(said.packages)));
    this.around.journal.add(
      's3',
      `${action} puts a bill of ${said.packages.length} packages into ${said.bucket}`,
      'info',
    );
  }

  service(): Service {
    return {
      name: 's3',
      protocol: 'rest',
      refuse,
      route: ({ method, path }) =>
        method === 'GET'
          ? {
              operation: 'GetObject',
              input: { object: decodeURIComponent(path.slice(1)) },
              respond: ({ body }) => ({
                status: 200,
                headers: { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` },
                body,
              }),
            }
          : undefined,
      operations: { GetObject: ({ object }) => this.get(object) },
      authorize: {
        GetObject: ({ object }) => ({ action: 's3:GetObject', resources: [`arn:aws:s3:::${object}`] }),
      },
    };
  }

  private get(object: string): object {
    const body = this.objects.get(object);
    // Nobody here may list a bucket, so nobody is told that an object is missing.
    if (body === undefined) throw new AwsError('AccessDenied', 'Access Denied', 403);
    return { body };
  }
}

function cycloneDx(packages: readonly SaidPackage[]): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: packages.map(({ name, version, license }) => ({
      type: 'library',
      name,
      version,
      ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    })),
  };
}

function refuse({ code, message, status }: AwsError): RestResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
