import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { literalLength } from '../private/text';
import { mustBeText, shown } from '../private/types';
import { StageRule, type StageRuleOptions } from './stage-rule';

/** `#{Source.CommitId}` (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html). */
const VARIABLE = /^#\{[A-Za-z0-9@_-]+\.[A-Za-z0-9@_-]+\}$/;

/** One value of a rule's configuration (API reference, RuleDeclaration). */
export const LONGEST_VALUE = 10_000;

interface Comparison {
  readonly method: string;
  readonly operator: 'EQ' | 'NE' | 'CONTAINS' | 'MATCHES';
  readonly variable: string;
  readonly value: string;
}

export function variableRule(
  { method, operator, variable, value }: Comparison,
  { ruleName }: StageRuleOptions,
): StageRule {
  mustBeText(`${method} variable`, variable);
  mustBeText(`${method} value`, value);
  if (!Token.isUnresolved(variable) && !VARIABLE.test(variable)) {
    throw new GateError(
      'NotAVariable',
      `\`${method} variable\` is ${shown(variable)}, but has to be one variable of the pipeline: take it from an action, such as ` +
        "`source.variables.commitId`, or write '#{variables.name}'",
    );
  }
  const length = literalLength(value);
  if (value === '' || length > LONGEST_VALUE) {
    throw new GateError(
      'BadRuleValue',
      `\`${method} value\` has ${length} characters, but needs 1 to ${LONGEST_VALUE}: ${value === '' ? 'give the text to compare with' : 'shorten it'}`,
    );
  }
  return StageRule._of({
    method,
    provider: 'VariableCheck',
    label: Token.isUnresolved(variable) ? 'VariableCheck' : `VariableCheck-${variable.slice(2, -1)}`,
    ruleName,
    moments: ['beforeEntry', 'onSuccess', 'onFailure'],
    bind: () => ({ Variable: variable, Operator: operator, Value: value }),
  });
}
