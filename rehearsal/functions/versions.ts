import { AwsError } from '../service';
import { functionNameOf } from '../template/identity';
import type { Resource } from '../template/model';

/** An alias and where its invocations go: `weights` by version beside `version`, as Lambda's routing configuration. */
export interface AliasState {
  readonly functionName: string;
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly weights: Readonly<Record<string, number>>;
}

export interface Target {
  readonly functionName: string;
  readonly version: string;
  /** The function as it was when the version was published, or as it is now. */
  readonly resource: Resource;
}

export const LATEST = '$LATEST';

/** Functions by name and qualifier. */
export class Versions {
  private readonly latest = new Map<string, Resource>();
  private readonly published = new Map<string, Map<string, Resource>>();
  private readonly aliases = new Map<string, AliasState>();
  private readonly turns = new Map<string, number>();
  private readonly listeners: ((alias: AliasState) => void)[] = [];

  put(resource: Resource): void {
    const { physicalId } = resource;
    const twin = this.latest.get(physicalId);
    if (twin !== undefined && placeOf(twin) !== placeOf(resource)) {
      throw new Error(
        `${placeOf(twin)} and ${placeOf(resource)} both have a function ${physicalId}: a rehearsal tells functions apart by their names`,
      );
    }
    this.latest.set(resource.physicalId, resource);
  }

  remove(resource: Resource): void {
    this.latest.delete(resource.physicalId);
  }

  /** Takes up an `AWS::Lambda::Version`: a copy of the function as it is now. */
  publish(version: Resource): void {
    const name = functionNameOf(String(version.properties.FunctionName));
    const resource = this.latest.get(name);
    const numbers = this.published.get(name) ?? new Map<string, Resource>();
    this.published.set(name, numbers);
    const number = String(version.attributes.Version);
    if (resource !== undefined && !numbers.has(number)) {
      numbers.set(number, resource);
    }
  }

  versions(functionName: string): readonly string[] {
    return [...(this.published.get(functionNameOf(functionName))?.keys() ?? [])];
  }

  alias(functionName: string, alias: string): AliasState | undefined {
    return this.aliases.get(`${functionNameOf(functionName)}:${alias}`);
  }

  setAlias(functionName: string, name: string, version: string, weights: AliasState['weights'] = {}): AliasState {
    const own = functionNameOf(functionName);
    const resource = this.existing(own);
    for (const wanted of [version, ...Object.keys(weights)]) {
      this.copyOf(own, wanted);
    }
    const alias = { functionName: own, name, arn: `${String(resource.arn)}:${name}`, version, weights };
    this.aliases.set(`${own}:${name}`, alias);
    this.listeners.forEach((listener) => listener(alias));
    return alias;
  }

  /** Tells of every alias that is made or moved from now on. */
  onChange(listener: (alias: AliasState) => void): void {
    this.listeners.push(listener);
  }

  /** What an invocation of `reference` (name, ARN, either with a qualifier) runs. */
  target(reference: string, qualifier?: string): Target {
    const functionName = functionNameOf(reference);
    const wanted = qualifier ?? qualifierOf(reference) ?? LATEST;
    const [, , , region, account] = reference.startsWith('arn:') ? reference.split(':') : [];
    if (account !== undefined && `${account}/${region}` !== placeOf(this.existing(functionName))) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    }
    const alias = this.alias(functionName, wanted);
    const version = alias === undefined ? wanted : this.route(alias);
    return { functionName, version, resource: this.copyOf(functionName, version) };
  }

  /** Spreads invocations evenly, so that 10 % of ten are one, at every run the same one. */
  private route({ arn, version, weights }: AliasState): string {
    const turn = (this.turns.get(arn) ?? 0) + 1;
    this.turns.set(arn, turn);
    for (const [other, weight] of Object.entries(weights)) {
      if (Math.floor(turn * weight + 1e-9) > Math.floor((turn - 1) * weight + 1e-9)) {
        return other;
      }
    }
    return version;
  }

  private existing(functionName: string): Resource {
    const resource = this.latest.get(functionName);
    if (resource === undefined) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
    }
    return resource;
  }

  private copyOf(functionName: string, version: string): Resource {
    const resource =
      version === LATEST ? this.latest.get(functionName) : this.published.get(functionName)?.get(version);
    if (resource === undefined) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}:${version}`, 404);
    }
    return resource;
  }
}

function qualifierOf(reference: string): string | undefined {
  return reference.includes(':function:') ? reference.split(':')[7] : reference.split(':')[1];
}

function placeOf({ account, region }: Resource): string {
  return `${account}/${region}`;
}
