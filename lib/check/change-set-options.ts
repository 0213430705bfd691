import type { CheckOptions } from './check-options';

/** What in a change set is worth a failed check. */
export enum ChangeRisk {
  /**
   * A resource is replaced, or may be. What it holds stays with the old one, which is deleted unless its policy says otherwise.
   */
  REPLACEMENT = 'REPLACEMENT',

  /** A resource is removed from the stack. */
  REMOVAL = 'REMOVAL',

  /**
   * Who may do what changes: IAM, policies of resources, security groups. CloudFormation does not say which way, so every change of
   * these counts as one that lets in more.
   */
  PERMISSIONS = 'PERMISSIONS',
}

/** Options of `Check.changeSet`. */
export interface ChangeSetCheckOptions extends CheckOptions {
  /**
   * What fails. At least one.
   *
   * @default - all of them
   */
  readonly risks?: ChangeRisk[];

  /**
   * Types of resources whose changes do not matter, such as `AWS::ECS::Service`. At most 50.
   *
   * @default - only types that hold nothing, of which a release makes new ones: versions and layers of functions, task definitions,
   *   deployments of API Gateway, launch configurations, wait conditions, metadata of the CDK
   */
  readonly ignoredTypes?: string[];

  /**
   * Account of the stack. In another account than the gate's, a `CheckReader` has to be deployed.
   *
   * @default - the account of the gate
   */
  readonly account?: string;

  /**
   * Region of the stack.
   *
   * @default - the Region of the gate
   */
  readonly region?: string;
}
