import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';

export interface ReviewApiProps {
  readonly review: lambda.IFunction;
  readonly logRetention: logs.RetentionDays;
}

/**
 * Public address of the review page. A link carries its secret in the query, so the access log knows routes only, and the
 * stage is throttled to 20 requests a second so that it takes no others' share.
 */
export class ReviewApi extends Construct {
  /** Without a slash at the end. */
  public readonly url: string;

  constructor(scope: Construct, id: string, props: ReviewApiProps) {
    super(scope, id);
    const api = new apigatewayv2.HttpApi(this, 'Api', {
      description: 'Review page of approval gates',
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Review', props.review),
    });
    acknowledge(
      api,
      'AwsSolutions-APIG4',
      'approvers have no AWS identity: each link carries a personal secret, and a decision is a signature made with it',
    );
    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apis/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new apigatewayv2.CfnStage(this, 'Stage', {
      apiId: api.apiId,
      stageName: '$default',
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 20, throttlingBurstLimit: 40 },
      accessLogSettings: {
        destinationArn: withoutStreams(accessLog),
        format: JSON.stringify({
          requestId: '$context.requestId',
          time: '$context.requestTimeEpoch',
          routeKey: '$context.routeKey',
          status: '$context.status',
          latency: '$context.responseLatency',
        }),
      },
    });
    this.url = api.apiEndpoint;
  }
}

/** As API Gateway stores it: with the `:*` at the end of a group's own ARN, CloudFormation would report drift for ever. */
function withoutStreams(group: logs.LogGroup): string {
  return Stack.of(group).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: group.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
