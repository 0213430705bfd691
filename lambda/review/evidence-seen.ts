/**
 * What an approver had in front of them, small enough for a hidden field, so that a decision on something else can be refused
 * with the words what is different. It explains only: whether it differs is judged by the evidence hash.
 */
import { cleanText } from '../domain/clean-text';
import type { Revision, Waiting } from '../domain/request';
import { sha256 } from '../signing/link-key';
import { checkLabel } from './labels';

interface Seen {
  readonly change: string;
  readonly serving: string;
  readonly newer: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

const SEEN_LIMIT = 4_000;

export function seenField(request: Waiting): string {
  const seen = seenOf(request);
  return JSON.stringify([seen.change, seen.serving, seen.newer ? 1 : 0, seen.checks]);
}

/** Sentences; at least one. */
export function whatChanged(field: string, request: Waiting): readonly string[] {
  const before = parse(field);
  const after = seenOf(request);
  const sentences: string[] = [];
  if (before !== undefined) {
    if (before.change !== after.change) {
      sentences.push('The change itself is a different one now.');
    }
    if (before.serving !== after.serving) {
      sentences.push('A different version is live there now.');
    }
    if (before.newer !== after.newer) {
      sentences.push(after.newer ? 'A newer run is waiting behind this one.' : 'No newer run is waiting any more.');
    }
    for (const check of request.shown.checks) {
      const was = before.checks[check.id];
      if (was !== check.verdict) {
        const title = cleanText(check.title, 80);
        const then = was === undefined ? 'is new' : `was “${checkLabel(was).text}”`;
        sentences.push(`The check “${title}” ${then} and is “${checkLabel(check.verdict).text}” now.`);
      }
    }
  }
  return sentences.length > 0 ? sentences : ['What this page shows has changed since you opened it.'];
}

function seenOf({ run, shown }: Waiting): Seen {
  return {
    change: idsHash(run.revisions),
    serving: idsHash(run.serving),
    newer: shown.newerRunWaiting,
    checks: Object.fromEntries(shown.checks.map((check) => [check.id, check.verdict])),
  };
}

function idsHash(revisions: readonly Revision[]): string {
  return sha256(JSON.stringify(revisions.map(({ id }) => id))).slice(0, 12);
}

/** It comes back from the browser, so it is believed as little as anything else. */
function parse(field: string): Seen | undefined {
  const value = field.length > SEEN_LIMIT ? undefined : jsonOf(field);
  if (!Array.isArray(value)) {
    return undefined;
  }
  const [change, serving, newer, checks] = value as readonly unknown[];
  if (typeof change !== 'string' || typeof serving !== 'string' || typeof checks !== 'object' || checks === null) {
    return undefined;
  }
  const verdicts = Object.entries(checks).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { change, serving, newer: newer === 1, checks: Object.fromEntries(verdicts) };
}

function jsonOf(field: string): unknown {
  try {
    return JSON.parse(field);
  } catch {
    return undefined;
  }
}
