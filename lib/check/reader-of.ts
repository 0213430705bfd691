import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { readerRoleName, rolePath } from '../../contract/names';
import { GateError } from '../errors';
import type { CheckBinding } from './check-binding';
import type { CheckPlace } from './fits-gate';
import { DEFAULT_READER } from './reader-name';

/** Who reads for a check in another account: the role of a `CheckReader` there. */
export interface ReaderOfCheck {
  /** Made of names alone: no reference could lead into another account. */
  readonly roleArn: string;
  readonly roleName: string;
  readonly readerName: string;
  readonly account: string;
  readonly region: string;
  /** Title of the check. */
  readonly title: string;
  /** What the role has to be allowed for that. */
  readonly statements: readonly iam.PolicyStatement[];
}

/** Who reads for a check, or undefined where what it measures is in the gate's own account. */
export function readerOf(
  { draft, place, statements }: CheckBinding,
  scope: Construct,
  { workflowName, hook }: Pick<CheckPlace, 'workflowName' | 'hook'> = {},
): ReaderOfCheck | undefined {
  const stack = Stack.of(scope);
  const { account, region = stack.region } = place ?? {};
  if (account === undefined || Token.isUnresolved(account) || account === stack.account) {
    mustNameNoReader(draft);
    return undefined;
  }
  const what = `check '${draft.title}' measures something in account ${account}`;
  if (Token.isUnresolved(stack.account)) {
    throw new GateError(
      'CheckAccountUnknown',
      `${what}, but stack '${stack.stackName}' does not say its account: ` +
        'set `env.account` of the stack, or leave `account` out when both are the same',
    );
  }
  if (workflowName === undefined) {
    throw new GateError(
      'CheckInOtherAccount',
      `${what}, but ${hook?.what ?? 'a hook of a deployment'} in ${stack.account} reads there alone: put the check into a gate, or measure something of this account`,
    );
  }
  if (Token.isUnresolved(region)) {
    throw new GateError(
      'CheckRegionUnknown',
      `${what}, but neither the check nor stack '${stack.stackName}' says the Region: give \`region\`, or set \`env.region\` of the stack`,
    );
  }
  const readerName = draft.readerName ?? DEFAULT_READER;
  const roleName = readerRoleName(workflowName, readerName, region);
  const roleArn = stack.formatArn({
    service: 'iam',
    region: '',
    account,
    resource: 'role',
    resourceName: `${rolePath(workflowName).slice(1)}${roleName}`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return { roleArn, roleName, readerName, account, region, title: draft.title, statements };
}

function mustNameNoReader({ title, readerName }: CheckBinding['draft']): void {
  if (readerName !== undefined) {
    throw new GateError(
      'ReaderNotNeeded',
      `check '${title}' has \`readerName: '${readerName}'\`, but measures nothing in another account: remove it`,
    );
  }
}
