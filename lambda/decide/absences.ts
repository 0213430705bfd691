/** Who is away, as far as it matters to a gate; and who has whose place at a look. */
import type { GateRule, Person } from '../../contract/policy';
import { peopleOf } from '../../contract/policy';
import { log } from '../aws/log';
import { isAway, type Absence } from '../domain/absence';
import { placesOf, untilNow, withDelegates, type HandedOver, type StandIn } from '../domain/delegation';
import type { Parsed } from '../domain/parsed';
import { gateOf, type Decided, type Waiting } from '../domain/request';
import { isBefore } from '../domain/time';
import type { Vote } from '../domain/vote';
import type { Documents } from './documents';
import type { Ports } from './ports';

/** Those of the approvers who have delegates. Where nobody has any, nothing is read. */
export async function absencesFor(ports: Ports, rule: GateRule): Promise<Parsed<readonly Absence[]>> {
  const delegates = peopleOf(rule)?.delegates;
  if (delegates === undefined) {
    return { ok: true, value: [] };
  }
  const read = await ports.absences.all();
  const absences: Absence[] = [];
  for (const id of Object.keys(delegates)) {
    const one = read.get(id);
    if (one?.ok === false) {
      return one;
    }
    absences.push(...(one === undefined ? [] : [one.value]));
  }
  return { ok: true, value: absences };
}

export interface PlaceFactsOfLook {
  readonly rule: GateRule;
  readonly people: readonly Person[];
  readonly votes: readonly Vote[];
  readonly standIns: readonly StandIn[];
}

export interface Placed<R> {
  /** With each delegate in the groups of whoever they stand in for. */
  readonly rule: GateRule;
  /** With the delegates among those who may vote. */
  readonly request: R;
  readonly handedOver: readonly HandedOver[];
}

export function placed<R extends Waiting | Decided>(
  request: R,
  { rule, people, votes, standIns }: PlaceFactsOfLook,
  { absences = [] }: Pick<Documents, 'absences'>,
  now: string,
): Placed<R> {
  if (rule.kind === 'AUTOMATED') {
    return { rule, request, handedOver: [] };
  }
  const { run } = request;
  const places = placesOf(rule.people, { run, people, votes, standIns, absences }, now);
  const { handedOver } = places;
  return {
    rule: { ...rule, people: places.people },
    request: { ...request, run: withDelegates(run, handedOver) },
    handedOver,
  };
}

/**
 * Kept before anybody is asked, and before anything is decided: who answers in somebody's place is known to have been asked in it until
 * then, whatever becomes of the absence.
 */
export async function keepStandIns(
  ports: Ports,
  { request, handedOver }: Placed<Waiting>,
  { people, standIns }: PlaceFactsOfLook,
  { absences = [] }: Pick<Documents, 'absences'>,
  now: string,
): Promise<void> {
  for (const standIn of standIns) {
    const until = untilNow(standIn, absences);
    if (isBefore(until, standIn.until)) {
      await ports.absences.standIn(request.id, { ...standIn, until });
    }
  }
  for (const absence of absences) {
    const { person: id, delegate, setAt, until } = absence;
    const isTheirs = handedOver.some((one) => one.person === id && one.delegate === delegate && !one.isVacant);
    const isKept = standIns.some((one) => one.person === id && one.delegate === delegate && one.setAt === setAt);
    const person = people.find((one) => one.id === id);
    if (!isTheirs || isKept || !isAway(absence, now) || person === undefined) {
      continue;
    }
    const { mail, name } = person;
    const standIn = { person: id, mail, ...(name === undefined ? {} : { name }), delegate, since: now, until, setAt };
    if (await ports.absences.standIn(request.id, standIn)) {
      const keys = { requestId: request.id, ...gateOf(request), approver: delegate, reason: id };
      log('INFO', 'a delegate is asked in the place of an approver who is away', keys);
    }
  }
}
