import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { GateError } from '../../errors';

/** What an authorizer is shows only when it is bound to routes. */
export function mustAuthorize(api: apigatewayv2.HttpApi): void {
  const children = api.node.findAll();
  const type = children
    .map((child) => (child instanceof apigatewayv2.CfnRoute ? child.authorizationType : undefined))
    .find((one) => one !== undefined && one !== 'NONE');
  if (type !== 'JWT' && type !== 'CUSTOM') {
    throw new GateError(
      'AuthorizerSaysNobody',
      `\`authorizer\` is of type ${type ?? 'NONE'}, which says nobody's email address: give a HttpUserPoolAuthorizer, a HttpJwtAuthorizer or ` +
        'a HttpLambdaAuthorizer',
    );
  }
  if (!children.some((child) => child instanceof apigatewayv2.CfnAuthorizer)) {
    throw new GateError(
      'AuthorizerOfAnotherApi',
      '`authorizer` belongs to another API, of another workflow perhaps, but an authorizer serves one API alone: make one for each workflow',
    );
  }
}
