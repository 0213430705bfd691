import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Whether a reader that has some statements may read what other ones need: each action on each resource. What only the deployment knows may be
 * anything, also what is asked for. Conditions are not compared.
 */
export function mayRead(has: readonly iam.PolicyStatement[], needs: readonly iam.PolicyStatement[]): boolean {
  const given = has.flatMap(permissionsOf);
  return needs
    .flatMap(permissionsOf)
    .every((need) => given.some(({ action, resource }) => action === need.action && covers(resource, need.resource)));
}

interface Permission {
  readonly action: string;
  readonly resource: string;
}

function permissionsOf({ actions, resources }: iam.PolicyStatement): Permission[] {
  return actions.flatMap((action) => resources.map((resource) => ({ action, resource: inAnyPartition(resource) })));
}

/** The partition of both is the same, but it may stand as a token in one of them. */
function inAnyPartition(resource: string): string {
  return resource.replace(/^arn:[^:]*:/, 'arn:*:');
}

function covers(resource: string, needed: string): boolean {
  if (Token.isUnresolved(resource) || Token.isUnresolved(needed)) {
    return true;
  }
  return resource.endsWith('*') ? needed.startsWith(resource.slice(0, -1)) : needed === resource;
}
