import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { PipelineGates, type ReadElsewhere } from '../approval/pipeline-gates';
import { CheckReader } from '../check';
import { DEFAULT_READER } from '../check/reader-name';

/**
 * Says which checks nobody reads in an account that this app deploys to: their gates stay closed, which shows at the first release only.
 * An account that the app has no stack for is another app's.
 *
 * @param pipeline with its gates: as it is once CDK Pipelines has built it
 */
export function warnOfMissingReaders(scope: IConstruct, construct: string, pipeline: IConstruct): void {
  const asked = PipelineGates.readElsewhere(pipeline);
  if (asked.length === 0) {
    return;
  }
  const all = scope.node.root.node.findAll();
  const known = (test: (node: IConstruct) => boolean, { account, region }: ReadElsewhere) =>
    all.some((node) => test(node) && Stack.of(node).account === account && Stack.of(node).region === region);
  const missing = asked.filter(
    (one) =>
      known((node) => node instanceof Stack, one) &&
      !known((node) => node instanceof CheckReader && node.roleName === one.roleName, one),
  );
  const byRole = new Map(missing.map(({ roleArn }) => [roleArn, missing.filter((one) => one.roleArn === roleArn)]));
  for (const checks of byRole.values()) {
    Annotations.of(scope).addWarningV2(
      `cdk-approval-gates:${construct}.noReader`,
      messageOf(checks, Stack.of(pipeline).account),
    );
  }
}

function messageOf(checks: readonly ReadElsewhere[], workflowAccount: string): string {
  const [first] = checks;
  if (first === undefined) {
    throw new Error('no check asks for this reader');
  }
  const { account, region, readerName, workflowName } = first;
  const gates = [...new Set(checks.map(({ stageName, actionName }) => `'${stageName}/${actionName}'`))].join(', ');
  const titles = [...new Set(checks.map(({ title }) => (Token.isUnresolved(title) ? 'a check' : `'${title}'`)))];
  const name = readerName === DEFAULT_READER ? '' : `, readerName: '${readerName}'`;
  return (
    `checks of ${gates} measure something in account ${account}, Region ${region} (${titles.join(', ')}), where this app deploys to, but no ` +
    '`CheckReader` there lets them, so they cannot tell and the gates stay closed: in a stack of that account and Region, write ' +
    `\`new CheckReader(this, 'Reader', { workflowName: '${workflowName}', workflowAccount: '${workflowAccount}', checks${name} })\` with ` +
    'these checks, or acknowledge this where another app has it'
  );
}
