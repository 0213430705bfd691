import { MOST_APPROVERS } from '../../contract/policy';
import { mustBeName } from '../private/text';
import type { Approver } from './approver';
import { mustBeApproverList, type ApproverList } from './approver-list';
import { mustBeCount, mustBeQuorum } from './quorum-rules';

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
    return ApproverGroup.atLeast(name, 1, ...approvers);
  }

  /**
   * So many of these approvers.
   *
   * @param name at most 64 characters, such as `Operations`
   * @param count from 1 to the number of approvers
   */
  public static atLeast(name: string, count: number, ...approvers: Approver[]): ApproverGroup {
    mustBeName(name, 'InvalidGroupName', 'a group');
    mustBeQuorum(`group '${name}'`, count, approvers);
    return new ApproverGroup(name, count, approvers);
  }

  /**
   * All of these approvers.
   *
   * @param name at most 64 characters, such as `Directors`
   */
  public static allOf(name: string, ...approvers: Approver[]): ApproverGroup {
    return ApproverGroup.atLeast(name, approvers.length, ...approvers);
  }

  /**
   * So many of the people who stand in a list, whoever they are at the time. If it holds fewer, the gate says so, and can be answered
   * in the console only.
   *
   * @param name at most 64 characters, such as `Release managers`
   * @param count from 1 to 100
   */
  public static fromList(name: string, count: number, list: ApproverList): ApproverGroup {
    mustBeName(name, 'InvalidGroupName', 'a group');
    mustBeApproverList('`ApproverGroup.fromList`', list);
    mustBeCount(count, MOST_APPROVERS, 'the most that a list holds');
    return new ApproverGroup(name, count, [], list);
  }

  /** What people read. */
  public readonly name: string;
  /** How many of the group have to say yes. */
  public readonly quorum: number;
  /** The list in which its people stand; undefined for a group of approvers who are named here. */
  public readonly list?: ApproverList;
  private readonly named: readonly Approver[];

  private constructor(name: string, quorum: number, members: readonly Approver[], list?: ApproverList) {
    this.name = name;
    this.quorum = quorum;
    this.named = [...members];
    this.list = list;
  }

  /** The approvers who are named here, in the order given; none for a group from a list. */
  public get members(): Approver[] {
    return [...this.named];
  }
}
