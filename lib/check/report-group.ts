import { Stack, Token } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustHave } from '../private/types';
import type { Place } from './check-binding';
import { nameInStack } from './construct-name';
import { reachableReportGroupArn } from './other-stage';
import { placeOfResource } from './place-of';

/** What a report group of CodeBuild holds: it is made for one of the two, and takes no reports of the other. */
export type ReportsOf = 'TEST' | 'CODE_COVERAGE';

/** A report group of CodeBuild as a check reads it. */
export interface ReportGroupToRead {
  readonly reportGroupArn: string;
  readonly statements: iam.PolicyStatement[];
  readonly place: Place;
}

export function mustBeReportGroup(method: string, group: codebuild.IReportGroup, reports: ReportsOf): void {
  mustHave(
    method,
    group,
    ['reportGroupArn', 'reportGroupName'],
    'give a report group, or import one by `ReportGroup.fromReportGroupName`',
  );
  const resource = Construct.isConstruct(group) ? group.node.defaultChild : undefined;
  if (resource instanceof codebuild.CfnReportGroup && !Token.isUnresolved(resource.type) && resource.type !== reports) {
    const other = reports === 'TEST' ? 'Check.codeCoverage' : 'Check.testReport';
    throw new GateError(
      'WrongReportGroup',
      `\`${method}\` is given report group '${nameInStack(group)}' of type ${resource.type}, which takes no report that the check could read: ` +
        `give a group of type ${reports}, or use \`${other}\``,
    );
  }
}

/** @param actions what the check asks CodeBuild about it */
export function reportGroupToRead(
  method: string,
  group: codebuild.IReportGroup,
  actions: readonly string[],
  scope: Construct,
): ReportGroupToRead {
  const reportGroupArn = reachableReportGroupArn(method, group, scope);
  return {
    reportGroupArn,
    statements: [
      new iam.PolicyStatement({
        actions: actions.map((action) => `codebuild:${action}`),
        resources: [reportGroupArn],
      }),
    ],
    place: placeOfResource(group, Stack.of(scope)),
  };
}

export function nameOfReportGroup(group: codebuild.IReportGroup): string {
  return Token.isUnresolved(group.reportGroupName) ? nameInStack(group) : group.reportGroupName;
}
