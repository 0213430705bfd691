/** The table of the exploration answers as DynamoDB does: every write of the stores, on both, with the same rows afterwards. */
import fc from 'fast-check';
import { DigestStore } from '../../lambda/aws/digest-store';
import { IntakeStore } from '../../lambda/aws/intake-store';
import { InvitationStore } from '../../lambda/aws/invitation-store';
import { RecordStore } from '../../lambda/aws/record-store';
import { RequestStore } from '../../lambda/aws/request-store';
import { SessionStore } from '../../lambda/aws/session-store';
import { Table } from '../../lambda/aws/table';
import type { CheckTally } from '../../lambda/domain/check-tally';
import type { RecordEntry } from '../../contract/record';
import { RECORD } from '../../lambda/domain/record';
import type { Outcome, Run, Shown } from '../../lambda/domain/request';
import { MemoryTables } from '../lambda/memory-tables';
import { LocalTable } from '../lambda/table';
import { rowOf, type Rows } from './memory-table';

const ID = 'a'.repeat(32);
const AT = '2026-03-02T10:00:00.000Z';
const APPROVERS = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'];
const SHOWN = { evidence: 'e1', evidenceHistory: [], checks: [], newerRunWaiting: false } as unknown as Shown;
const RUN = { executionId: 'run-1', identifiedAt: AT, deadline: AT, invited: APPROVERS } as unknown as Run;
const OUTCOME: Outcome = { kind: 'APPROVED', by: 'PEOPLE', at: AT, summary: 'yes' };

interface Stores {
  readonly requests: RequestStore;
  readonly invitations: InvitationStore;
  readonly sessions: SessionStore;
  readonly digests: DigestStore;
  readonly record: RecordStore;
  readonly intake: IntakeStore;
  readonly table: Table;
}

type Work = (stores: Stores) => Promise<unknown>;

const approver = fc.constantFrom(...APPROVERS);
const seq = fc.integer({ min: 1, max: 3 });
const time = fc.integer({ min: 0, max: 5 }).map((minutes) => `2026-03-02T10:0${minutes}:00.000Z`);
const evidence = fc.constantFrom('e1', 'e2');
const key = fc.constantFrom('k1', 'k2', 'k3');
const verdict = fc.constantFrom('APPROVE' as const, 'REJECT' as const);
const owed = fc.constantFrom('REQUEST' as const, 'OUTCOME' as const).map((kind) => ({ request: ID, kind }));
const purpose = fc.constantFrom('sentAt' as const, 'toldAt' as const);

const tally = (at: string): CheckTally => ({ checkId: 'health', failures: 0, last: { at } }) as unknown as CheckTally;

/** Everything that the stores can do, each with a few different arguments. */
const work: fc.Arbitrary<Work> = fc.oneof(
  fc.constant<Work>(({ intake }) =>
    intake.ask(ID, { pipeline: 'p', stage: 's', action: 'a', requestedAt: AT, expires: AT }),
  ),
  fc.constant<Work>(({ requests }) =>
    requests.open(ID, { pipeline: 'p', stage: 's', action: 'a', at: AT, by: 'NOTIFICATION' }),
  ),
  fc.constant<Work>(({ requests }) => requests.identify(ID, 'run#1', RUN, SHOWN)),
  evidence.chain((to) =>
    evidence.map<Work>(
      (seen) =>
        ({ requests }) =>
          requests.show(ID, { ...SHOWN, evidence: to }, seen),
    ),
  ),
  time.map<Work>(
    (at) =>
      ({ requests }) =>
        requests.ask(ID, at),
  ),
  fc.option(fc.constantFrom(1, 2), { nil: undefined }).map<Work>(
    (seen) =>
      ({ requests }) =>
        requests.decide(ID, OUTCOME, seen, 'e1'),
  ),
  fc.constant<Work>(({ requests }) => requests.countRejection(ID)),
  fc.constant<Work>(({ requests }) => requests.acknowledge(ID, OUTCOME, AT)),
  fc.constant<Work>(({ requests }) => requests.delivered(ID, AT)),
  fc.constant<Work>(({ requests }) => requests.close(ID, AT)),
  fc.tuple(time, fc.option(fc.constantFrom(1, 2), { nil: undefined })).map<Work>(
    ([at, claimed]) =>
      ({ record }) =>
        record.append({ request: ID } as RecordEntry, at, claimed),
  ),
  fc.option(fc.constant('stuck'), { nil: undefined }).map<Work>(
    (why) =>
      ({ requests }) =>
        requests.consoleOnly(ID, why),
  ),
  fc.tuple(approver, verdict, seq).map<Work>(
    ([by, says, number]) =>
      ({ requests }) =>
        requests.vote(ID, {
          approver: by,
          verdict: says,
          comment: '',
          evidence: 'e1',
          seq: number,
          at: AT,
          sig: `${number}`,
          key: 'k1',
          current: true,
        }),
  ),
  fc.tuple(time, fc.option(time, { nil: undefined })).map<Work>(
    ([at, before]) =>
      ({ requests }) =>
        requests.tally(ID, tally(at), before === undefined ? undefined : tally(before)),
  ),
  fc.tuple(approver, key).map<Work>(
    ([of, one]) =>
      ({ invitations }) =>
        invitations.add(ID, { approver: of, mail: `${of}@example.com`, shared: false, keys: [one] }, AT),
  ),
  fc.tuple(approver, key).map<Work>(
    ([of, one]) =>
      ({ invitations }) =>
        invitations.addKey(ID, of, one),
  ),
  fc.tuple(approver, key).map<Work>(([of, one]) => async ({ requests, invitations }) => {
    const invitation = (await requests.load(ID))?.invitations.find((found) => found.approver === of);
    return invitation?.keys.includes(one) === true ? invitations.removeKey(ID, invitation, one) : undefined;
  }),
  fc.tuple(approver, purpose, time, fc.option(time, { nil: undefined })).map<Work>(
    ([of, why, at, due]) =>
      ({ invitations }) =>
        invitations.claimMail(ID, of, why, at, due),
  ),
  fc.tuple(approver, purpose).map<Work>(
    ([of, why]) =>
      ({ invitations }) =>
        invitations.releaseMail(ID, of, why),
  ),
  fc.tuple(approver, purpose).map<Work>(
    ([of, why]) =>
      ({ invitations }) =>
        invitations.mark(ID, of, { [why]: AT }),
  ),
  approver.map<Work>(
    (of) =>
      ({ invitations }) =>
        invitations.mark(ID, of, { excluded: 'wrote this' }),
  ),
  approver.map<Work>(
    (of) =>
      ({ invitations }) =>
        invitations.clearExclusion(ID, of),
  ),
  fc.tuple(approver, key).map<Work>(
    ([of, hash]) =>
      ({ invitations }) =>
        invitations.countWrongNumber(ID, of, hash),
  ),
  approver.map<Work>(
    (of) =>
      ({ invitations }) =>
        invitations.countMail(of, AT),
  ),
  fc.tuple(approver, owed, time, time).map<Work>(
    ([of, mail, at, until]) =>
      ({ digests }) =>
        digests.begin(of, mail, at, until),
  ),
  fc.tuple(approver, owed, time).map<Work>(
    ([of, mail, at]) =>
      ({ digests }) =>
        digests.hold(of, mail, at),
  ),
  fc.tuple(approver, time, time).map<Work>(
    ([of, at, until]) =>
      ({ digests }) =>
        digests.take(of, at, until),
  ),
  fc.tuple(approver, owed, time).map<Work>(
    ([of, mail, at]) =>
      ({ digests }) =>
        digests.done(of, mail, at),
  ),
  fc.tuple(approver, fc.constantFrom('SENT' as const, 'EMPTY' as const, 'UNFINISHED' as const), time, time).map<Work>(
    ([of, end, at, until]) =>
      ({ digests }) =>
        digests.release(of, end, at, until),
  ),
  approver.map<Work>(
    (of) =>
      ({ digests }) =>
        digests.held(of),
  ),
);

const SIGN_IN_SESSION = {
  mail: 'ana@example.com',
  key: 'k'.repeat(43),
  since: AT,
  until: '2026-03-02T18:00:00.000Z',
};
const session = fc.constantFrom('s1', 's2');

/** Everything that signing in does. */
const signingIn: fc.Arbitrary<Work> = fc.oneof(
  fc.tuple(approver, key, fc.integer({ min: 1, max: 2 })).map<Work>(
    ([of, errand, most]) =>
      ({ sessions }) =>
        sessions.mayDo(of, 'slot', errand, most, AT),
  ),
  fc.tuple(approver, key).map<Work>(
    ([of, one]) =>
      ({ sessions }) =>
        sessions.addLink({ approver: of, key: one, sentAt: AT }),
  ),
  fc.tuple(approver, key, session).map<Work>(
    ([of, one, by]) =>
      ({ sessions }) =>
        sessions.useLink({ approver: of, key: one, sentAt: AT }, by),
  ),
  fc.tuple(approver, session).map<Work>(
    ([of, id]) =>
      ({ sessions }) =>
        sessions.begin(id, { ...SIGN_IN_SESSION, approver: of }),
  ),
  session.map<Work>(
    (id) =>
      ({ sessions }) =>
        sessions.end(id, AT),
  ),
);

const anyWork = fc.oneof({ weight: 2, arbitrary: work }, { weight: 1, arbitrary: signingIn });

function inMemory(): { readonly stores: Stores; readonly rows: () => Rows } {
  const tables = new MemoryTables();
  const name = tables.create();
  return { stores: storesOn(new Table(tables.documents, name)), rows: () => tables.rows(name) };
}

function storesOn(table: Table): Stores {
  return {
    requests: new RequestStore(table),
    invitations: new InvitationStore(table),
    sessions: new SessionStore(table),
    digests: new DigestStore(table),
    record: new RecordStore(table),
    intake: new IntakeStore(table),
    table,
  };
}

/** A write on a row that is not there is an error of DynamoDB's; which one is nobody's business. */
const outcomeOf = (done: Promise<unknown>): Promise<unknown> => done.catch(() => 'an error');

const PARTITIONS = [
  ID,
  RECORD,
  `asked#${ID}`,
  'run#1',
  ...APPROVERS.flatMap((of) => [`mailbox#${of}`, `sign-in#${of}`, `digest#${of}`]),
  'session#s1',
  'session#s2',
];

describe('the table in memory', () => {
  let local: LocalTable;
  beforeAll(async () => {
    local = await LocalTable.start();
  });
  afterAll(() => local.stop());

  it('answers every write of the stores as DynamoDB does, and holds the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyWork, { minLength: 5, maxLength: 25 }), async (works) => {
        const name = await local.create();
        const emulated = storesOn(new Table(local.documents, name));
        const { stores } = inMemory();
        for (const one of works) {
          expect(await outcomeOf(one(stores))).toEqual(await outcomeOf(one(emulated)));
        }
        for (const pk of PARTITIONS) {
          const [ours, theirs] = [await stores.table.query(pk), await emulated.table.query(pk)];
          expect(ours.map((row) => rowOf(row).json)).toEqual(theirs.map((row) => rowOf(row).json));
        }
        await local.drop(name);
      }),
      { numRuns: 40 },
    );
  });
});
