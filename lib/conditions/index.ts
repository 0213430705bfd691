export { LambdaRuleOptions } from './lambda-rule';
export * from './stage-conditions';
export { StageRule, StageRuleOptions } from './stage-rule';
export * from './stage-rules';
