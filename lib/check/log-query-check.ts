import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeOneOf, mustBeText, mustHave } from '../private/types';
import { MissingData } from './alarm-options';
import type { CheckBinding } from './check-binding';
import { nameInStack } from './construct-name';
import type { LogQueryCheckOptions } from './log-query-options';
import { mustChooseLines } from './log-query-text';
import { reachableLogGroup } from './other-stage';
import { placeOf } from './place-of';
import { timingOf, wholeNumber } from './timing';

const METHOD = 'Check.logQuery';
const QUERY_LIMIT = 1000;

/** Validates at once; the log group is named when the gate's stack is known. */
export function bindLogQuery(
  logGroup: logs.ILogGroup,
  query: string,
  options: LogQueryCheckOptions,
): (scope: Construct) => CheckBinding {
  mustHave(METHOD, logGroup, ['logGroupName', 'logGroupArn'], 'give a log group, or import one by its name');
  mustBeText(`${METHOD} query`, query);
  if (query.length > QUERY_LIMIT && !Token.isUnresolved(query)) {
    throw new GateError(
      'LogQueryTooLong',
      `\`${METHOD} query\` has ${query.length} characters, but may have at most ${QUERY_LIMIT}: shorten it`,
    );
  }
  mustChooseLines(`${METHOD} query`, query);
  const { missingData = MissingData.INCONCLUSIVE } = options;
  mustBeOneOf(`${METHOD} missingData`, missingData, Object.values(MissingData), 'take it from `MissingData`');
  const name = Token.isUnresolved(logGroup.logGroupName) ? nameInStack(logGroup) : logGroup.logGroupName;
  const timing = timingOf(METHOD, options, `log ${name}`.slice(0, 80));
  const maxMatches = wholeNumber(`${METHOD} maxMatches`, options.maxMatches ?? 0, 0, 1_000_000);
  return (scope) => {
    const { logGroupName, logGroupArn } = reachableLogGroup(logGroup, scope);
    const place = placeOf(logGroup.logGroupArn, logGroup, scope);
    return {
      draft: {
        ...timing,
        kind: 'logQuery',
        logGroup: logGroupName,
        region: place.region ?? Stack.of(scope).region,
        query,
        maxMatches,
        missingData,
      },
      statements: [
        new iam.PolicyStatement({ actions: ['logs:StartQuery'], resources: [logGroupArn] }),
        // Results stand under the id of their query, which is no resource of IAM.
        new iam.PolicyStatement({ actions: ['logs:GetQueryResults'], resources: ['*'] }),
      ],
      place,
    };
  };
}
