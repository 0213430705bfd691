import { Stack, type CfnResource } from 'aws-cdk-lib';

/** A resource as the template will hold it, with overrides. References stand as `{ Ref: … }`. */
export interface RenderedResource {
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: Readonly<Record<string, unknown>>;
}

/** A resource of the CDK can say how it will be rendered; its type does not tell. */
interface RenderingResource {
  _toCloudFormation(): object;
}

export function renderedResource(resource: CfnResource): RenderedResource {
  const template = Stack.of(resource).resolve((resource as unknown as RenderingResource)._toCloudFormation()) as {
    readonly Resources?: Readonly<Record<string, RenderedResource>>;
  };
  return Object.values(template.Resources ?? {})[0] ?? {};
}
