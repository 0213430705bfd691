import { fillGroups, isShort, membersOf, quorumOf } from '../../contract/groups';
import { MOST_APPROVERS, type GroupRule } from '../../contract/policy';
import { GateError } from '../errors';
import { mustBeSpread, shown } from '../private/types';
import { Approver } from './approver';
import { ApproverGroup } from './approver-group';
import { mustBeApproverList, type ApproverList } from './approver-list';
import { withDelegates } from './delegates';
import { mustBeAskable, mustBeCount, mustBeDifferentPeople, mustBeQuorum } from './quorum-rules';

/** Summaries and mails name each group. */
const MOST_GROUPS = 10;

/** Who may answer a gate, and how many of them it takes. The first no ends the request, as in CodePipeline. */
export class Approvers {
  /**
   * Any one of these addresses.
   *
   * @param addresses literal addresses, each of them one person
   */
  public static emails(...addresses: string[]): Approvers {
    mustBeSpread('Approvers.emails', addresses);
    return Approvers.atLeast(1, ...addresses.map((address) => Approver.person(address)));
  }

  /** Any one of these approvers. */
  public static anyOf(...approvers: Approver[]): Approvers {
    return Approvers.atLeast(1, ...approvers);
  }

  /**
   * So many of these approvers. Above one it needs a workflow, and nobody may approve their own change unless
   * `excludeAuthor` is false.
   *
   * @param count from 1 to the number of approvers
   */
  public static atLeast(count: number, ...approvers: Approver[]): Approvers {
    mustBeQuorum('`approvers`', count, approvers);
    return new Approvers([{ quorum: count, members: approvers }]);
  }

  /**
   * All of these approvers: `atLeast` with their number. Where one of them wrote the change, nobody is left to take that place,
   * and the gate can be answered in the console only, unless `excludeAuthor` is false.
   */
  public static allOf(...approvers: Approver[]): Approvers {
    return Approvers.atLeast(approvers.length, ...approvers);
  }

  /**
   * So many of the people who stand in a list, whoever they are at the time. If it holds fewer, the gate says so, and can be answered
   * in the console only. Needs a workflow. Otherwise like `atLeast`.
   *
   * @param count from 1 to 100
   */
  public static fromList(count: number, list: ApproverList): Approvers {
    mustBeApproverList('`Approvers.fromList`', list);
    mustBeCount(count, MOST_APPROVERS, 'the most that a list holds');
    return new Approvers([{ quorum: count, members: [], list }]);
  }

  /**
   * Enough of each of these groups: one from Security and two from Operations, say. Needs a workflow. Otherwise like `atLeast`
   * with the number of people that it takes.
   *
   * One person has one vote: whoever is in two groups counts for one of them, whichever lets the gate open sooner.
   *
   * @param groups at most 10, each with a name of its own
   */
  public static allGroups(...groups: ApproverGroup[]): Approvers {
    mustBeSpread('Approvers.allGroups', groups);
    groups.forEach(mustBeGroup);
    if (groups.length === 0 || groups.length > MOST_GROUPS) {
      throw new GateError(
        'InvalidGroups',
        `\`Approvers.allGroups\` has ${groups.length} groups, but takes 1 to ${MOST_GROUPS}: change their number`,
      );
    }
    refuseSameName(groups);
    const approvers = new Approvers(groups);
    mustBeFillable(approvers._groups);
    return approvers;
  }

  /** How many different approvers have to say yes. */
  public readonly quorum: number;
  private readonly named: readonly Approver[];
  private readonly groups: readonly Group[];

  private constructor(groups: readonly Group[]) {
    this.groups = groups;
    this.quorum = quorumOf(this._groups);
    const everybody = groups.flatMap(({ members }) => members);
    this.named = [...new Map(everybody.map((member) => [member.approverId, member])).values()];
    mustBeAskable(this.named);
    mustBeDifferentPeople(this.quorum, withDelegates(this.named));
  }

  /** The approvers who are named here, in the order given. Whoever is in several groups is named once. */
  public get members(): Approver[] {
    return [...this.named];
  }

  /** The lists in which further approvers stand. */
  public get lists(): ApproverList[] {
    return this.groups.flatMap(({ list }) => list ?? []);
  }

  /**
   * As the policy of a gate says it.
   *
   * @internal
   */
  public get _groups(): readonly GroupRule[] {
    return this.groups.map(({ name, quorum, members, list }) => ({
      ...(name === undefined ? {} : { name }),
      quorum,
      ids: members.map(({ approverId }) => approverId),
      ...(list === undefined ? {} : { list: list.parameterName }),
    }));
  }

  /**
   * What CodePipeline's own approval cannot do of this, if anything.
   *
   * @internal
   */
  public get _needsWorkflow(): string | undefined {
    if (this.groups.some(({ name }) => name !== undefined)) {
      return '`Approvers.allGroups`';
    }
    if (this.lists.length > 0) {
      return '`Approvers.fromList`';
    }
    if (this.quorum > 1) {
      return `\`approvers\` with a quorum of ${this.quorum}`;
    }
    const known = this.named.find((approver) => approver.alsoKnownAs.length > 0);
    const away = this.named.find((approver) => approver.delegates.length > 0);
    if (away !== undefined) {
      return `\`delegates\` of '${away.mail}'`;
    }
    const guest = this.named.find((approver) => approver.until !== undefined);
    return known !== undefined ? `\`alsoKnownAs\` of '${known.mail}'` : guest && `the end of guest '${guest.mail}'`;
  }
}

/** A plain quorum is a group without a name. */
interface Group {
  readonly name?: string;
  readonly quorum: number;
  readonly members: readonly Approver[];
  readonly list?: ApproverList;
}

function mustBeGroup(group: unknown): void {
  if (!(group instanceof ApproverGroup)) {
    throw new GateError(
      'WrongType',
      `\`Approvers.allGroups\` is given ${shown(group)}, but takes groups: make them by \`ApproverGroup.anyOf\`, ` +
        '`ApproverGroup.allOf`, `ApproverGroup.atLeast` or `ApproverGroup.fromList`',
    );
  }
}

function refuseSameName(groups: readonly ApproverGroup[]): void {
  const seen = new Set<string>();
  for (const { name } of groups) {
    const read = name.trim().toLowerCase();
    if (seen.has(read)) {
      throw new GateError(
        'DuplicateGroup',
        `two groups are called '${name}', and nobody could tell them apart: rename one (case does not matter)`,
      );
    }
    seen.add(read);
  }
}

/** A group may have enough members, and too few who do not already count for another. Who stands in lists is not known here. */
function mustBeFillable(all: readonly GroupRule[]): void {
  const groups = all.filter(({ list }) => list === undefined);
  const short = fillGroups(groups, membersOf(groups)).find(isShort);
  if (short !== undefined) {
    const { name, quorum, filledBy } = short;
    throw new GateError(
      'GroupsNeverFilled',
      `group '${name}' needs ${quorum}, but only ${filledBy.length} of its members do not count for another group, and each person ` +
        'counts once: name more approvers in it, or lower its count',
    );
  }
}
