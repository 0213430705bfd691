import {
  DefaultTokenResolver,
  Stack,
  StringConcat,
  Token,
  Tokenization,
  type CfnResource,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
} from 'aws-cdk-lib';
import { pieceOf } from './rendered-resource';

/** Looks like an intrinsic function, so that the CDK lets it pass for a text, a number or a list. Holds a text: overrides are copied member by member. */
const KEPT = 'Fn::Kept';

/**
 * The properties of a resource as its template will hold them, with overrides, but with the tokens of what is known at deployment only: another stack may hold
 * them as well, where they become imports. `keptToken` finds them, where they are not part of a text.
 */
export function renderedProperties(resource: CfnResource): Readonly<Record<string, unknown>> {
  const template = Tokenization.resolve(pieceOf(resource), {
    scope: Stack.of(resource),
    resolver: new KeepingResolver(),
    preparing: false,
  }) as { readonly Resources: Readonly<Record<string, { readonly Properties?: Readonly<Record<string, unknown>> }>> };
  return Object.values(template.Resources)[0]?.Properties ?? {};
}

/** The token that stands for this value, if one does. */
export function keptToken(value: object): IResolvable | undefined {
  const text = (value as { readonly [KEPT]?: string })[KEPT];
  return text === undefined ? undefined : Tokenization.reverseString(text).firstToken;
}

/** What `renderedProperties` answers, with its tokens in their places: it can be rendered again, in this stack or another one. */
export function withTokens(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withTokens);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return keptToken(value) ?? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTokens(one)]));
}

export function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const [key = '', ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

/** Resolves what is known when the app is synthesized, and keeps the rest. */
class KeepingResolver extends DefaultTokenResolver {
  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const value: unknown = token.resolve(context);
    return isIntrinsic(value)
      ? { [KEPT]: Token.asString(token) }
      : postProcessor.postProcess(context.resolve(value), context);
  }

  public override resolveString(fragments: Parameters<DefaultTokenResolver['resolveString']>[0]): unknown {
    return fragments.join(this.texts);
  }

  public override resolveList(list: string[]): unknown {
    return list;
  }

  private readonly texts = new StringConcat();
}
