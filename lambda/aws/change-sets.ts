/** Change sets of CloudFormation, as the answer role of a pipeline may describe them. Whatever goes wrong is an answer, too. */
import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  type CloudFormationClientConfig,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { PreparedChangeSet } from '../../contract/policy';
import {
  changeSetView,
  type ChangeSetDescription,
  type ChangeSetView,
  type DescribedChange,
} from '../domain/change-set';
import { isAccessDenied } from './failure';
import { errorName, log } from './log';

/** A template holds 500 resources, and an answer some hundred changes. */
const MOST_PAGES = 20;

export const ENDLESS = 'it holds more changes than a template can have';

/** What CloudFormation says of a change set, and of a stack, that does not exist. */
const MISSING = ['ChangeSetNotFound', 'ChangeSetNotFoundException', 'ValidationError'];

export function cloudFormation(
  credentials: NonNullable<CloudFormationClientConfig['credentials']>,
): CloudFormationClient {
  return new CloudFormationClient({ credentials });
}

export async function readChangeSet(
  client: Pick<CloudFormationClient, 'send'>,
  changeSet: PreparedChangeSet,
): Promise<ChangeSetView> {
  const { stack, name } = changeSet;
  try {
    const described = await describeChangeSet(client, changeSet);
    return described === undefined
      ? { kind: 'UNREAD', stack, name, reason: ENDLESS }
      : changeSetView(changeSet, described);
  } catch (error) {
    log('WARN', 'a change set cannot be read', { error: errorName(error) });
    return { kind: 'UNREAD', stack, name, reason: whyNot(error) };
  }
}

/** All pages, or undefined where there are too many. Throws what CloudFormation refuses. */
export async function describeChangeSet(
  client: Pick<CloudFormationClient, 'send'>,
  { stack: StackName, name }: Pick<PreparedChangeSet, 'stack' | 'name'>,
): Promise<ChangeSetDescription | undefined> {
  const changes: DescribedChange[] = [];
  let first: DescribeChangeSetCommandOutput | undefined;
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // By its ARN from the second page on: the name may belong to another one by now.
    const ChangeSetName: string = first?.ChangeSetId ?? name;
    const answer = await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName, NextToken }));
    first ??= answer;
    changes.push(...(answer.Changes ?? []).flatMap(({ ResourceChange }) => ResourceChange ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined) {
      const { ChangeSetId: id, StackId: stackId, StatusReason: statusReason, ExecutionStatus: executionStatus } = first;
      return { id, stackId, status: first.Status, statusReason, executionStatus, changes };
    }
  }
  return undefined;
}

function whyNot(error: unknown): string {
  if (isAccessDenied(error)) {
    return 'the role of this gate may not read it';
  }
  const name = errorName(error);
  return MISSING.includes(name) ? 'there is no such change set' : `CloudFormation does not answer (${name})`;
}
