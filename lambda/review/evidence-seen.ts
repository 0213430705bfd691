/**
 * What an approver had in front of them, small enough for a hidden field, so that a decision on something else can be refused
 * with the words what is different. It explains only: whether it differs is judged by the evidence hash.
 */
import type { ShownBeside, ShownChangeSet } from '../../contract/record';
import { madeAgain, shownChangeSet } from '../domain/change-set';
import { cleanText } from '../domain/clean-text';
import { isInSight } from '../domain/in-force';
import type { Revision, Waiting } from '../domain/request';
import { sha256 } from '../signing/link-key';
import { checkLabel } from './labels';

interface Seen {
  readonly change: string;
  readonly serving: string;
  readonly newer: boolean;
  readonly checks: Readonly<Record<string, string>>;
  readonly changeSets: readonly SeenChangeSet[];
}

/** What a change set said, by the names of its stack and itself. Its id is shortened: it only tells two of a name apart. */
interface SeenChangeSet {
  readonly set: string;
  readonly id: string;
  readonly says: string;
}

const SEEN_LIMIT = 4_000;
/** So many change sets fit beside everything else. */
const MOST_SEEN = 8;
const SET_LIMIT = 100;
const SAYS_LIMIT = 140;

export function seenField(request: Waiting): string {
  const seen = seenOf(request);
  const changeSets = seen.changeSets.map(({ set, id, says }) => [set, id, says]);
  return JSON.stringify([seen.change, seen.serving, seen.newer ? 1 : 0, seen.checks, changeSets]);
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
    sentences.push(...after.changeSets.flatMap((now) => differing(before.changeSets, now)));
  }
  return sentences.length > 0 ? sentences : ['What this page shows has changed since you opened it.'];
}

/** What takes an approval away since it was given: change sets that were made again, a weaker gate. */
export function changedSince(shown: ShownBeside | undefined, request: Waiting): readonly string[] {
  const now = changeSetsOf(request);
  const before = (shown?.changeSets ?? []).map(seenChangeSet);
  const again = madeAgain(shown?.changeSets, now).flatMap((changeSet) => differing(before, seenChangeSet(changeSet)));
  return shown === undefined || isInSight(request.shown.proposed, shown)
    ? again
    : [...again, 'This gate is being weakened, in another way than when you approved.'];
}

function differing(before: readonly SeenChangeSet[], now: SeenChangeSet): readonly string[] {
  const was = before.find(({ set }) => set === now.set);
  if (was?.id === now.id && was.says === now.says) {
    return [];
  }
  const what =
    was !== undefined && was.id !== '' && now.id !== '' && was.id !== now.id ? 'was made again' : 'is another';
  const said = was === undefined ? '' : ` Before: ${cleanText(was.says, SAYS_LIMIT)}.`;
  return [`The change set of stack “${now.set}” ${what}.${said} Now: ${now.says}.`];
}

function changeSetsOf({ shown }: Waiting): readonly ShownChangeSet[] {
  return (shown.changeSets ?? []).map(shownChangeSet);
}

function seenChangeSet({ stack, name, id, says }: ShownChangeSet): SeenChangeSet {
  return {
    set: cleanText(`${stack} / ${name}`, SET_LIMIT),
    id: id === undefined ? '' : sha256(id).slice(0, 8),
    says: cleanText(says, SAYS_LIMIT),
  };
}

function seenOf(request: Waiting): Seen {
  const { run, shown } = request;
  return {
    change: idsHash(run.revisions),
    serving: idsHash(run.serving),
    newer: shown.newerRunWaiting,
    checks: Object.fromEntries(shown.checks.map((check) => [check.id, check.verdict])),
    changeSets: changeSetsOf(request).slice(0, MOST_SEEN).map(seenChangeSet),
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
  const [change, serving, newer, checks, changeSets] = value as readonly unknown[];
  if (typeof change !== 'string' || typeof serving !== 'string' || typeof checks !== 'object' || checks === null) {
    return undefined;
  }
  const verdicts = Object.entries(checks).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const sets = Array.isArray(changeSets) ? changeSets.flatMap(seenChangeSetIn) : [];
  return { change, serving, newer: newer === 1, checks: Object.fromEntries(verdicts), changeSets: sets };
}

function seenChangeSetIn(value: unknown): readonly SeenChangeSet[] {
  const [set, id, says] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return typeof set === 'string' && typeof id === 'string' && typeof says === 'string' ? [{ set, id, says }] : [];
}

function jsonOf(field: string): unknown {
  try {
    return JSON.parse(field);
  } catch {
    return undefined;
  }
}
