import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';

/** Names of stacks and of change sets (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html). */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/**
 * A change set of CloudFormation that is prepared before a gate asks, and executed after it: approvers are shown what it would do. In
 * the account and Region of the pipeline. Makes no resource and no reference.
 */
export class ChangeSetRef {
  /**
   * The change set of this name.
   *
   * Throws where a name is not 1 to 128 letters, digits and '-', the first one a letter. Tokens pass.
   *
   * @param stackName name of the stack
   * @param changeSetName name of the change set; CDK Pipelines calls each of its own `PipelineChange`
   */
  public static named(stackName: string, changeSetName: string): ChangeSetRef {
    mustBeNameOf('stackName', stackName);
    mustBeNameOf('changeSetName', changeSetName);
    return new ChangeSetRef(stackName, changeSetName);
  }

  private constructor(
    /** Name of the stack. */
    public readonly stackName: string,
    /** Name of the change set. */
    public readonly changeSetName: string,
  ) {}
}

/** No wildcard gets into the resource of a role by these names. */
function mustBeNameOf(prop: string, name: string): void {
  mustBeText(`ChangeSetRef.named ${prop}`, name);
  if (!Token.isUnresolved(name) && !NAME.test(name)) {
    throw new GateError(
      'BadChangeSetName',
      `\`ChangeSetRef.named ${prop}\` is '${name}', but has to be 1 to 128 letters, digits and '-', the first one a letter: correct it`,
    );
  }
}

/** Whether CloudFormation would take it as a name. What CodePipeline fills in when it runs is none. */
export function isKnownName(name: unknown): name is string {
  return typeof name === 'string' && (Token.isUnresolved(name) ? !name.includes('#{') : NAME.test(name));
}
