import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustHave, shown } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import { mustReachTargetGroup } from './other-stage';
import { mustBeInSameAccount } from './same-account';
import type { TargetGroupCheckOptions } from './target-group-options';
import { timingOf, wholeNumber } from './timing';

const METHOD = 'Check.targetGroup';

/** Validates at once; the account is compared when the gate's stack is known. */
export function bindTargetGroup(
  targetGroup: elbv2.ITargetGroup,
  options: TargetGroupCheckOptions,
): (scope: Construct) => CheckBinding {
  mustHave(METHOD, targetGroup, ['targetGroupArn'], 'give a target group, or import one by its ARN');
  const { targetGroupArn } = targetGroup;
  const found = placeOf(targetGroup);
  const timing = timingOf(METHOD, options, `target group ${found.name}`.slice(0, 80));
  const minimumHealthy = wholeNumber(`${METHOD} minimumHealthy`, options.minimumHealthy ?? 1, 1, 1000);
  const percent = wholeNumber(`${METHOD} minimumHealthyPercent`, options.minimumHealthyPercent ?? 100, 1, 100);
  return (scope) => {
    mustReachTargetGroup(targetGroup, scope);
    mustBeInSameAccount(METHOD, `target group '${found.name}'`, found.account, scope);
    return {
      draft: {
        ...timing,
        kind: 'targetGroup',
        targetGroupArn,
        minimumHealthy,
        minimumHealthyPercent: percent,
      },
      // Elastic Load Balancing knows no narrower permission for it.
      statements: [
        new iam.PolicyStatement({ actions: ['elasticloadbalancing:DescribeTargetHealth'], resources: ['*'] }),
      ],
    };
  };
}

/** By its ARN as far as synth knows that, else by its construct. */
function placeOf(targetGroup: elbv2.ITargetGroup): { readonly name: string; readonly account: string } {
  const { targetGroupArn } = targetGroup;
  if (Token.isUnresolved(targetGroupArn)) {
    return { name: nameInStack(targetGroup), account: Stack.of(targetGroup).account };
  }
  const [, name] =
    /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:targetgroup\/([^/]+)\/[^/]+$/.exec(targetGroupArn) ?? [];
  if (name === undefined) {
    throw new GateError(
      'BadTargetGroup',
      `\`${METHOD}\` is given the ARN ${shown(targetGroupArn)}, but that of a target group is ` +
        "'arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>': correct it",
    );
  }
  return { name, account: Arn.split(targetGroupArn, ArnFormat.SLASH_RESOURCE_NAME).account ?? '' };
}
