import { Annotations, Aspects, CfnResource, Reference, Stage, Tokenization } from 'aws-cdk-lib';
import type { IAspect } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';

/** What calls the function itself reaches its newest code at once, whatever the alias says: a finding at the rollout for each. */
export function findCallsPastTheAlias(rollout: Construct, handler: lambda.IFunction): void {
  const app = Stage.of(rollout);
  if (app !== undefined) {
    Aspects.of(app).add(new CallsPastTheAlias(rollout, handler));
  }
}

class CallsPastTheAlias implements IAspect {
  private readonly found = new Set<string>();

  constructor(
    private readonly rollout: Construct,
    private readonly handler: lambda.IFunction,
  ) {}

  public visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node) || !this.isCaller(node)) {
      return;
    }
    // A REST API has two permissions for each of its methods.
    const api = node.node.scopes.find((scope) => scope instanceof apigateway.RestApiBase);
    const { path } = (api ?? node).node;
    if (this.found.has(path)) {
      return;
    }
    this.found.add(path);
    Annotations.of(this.rollout).addWarningV2(
      'cdk-approval-gates:LambdaRollout.pastTheAlias',
      `'${path}' lets the function itself be called, which is its newest code at once, without a canary and without a way back: give the alias ` +
        '(`rollout.alias`) in place of the function',
    );
  }

  private isCaller(node: CfnResource): boolean {
    // API Gateway, event rules, topics, load balancers and the like need a permission on what they call.
    if (node instanceof lambda.CfnPermission) {
      return this.isFunction(node.functionName);
    }
    if (node instanceof lambda.CfnUrl) {
      return node.qualifier === undefined && this.isFunction(node.targetFunctionArn);
    }
    return node instanceof lambda.CfnEventSourceMapping && this.isFunction(node.functionName);
  }

  private isFunction(name: string): boolean {
    return isNameOf(name, this.handler);
  }
}

/** Whether a name or ARN is a reference to the function itself. */
export function isNameOf(name: string, handler: lambda.IFunction): boolean {
  const { length, firstToken } = Tokenization.reverseString(name);
  return length === 1 && Reference.isReference(firstToken) && firstToken.target === handler.node.defaultChild;
}
