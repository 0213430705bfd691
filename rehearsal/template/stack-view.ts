import { DeploymentFailed } from './deployment-failed';
import { identify, type Identity } from './identity';
import { resolve, type Scope } from './intrinsics';
import type { Properties, Resource, StackArtifact, Template, TemplateResource } from './model';

/** What one stack sees of the others. */
export interface Neighbours {
  exportOf(name: string): unknown;
  outputOf(stack: string, output: string): unknown;
  versionOf(of: string, what: string): string;
  /** What the function of a custom resource has said. */
  answerOf(stack: string, logicalId: string): CustomAnswer | undefined;
}

export interface CustomAnswer {
  readonly physicalId: string;
  readonly data: Properties;
}

/** A stack as its present template describes it; everything is resolved when it is asked for. */
export class StackView implements Scope {
  readonly stackName: string;
  readonly pseudo: Readonly<Record<string, unknown>>;
  private readonly identities = new Map<string, Identity>();
  private readonly resolving = new Set<string>();

  constructor(
    readonly artifact: StackArtifact,
    readonly template: Template,
    readonly parameters: Readonly<Record<string, string>>,
    private readonly neighbours: Neighbours,
  ) {
    this.stackName = artifact.stackName;
    const { account, region, stackName } = artifact;
    this.pseudo = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/00000000-0000-0000-0000-000000000000`,
      'AWS::NotificationARNs': [],
    };
  }

  ref(name: string): unknown {
    const parameter = this.template.Parameters?.[name];
    if (parameter === undefined) {
      return this.identity(name).physicalId;
    }
    const value = this.parameters[name] ?? this.artifact.parameters[name] ?? parameter.Default;
    if (value === undefined) {
      throw new Error(`parameter ${name} of stack ${this.stackName} has neither a value nor a default`);
    }
    return parameter.Type.startsWith('List<') || parameter.Type === 'CommaDelimitedList'
      ? String(resolve(value, this)).split(',')
      : resolve(value, this);
  }

  attribute(logicalId: string, name: string): unknown {
    const { attributes, physicalId, arn } = this.identity(logicalId);
    if (name in attributes) {
      return attributes[name];
    }
    if (this.neighbours.answerOf(this.stackName, logicalId) !== undefined) {
      throw new DeploymentFailed(
        `CustomResource attribute error: Vendor response doesn't contain ${name} attribute in object ${logicalId}`,
      );
    }
    return name.endsWith('Arn') ? (arn ?? physicalId) : `${physicalId}.${name}`;
  }

  condition(name: string): boolean {
    return Boolean(resolve(this.template.Conditions?.[name], this));
  }

  mapping(map: string, first: string, second: string): unknown {
    const value = this.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined) {
      throw new Error(`mapping ${map} of stack ${this.stackName} has no value for ${first}, ${second}`);
    }
    return value;
  }

  importValue(name: string): unknown {
    return this.neighbours.exportOf(name);
  }

  stackOutput(stack: string, output: string): unknown {
    return this.neighbours.outputOf(stack, output);
  }

  output(name: string): unknown {
    const output = this.template.Outputs?.[name];
    if (output === undefined) {
      throw new Error(`stack ${this.stackName} has no output ${name}`);
    }
    return resolve(output.Value, this);
  }

  /** The value of an export, if this stack has it. */
  exportValue(exportName: string): { readonly value: unknown } | undefined {
    for (const output of Object.values(this.template.Outputs ?? {})) {
      if (output.Export !== undefined && resolve(output.Export.Name, this) === exportName) {
        return { value: resolve(output.Value, this) };
      }
    }
    return undefined;
  }

  /** Every resource whose condition holds. */
  resources(): readonly Resource[] {
    return Object.entries(this.template.Resources ?? {})
      .filter(([, definition]) => definition.Condition === undefined || this.condition(definition.Condition))
      .map(([logicalId, definition]) => this.resource(logicalId, definition));
  }

  private resource(logicalId: string, definition: TemplateResource): Resource {
    const { physicalId, arn, attributes } = this.identity(logicalId);
    const dependsOn = definition.DependsOn ?? [];
    return {
      stack: this.stackName,
      account: this.artifact.account,
      region: this.artifact.region,
      logicalId,
      type: definition.Type,
      physicalId,
      arn,
      path: this.artifact.paths[logicalId] ?? (definition.Metadata?.['aws:cdk:path'] as string | undefined),
      properties: resolve(definition.Properties ?? {}, this) as Record<string, unknown>,
      attributes,
      dependsOn: typeof dependsOn === 'string' ? [dependsOn] : dependsOn,
      ...(definition.UpdatePolicy === undefined
        ? {}
        : { updatePolicy: resolve(definition.UpdatePolicy, this) as Record<string, unknown> }),
    };
  }

  private identity(logicalId: string): Identity {
    const found = this.identities.get(logicalId);
    if (found !== undefined) {
      return found;
    }
    const definition = this.template.Resources?.[logicalId];
    if (definition === undefined) {
      throw new Error(`stack ${this.stackName} has no resource or parameter ${logicalId}`);
    }
    if (this.resolving.has(logicalId)) {
      throw new Error(`the name of ${logicalId} in stack ${this.stackName} depends on itself`);
    }
    const said = this.neighbours.answerOf(this.stackName, logicalId);
    if (said !== undefined) {
      return { name: said.physicalId, physicalId: said.physicalId, attributes: said.data };
    }
    this.resolving.add(logicalId);
    const identity = identify({
      stack: this.stackName,
      logicalId,
      type: definition.Type,
      account: this.artifact.account,
      region: this.artifact.region,
      property: (name) => {
        const value = resolve(definition.Properties?.[name], this);
        return typeof value === 'symbol' ? undefined : value;
      },
      versionOf: (of, content = '') => this.neighbours.versionOf(of, `${this.stackName}/${logicalId}${content}`),
    });
    this.resolving.delete(logicalId);
    this.identities.set(logicalId, identity);
    return identity;
  }
}
