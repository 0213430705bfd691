import { GateError } from '../errors';
import { mustBeList } from '../private/types';

export interface PlaceFilter {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** The places that a filter leaves. A pattern that names nothing would leave out, or take in, what its author did not mean. */
export function placesThat(
  { include, exclude }: PlaceFilter,
  places: readonly string[],
  mustMatch = true,
): readonly string[] {
  const named = (prop: string, patterns: readonly string[]) => {
    mustBeList(prop, patterns, "['*/Test/*']");
    const idle = patterns.find((pattern) => !places.some((place) => matches(pattern, place)));
    if (mustMatch && idle !== undefined) {
      throw new GateError(
        'NothingHasThatPlace',
        `\`${prop}\` names '${idle}', but the approvals are ${places.map((place) => `'${place}'`).join(', ')}: correct it`,
      );
    }
    return (place: string) => patterns.some((pattern) => matches(pattern, place));
  };
  const wanted = include === undefined ? () => true : named('include', include);
  const unwanted = named('exclude', exclude ?? []);
  return places.filter((place) => wanted(place) && !unwanted(place));
}

function matches(pattern: string, place: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(place);
}
