/** The continuation token of a job: what the action knows so far, written small, because CodePipeline carries 2,048 characters. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { carriedInBrief, parseHookState, type HookState } from '../domain/hook-state';
import type { Parsed } from '../domain/parsed';
import { isBefore } from '../domain/time';

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutJobSuccessResult.html */
const LONGEST = 2048;

/** Characters of each reason: as many as fit. Reasons decide nothing. */
const REASONS = [300, 100, 30, 0] as const;

/** What a token may unfold to. */
const MOST_BYTES = 65_536;

/** Undefined when it does not fit. */
export function tokenOf(state: HookState): string | undefined {
  return REASONS.map((characters) => packed(carriedInBrief(state, characters))).find(({ length }) => length <= LONGEST);
}

function packed(state: HookState): string {
  return deflateRawSync(JSON.stringify(state)).toString('base64url');
}

/** Undefined where a job brings no token: the action begins. A token of another run is none of ours, too, and is refused. */
export function parseToken(token: unknown, run: string, now: string): Parsed<HookState | undefined> {
  if (token === undefined || token === null) {
    return { ok: true, value: undefined };
  }
  const state = parseHookState(unpacked(token), run);
  if (!state.ok) {
    return state;
  }
  if (state.value === undefined) {
    return { ok: false, problem: 'the token is not of this run' };
  }
  const { since, tallies } = state.value;
  // What was measured in the future would never be measured again.
  const isOfTheFuture = [since, ...tallies.map(({ last }) => last.at)].some((at) => isBefore(now, at));
  return isOfTheFuture ? { ok: false, problem: 'the token is of the future' } : state;
}

function unpacked(token: unknown): unknown {
  try {
    const bytes = inflateRawSync(Buffer.from(String(token), 'base64url'), { maxOutputLength: MOST_BYTES });
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'no token';
  }
}
