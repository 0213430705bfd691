import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';

/** Tells security linters why the role that measures may describe more alarms than its checks name. */
export function acknowledgeReads(role: IConstruct, statements: readonly iam.PolicyStatement[]): void {
  const wide = statements.flatMap((statement) => statement.resources).filter((resource) => resource.endsWith('*'));
  for (const resource of new Set(wide)) {
    acknowledgeWildcard(
      role,
      resource,
      resource === '*'
        ? 'CloudWatch answers for composite alarms on every alarm only'
        : 'AWS does not say whether a description of named alarms is judged by their names',
    );
  }
}
