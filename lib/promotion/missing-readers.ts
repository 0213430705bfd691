import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { PipelineGates, type ReadElsewhere } from '../approval/pipeline-gates';
import { CheckReader } from '../check';
import { DEFAULT_READER } from '../check/reader-name';

/**
 * Says which checks nobody reads, or a reader that lacks them, in an account that this app deploys to: their gates stay closed, which shows at the first release only.
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
  const within = (node: IConstruct, { account, region }: ReadElsewhere) =>
    Stack.of(node).account === account && Stack.of(node).region === region;
  const readers = all.filter((node): node is CheckReader => node instanceof CheckReader);
  const readerOf = (one: ReadElsewhere) =>
    readers.find((reader) => reader.roleName === one.roleName && within(reader, one));
  const missing = asked.filter(
    (one) =>
      all.some((node) => node instanceof Stack && within(node, one)) &&
      readerOf(one)?._mayRead(one.statements) !== true,
  );
  const byRole = new Map(missing.map(({ roleArn }) => [roleArn, missing.filter((one) => one.roleArn === roleArn)]));
  for (const checks of byRole.values()) {
    Annotations.of(scope).addWarningV2(
      `cdk-approval-gates:${construct}.noReader`,
      messageOf(checks, checks.map(readerOf)[0], Stack.of(pipeline).account),
    );
  }
}

function messageOf(checks: readonly ReadElsewhere[], reader: CheckReader | undefined, workflowAccount: string): string {
  const [first] = checks;
  if (first === undefined) {
    throw new Error('no check asks for this reader');
  }
  const { account, region, readerName, workflowName } = first;
  const gates = [...new Set(checks.map(({ stageName, actionName }) => `'${stageName}/${actionName}'`))].join(', ');
  const titles = [...new Set(checks.map(({ title }) => (Token.isUnresolved(title) ? 'a check' : `'${title}'`)))];
  const what = `checks of ${gates} measure something in account ${account}, Region ${region} (${titles.join(', ')})`;
  const closed = 'so they cannot tell and the gates stay closed';
  if (reader !== undefined) {
    return `${what}, but '${reader.node.path}', which reads there, may not read that, ${closed}: add the same checks to its \`checks\``;
  }
  const name = readerName === DEFAULT_READER ? '' : `, readerName: '${readerName}'`;
  return (
    `${what}, where this app deploys to, but no \`CheckReader\` there lets them, ${closed}: in a stack of that account and Region, write ` +
    `\`new CheckReader(this, 'Reader', { workflowName: '${workflowName}', workflowAccount: '${workflowAccount}', checks${name} })\` with ` +
    'these checks, or acknowledge this where another app has it'
  );
}
