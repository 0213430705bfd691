import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { mustHave } from '../private/types';
import { MissingData } from './alarm-options';
import { Check } from './check';
import { nameInStack } from './construct-name';

/** What the recommended checks demand. */
export interface RecommendedCheckOptions {
  /**
   * The highest share of requests that may fail, in percent: from 0 to less than 100.
   *
   * @default 1
   */
  readonly maxErrorPercent?: number;

  /**
   * With fewer requests since the gate began, nobody can tell.
   *
   * @default - 300 / maxErrorPercent: see `Check.errorRatio`
   */
  readonly minRequests?: number;
}

/**
 * Sensible checks for a service, from its construct alone: give them as the `checks` of a gate after its deployment, with a bake time.
 *
 * A service with so little traffic that `minRequests` are not reached within the bake time cannot be judged by its errors: the checks cannot tell, and
 * never pass.
 */
export class RecommendedChecks {
  /**
   * For a function, version or alias: few of its invocations fail, and none is throttled.
   *
   * The measuring role gets `cloudwatch:GetMetricData`, which AWS knows on `*` only.
   */
  public static forFunction(handler: lambda.IFunction, options: RecommendedCheckOptions = {}): Check[] {
    mustHave('RecommendedChecks.forFunction', handler, ['functionArn'], 'give a function, a version or an alias');
    return [
      errorRatio(handler, handler.metricErrors(COUNT), handler.metricInvocations(COUNT), options),
      Check.metric(handler.metricThrottles(COUNT), {
        title: `throttles of ${nameInStack(handler)}`,
        atMost: 0,
        missingData: MissingData.HEALTHY,
      }),
    ];
  }

  /**
   * For an HTTP API: few of its requests are answered by 5xx.
   *
   * The measuring role gets `cloudwatch:GetMetricData`, which AWS knows on `*` only.
   */
  public static forHttpApi(api: apigatewayv2.IHttpApi, options: RecommendedCheckOptions = {}): Check[] {
    mustHave('RecommendedChecks.forHttpApi', api, ['apiId'], 'give an HTTP API');
    return [errorRatio(api, api.metricServerError(COUNT), api.metricCount(COUNT), options)];
  }

  /**
   * For a REST API: few of its requests are answered by 5xx.
   *
   * The measuring role gets `cloudwatch:GetMetricData`, which AWS knows on `*` only.
   */
  public static forRestApi(api: apigateway.RestApiBase, options: RecommendedCheckOptions = {}): Check[] {
    mustHave('RecommendedChecks.forRestApi', api, ['restApiId'], 'give a REST API');
    return [errorRatio(api, api.metricServerError(COUNT), api.metricCount(COUNT), options)];
  }

  /**
   * For a service of ECS: its deployment is complete, and as many tasks run as are desired. For gates; `EcsHealthHook` refuses it, because the deployment waits for
   * the hook.
   *
   * The measuring role gets `ecs:DescribeServices` on the service.
   */
  public static forService(service: ecs.IBaseService): Check[] {
    return [Check.ecsService(service)];
  }

  /**
   * For a service of ECS behind an Application Load Balancer: the deployment is complete, the load balancer finds all targets healthy, and few of the
   * targets' answers are 5xx. What the load balancer answers itself, because no target did, is not among them: watch its `HTTPCode_ELB_5XX_Count`, too.
   *
   * The measuring role gets `ecs:DescribeServices` on the service, and `elasticloadbalancing:DescribeTargetHealth` and `cloudwatch:GetMetricData`, which AWS
   * knows on `*` only.
   */
  public static forLoadBalancedService(
    service: ecs.IBaseService,
    targetGroup: elbv2.IApplicationTargetGroup,
    options: RecommendedCheckOptions = {},
  ): Check[] {
    mustHave(
      'RecommendedChecks.forLoadBalancedService',
      targetGroup,
      ['targetGroupArn'],
      'give the target group of the service',
    );
    const { metrics } = targetGroup;
    const errors = metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, COUNT);
    return [
      Check.ecsService(service),
      Check.targetGroup(targetGroup),
      errorRatio(service, errors, metrics.requestCount(COUNT), options),
    ];
  }

  private constructor() {}
}

const COUNT = { statistic: cloudwatch.Stats.SUM, period: Duration.minutes(1) };

/** These metrics are published only while there are requests, or errors: silence is no error, and too few requests never pass. */
function errorRatio(
  of: IConstruct,
  errors: cloudwatch.IMetric,
  requests: cloudwatch.IMetric,
  { maxErrorPercent = 1, minRequests }: RecommendedCheckOptions,
): Check {
  return Check.errorRatio({
    title: `errors of ${nameInStack(of)}`,
    errors,
    requests,
    maxPercent: maxErrorPercent,
    missingData: MissingData.HEALTHY,
    ...(minRequests === undefined ? {} : { minRequests }),
  });
}
