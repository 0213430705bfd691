import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { longestJson } from './longest';

/** Inline policies of one role, without blanks (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
export const ROLE_POLICY = 10_240;

export interface GateRoleProps {
  readonly description: string;
  readonly path: string;
  /** Generated when absent. */
  readonly roleName?: string;
  /** Account of whoever may assume it. */
  readonly trustedAccount: string;
  /** Which roles of that account may assume it. */
  readonly trusted: { readonly [operator in 'ArnEquals' | 'ArnLike']?: string };
  /** Called late, when everything is known. */
  readonly statements: () => readonly iam.PolicyStatement[];
}

/**
 * A role that functions of a workflow assume. Rendered by hand: the CDK's own role splits its policy by a length that it
 * underestimates for tokens.
 *
 * Trusts the account on the condition of the ARN, because a principal named directly is stored as an id, and a workflow
 * that is made anew would be locked out for good.
 */
export function gateRole(scope: Construct, id: string, props: GateRoleProps): iam.CfnRole {
  const { description, path, roleName, trustedAccount, trusted, statements } = props;
  return new iam.CfnRole(scope, id, {
    description,
    path,
    roleName,
    assumeRolePolicyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          actions: ['sts:AssumeRole'],
          principals: [new iam.AccountPrincipal(trustedAccount)],
          conditions: Object.fromEntries(
            Object.entries(trusted).map(([operator, arn]) => [operator, { 'aws:PrincipalArn': arn }]),
          ),
        }),
      ],
    }),
    policies: Lazy.any(
      {
        produce: () => {
          const list = statements();
          const document = new iam.PolicyDocument({ statements: [...list], minimize: true });
          return list.length === 0 ? [] : [{ policyName: 'Gates', policyDocument: document }];
        },
      },
      { omitEmptyArray: true },
    ),
  });
}

/** Characters that a policy of these statements may reach. */
export function policyLength(scope: Construct, statements: readonly iam.PolicyStatement[]): number {
  const document = new iam.PolicyDocument({ statements: [...statements], minimize: true });
  return longestJson(Stack.of(scope).resolve(document));
}
