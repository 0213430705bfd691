import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { IResolveContext } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { joinOf, longestText } from './longest';

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
  constructor(scope: Construct, id: string, props: JsonParameterProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const text = (context: IResolveContext) => escapeBraces(context.resolve(stack.toJsonString(props.document())));
    const parameter = new ssm.CfnParameter(this, 'Resource', {
      name: props.parameterName,
      type: 'String',
      tier: 'Intelligent-Tiering',
      description: props.description,
      value: Token.asString(Lazy.uncachedAny({ produce: text })),
    });
    const earlier = lanes.get(stack) ?? [];
    lanes.set(stack, [...earlier, parameter]);
    const before = earlier[earlier.length - AT_ONCE];
    if (before !== undefined) {
      parameter.node.addDependency(before);
    }
    this.node.addValidation({
      validate: () => {
        const length = longestText(stack.resolve(stack.toJsonString(props.document())));
        return length > LIMIT
          ? [`parameter '${props.parameterName}' may reach ${length} bytes, but at most ${LIMIT} fit: ${props.fix}`]
          : [];
      },
    });
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
