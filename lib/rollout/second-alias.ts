import { Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isNameOf } from './past-the-alias';

/** A function has one alias of a name: a second one fails at deployment. To be asked at synth, when everything is added. */
export function secondAliasProblems(own: lambda.Alias, handler: lambda.IFunction): string[] {
  const isAnother = (node: IConstruct): node is lambda.CfnAlias =>
    node instanceof lambda.CfnAlias &&
    node !== own.node.defaultChild &&
    node.name === own.aliasName &&
    isNameOf(node.functionName, handler);
  const other = Stage.of(own)?.node.findAll().find(isAnother);
  return other === undefined
    ? []
    : [
        `LambdaRollout: \`aliasName\` is '${other.name}', but '${other.node.path}' makes an alias of that name for the same function, and Lambda takes one: let ` +
          "callers have the rollout's `alias` and remove the other one, or give one of them another name [AliasTwice]",
      ];
}
