import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackArtifact, Template } from './model';

interface Manifest {
  readonly artifacts?: Record<string, ManifestArtifact>;
}

interface ManifestArtifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: Record<string, any>;
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
}

/** By construct path. */
type Metadata = Record<string, readonly { readonly type: string; readonly data?: unknown }[]>;

interface AssetFile {
  readonly source: { readonly path?: string; readonly packaging?: string };
  readonly destinations: Record<string, { readonly objectKey: string }>;
}

export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly StackArtifact[];
  /** Where the file or folder of an asset stands, by the key of its object in the bootstrap bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

export interface AssemblyDefaults {
  readonly account: string;
  readonly region: string;
}

/** Reads a cloud assembly, the nested ones of its stages included. */
export function loadAssembly(directory: string, defaults: AssemblyDefaults): Assembly {
  const stacks: StackArtifact[] = [];
  const assets = new Map<string, string>();
  read(directory, defaults, stacks, assets);
  return { directory, stacks, assets };
}

function read(
  directory: string,
  defaults: AssemblyDefaults,
  stacks: StackArtifact[],
  assets: Map<string, string>,
): void {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) {
    throw new Error(
      `no cloud assembly in ${directory}: synthesize the app first, or name the folder that cdk synth wrote`,
    );
  }
  const manifest = readJson<Manifest>(file);
  for (const [id, artifact] of Object.entries(manifest.artifacts ?? {})) {
    const properties = artifact.properties ?? {};
    if (artifact.type === 'aws:cloudformation:stack') {
      stacks.push(stackOf(id, artifact, directory, defaults));
    } else if (artifact.type === 'cdk:asset-manifest') {
      readAssets(directory, join(directory, properties.file), assets);
    } else if (artifact.type === 'cdk:cloud-assembly') {
      read(join(directory, properties.directoryName), defaults, stacks, assets);
    }
  }
}

function stackOf(id: string, artifact: ManifestArtifact, directory: string, defaults: AssemblyDefaults): StackArtifact {
  const properties = artifact.properties ?? {};
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  return {
    stackName: properties.stackName ?? id,
    artifactId: id,
    templateFile: properties.templateFile,
    directory,
    template: readJson<Template>(join(directory, properties.templateFile)),
    account: account === undefined || account.startsWith('unknown') ? defaults.account : account,
    region: region === undefined || region.startsWith('unknown') ? defaults.region : region,
    parameters: properties.parameters ?? {},
    paths: pathsOf(artifact, directory),
  };
}

/** Paths of the constructs behind the logical ids: the templates themselves name them only when the CDK's command made them. */
function pathsOf(
  { metadata, additionalMetadataFile: further }: ManifestArtifact,
  directory: string,
): Record<string, string> {
  const all = { ...metadata, ...(further === undefined ? {} : readJson<Metadata>(join(directory, further))) };
  const ids = Object.entries(all).flatMap(([path, entries]) =>
    entries
      .filter(({ type }) => type === 'aws:cdk:logicalId')
      .map(({ data }) => [String(data), path.replace(/^\//, '')] as const),
  );
  return Object.fromEntries(ids);
}

function readAssets(directory: string, file: string, assets: Map<string, string>): void {
  const { files } = readJson<{ files?: Record<string, AssetFile> }>(file);
  for (const asset of Object.values(files ?? {})) {
    for (const { objectKey } of Object.values(asset.destinations)) {
      if (asset.source.path !== undefined) {
        assets.set(objectKey, join(directory, asset.source.path));
      }
    }
  }
}

function readJson<T>(file: string): T {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`${file} is not JSON, so cdk synth did not finish it: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
