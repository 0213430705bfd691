import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { shownReference } from '../private/acknowledge';
import type { CheckBinding } from './check-binding';

const EVERYTHING = /^\*$/;

/** Wildcards that belong to a permission. Any other one comes from a name, and would let the role read what no check names. */
const BELONGS: Readonly<Record<string, RegExp>> = {
  'cloudformation:DescribeChangeSet': /\/\*$/,
  'cloudwatch:DescribeAlarmHistory': EVERYTHING,
  'cloudwatch:DescribeAlarms': /^\*$|(?<=:alarm:)\*$/,
  'cloudwatch:GetMetricData': EVERYTHING,
  'elasticloadbalancing:DescribeTargetHealth': EVERYTHING,
  'inspector2:ListCoverage': EVERYTHING,
  'inspector2:ListFindings': EVERYTHING,
  'logs:GetQueryResults': EVERYTHING,
  // The streams of a group, not the groups of an account.
  'logs:StartQuery': /(?<!:log-group):\*$/,
  // The objects of all runs, below a prefix.
  's3:GetObject': /\*(?=[^*?]*$)/,
  'secretsmanager:GetSecretValue': /-\?{6}$/,
};

/** Refuses what is named with a wildcard. */
export function mustBeExact({ draft, statements }: CheckBinding, scope: Construct): void {
  for (const { actions, resources } of statements) {
    const wide = resources.find((resource) => actions.some((action) => hasWildcard(resource, BELONGS[action])));
    if (wide !== undefined) {
      throw new GateError(
        'WildcardInName',
        `check '${draft.title}' names '${shownReference(Stack.of(scope).resolve(wide))}', but \`*\` and \`?\` are wildcards in IAM, so it would ` +
          'read more: give the exact name',
      );
    }
  }
}

function hasWildcard(resource: string, belongs: RegExp | undefined): boolean {
  return /[*?]/.test(belongs === undefined ? resource : resource.replace(belongs, ''));
}
