/**
 * What a hook hands to its next invocation, and its caller brings back: since when it watches, and what it knows. The hook of an ECS
 * deployment does so, and the action of a pipeline.
 */
import type { Measurement } from '../../contract/messages';
import type { CheckTally } from './check-tally';
import { cleanText } from './clean-text';
import { list, object, parsed, time, type Parsed } from './parsed';
import { mustBeTally } from './rows';

export interface HookState {
  /** What is watched: a step of a deployment, a run of a pipeline. */
  readonly step: string;
  readonly since: string;
  /** From when on what is seen counts, where that is before `since`. */
  readonly seenSince?: string;
  readonly tallies: readonly CheckTally[];
}

/** As short as possible: AWS does not say how much ECS carries. The course is for people, whom a hook shows nothing. */
export function carried({ tallies, ...others }: HookState): HookState {
  return { ...others, tallies: tallies.map(({ course: _, ...tally }) => tally) };
}

/** Shorter still: what decides, and so many characters of each reason. */
export function carriedInBrief(state: HookState, characters: number): HookState {
  const { tallies, ...others } = carried(state);
  return {
    ...others,
    tallies: tallies.map(({ last, lastFinished, failure, doubt, ...tally }) => ({
      ...tally,
      last: brief(last, characters),
      ...(lastFinished === undefined ? {} : { lastFinished: brief(lastFinished, 0) }),
      ...(failure === undefined ? {} : { failure: cleanText(failure, characters) }),
      ...(doubt === undefined ? {} : { doubt: cleanText(doubt, characters) }),
    })),
  };
}

function brief(
  { checkId, at, verdict, reason, waitsUntil, callBackDelay }: Measurement,
  characters: number,
): Measurement {
  return {
    checkId,
    at,
    verdict,
    reason: cleanText(reason, characters),
    ...(waitsUntil === undefined ? {} : { waitsUntil }),
    ...(callBackDelay === undefined ? {} : { callBackDelay }),
  };
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
    const seen = fields['seenSince'] === undefined ? {} : { seenSince: time(fields, 'seenSince') };
    const tallies = list(fields['tallies'], 'tallies').map((one) => object(one, 'tally'));
    tallies.forEach(mustBeTally);
    return { step, since, ...seen, tallies: tallies as unknown as readonly CheckTally[] };
  });
}
