/** What people and machines outside do, step by step. */
import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { RecordEntry } from '../../contract/record';
import { NOTHING_BEFORE, recordKey, recordText } from '../../lambda/domain/record';
import { errandText, linkUsedText } from '../../lambda/domain/sign-in';
import { publicKeyOf, sessionIdOf, signText, sha256 } from '../../lambda/signing/link-key';
import { decisionText, type Verdict } from '../../lambda/domain/vote';
import type { Shown } from '../../lambda/domain/request';
import { apply } from './memory-table';
import type { Step } from './scheduler';
import { ABSENCES } from '../../lambda/domain/absence';
import {
  DEADLINE,
  decisionRow,
  MINUTE,
  iso,
  metaOf,
  nameOf,
  REQUEST,
  SECOND,
  type Decision,
  type Gate,
  type Health,
  type Wish,
  type World,
} from './world';

const signatures = new Map<string, string>();

function signed(seed: string, text: string): string {
  const key = `${seed} ${text}`;
  const signature = signatures.get(key) ?? signText(seed, text);
  signatures.set(key, signature);
  return signature;
}

function shownIn(world: World): Shown | undefined {
  return metaOf(world)?.fields['shown'] as Shown | undefined;
}

const WORDS: Readonly<Record<Verdict, string>> = {
  APPROVE: 'says yes',
  REJECT: 'says no',
  BREAK_GLASS: 'opens it in an emergency',
};

/**
 * @param seq decisions of one person have rising numbers, unless two windows sent them in one millisecond
 * @param start for which an approval is given, if not at once; the page takes none that is over
 */
export function votes(approver: string, verdict: Verdict, seq: number, start?: number): Step {
  return {
    words: `${WORDS[verdict]}${start === undefined ? '' : ', for later'}`,
    may: (world) => {
      if (start !== undefined && world.clock >= start) {
        return false;
      }
      const shown = shownIn(world);
      // The button is locked while a guarded gate is not healthy.
      const locked =
        verdict === 'APPROVE' &&
        shown?.policy.rule.kind === 'GUARDED' &&
        shown.checks.some((check) => check.verdict !== 'PASS');
      return shown !== undefined && !locked && world.mail.links.some((link) => link.approver === approver);
    },
    act: (world) => submit(world, approver, verdict, seq, start),
  };
}

function submit(world: World, approver: string, verdict: Verdict, seq: number, start: number | undefined): World {
  const seed = world.mail.links.findLast((link) => link.approver === approver)?.seed ?? '';
  const evidence = shownIn(world)?.evidence ?? '';
  const comment = verdict === 'BREAK_GLASS' ? 'Customers are ill' : '';
  const details = start === undefined ? {} : { details: JSON.stringify({ notBefore: iso(start) }) };
  const content = { request: REQUEST, approver, verdict, comment, evidence, seq, ...details };
  const sig = signed(seed, decisionText(content));
  const id = world.decisions.length + world.wishes.length + 1;
  // The stream tells whole seconds.
  const time = Math.floor(world.clock / SECOND) * SECOND;
  const row = decisionRow({
    pk: REQUEST,
    sk: `${approver}#${sha256(sig)}`,
    verdict,
    comment,
    evidence,
    seq,
    ...details,
    at: iso(world.clock),
    sig,
    ttl: 0,
  });
  const seen = shownIn(world)?.changeSets?.[0];
  const changeSet = seen?.kind === 'READ' ? Number(seen.id.replace(/.*\//, '')) : 0;
  const standsFor = world.rows
    .filter(({ pk, fields }) => pk === ABSENCES && fields['delegate'] === approver && fields['endedAt'] === undefined)
    .map(({ sk }) => sk);
  const decision: Decision = {
    id,
    standsFor,
    approver,
    verdict,
    seq,
    at: time,
    sig,
    evidence,
    changeSet,
    ...(start === undefined ? {} : { start }),
  };
  return {
    ...world,
    decisions: [...world.decisions, decision],
    stream: [...world.stream, { id, at: time, row }],
  };
}

function wish(world: World, of: Omit<Wish, 'id' | 'at'>, fields: Readonly<Record<string, unknown>>): World {
  const id = world.decisions.length + world.wishes.length + 1;
  const time = Math.floor(world.clock / SECOND) * SECOND;
  const row = decisionRow({ ...fields, at: iso(world.clock), ttl: 0 });
  return {
    ...world,
    wishes: [...world.wishes, { id, at: time, ...of }],
    stream: [...world.stream, { id, at: time, row }],
  };
}

export function wantsToSignIn(approver: string): Step {
  return {
    words: 'asks for a link to sign in',
    act: (world) =>
      wish(world, { approver, kind: 'LINK' }, { pk: `sign-in#${approver}`, sk: `wanted#${world.wishes.length}` }),
  };
}

/** @param browser has a session of its own */
export function usesTheLink(approver: string, browser: string): Step {
  const linkOf = ({ mail }: World) => mail.signIns.findLast((link) => link.approver === approver);
  return {
    words: `uses it in the browser of the ${browser}`,
    may: (world) => linkOf(world) !== undefined,
    act: (world) => {
      const link = linkOf(world)?.seed ?? '';
      const sessionKey = publicKeyOf(seedOf(browser));
      const used = { approver, sessionKey, seq: world.clock };
      const sig = signed(link, linkUsedText(used));
      const row = { pk: `sign-in#${approver}`, sk: sha256(sig), comment: sessionKey, seq: used.seq, sig };
      return wish(world, { approver, kind: 'USE', link, session: sessionIdOf(sessionKey) }, row);
    },
  };
}

/** Whoever is signed in, in the eyes of that browser. */
export function wishes(approver: string, browser: string, kind: 'EMAIL' | 'SIGN_OUT'): Step {
  const session = sessionIdOf(publicKeyOf(seedOf(browser)));
  return {
    words: { EMAIL: 'wants the link of the request again', SIGN_OUT: 'signs out' }[kind],
    may: ({ rows }) => rows.some(({ pk }) => pk === `session#${session}`),
    act: (world) => {
      const verdict = kind === 'EMAIL' ? ('EMAIL_LINK' as const) : ('SIGN_OUT' as const);
      const errand = { session, wish: verdict, about: kind === 'EMAIL' ? REQUEST : '', seq: world.clock };
      const sig = signed(seedOf(browser), errandText(errand));
      const row = { pk: `session#${session}`, sk: sha256(sig), verdict, comment: errand.about, seq: errand.seq, sig };
      return wish(world, { approver, kind, session }, row);
    },
  };
}

function seedOf(browser: string): string {
  return createHash('sha256').update(browser).digest('base64url');
}

/** Somebody answers in the console of CodePipeline. */
export function answersInConsole(approved: boolean, by: string): Step {
  const status: Gate['status'] = approved ? 'SUCCEEDED' : 'FAILED';
  return {
    words: `${approved ? 'approves' : 'rejects'} in the console`,
    may: ({ gate }) => gate.status === 'WAITING',
    act: (world) => ({
      ...world,
      gate: { status, by, at: world.clock, comment: 'by hand', shown: world.gate.shown, ours: world.gate.ours },
    }),
  };
}

export const stopsTheRun: Step = {
  words: 'stops the run',
  may: ({ gate }) => gate.status === 'WAITING',
  act: (world) => ({ ...world, gate: { status: 'ABANDONED', at: world.clock, shown: true, ours: world.gate.ours } }),
};

/** CodePipeline's lists show what happened. */
export const catchesUp: Step = {
  words: 'shows the answer',
  may: ({ gate }) => !gate.shown,
  act: (world) => ({ ...world, gate: { ...world.gate, shown: true } }),
};

const TURNS: Readonly<Record<Health['verdict'], string>> = {
  PASS: 'turns green',
  FAIL: 'turns red',
  INCONCLUSIVE: 'has no data',
  ERROR: 'may not be read any more',
  IN_PROGRESS: 'is quiet',
};

export function turns(verdict: Health['verdict']): Step {
  return {
    words: TURNS[verdict],
    act: (world) => ({ ...world, health: { verdict, since: world.clock } }),
  };
}

/** The same for checks that look back: how it was is known later, too. */
export function turnsFromNowOn(verdict: Health['verdict']): Step {
  return {
    words: TURNS[verdict],
    act: (world) => ({ ...world, health: { verdict, since: world.clock, before: world.health } }),
  };
}

/** Nobody does anything for some time, and nothing is due. */
export function isQuietUntil(time: number): Step {
  return {
    words: `passes until ${iso(time).slice(11, 16)}`,
    may: ({ clock, timers, stream }) =>
      clock < time &&
      stream.length === 0 &&
      Object.values(timers).every(({ at: due, running }) => !running && (due === undefined || due > time)),
    act: (world) => ({ ...world, clock: time }),
  };
}

export function closesUntil(until: number): Step {
  return {
    words: `closes until ${iso(until).slice(11, 16)}`,
    act: (world) => ({ ...world, health: { verdict: 'IN_PROGRESS', since: world.clock, until } }),
  };
}

/** Another request of the workflow ends, and takes the next number of the record. */
export function recordsAnother(request: string): Step {
  return {
    words: 'ends and is recorded',
    act: (world) => {
      const last = world.rows.findLast(({ pk }) => pk === 'record')?.fields as Record<string, unknown> | undefined;
      const n = Number(last?.['n'] ?? 0) + 1;
      const previous = String(last?.['hash'] ?? NOTHING_BEFORE);
      const entry = { request } as RecordEntry;
      const at = iso(world.clock);
      const row = { v: 1, n, at, previous, hash: sha256(recordText({ n, at, previous, entry })), entry };
      const Item = { pk: 'record', sk: recordKey(n), ...row };
      return { ...world, rows: apply(world.rows, new PutCommand({ TableName: 'requests', Item })).rows };
    },
  };
}

/** A newer run comes to the gate's stage, or is stopped while it waits there. */
export function newerRun(waits: boolean): Step {
  return {
    words: waits ? 'waits for the stage' : 'waits no more',
    act: (world) => ({ ...world, behind: waits, newerRunCame: true }),
  };
}

export function removes(approver: string): Step {
  return {
    words: `removes ${nameOf(approver)} from the approvers`,
    act: (world) => ({ ...world, policy: { ...world.policy, removed: [...world.policy.removed, approver] } }),
  };
}

/** Has said at the dashboard who answers meanwhile, as `decide` has put it down. */
export function goesAway(person: string, delegate: string): Step {
  return {
    words: `goes away, and ${nameOf(delegate)} answers meanwhile`,
    act: (world) => absent(world, person, { delegate }),
  };
}

export function comesBack(person: string): Step {
  return {
    words: 'is back',
    act: (world) => {
      const before = world.rows.find(({ pk, sk }) => pk === ABSENCES && sk === person)?.fields;
      return absent(world, person, { ...before, endedAt: iso(world.clock) });
    },
  };
}

function absent(world: World, person: string, fields: Readonly<Record<string, unknown>>): World {
  const now = iso(world.clock);
  const ever = { from: now, until: iso(DEADLINE + 24 * 60 * MINUTE), setAt: now };
  const Item = { v: 2, ttl: 0, ...ever, ...fields, pk: ABSENCES, sk: person };
  return { ...world, rows: apply(world.rows, new PutCommand({ TableName: 'requests', Item })).rows };
}

export const makesTheChangeSetAgain: Step = {
  words: 'makes the change set again',
  act: (world) => ({ ...world, changeSet: world.changeSet + 1 }),
};

/** This one replaces a database. */
export const makesARiskyChangeSet: Step = {
  words: 'makes a change set that is risky',
  act: (world) => ({ ...turns('FAIL').act(world), changeSet: world.changeSet + 1 }),
};

export const weakens: Step = {
  words: 'lowers the quorum to one',
  act: (world) => ({ ...world, policy: { ...world.policy, weakened: true } }),
};
