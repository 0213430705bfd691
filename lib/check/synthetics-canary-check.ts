import { ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeText, shown } from '../private/types';
import type { CheckBinding } from './check-binding';
import { mustBePlace } from './place-of';
import type { SyntheticsCanaryCheckOptions } from './synthetics-canary-options';
import { secondsOf, timingOf } from './timing';

const METHOD = 'Check.syntheticsCanary';

/** https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_CreateCanary.html */
const NAME = /^[0-9a-z_-]{1,255}$/;

/** Validates at once; place and permission follow when the gate's stack is known. */
export function bindSyntheticsCanary(
  canary: string,
  options: SyntheticsCanaryCheckOptions,
): (scope: Construct) => CheckBinding {
  mustBeText(`${METHOD} canary`, canary);
  const isToken = Token.isUnresolved(canary);
  if (!isToken && !NAME.test(canary)) {
    throw new GateError(
      'InvalidCanaryName',
      `\`${METHOD} canary\` is ${shown(canary)}, but the name of a canary is 1 to 255 characters of lower-case letters, digits, '-' and '_': ` +
        'correct it, or give `canary.canaryName`; for a canary elsewhere, give `account` and `region`',
    );
  }
  const { account, region } = options;
  mustBePlace(METHOD, options);
  const timing = timingOf(
    METHOD,
    options,
    (isToken ? 'synthetics canary' : `synthetics canary ${canary}`).slice(0, 80),
  );
  const maxRunAge = secondsOf(`${METHOD} maxRunAge`, options.maxRunAge ?? Duration.minutes(15), 60, 86_400);
  return (scope) => {
    const stack = Stack.of(scope);
    const place = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
    const arn = stack.formatArn({
      service: 'synthetics',
      ...place,
      resource: 'canary',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: canary,
    });
    return {
      draft: { ...timing, kind: 'syntheticsCanary', canary, region: region ?? stack.region, maxRunAge },
      statements: [
        new iam.PolicyStatement({ actions: ['synthetics:GetCanary', 'synthetics:GetCanaryRuns'], resources: [arn] }),
      ],
      place,
    };
  };
}
