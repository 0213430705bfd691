import { Stack, Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import type { ApprovalWorkflowAttributes } from './workflow-api';

const ROLE = /^arn:[a-z-]+:iam::(\d{12}):role\/[\w+=,.@/-]+$/;

/**
 * IAM takes `*` and `?` for wildcards even in `ArnEquals`: whoever has a role of such a name could answer gates. The roles of a gate trust their own
 * account, so a role of another one could do nothing.
 */
export function mustBeExact(attributes: ApprovalWorkflowAttributes, stack: Stack): void {
  for (const name of ARNS) {
    const arn = attributes[name];
    if (arn !== undefined && /[*?]/.test(arn)) {
      throw new GateError(
        'WildcardInName',
        `\`${name}\` is '${arn}', but \`*\` and \`?\` are wildcards in IAM, so more than the workflow's own could be meant: give the whole ARN`,
      );
    }
  }
  for (const name of ['decideRoleArn', 'checkRoleArn'] as const) {
    mustBeRole(name, attributes[name], stack);
  }
}

const ARNS = ['requestTopicArn', 'decideRoleArn', 'checkRoleArn', 'encryptionKeyArn', 'fieldsFunctionArn'] as const;

function mustBeRole(name: string, arn: string, { account, node }: Stack): void {
  if (Token.isUnresolved(arn)) {
    return;
  }
  const [, theirs] = ROLE.exec(arn) ?? [];
  if (theirs === undefined) {
    throw new GateError(
      'BadRoleArn',
      `\`${name}\` is '${arn}', but has to be the ARN of a role, like 'arn:aws:iam::111111111111:role/Name': give the \`${name}\` of the workflow`,
    );
  }
  if (!Token.isUnresolved(account) && theirs !== account) {
    throw new GateError(
      'DifferentEnvironment',
      `\`${name}\` is '${arn}', but stack '${node.path}' is in account ${account}, and a gate and its workflow share the account: import a workflow of ` +
        'the same account',
    );
  }
}
