import { CfnOutput, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { namesIn } from '../private/circle';

/**
 * What another stack imports must not change, and alarms on a version get another name with each new version. To be asked at synth, when the CDK has made the
 * exports of what other stacks refer to.
 */
export function exportedAlarmProblems(alarms: readonly cloudwatch.Alarm[]): string[] {
  return alarms.flatMap((alarm) => {
    const stack = Stack.of(alarm);
    const { logicalId } = alarm.node.defaultChild as cloudwatch.CfnAlarm;
    const own: unknown = stack.resolve(logicalId);
    const output = stack.node
      .findAll()
      .filter((node) => node instanceof CfnOutput)
      .find(({ exportName, value }) => exportName !== undefined && namesIn(stack.resolve(value)).has(own as string));
    return output === undefined
      ? []
      : [
          `LambdaRollout: alarm '${alarm.node.path}' is used in another stack, but each new version has an alarm of another name, and CloudFormation changes no ` +
            'export that is in use: the next release would fail. Let the other stack watch an alarm that stays, such as one on `rollout.alias.metricErrors()` ' +
            '[ExportedVersionAlarm]',
        ];
  });
}
