import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';
import type { Dashboard } from '../dashboard';
import type { ReviewDomain } from '../review-domain';
import { mustAuthorize } from './authorized-routes';

export interface ReviewApiProps {
  readonly review: lambda.IFunction;
  readonly dashboard: Dashboard;
  readonly domain?: ReviewDomain;
  readonly logRetention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
}

interface Route {
  readonly method: apigatewayv2.HttpMethod;
  readonly path: string;
  /** Requests a second. */
  readonly rate: number;
  readonly authorizer?: apigatewayv2.IHttpRouteAuthorizer;
}

/** Each has a limit of its own, so that pages which ask for news, or a flood of anything else, keep nobody from answering. */
const ROUTES: readonly Route[] = [
  { method: apigatewayv2.HttpMethod.GET, path: '/r/{request}', rate: 20 },
  { method: apigatewayv2.HttpMethod.POST, path: '/r/{request}', rate: 20 },
  { method: apigatewayv2.HttpMethod.POST, path: '/r/{request}/status', rate: 20 },
  { method: apigatewayv2.HttpMethod.POST, path: '/r/{request}/revoke', rate: 5 },
];

/** Pages of people who may look. */
const DASHBOARD_ROUTES: readonly Route[] = [
  { method: apigatewayv2.HttpMethod.GET, path: '/dashboard', rate: 10 },
  { method: apigatewayv2.HttpMethod.GET, path: '/dashboard/{page}', rate: 10 },
  { method: apigatewayv2.HttpMethod.POST, path: '/dashboard/look', rate: 10 },
  { method: apigatewayv2.HttpMethod.POST, path: '/dashboard/{wish}', rate: 5 },
];

/** Of whoever wants to sign in by email. Asking for a link mails somebody, so few of these get through. */
const SIGN_IN_ROUTES: readonly Route[] = [
  { method: apigatewayv2.HttpMethod.POST, path: '/dashboard/sign-in', rate: 2 },
  { method: apigatewayv2.HttpMethod.POST, path: '/dashboard/session', rate: 5 },
];

/** Everything else, which the function answers as it answers a dead link. */
const REST = 5;

/** Public address of the review page. A link carries its secret in the query, so the access log knows routes only. */
export class ReviewApi extends Construct {
  public readonly api: apigatewayv2.HttpApi;
  /** Without a slash at the end. */
  public readonly url: string;
  public readonly accessLog: logs.LogGroup;
  /** The domain of its own, if it has one: what DNS has to lead to. */
  public readonly domain?: apigatewayv2.DomainName;

  constructor(scope: Construct, id: string, props: ReviewApiProps) {
    super(scope, id);
    const integration = new HttpLambdaIntegration('Review', props.review, { scopePermissionToRoute: false });
    this.api = new apigatewayv2.HttpApi(this, 'Api', {
      description: 'Review page of approval gates',
      createDefaultStage: false,
      // With a domain of its own, links are of one host, and nothing reaches the pages by another.
      ...(props.domain === undefined ? {} : { disableExecuteApiEndpoint: true }),
      defaultIntegration: integration,
    });
    // The CDK's permission is for routes of a method and a path, `*/*/*`. The ARN of the default route has no method.
    props.review.addPermission('DefaultRoute', {
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/$default',
      }),
    });
    acknowledge(
      this.api,
      'AwsSolutions-APIG4',
      'approvers have no AWS identity: each link carries a personal secret, and a decision is a signature made with it',
    );
    const limited = [...ROUTES, ...dashboardRoutes(props.dashboard)];
    const routes = limited.flatMap(({ method, path, authorizer }) =>
      this.api.addRoutes({ path, methods: [method], integration, authorizer }),
    );
    if (props.dashboard._authorizer !== undefined) {
      mustAuthorize(this.api);
    }
    // API Gateway takes limits for routes that are there.
    this.accessLog = this.logGroup(props);
    const stage = this.stage(limited, this.accessLog);
    stage.node.addDependency(...routes);
    this.domain = props.domain === undefined ? undefined : this.domainOf(props.domain, stage);
    this.url = props.domain === undefined ? this.api.apiEndpoint : `https://${props.domain.domainName}`;
  }

  private domainOf({ domainName, certificate }: ReviewDomain, stage: apigatewayv2.CfnStage): apigatewayv2.DomainName {
    const domain = new apigatewayv2.DomainName(this, 'Domain', { domainName, certificate });
    const mapping = new apigatewayv2.CfnApiMapping(this, 'Mapping', {
      apiId: this.api.apiId,
      domainName: domain.name,
      stage: stage.ref,
    });
    mapping.node.addDependency(domain);
    return domain;
  }

  private stage(routes: readonly Route[], accessLog: logs.LogGroup): apigatewayv2.CfnStage {
    // The CDK's own stage knows no limits per route.
    return new apigatewayv2.CfnStage(this, 'Stage', {
      apiId: this.api.apiId,
      stageName: '$default',
      autoDeploy: true,
      defaultRouteSettings: limit(REST),
      // Rendered as it is, so in CloudFormation's own spelling.
      routeSettings: Object.fromEntries(
        routes.map(({ method, path, rate }) => {
          const { throttlingRateLimit, throttlingBurstLimit } = limit(rate);
          return [
            `${method} ${path}`,
            { ThrottlingRateLimit: throttlingRateLimit, ThrottlingBurstLimit: throttlingBurstLimit },
          ];
        }),
      ),
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
  }

  private logGroup({ logRetention, encryptionKey }: ReviewApiProps): logs.LogGroup {
    return new logs.LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apis/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
    });
  }
}

function dashboardRoutes({ _access: access, _authorizer: authorizer }: Dashboard): readonly Route[] {
  switch (access?.kind) {
    case undefined:
      return [];
    case 'SIGN_IN_BY_EMAIL':
      return [...DASHBOARD_ROUTES, ...SIGN_IN_ROUTES];
    case 'BEHIND_AUTHORIZER':
      return DASHBOARD_ROUTES.map((route) => ({ ...route, authorizer }));
  }
}

function limit(rate: number): { throttlingRateLimit: number; throttlingBurstLimit: number } {
  return { throttlingRateLimit: rate, throttlingBurstLimit: 2 * rate };
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
