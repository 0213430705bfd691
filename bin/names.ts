/** Names that the release pipeline and the service stacks share: the pipeline may only touch what is called like this. */

export const ENVIRONMENTS = ['Dev', 'Staging', 'Prod'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const PIPELINE_NAME = 'shop-release';

/** CloudFormation stack of the service; resources without a name of their own are called `<stack>-…`. */
export function serviceStackName(environment: Environment): string {
  return `Shop${environment}`;
}

/** Name of the service's function, and first part of every other name in its stack. */
export function serviceName(environment: Environment): string {
  return `shop-${environment.toLowerCase()}`;
}

/** Alarm on errors that customers see. Gates name it: it lives in a stack that the pipeline itself deploys. */
export function errorAlarmName(environment: Environment): string {
  return `${serviceName(environment)}-5xx`;
}
