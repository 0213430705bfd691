import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';

/** Why reading something may not be narrowed to what the checks name. */
const EVERYTHING: Readonly<Record<string, string>> = {
  'cloudwatch:DescribeAlarms': 'CloudWatch answers for composite alarms on every alarm only',
  'cloudwatch:DescribeAlarmHistory': 'CloudWatch answers for composite alarms on every alarm only',
  'cloudwatch:GetMetricData': 'CloudWatch reads metrics with a permission on all of them only',
  'codepipeline:PutJobFailureResult': 'CodePipeline knows jobs by their id, which is no resource',
  'codepipeline:PutJobSuccessResult': 'CodePipeline knows jobs by their id, which is no resource',
  'logs:GetQueryResults': 'CloudWatch Logs knows results by the id of their query, which is no resource',
  'logs:StartQuery': 'so CloudWatch Logs writes one log group, with its streams',
  'elasticloadbalancing:DescribeTargetHealth': 'Elastic Load Balancing judges the health of targets by no resource',
  'inspector2:ListCoverage': 'Amazon Inspector judges its findings by no resource',
  'inspector2:ListFindings': 'Amazon Inspector judges its findings by no resource',
};

/** Why not everything, but more than one name. */
const BROADLY: Readonly<Record<string, string>> = {
  'cloudformation:DescribeChangeSet': 'the ARN of a stack ends in an id that CloudFormation makes',
  'cloudwatch:DescribeAlarms': 'AWS does not say whether a description of named alarms is judged by their names',
  's3:GetObject': 'the key of what a build writes for its run holds the id of the run',
};

/** Tells security linters why the role that measures may read more than its checks name. */
export function acknowledgeReads(role: IConstruct, statements: readonly iam.PolicyStatement[]): void {
  const wide = statements.flatMap((statement) => statement.resources).filter((resource) => resource.includes('*'));
  for (const resource of new Set(wide)) {
    const actions = statements.filter(({ resources }) => resources.includes(resource)).flatMap((one) => one.actions);
    acknowledgeWildcard(role, resource, [...new Set(actions.map((action) => reasonFor(action, resource)))].join('; '));
  }
}

function reasonFor(action: string, resource: string): string {
  const reason = (resource === '*' ? {} : BROADLY)[action] ?? EVERYTHING[action];
  if (reason === undefined) {
    throw new Error(`a check reads by ${action} on ${resource}, and nobody says why`);
  }
  return reason;
}
