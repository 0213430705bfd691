import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** How people find a construct whose real name is known only at deployment: its place within the stack. */
export function nameInStack(construct: IConstruct): string {
  const scopes = construct.node.scopes;
  const path = scopes.slice(scopes.indexOf(Stack.of(construct)) + 1).map((scope) => scope.node.id);
  return path.join('/').slice(-60);
}
