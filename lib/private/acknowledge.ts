import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a finding of a security linter is as it has to be. Only metadata: nothing happens where no linter runs.
 *
 * Written as `Validations.acknowledge` writes it, which refuses ids with ARNs in the oldest version of the CDK that we support.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/** The same for an IAM statement on a resource with a wildcard. */
export function acknowledgeWildcard(construct: IConstruct, arn: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${shownReference(Stack.of(construct).resolve(arn))}]`, reason);
}

/** References as cdk-nag writes them: `<AWS::Partition>`, `<Function.Arn>`; other functions as they stand in the template. */
export function shownReference(resolved: unknown): string {
  if (typeof resolved === 'string') {
    return resolved;
  }
  const {
    Ref: ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = resolved as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (join !== undefined) {
    return join[1].map(shownReference).join(join[0]);
  }
  const name = attribute?.join('.') ?? ref;
  return name === undefined ? JSON.stringify(resolved) : `<${name}>`;
}
