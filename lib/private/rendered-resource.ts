import { Stack, type CfnElement, type CfnResource } from 'aws-cdk-lib';

/** A resource as the template will hold it, with overrides. References stand as `{ Ref: … }`. */
export interface RenderedResource {
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: Readonly<Record<string, unknown>>;
}

/** An element of the CDK can say how it will be rendered; its type does not tell. */
interface RenderingElement {
  _toCloudFormation(): object;
}

/** The piece of the template that an element will be, with overrides and with its tokens. */
export function pieceOf(element: CfnElement): object {
  return (element as unknown as RenderingElement)._toCloudFormation();
}

export function renderedResource(resource: CfnResource): RenderedResource {
  const { Resources = {} } = Stack.of(resource).resolve(pieceOf(resource)) as {
    readonly Resources?: Readonly<Record<string, RenderedResource>>;
  };
  return Object.values(Resources)[0] ?? {};
}
