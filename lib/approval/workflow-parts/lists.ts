import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { listsParameter } from '../../../contract/names';
import { POLICY_VERSION } from '../../../contract/policy';
import type { PeopleDocument } from '../../../contract/policy';
import { GateError } from '../../errors';
import { JsonParameter } from '../../private/policy-parameter';
import { mustBeApproverList, type ApproverList } from '../approver-list';
import type { Mail } from '../mail';
import { allow, parameterNamed } from './statements';

export interface ListsProps {
  readonly workflowName: string;
  readonly mail: Mail;
  /** Roles of the functions that look for people. */
  readonly readers: readonly iam.Role[];
}

/** The lists that a workflow may read: declared once, whatever number of gates and stacks names them. */
export class Lists extends Construct {
  private readonly lists = new Map<string, ApproverList>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ListsProps,
  ) {
    super(scope, id);
  }

  /** Does nothing for a list that is known already. */
  public add(list: ApproverList): void {
    mustBeApproverList('`addApproverLists`', list);
    const { parameterName } = list;
    const { workflowName, mail, readers } = this.props;
    if (mail._from === undefined) {
      throw new GateError(
        'ListNeedsSes',
        `people of the list '${parameterName}' are asked by email, and workflow '${workflowName}' writes by \`Mail.sns\`, which needs a topic for ` +
          "each address at synth: give the workflow `mail: Mail.ses({ from: 'releases@example.com' })`, or name the approvers",
      );
    }
    const known = this.lists.get(parameterName);
    if (known !== undefined) {
      mustAllowTheSame(known, list);
      return;
    }
    if (this.lists.size === 0) {
      new JsonParameter(this, 'Declared', {
        parameterName: listsParameter(workflowName),
        description: 'Lists of people who can be asked to approve',
        document: () => this.document(),
        fix: 'use fewer lists, with shorter names and fewer `allowedDomains`',
      });
    }
    this.lists.set(parameterName, list);
    readers.forEach((role) => role.addToPolicy(allow(['ssm:GetParameters'], [parameterNamed(this, parameterName)])));
  }

  private document(): PeopleDocument {
    const lists = [...this.lists.values()].map(({ parameterName, allowedDomains }) => ({
      parameter: parameterName,
      domains: allowedDomains,
    }));
    return { v: POLICY_VERSION, people: [], lists };
  }
}

function mustAllowTheSame(known: ApproverList, other: ApproverList): void {
  if (known.allowedDomains.join() !== other.allowedDomains.join()) {
    throw new GateError(
      'ListDeclaredTwice',
      `the list '${known.parameterName}' is declared with different \`allowedDomains\` in one workflow: make the \`ApproverList\` once and ` +
        'use the same value in every gate',
    );
  }
}
