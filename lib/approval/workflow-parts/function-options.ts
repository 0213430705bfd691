import { Token } from 'aws-cdk-lib';
import { GateError } from '../../errors';
import type { ReservedConcurrency, WorkflowFunctionOptions } from '../workflow-props';

/** Refuses options that mean nothing, or that stop a workflow. */
export function checkFunctionOptions({
  vpc,
  vpcSubnets,
  securityGroups,
  reservedConcurrency = {},
}: WorkflowFunctionOptions): void {
  const orphan = vpcSubnets === undefined ? 'securityGroups' : 'vpcSubnets';
  if (vpc === undefined && (vpcSubnets ?? securityGroups) !== undefined) {
    throw new GateError(
      'VpcMissing',
      `\`functionOptions.${orphan}\` is about a network, but there is no \`vpc\`: give it, or remove \`${orphan}\``,
    );
  }
  for (const name of [
    'intake',
    'decide',
    'review',
    'check',
  ] as const satisfies readonly (keyof ReservedConcurrency)[]) {
    mustRun(name, reservedConcurrency[name]);
  }
}

function mustRun(name: string, value: number | undefined): void {
  if (value !== undefined && !Token.isUnresolved(value) && !(Number.isInteger(value) && value >= 1)) {
    throw new GateError(
      'InvalidConcurrency',
      `\`functionOptions.reservedConcurrency.${name}\` is ${value}, but must be a whole number from 1: with 0 the function never runs. ` +
        'Choose one, or leave it out',
    );
  }
}
