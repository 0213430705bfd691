/** What a gate's parameters say, together with the lists that its policy names, and with who is away. */
import type { GateName, Person } from '../../contract/policy';
import type { Absence } from '../domain/absence';
import { addedSince, asAsked, listsOf, withGoneLists, withListed, withoutThoseAsked } from '../domain/approver-list';
import { inEffect } from '../domain/escalation';
import { gateOf, type Decided, type Waiting } from '../domain/request';
import { absencesFor } from './absences';
import { judgingDocuments, type JudgingDocuments } from './in-force';
import type { Ports } from './ports';

export interface Documents extends JudgingDocuments {
  /** Everybody whom the policy may mean, where it names lists: they were read together with it. */
  readonly people?: readonly Person[];
  /** So many people were put on its lists after the request asked. */
  readonly addedToLists?: number;
  /** Of approvers who have delegates. Absent = the policy was not read as far as that. */
  readonly absences?: readonly Absence[];
}

/** As they are for a request that is about to ask. */
export async function documentsToAsk(ports: Ports, gate: GateName): Promise<Documents> {
  const documents = await readDocuments(ports, gate);
  return documents.policy.ok
    ? { ...documents, policy: { ok: true, value: withoutThoseAsked(documents.policy.value) } }
    : documents;
}

/** As they are for a request that has asked. */
export async function documentsFor(ports: Ports, request: Waiting | Decided): Promise<Documents> {
  const documents = await readDocuments(ports, gateOf(request));
  if (!documents.policy.ok) {
    return documents;
  }
  const { run, asking } = request;
  const { value } = documents.policy;
  const absences = await absencesFor(ports, value.rule);
  if (!absences.ok) {
    return { ...documents, policy: absences };
  }
  const addedToLists = addedSince(value, run);
  return {
    ...documents,
    absences: absences.value,
    policy: { ok: true, value: inEffect(withoutThoseAsked(asAsked(value, run)), asking) },
    ...(addedToLists === 0 ? {} : { addedToLists }),
  };
}

/** As they are for a request that has ended: everybody who is named by now is meant. */
export function documentsNow(ports: Ports, gate: GateName): Promise<Documents> {
  return readDocuments(ports, gate);
}

/** A policy with a list that cannot be read counts as unreadable itself: the request waits for it and opens nothing meanwhile. */
async function readDocuments(ports: Ports, gate: GateName): Promise<Documents> {
  const documents = await judgingDocuments(ports, gate);
  const lists = documents.policy.ok ? listsOf(documents.policy.value.rule) : [];
  if (!documents.policy.ok || lists.length === 0) {
    return documents;
  }
  const directory = await ports.policies.directory(lists);
  // The former rule of a gate that is being weakened may name lists that went with it.
  const isFormer = documents.proposed?.weakens !== undefined;
  const read = withListed(documents.policy.value, isFormer ? withGoneLists(directory, lists) : directory);
  return read.ok
    ? { ...documents, policy: { ok: true, value: read.value.policy }, people: read.value.people }
    : { ...documents, policy: read };
}
