import type { GroupRule } from '../../contract/policy';

/** Whether these people fill every place of every group, each of them one place: found by trying all assignments. */
export function canFill(groups: readonly GroupRule[], people: readonly string[]): boolean {
  const places = groups.flatMap(({ quorum, ids }) => Array.from({ length: quorum }, () => ids));
  return groups.length > 0 && groups.every(({ quorum }) => quorum >= 1) && assigned(places, people);
}

function assigned([place, ...others]: readonly (readonly string[])[], people: readonly string[]): boolean {
  return (
    place === undefined ||
    people.some(
      (person) =>
        place.includes(person) &&
        assigned(
          others,
          people.filter((other) => other !== person),
        ),
    )
  );
}
