import { Stack, Token, type IResource } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';
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

/** The same of a construct or reference that says it itself, with the same trust in its ARN. */
export function placeOfResource({ env: { account, region } }: IResource, stack: Stack): Place {
  return Token.isUnresolved(account) || Token.isUnresolved(stack.account)
    ? {}
    : { account, ...(Token.isUnresolved(region) ? {} : { region }) };
}

/** Refuses what names no account, and no Region. */
export function mustBePlace(method: string, { account, region }: Place): void {
  mustMatch(
    `${method} account`,
    account,
    /^\d{12}$/,
    'the 12 digits of an account: write it as text, with its leading zeros',
  );
  mustMatch(`${method} region`, region, /^[a-z]{2,}(-[a-z]+)+-\d$/, "a Region: write its code, such as 'eu-west-1'");
}

function mustMatch(prop: string, value: string | undefined, pattern: RegExp, allowed: string): void {
  if (value === undefined) {
    return;
  }
  mustBeText(prop, value);
  if (!Token.isUnresolved(value) && !pattern.test(value)) {
    throw new GateError('BadPlace', `\`${prop}\` is '${value}', but has to be ${allowed}`);
  }
}
