import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';

/** Why reading something may not be narrowed to what the checks name. */
const EVERYTHING: Readonly<Record<string, string>> = {
  'cloudwatch:DescribeAlarms': 'CloudWatch answers for composite alarms on every alarm only',
  'cloudwatch:DescribeAlarmHistory': 'CloudWatch answers for composite alarms on every alarm only',
  'cloudwatch:GetMetricData': 'CloudWatch reads metrics with a permission on all of them only',
  'logs:GetQueryResults': 'CloudWatch Logs knows results by the id of their query, which is no resource',
  'logs:StartQuery': 'so CloudWatch Logs writes one log group, with its streams',
  'elasticloadbalancing:DescribeTargetHealth': 'Elastic Load Balancing judges the health of targets by no resource',
  'inspector2:ListCoverage': 'Amazon Inspector judges its findings by no resource',
  'inspector2:ListFindings': 'Amazon Inspector judges its findings by no resource',
};

/** Tells security linters why the role that measures may read more than its checks name. */
export function acknowledgeReads(role: IConstruct, statements: readonly iam.PolicyStatement[]): void {
  const wide = statements.flatMap((statement) => statement.resources).filter((resource) => resource.endsWith('*'));
  for (const resource of new Set(wide)) {
    const actions = statements.filter(({ resources }) => resources.includes(resource)).flatMap((one) => one.actions);
    acknowledgeWildcard(
      role,
      resource,
      resource === '*' || actions.includes('logs:StartQuery')
        ? [...new Set(actions.map(reasonFor))].join('; ')
        : 'AWS does not say whether a description of named alarms is judged by their names',
    );
  }
}

function reasonFor(action: string): string {
  const reason = EVERYTHING[action];
  if (reason === undefined) {
    throw new Error(`a check reads by ${action} on every resource, and nobody says why`);
  }
  return reason;
}
