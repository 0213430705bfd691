import { Token } from 'aws-cdk-lib';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustHave, shown } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import { mustReachTargetGroup } from './other-stage';
import { placeOf } from './place-of';
import type { TargetGroupCheckOptions } from './target-group-options';
import { timingOf, wholeNumber } from './timing';

const METHOD = 'Check.targetGroup';

/** Validates at once; where the group is follows when the gate's stack is known. */
export function bindTargetGroup(
  targetGroup: elbv2.ITargetGroup,
  options: TargetGroupCheckOptions,
): (scope: Construct) => CheckBinding {
  mustHave(METHOD, targetGroup, ['targetGroupArn'], 'give a target group, or import one by its ARN');
  const { targetGroupArn } = targetGroup;
  const timing = timingOf(METHOD, options, `target group ${nameOf(targetGroup)}`.slice(0, 80));
  const minHealthy = wholeNumber(`${METHOD} minHealthy`, options.minHealthy ?? 1, 1, 1000);
  const percent = wholeNumber(`${METHOD} minHealthyPercent`, options.minHealthyPercent ?? 100, 1, 100);
  return (scope) => {
    mustReachTargetGroup(targetGroup, scope);
    return {
      draft: {
        ...timing,
        kind: 'targetGroup',
        targetGroupArn,
        minHealthy,
        minHealthyPercent: percent,
      },
      // Elastic Load Balancing knows no narrower permission for it.
      statements: [
        new iam.PolicyStatement({ actions: ['elasticloadbalancing:DescribeTargetHealth'], resources: ['*'] }),
      ],
      place: placeOf(targetGroupArn, targetGroup, scope),
    };
  };
}

/** As its ARN says, as far as synth knows that. */
function nameOf(targetGroup: elbv2.ITargetGroup): string {
  const { targetGroupArn } = targetGroup;
  if (Token.isUnresolved(targetGroupArn)) {
    return nameInStack(targetGroup);
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
  return name;
}
