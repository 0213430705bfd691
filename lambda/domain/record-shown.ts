/** What approvers were shown, as the record keeps it: once for everybody who was shown the same. */
import type { RecordedShown, RecordEntry, ShownBeside, ShownChangeSet } from '../../contract/record';
import { canonical } from './same';
import type { Vote } from './vote';

export function recordedShown(votes: readonly Vote[]): Pick<RecordEntry, 'shown' | 'changeSets'> {
  const places = new Map<string, { readonly at: number; readonly changeSet: ShownChangeSet }>();
  const placeOf = (changeSet: ShownChangeSet): number => {
    const key = canonical(changeSet);
    const place = places.get(key) ?? { at: places.size, changeSet };
    places.set(key, place);
    return place.at;
  };
  const shown: Record<string, RecordedShown> = {};
  for (const { evidence, shown: beside } of votes) {
    if (beside !== undefined) {
      const { changeSets, ...rest } = beside;
      shown[evidence] = { ...rest, ...(changeSets === undefined ? {} : { changeSets: changeSets.map(placeOf) }) };
    }
  }
  return { shown, changeSets: [...places.values()].map(({ changeSet }) => changeSet) };
}

/** Undefined when this was never shown to anybody who answered. */
export function shownUnder(
  evidence: string,
  entry: Pick<RecordEntry, 'shown' | 'changeSets'>,
): ShownBeside | undefined {
  if (!Object.hasOwn(entry.shown, evidence)) {
    return undefined;
  }
  const { changeSets: places, ...rest } = entry.shown[evidence] as RecordedShown;
  const changeSets = places?.flatMap((place) => entry.changeSets[place] ?? []);
  return { ...rest, ...(changeSets === undefined ? {} : { changeSets }) };
}
