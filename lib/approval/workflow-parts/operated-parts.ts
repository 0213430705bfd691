import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Pages, WorkflowFunctions } from './functions';
import type { Ingress } from './ingress';

/** Parts of a workflow that nobody but its operators sees. */
export interface OperatedParts {
  /** What waits to be taken in. */
  readonly queue: sqs.IQueue;
  readonly intake: lambda.Function;
  readonly decide: lambda.Function;
  readonly check: lambda.Function;
  /** Absent where people answer in the console. */
  readonly pages?: OperatedPages;
}

/** What serves the review page and the dashboard. */
export interface OperatedPages {
  readonly review: lambda.Function;
  readonly api: apigatewayv2.HttpApi;
  readonly accessLog: logs.ILogGroup;
}

export function operatedParts({ queue }: Ingress, { intake, decide, check, pages }: WorkflowFunctions): OperatedParts {
  return {
    queue,
    intake: intake.handler,
    decide: decide.handler,
    check: check.handler,
    ...(pages === undefined ? {} : { pages: pagesOf(pages) }),
  };
}

function pagesOf({ review, reviewApi: { api, accessLog } }: Pages): OperatedPages {
  return { review: review.handler, api, accessLog };
}
