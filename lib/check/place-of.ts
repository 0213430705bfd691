import { Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { Place } from './check-binding';

/**
 * Where something is: as its ARN says, else where the stack of its construct is. An ARN names one thing and no namesake, so where the
 * stack of the gate does not say its own account, it is taken to be the same.
 */
export function placeOf(arn: string, construct: IConstruct, scope: Construct): Place {
  if (Token.isUnresolved(Stack.of(scope).account)) {
    return {};
  }
  const { account: ofStack, region: ofRegion } = Stack.of(construct);
  const [, , , region = '', account = ''] = Token.isUnresolved(arn) ? ['', '', '', ofRegion, ofStack] : arn.split(':');
  return {
    ...(Token.isUnresolved(account) ? {} : { account }),
    ...(Token.isUnresolved(region) ? {} : { region }),
  };
}
