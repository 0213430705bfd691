import type { Assembly } from './assembly';
import type { Resource, StackArtifact, Template } from './model';
import { StackView, type Neighbours } from './stack-view';

/** What a deployment changed. */
export interface Changes {
  readonly stack: string;
  readonly created: readonly Resource[];
  readonly updated: readonly { readonly before: Resource; readonly after: Resource }[];
  readonly deleted: readonly Resource[];
}

/** The stacks of an assembly, and which of their resources exist by now. */
export class Stacks {
  private readonly views = new Map<string, StackView>();
  private readonly deployed = new Map<string, readonly Resource[]>();
  /** What a stack had before the deployment that is under way, or was last. */
  private readonly before = new Map<string, ReadonlyMap<string, Resource>>();
  private readonly versions = new Map<string, Map<string, string>>();
  private index = new Map<string, Resource>();
  /** By type, and all together: asked for at every call, and changed by deployments only. */
  private byType = new Map<string | undefined, readonly Resource[]>();

  constructor(
    private readonly assembly: Assembly,
    private readonly answerOf: Neighbours['answerOf'] = () => undefined,
  ) {
    for (const artifact of assembly.stacks) {
      const twin = this.views.get(artifact.stackName)?.artifact;
      if (twin !== undefined && (twin.account !== artifact.account || twin.region !== artifact.region)) {
        const [one, other] = [twin, artifact].map(({ account, region }) => `${account}/${region}`);
        throw new Error(
          `two stacks are called ${artifact.stackName}, in ${one} and ${other}: a rehearsal tells stacks apart by their names`,
        );
      }
      this.views.set(artifact.stackName, this.view(artifact, artifact.template, {}));
    }
  }

  get artifacts(): readonly StackArtifact[] {
    return this.assembly.stacks;
  }

  /** By stack name, artifact id or name of the template file. */
  artifact(name: string): StackArtifact {
    const found = this.artifacts.find(
      (stack) => stack.stackName === name || stack.artifactId === name || stack.templateFile === name,
    );
    if (found === undefined) {
      throw new Error(`the assembly has no stack ${name}; it has ${this.artifacts.map((s) => s.stackName).join(', ')}`);
    }
    return found;
  }

  /** What is no longer in the template stays until `cleanUp`. */
  deploy(name: string, template?: Template, parameters: Readonly<Record<string, string>> = {}): Changes {
    const artifact = this.artifact(name);
    const { stackName } = artifact;
    const view = this.view(artifact, template ?? artifact.template, parameters);
    const earlier = this.views.get(stackName);
    this.views.set(stackName, view);
    try {
      const resources = view.resources();
      this.before.set(stackName, byLogicalId(this.deployed.get(stackName) ?? []));
      return this.apply(stackName, resources);
    } catch (error) {
      if (earlier !== undefined) {
        this.views.set(stackName, earlier);
      }
      throw error;
    }
  }

  /** Resolves the resources of a stack that is being deployed once more: custom resources have been answered. */
  refresh(stackName: string): Changes {
    const { artifact, template, parameters } = this.stackView(stackName);
    const view = this.view(artifact, template, parameters);
    this.views.set(stackName, view);
    return this.apply(stackName, view.resources());
  }

  /** Ends a deployment: what is not in the template any more is gone. */
  cleanUp({ stack, deleted }: Pick<Changes, 'stack' | 'deleted'>): void {
    const gone = byLogicalId(deleted);
    this.take(
      stack,
      (this.deployed.get(stack) ?? []).filter(({ logicalId }) => !gone.has(logicalId)),
    );
  }

  /** The template a stack was deployed with last. */
  templateOf(name: string): Template {
    const { stackName, template } = this.artifact(name);
    return this.views.get(stackName)?.template ?? template;
  }

  isDeployed(name: string): boolean {
    return this.deployed.has(name);
  }

  /** What of one stack is deployed. */
  of(stackName: string): readonly Resource[] {
    return this.deployed.get(stackName) ?? [];
  }

  resources(type?: string): readonly Resource[] {
    const known = this.byType.get(type);
    if (known !== undefined) {
      return known;
    }
    const all = [...this.deployed.values()].flat();
    const found = type === undefined ? all : all.filter((resource) => resource.type === type);
    this.byType.set(type, found);
    return found;
  }

  resource(idOrArn: string): Resource | undefined {
    return this.index.get(idOrArn);
  }

  private apply(stack: string, after: readonly Resource[]): Changes {
    const before = this.before.get(stack) ?? new Map<string, Resource>();
    const kept = byLogicalId(after);
    const deleted = [...before.values()].filter(({ logicalId }) => !kept.has(logicalId));
    this.take(stack, [...after, ...deleted]);
    return {
      stack,
      created: after.filter((resource) => !before.has(resource.logicalId)),
      updated: after.flatMap((resource) => {
        const old = before.get(resource.logicalId);
        return old !== undefined && JSON.stringify(old) !== JSON.stringify(resource)
          ? [{ before: old, after: resource }]
          : [];
      }),
      deleted,
    };
  }

  private take(stack: string, present: readonly Resource[]): void {
    this.deployed.set(stack, present);
    this.byType = new Map();
    this.index = new Map();
    for (const resource of this.resources()) {
      const { logicalId, physicalId, arn } = resource;
      for (const id of [`${resource.stack}/${logicalId}`, physicalId, arn]) {
        if (id !== undefined && !this.index.has(id)) {
          this.index.set(id, resource);
        }
      }
    }
  }

  private view(artifact: StackArtifact, template: Template, parameters: Readonly<Record<string, string>>): StackView {
    return new StackView(artifact, template, parameters, {
      exportOf: (name) => this.exportOf(name),
      outputOf: (stack, output) => this.stackView(stack).output(output),
      versionOf: (of, what) => this.versionOf(of, what),
      answerOf: this.answerOf,
    });
  }

  private stackView(name: string): StackView {
    const view = this.views.get(this.artifact(name).stackName);
    if (view === undefined) {
      throw new Error(`the assembly has no stack ${name}`);
    }
    return view;
  }

  private exportOf(name: string): unknown {
    for (const view of this.views.values()) {
      const found = view.exportValue(name);
      if (found !== undefined) {
        return found.value;
      }
    }
    throw new Error(`no stack of the assembly exports ${name}`);
  }

  private versionOf(of: string, what: string): string {
    const numbers = this.versions.get(of) ?? new Map<string, string>();
    this.versions.set(of, numbers);
    const number = numbers.get(what) ?? String(numbers.size + 1);
    numbers.set(what, number);
    return number;
  }
}

function byLogicalId(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  return new Map(resources.map((resource) => [resource.logicalId, resource]));
}
