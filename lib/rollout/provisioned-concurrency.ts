import { Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { GateError } from '../errors';
import { shown } from '../private/types';
import type { Finding } from './few-calls';

/** Lambda provisions one environment at least, no more than is reserved for the function, and none for a function with SnapStart. */
export function mustFitProvisioned(handler: lambda.IFunction, provisioned: number | undefined): void {
  if (provisioned === undefined) {
    return;
  }
  if (startsFromSnapshot(handler)) {
    throw new GateError(
      'SnapStartProvisioned',
      '`provisionedConcurrency` is given, but `snapStart` of the function is on, and Lambda takes one of them only: leave one out',
    );
  }
  if (Token.isUnresolved(provisioned)) {
    return;
  }
  if (!(Number.isInteger(provisioned) && provisioned >= 1)) {
    throw new GateError(
      'NumberOutOfRange',
      `\`provisionedConcurrency\` is ${shown(provisioned)}, but has to be a whole number, 1 or more: leave it out for none`,
    );
  }
  const reserved = reservedOf(handler);
  if (reserved !== undefined && provisioned > reserved) {
    throw new GateError(
      'ProvisionedAboveReserved',
      `\`provisionedConcurrency\` is ${provisioned}, but \`reservedConcurrentExecutions\` of the function is ${reserved}, and Lambda provisions no more than ` +
        'that: reserve twice as much as is provisioned, since both versions need room while traffic moves',
    );
  }
}

/** What is reserved has to hold the environments of both versions while traffic moves. */
export function tightConcurrency(handler: lambda.IFunction, provisioned: number | undefined): readonly Finding[] {
  const reserved = reservedOf(handler);
  if (provisioned === undefined || Token.isUnresolved(provisioned) || reserved === undefined) {
    return [];
  }
  return reserved < 2 * provisioned
    ? [
        [
          'tightConcurrency',
          `\`provisionedConcurrency\` is ${provisioned}, of \`reservedConcurrentExecutions\` ${reserved}, so that both versions together have no room for as ` +
            `many while traffic moves, and the deployment may fail: reserve ${2 * provisioned} or more`,
        ],
      ]
    : [];
}

function reservedOf({ node }: lambda.IFunction): number | undefined {
  const resource = node.defaultChild;
  const reserved = resource instanceof lambda.CfnFunction ? resource.reservedConcurrentExecutions : undefined;
  return Token.isUnresolved(reserved) ? undefined : reserved;
}

function startsFromSnapshot({ node }: lambda.IFunction): boolean {
  const resource = node.defaultChild;
  const snapStart = resource instanceof lambda.CfnFunction ? resource.snapStart : undefined;
  return snapStart !== undefined && 'applyOn' in snapStart && snapStart.applyOn === 'PublishedVersions';
}
