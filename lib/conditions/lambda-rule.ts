import { Stack } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from '../private/acknowledge';
import { mustFitConfiguration } from '../private/text';
import { mustHave } from '../private/types';
import { mustBeBeside, mustBeInReach, type Subject } from './place';
import { StageRule, type StageRuleOptions } from './stage-rule';
import { LONGEST_VALUE } from './variable-rule';

/** What a function is told beside its job. */
export interface LambdaRuleOptions extends StageRuleOptions {
  /**
   * What the function finds as JSON in `UserParameters` of its job. The event names neither pipeline nor run: give the run as
   * `'#{codepipeline.PipelineExecutionId}'`. At most 10,000 characters as JSON.
   *
   * @default - nothing
   */
  readonly userParameters?: { readonly [name: string]: string };
}

const METHOD = 'StageRules.lambda';

export function lambdaRule(handler: lambda.IFunction, options: LambdaRuleOptions): StageRule {
  mustHave(METHOD, handler, ['functionName', 'functionArn'], 'give a function');
  const { ruleName, userParameters } = options;
  return StageRule._of({
    method: METHOD,
    provider: 'LambdaInvoke',
    label: `Lambda-${handler.node.id}`,
    ruleName,
    moments: ['beforeEntry', 'onSuccess'],
    bind: (pipeline) => {
      const subject: Subject = {
        method: METHOD,
        what: `function '${handler.node.id}'`,
        account: handler.env.account,
        region: handler.env.region,
        fix: 'invoke it by a gate with `Check.lambda`',
      };
      mustBeBeside(pipeline, subject);
      mustBeInReach(pipeline, handler, {
        ...subject,
        fix: 'import it by its literal name with `Function.fromFunctionName`',
      });
      mayInvoke(pipeline, handler);
      mustFitConfiguration(`${METHOD} userParameters`, JSON.stringify(userParameters ?? {}), LONGEST_VALUE);
      const parameters = userParameters && Stack.of(pipeline).toJsonString(userParameters);
      return {
        FunctionName: handler.functionName,
        ...(parameters === undefined ? {} : { UserParameters: parameters }),
      };
    },
  });
}

/** The function answers its job, and jobs are no resources of IAM. */
function mayInvoke(pipeline: codepipeline.Pipeline, handler: lambda.IFunction): void {
  pipeline.role.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
  );
  handler.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'],
      resources: ['*'],
    }),
  );
  if (handler.role !== undefined) {
    acknowledge(handler.role, 'AwsSolutions-IAM5[Resource::*]', 'jobs of CodePipeline are no resources of IAM');
  }
}
