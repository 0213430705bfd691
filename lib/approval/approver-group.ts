import { mustBeName } from '../private/text';
import type { Approver } from './approver';
import { mustBeQuorum } from './quorum-rules';

/**
 * Some approvers under a name that everybody who is asked can read, and how many of them it takes.
 * For `Approvers.allGroups`.
 */
export class ApproverGroup {
  /**
   * Any one of these approvers.
   *
   * @param name at most 64 characters, such as `Security`
   */
  public static anyOf(name: string, ...approvers: Approver[]): ApproverGroup {
    return new ApproverGroup(name, 1, approvers);
  }

  /**
   * So many of these approvers.
   *
   * @param name at most 64 characters, such as `Operations`
   * @param count from 1 to the number of approvers
   */
  public static atLeast(name: string, count: number, ...approvers: Approver[]): ApproverGroup {
    return new ApproverGroup(name, count, approvers);
  }

  /**
   * All of these approvers.
   *
   * @param name at most 64 characters, such as `Directors`
   */
  public static allOf(name: string, ...approvers: Approver[]): ApproverGroup {
    return new ApproverGroup(name, approvers.length, approvers);
  }

  /** What people read. */
  public readonly name: string;
  /** How many of the group have to say yes. */
  public readonly quorum: number;
  private readonly list: readonly Approver[];

  private constructor(name: string, quorum: number, members: readonly Approver[]) {
    mustBeName(name, 'InvalidGroupName', 'a group');
    mustBeQuorum(`group '${name}'`, quorum, members);
    this.name = name;
    this.quorum = quorum;
    this.list = [...members];
  }

  /** The approvers, in the order given. */
  public get members(): Approver[] {
    return [...this.list];
  }
}
