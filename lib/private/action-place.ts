import { Token, type Stack } from 'aws-cdk-lib';
import { joinOf } from './longest';
import type { RenderedAction } from './pipeline-stages';

/**
 * Whether an action acts in the account and Region of the stack. Where the account or the Region of the pipeline is known at
 * deployment alone, an action that names one acts there all the same.
 */
export function actsBeside(stack: Stack, { region, roleArn }: Pick<RenderedAction, 'region' | 'roleArn'>): boolean {
  const same = (theirs: string | undefined, own: string) =>
    theirs === undefined || theirs === own || Token.isUnresolved(theirs) || Token.isUnresolved(own);
  return same(region, stack.region) && same(accountOf(stack.resolve(roleArn)), stack.account);
}

/** The account in the ARN of a role, where it is written there. */
export function accountOf(roleArn: unknown): string | undefined {
  const parts = typeof roleArn === 'string' ? [roleArn] : (joinOf(roleArn ?? {})?.parts ?? []);
  const account = parts
    .map((part) => (typeof part === 'string' ? part : ''))
    .join('')
    .split(':')[4];
  return account === undefined || account === '' ? undefined : account;
}
