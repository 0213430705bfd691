import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeText, mustHave } from '../private/types';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import type { LambdaCheckOptions } from './lambda-options';
import { reachableFunctionArn } from './other-stage';
import { placeOfResource } from './place-of';
import { timingOf } from './timing';

const DETAILS_LIMIT = 1000;

/** Validates at once; the function is named when the gate's stack is known. */
export function bindLambda(handler: lambda.IFunction, options: LambdaCheckOptions): (scope: Construct) => CheckBinding {
  mustHave('Check.lambda', handler, ['functionArn', 'functionName'], 'give a function, or import one by its ARN');
  const { details } = options;
  if (details !== undefined) {
    mustBeText('Check.lambda details', details);
  }
  if (details !== undefined && !Token.isUnresolved(details) && details.length > DETAILS_LIMIT) {
    throw new GateError(
      'DetailsTooLong',
      `\`Check.lambda details\` has ${details.length} characters, but may have at most ${DETAILS_LIMIT}: let the function read the rest itself`,
    );
  }
  const name = Token.isUnresolved(handler.functionName) ? nameInStack(handler) : handler.functionName;
  const timing = timingOf('Check.lambda', options, `lambda ${name}`.slice(0, 80));
  return (scope) => {
    const functionArn = reachableFunctionArn(handler, scope);
    return {
      draft: {
        ...timing,
        kind: 'lambda',
        functionArn,
        ...(details === undefined ? {} : { details }),
      },
      // Exactly what is invoked: an alias or version does not open the function's other versions, nor the other way round.
      statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] })],
      place: placeOfResource(handler, Stack.of(scope)),
    };
  };
}
