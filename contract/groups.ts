/** When groups of approvers have enough of them. Synth asks whether they ever can, `decide` whether they do. */
import type { GroupRule } from './policy';

/** A group and those who stand in its places. */
export interface FilledGroup extends GroupRule {
  readonly filledBy: readonly string[];
}

/**
 * One person, one vote: each of these people takes one place, in one of their groups. As many places as possible are filled,
 * and whoever has one keeps a place when others come.
 */
export function fillGroups(groups: readonly GroupRule[], people: readonly string[]): readonly FilledGroup[] {
  const places = groups.map(({ quorum, ids }) => ({ quorum, members: new Set(ids), holders: new Set<string>() }));
  for (const person of new Set(people)) {
    givePlace(person, places, new Set());
  }
  return groups.map((group, index) => ({ ...group, filledBy: [...(places[index]?.holders ?? [])] }));
}

/** Whether every group has enough. No group at all is never enough. */
export function areFilled(groups: readonly FilledGroup[]): boolean {
  return groups.length > 0 && groups.every((group) => group.quorum >= 1 && !isShort(group));
}

export function isShort({ quorum, filledBy }: FilledGroup): boolean {
  return filledBy.length < quorum;
}

/** Everybody in these groups, once. */
export function membersOf(groups: readonly GroupRule[]): readonly string[] {
  return [...new Set(groups.flatMap(({ ids }) => ids))];
}

/** How many people it takes. */
export function quorumOf(groups: readonly GroupRule[]): number {
  return groups.reduce((sum, { quorum }) => sum + quorum, 0);
}

/** The places of one group. */
interface Places {
  readonly quorum: number;
  readonly members: ReadonlySet<string>;
  readonly holders: Set<string>;
}

/** By an augmenting path: a free place, or the place of somebody who can move to another group. Tries each group once. */
function givePlace(person: string, all: readonly Places[], tried: Set<Places>): boolean {
  for (const places of all) {
    const { quorum, members, holders } = places;
    if (tried.has(places) || !members.has(person)) {
      continue;
    }
    tried.add(places);
    const isFree = holders.size < quorum;
    const mover = isFree ? undefined : [...holders].find((holder) => givePlace(holder, all, tried));
    if (mover !== undefined) {
      holders.delete(mover);
    }
    if (isFree || mover !== undefined) {
      holders.add(person);
      return true;
    }
  }
  return false;
}
