import { Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { GateError } from '../errors';

/** Lambda provisions one environment at least, and no more than is reserved for the function. */
export function mustFitProvisioned(handler: lambda.IFunction, provisioned: number | undefined): void {
  if (provisioned === undefined || Token.isUnresolved(provisioned)) {
    return;
  }
  if (!(Number.isInteger(provisioned) && provisioned >= 1)) {
    throw new GateError(
      'NumberOutOfRange',
      `\`provisionedConcurrency\` is ${provisioned}, but has to be a whole number, 1 or more: leave it out for none`,
    );
  }
  const resource = handler.node.defaultChild;
  const reserved = resource instanceof lambda.CfnFunction ? resource.reservedConcurrentExecutions : undefined;
  if (reserved !== undefined && !Token.isUnresolved(reserved) && provisioned > reserved) {
    throw new GateError(
      'ProvisionedAboveReserved',
      `\`provisionedConcurrency\` is ${provisioned}, but \`reservedConcurrentExecutions\` of the function is ${reserved}, and Lambda provisions no more than ` +
        'that: reserve twice as much as is provisioned, since both versions need room while traffic moves',
    );
  }
}
