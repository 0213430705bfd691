/** What a hook of an ECS deployment hands to its next invocation, and ECS brings back: since when it watches, and what it knows. */
import type { CheckTally } from './check-tally';
import { list, object, parsed, time, type Parsed } from './parsed';
import { mustBeTally } from './rows';

export interface HookState {
  /** The step of a deployment that is watched. */
  readonly step: string;
  readonly since: string;
  readonly tallies: readonly CheckTally[];
}

/** As short as possible: AWS does not say how much ECS carries. The course is for people, whom a hook shows nothing. */
export function carried({ step, since, tallies }: HookState): HookState {
  return { step, since, tallies: tallies.map(({ course: _, ...tally }) => tally) };
}

/** Undefined when there is none, or one of another step or deployment: the hook begins. */
export function parseHookState(details: unknown, step: string): Parsed<HookState | undefined> {
  return parsed('hookDetails', () => {
    if (details === undefined || details === null) {
      return undefined;
    }
    const fields = object(details, 'hookDetails');
    if (fields['step'] !== step) {
      return undefined;
    }
    const since = time(fields, 'since');
    const tallies = list(fields['tallies'], 'tallies').map((one) => object(one, 'tally'));
    tallies.forEach(mustBeTally);
    return { step, since, tallies: tallies as unknown as readonly CheckTally[] };
  });
}
