/** A resource of a deployed stack, with every reference resolved. */
export interface Resource {
  readonly stack: string;
  /** Account that the stack is deployed to. */
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** Where the type has one. */
  readonly arn?: string;
  /** Path of the construct. */
  readonly path?: string;
  readonly properties: Properties;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Properties;
  readonly dependsOn: readonly string[];
  /** As in the template: `CodeDeployLambdaAliasUpdate` of an alias. */
  readonly updatePolicy?: Properties;
}

export type Properties = Readonly<Record<string, any>>;

/** A template as in the assembly. */
export interface Template {
  readonly Parameters?: Record<string, { readonly Type: string; readonly Default?: unknown }>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Conditions?: Record<string, unknown>;
  readonly Resources?: Record<string, TemplateResource>;
  readonly Outputs?: Record<
    string,
    { readonly Value: unknown; readonly Export?: { readonly Name: unknown }; readonly Condition?: string }
  >;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Record<string, unknown>;
  readonly UpdatePolicy?: Record<string, unknown>;
}

/** A stack of the assembly. */
export interface StackArtifact {
  readonly stackName: string;
  /** Id within the assembly: `ShopProd`. */
  readonly artifactId: string;
  /** File name of the template: `ShopProd.template.json`. */
  readonly templateFile: string;
  /** Folder that the template and its assets stand in. */
  readonly directory: string;
  readonly template: Template;
  readonly account: string;
  readonly region: string;
  /** Values of parameters that the assembly sets. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Path of the construct behind each logical id. */
  readonly paths: Readonly<Record<string, string>>;
}
