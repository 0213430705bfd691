import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { IResolveContext } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { joinOf, longestText } from './longest';

/** SSM standard parameters, which cost nothing, hold 4 KB. */
export const STANDARD_LIMIT = 4096;

/** SSM advanced parameters hold 8 KB (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html). */
const LIMIT = 8192;

/** PutParameter is throttled at a few calls a second: at most so many parameters of a stack are made at once. */
const AT_ONCE = 10;

const lanes = new WeakMap<Stack, ssm.CfnParameter[]>();

export interface JsonParameterProps {
  readonly parameterName: string;
  readonly description: string;
  /** Called late, when everything is known. */
  readonly document: () => object;
  /** What the message says when the document is too long. */
  readonly fix: string;
}

/**
 * A JSON document in an SSM parameter: Standard while it is short, Advanced above 4 KB.
 */
export class JsonParameter extends Construct {
  private readonly document: () => object;
  /** The document as it was resolved since the CDK last searched for references. */
  private resolved?: unknown;

  constructor(scope: Construct, id: string, props: JsonParameterProps) {
    super(scope, id);
    this.document = props.document;
    const stack = Stack.of(this);
    const parameter = new ssm.CfnParameter(this, 'Resource', {
      name: props.parameterName,
      type: 'String',
      tier: 'Intelligent-Tiering',
      description: props.description,
      value: Token.asString(Lazy.uncachedAny({ produce: (context) => this.text(context) })),
    });
    const earlier = lanes.get(stack) ?? [];
    lanes.set(stack, [...earlier, parameter]);
    const before = earlier[earlier.length - AT_ONCE];
    if (before !== undefined) {
      parameter.node.addDependency(before);
    }
    this.node.addValidation({
      validate: () => {
        const length = longestText(stack.resolve(parameter.value));
        return length > LIMIT
          ? [`the document '${props.description}' may reach ${length} bytes, but at most ${LIMIT} fit: ${props.fix}`]
          : [];
      },
    });
  }

  /**
   * The validation and each pass that writes the template want the same text, so it is resolved once for all of them. While
   * the CDK searches for references it has to see every token; whatever was resolved before may have changed by then.
   */
  private text(context: IResolveContext): unknown {
    if (context.preparing) {
      this.resolved = undefined;
      return this.resolve(context);
    }
    this.resolved ??= this.resolve(context);
    return this.resolved;
  }

  private resolve(context: IResolveContext): unknown {
    return escapeBraces(context.resolve(Stack.of(this).toJsonString(this.document())));
  }
}

/** SSM refuses values with `{{…}}`. Two braces in a row stand in texts only, never in the structure of JSON that holds ids. */
function escapeBraces(resolved: unknown): unknown {
  if (typeof resolved === 'string') {
    return resolved.replace(/\{(?=\{)/g, '\\u007b');
  }
  const join = joinOf(resolved);
  return join === undefined ? resolved : { 'Fn::Join': [join.delimiter, join.parts.map(escapePart)] };
}

function escapePart(part: unknown): unknown {
  return typeof part === 'string' ? escapeBraces(part) : part;
}
