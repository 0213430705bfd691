/**
 * What an approver had in front of them, small enough for a hidden field, so that a decision on something else can be refused
 * with the words what is different. It explains only: whether it differs is judged by the evidence hash.
 */
import type { RequestMeta } from '../domain/records';
import { cleanText } from '../domain/clean-text';
import { sha256 } from '../signing/link-key';
import { verdictWord } from './words';

interface Seen {
  readonly change: string;
  readonly deployed: string;
  readonly newer: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

const SEEN_LIMIT = 4_000;

export function seenField(meta: RequestMeta): string {
  const seen = seenOf(meta);
  return JSON.stringify([seen.change, seen.deployed, seen.newer ? 1 : 0, seen.checks]);
}

/** Sentences; at least one. */
export function whatChanged(field: string | undefined, meta: RequestMeta): readonly string[] {
  const before = parse(field);
  const after = seenOf(meta);
  const sentences: string[] = [];
  if (before !== undefined) {
    if (before.change !== after.change) {
      sentences.push('The change itself is another one now.');
    }
    if (before.deployed !== after.deployed) {
      sentences.push('Something else is deployed there now.');
    }
    if (before.newer !== after.newer) {
      sentences.push(after.newer ? 'A newer run is waiting behind this one.' : 'No newer run is waiting any more.');
    }
    for (const check of meta.checks ?? []) {
      const was = before.checks[check.id];
      if (was !== check.verdict) {
        const title = cleanText(check.title, 80);
        const then = was === undefined ? 'is new' : `was “${verdictWord(was)}”`;
        sentences.push(`The check “${title}” ${then} and is “${verdictWord(check.verdict)}” now.`);
      }
    }
  }
  return sentences.length > 0 ? sentences : ['What this page shows has changed since you opened it.'];
}

function seenOf(meta: RequestMeta): Seen {
  return {
    change: idsHash((meta.revisions ?? []).map((revision) => revision.id)),
    deployed: idsHash((meta.deployedNow ?? []).map((revision) => revision.id)),
    newer: meta.newerRunWaiting === true,
    checks: Object.fromEntries((meta.checks ?? []).map((check) => [check.id, check.verdict])),
  };
}

function idsHash(ids: readonly string[]): string {
  return sha256(JSON.stringify(ids)).slice(0, 12);
}

/** It comes back from the browser, so it is believed as little as anything else. */
function parse(field: string | undefined): Seen | undefined {
  if (field === undefined || field.length > SEEN_LIMIT) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(field);
    if (!Array.isArray(value)) {
      return undefined;
    }
    const [change, deployed, newer, checks] = value as readonly unknown[];
    if (typeof change !== 'string' || typeof deployed !== 'string' || typeof checks !== 'object' || checks === null) {
      return undefined;
    }
    const verdicts = Object.entries(checks).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return { change, deployed, newer: newer === 1, checks: Object.fromEntries(verdicts) };
  } catch {
    return undefined;
  }
}
