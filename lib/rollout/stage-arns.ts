import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * What IAM calls the parts of a REST API: paths of the API of API Gateway, without an account
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
 */
function partArn(scope: Construct, path: string): string {
  return Stack.of(scope).formatArn({
    service: 'apigateway',
    account: '',
    resource: 'restapis',
    resourceName: path,
    arnFormat: ArnFormat.SLASH_RESOURCE_SLASH_RESOURCE_NAME,
  });
}

export function stageArn(scope: Construct, restApiId: string, stageName: string): string {
  return partArn(scope, `${restApiId}/stages/${stageName}`);
}

export function deploymentsArn(scope: Construct, restApiId: string, which = ''): string {
  return partArn(scope, `${restApiId}/deployments${which}`);
}
