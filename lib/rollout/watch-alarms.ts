import { ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';

/** An alarm as a deployment group takes it. */
export type WatchedAlarm = Parameters<codedeploy.LambdaDeploymentGroup['addAlarm']>[0];

/** CodeDeploy's API allows so many alarms to a deployment group (AlarmsLimitExceededException). */
export const MAX_ALARMS = 10;

/**
 * Lets whoever has these permissions look at the alarms that are added. CodeDeploy fails what it cannot watch, and AWS does not say
 * whether a description of named alarms is judged by their names. So it may describe all alarms of this account and Region, as
 * AWS's own policy for CodeDeploy lets it.
 */
export function watchAlarms(scope: Construct, document: iam.PolicyDocument): (alarm: WatchedAlarm) => void {
  const alarms: WatchedAlarm[] = [];
  const statement = new iam.PolicyStatement({
    sid: 'WatchAlarms',
    actions: ['cloudwatch:DescribeAlarms'],
    resources: Lazy.list({ produce: () => [alarms.some(isComposite) ? '*' : everyAlarm(scope)] }),
  });
  return (alarm) => {
    if (alarms.length === 0) {
      document.addStatements(statement);
    }
    alarms.push(alarm);
  };
}

/** Says to linters why `watchAlarms` needs a wildcard. */
export function acknowledgeAlarms(scope: Construct, role: iam.Role): void {
  acknowledgeWildcard(role, everyAlarm(scope), 'alarms of this account and Region, described only');
}

/** CloudWatch shows composite alarms only to callers that may see every alarm of every Region. */
function isComposite(alarm: WatchedAlarm): boolean {
  return alarm instanceof cloudwatch.CompositeAlarm || alarm instanceof cloudwatch.CfnCompositeAlarm;
}

function everyAlarm(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
