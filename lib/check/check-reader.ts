import { Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkRolePath, readerRoleName, rolePath } from '../../contract/names';
import { GateError } from '../errors';
import { gateRole, policyLength, ROLE_POLICY } from '../private/gate-role';
import { mustBeWorkflowName } from '../private/workflow-name';
import { acknowledgeReads } from './acknowledge-reads';
import { mustBeCheck } from './bind-checks';
import type { Check } from './check';
import type { CheckBinding } from './check-binding';
import { DEFAULT_READER, mustBeReaderName } from './reader-name';
import { mayRead } from './reader-permissions';

/** What a reader reads, and for which workflow. */
export interface CheckReaderProps {
  /** Name of the workflow whose gates have the checks: its `workflowName`. */
  readonly workflowName: string;

  /** Account of the workflow and of its pipelines, 12 digits. */
  readonly workflowAccount: string;

  /**
   * The checks that measure something in the account and Region of this stack: the same values as the gates have, or equal ones
   * where the gates are in another app.
   */
  readonly checks: Check[];

  /**
   * Needed where the account has more than one reader for the workflow in this Region: each has a name of its own, and the checks
   * name theirs by `readerName`. 1 to 15 letters, digits and '-'.
   *
   * @default 'reader'
   */
  readonly readerName?: string;
}

/**
 * Lets the checks of a workflow read in the account where a release runs, while the workflow and its pipelines are in another one.
 *
 * In the account appears one role, named after the workflow, the reader and the Region. It may do what the given checks need to
 * measure, and nothing else. Only roles that measure for that workflow may assume it; of these, each may assume only the readers that
 * the gates of its own pipeline name.
 *
 * Deploy it before the gates ask: until it is there, its checks cannot tell, and their gates stay closed.
 */
export class CheckReader extends Construct {
  /** Name of the role. */
  public readonly roleName: string;
  /** ARN of the role. */
  public readonly roleArn: string;

  private readonly statements: readonly iam.PolicyStatement[];

  constructor(scope: Construct, id: string, props: CheckReaderProps) {
    super(scope, id);
    const { workflowName, workflowAccount, checks } = props;
    const stack = Stack.of(this);
    mustBeWorkflowName(workflowName);
    mustBeElsewhere(stack, workflowAccount);
    const readerName = mustBeReaderName('CheckReader', props.readerName ?? DEFAULT_READER);
    this.roleName = readerRoleName(workflowName, readerName, stack.region);
    this.mustBeAlone(workflowName);
    if (checks.length === 0) {
      throw new GateError(
        'NoChecks',
        '`checks` is empty: give the checks that measure something here, or remove the reader',
      );
    }
    checks.forEach(mustBeCheck);
    const bindings = checks.map((check) => check._bind(this, {}));
    bindings.forEach((binding) => mustBeRead(stack, binding, readerName));
    this.statements = bindings.flatMap(({ statements }) => statements);
    const checkRoles = stack.formatArn({
      service: 'iam',
      region: '',
      account: workflowAccount,
      resource: 'role',
      resourceName: `${checkRolePath(workflowName).slice(1)}*`,
    });
    const role = gateRole(this, 'Role', {
      description: `Reads what checks of workflow ${workflowName} measure here`,
      path: rolePath(workflowName),
      roleName: this.roleName,
      trustedAccount: workflowAccount,
      trusted: { ArnLike: checkRoles },
      statements: () => this.statements,
    });
    this.roleArn = role.attrArn;
    acknowledgeReads(role, this.statements);
    this.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * Whether its checks let it read what these statements need, as far as synth knows.
   *
   * @internal
   */
  public _mayRead(statements: readonly iam.PolicyStatement[]): boolean {
    return mayRead(this.statements, statements);
  }

  private problems(): string[] {
    const length = policyLength(this, this.statements);
    return length > ROLE_POLICY
      ? [
          `the \`checks\` of reader '${this.roleName}' need a policy that may reach ${length} characters, but a role holds ${ROLE_POLICY}: ` +
            'watch a composite alarm instead of many alarms, or split the checks among readers with a `readerName` each',
        ]
      : [];
  }

  /** Role names are unique in an account: two of a name fail at deploy. */
  private mustBeAlone(workflowName: string): void {
    const { account } = Stack.of(this);
    const twin = this.node.root.node
      .findAll()
      .find(
        (other) =>
          other instanceof CheckReader &&
          other !== this &&
          other.roleName === this.roleName &&
          Stack.of(other).account === account,
      );
    if (twin !== undefined) {
      throw new GateError(
        'ReaderNameTaken',
        `'${twin.node.path}' reads for workflow '${workflowName}' in account ${account} and this Region already: give all checks to one of both ` +
          'readers, or give this one and its checks a `readerName`',
      );
    }
  }
}

/** A reader stands in a place that its role can be found at, and in another account than the workflow. */
function mustBeElsewhere(stack: Stack, workflowAccount: string): void {
  if (Token.isUnresolved(workflowAccount) || !/^\d{12}$/.test(workflowAccount)) {
    throw new GateError(
      'BadAccount',
      `\`workflowAccount\` is '${workflowAccount}', but has to be the 12 digits of an account: give the account of the workflow's stack`,
    );
  }
  if (Token.isUnresolved(stack.account) || Token.isUnresolved(stack.region)) {
    throw new GateError(
      'ReaderPlaceUnknown',
      `a \`CheckReader\` is in stack '${stack.stackName}', which does not say its account and Region: set \`env\` of the stack`,
    );
  }
  if (stack.account === workflowAccount) {
    throw new GateError(
      'ReaderNotNeeded',
      `a \`CheckReader\` is in account ${workflowAccount}, as its workflow is, where checks are read without one: remove it`,
    );
  }
}

/** The gate has to look for the check exactly where this reader is, and under its name. */
function mustBeRead(stack: Stack, { draft, place = {} }: CheckBinding, readerName: string): void {
  const { title } = draft;
  const known = (value: string | undefined) => value !== undefined && !Token.isUnresolved(value);
  if (!known(place.account) || !known(place.region)) {
    throw new GateError(
      'CheckPlaceUnknown',
      `check '${title}' does not say in which account and Region it measures something, so its gate would look for it in the gate's own: ` +
        'give both, or remove it from the `checks` of the `CheckReader`',
    );
  }
  if (place.account !== stack.account || place.region !== stack.region) {
    throw new GateError(
      'CheckNotHere',
      `check '${title}' measures something in account ${place.account}, Region ${place.region}, but the \`CheckReader\` is in ` +
        `${stack.account}, ${stack.region}: give it to a reader there`,
    );
  }
  if ((draft.readerName ?? DEFAULT_READER) !== readerName) {
    throw new GateError(
      'OtherReader',
      `check '${title}' is read by reader '${draft.readerName ?? DEFAULT_READER}', but is given to reader '${readerName}': give both the same \`readerName\``,
    );
  }
}
