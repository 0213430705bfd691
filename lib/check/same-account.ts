import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GateError } from '../errors';

/** Refuses what a check would have to read in another account than that of its gate. */
export function mustBeInSameAccount(method: string, what: string, account: string, scope: Construct): void {
  const here = Stack.of(scope).account;
  if (!Token.isUnresolved(account) && !Token.isUnresolved(here) && account !== here) {
    throw new GateError(
      'CheckInOtherAccount',
      `\`${method}\` reads ${what} in account ${account}, but the gate is in ${here}: put both into one account`,
    );
  }
}
