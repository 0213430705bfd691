/** Bugs that are planted, each as somebody might write it: the exploration has to find every one of them. */
import {
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  type CodePipelineClient,
} from '@aws-sdk/client-codepipeline';
import type { GateDocuments } from '../../lambda/aws/policy-store';
import { RecordStore } from '../../lambda/aws/record-store';
import type { InvitationStore } from '../../lambda/aws/invitation-store';
import type { RequestStore } from '../../lambda/aws/request-store';
import type { Pipeline, Ports } from '../../lambda/decide/ports';
import type { Absence } from '../../lambda/domain/absence';
import type { ChangeSetView } from '../../lambda/domain/change-set';
import { isKnown } from '../../lambda/domain/request';
import type { Outside } from './calls';
import { PLANTED_CHECKS } from './planted-checks';
import type { Invariant } from './violation';
import { GATE, PEOPLE, REQUEST, type Budget } from './world';

export interface PlantedBug {
  readonly name: string;
  readonly plant: (outside: Outside) => Outside;
  /** Where it shows, with what may go wrong. */
  readonly configuration: string;
  readonly budget: Partial<Budget>;
  /** One look at a time is enough. */
  readonly alone?: boolean;
  /** Found sooner at the ends of ways. */
  readonly deep?: boolean;
  readonly breaks: Invariant;
}

const ANYHOW = { expression: 'attribute_exists(pk) OR attribute_not_exists(pk)' };

function withStore(change: (store: Ports['store'], outside: Outside) => Partial<RequestStore>) {
  return (outside: Outside): Outside => {
    const { store } = outside.ports;
    const changed = Object.assign(Object.create(store) as Ports['store'], change(store, outside));
    return { ...outside, ports: { ...outside.ports, store: changed } };
  };
}

async function shownBy(store: Ports['store'], id: string): Promise<string> {
  const request = (await store.load(id))?.request;
  return request !== undefined && isKnown(request) ? request.shown.evidence : '';
}

function withInvitations(change: (invitations: Ports['invitations'], outside: Outside) => Partial<InvitationStore>) {
  return (outside: Outside): Outside => {
    const { invitations } = outside.ports;
    const changed = Object.assign(Object.create(invitations) as Ports['invitations'], change(invitations, outside));
    return { ...outside, ports: { ...outside.ports, invitations: changed } };
  };
}

function withPorts(change: (ports: Ports) => Partial<Ports>) {
  return (outside: Outside): Outside => ({ ...outside, ports: { ...outside.ports, ...change(outside.ports) } });
}

function withAnswer(answer: (pipeline: Pipeline, ports: Ports) => Pipeline['answer']) {
  return withPorts((ports) => ({
    pipeline: async (...of) => {
      const pipeline = await ports.pipeline(...of);
      return Object.assign(Object.create(pipeline) as Pipeline, { answer: answer(pipeline, ports) });
    },
  }));
}

function withRecord(change: (table: Outside['table']) => Partial<Outside['table']>) {
  return (outside: Outside): Outside => {
    const table = Object.assign(Object.create(outside.table) as Outside['table'], change(outside.table));
    return { ...outside, ports: { ...outside.ports, record: new RecordStore(table) } };
  };
}

/** The policy, as if nobody had written its window. */
function withoutWindow({ policy, plans }: GateDocuments): GateDocuments {
  if (!policy.ok) {
    return { policy, plans };
  }
  const { window: _window, ...rest } = policy.value;
  return { policy: { ok: true, value: rest }, plans };
}

export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'a question that waits for a digest counts as sent',
    plant: withInvitations((invitations) => ({
      mark: (request, approver, fields) =>
        invitations.mark(request, approver, {
          ...fields,
          ...(fields.queuedUntil === undefined ? {} : { sentAt: fields.queuedUntil }),
        }),
    })),
    configuration: 'the question to one person waits for a digest',
    budget: {},
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'a result waits for a digest that nobody sends',
    plant: withPorts(({ startTimer }) => ({
      startTimer: (name, target, at) => ('digestOf' in target ? Promise.resolve() : startTimer(name, target, at)),
    })),
    configuration: 'the result waits for a digest',
    budget: {},
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'the window is overlooked',
    plant: withPorts(({ policies }) => ({
      policies: { ...policies, gate: async (gate) => withoutWindow(await policies.gate(gate)) },
    })),
    configuration: 'approved before the window opens, and taken back meanwhile',
    budget: {},
    breaks: 'nothing is approved while its window is closed',
  },
  {
    name: 'the time of an approval is overlooked',
    plant: withStore((store) => ({
      load: async (id) => {
        const records = await store.load(id);
        const votes = records?.votes.map(({ details: _details, ...vote }) => vote) ?? [];
        return records === undefined ? undefined : { ...records, votes };
      },
    })),
    configuration: 'approved for later, and taken back meanwhile',
    budget: {},
    breaks: 'nothing is approved before the time for which it was approved',
  },
  {
    name: 'the look that decides need not know of a later time',
    plant: withStore(() => ({ countRejection: () => Promise.resolve() })),
    configuration: 'approved, and moments later approved for another time',
    budget: {},
    breaks: 'nothing is approved before the time for which it was approved',
  },
  {
    name: 'what is held back is decided at once',
    plant: withStore((store) => ({
      hold: async (id, held) => {
        const at = held?.since ?? '';
        await store.decide(
          id,
          { kind: 'APPROVED', by: 'PEOPLE', at, summary: '' },
          undefined,
          await shownBy(store, id),
        );
      },
    })),
    configuration: 'approved before the window opens, and taken back meanwhile',
    budget: {},
    breaks: 'nothing is approved while its window is closed',
  },
  {
    name: 'a link to sign in is used without its condition',
    plant: withPorts(({ sessions }) => ({
      sessions: Object.assign(Object.create(sessions) as Ports['sessions'], { useLink: () => Promise.resolve(true) }),
    })),
    configuration: 'one link to sign in, two browsers, and a vote beside them',
    budget: {},
    breaks: 'a link to sign in begins one session, of the person it was sent to',
  },
  {
    name: 'a link to sign in is used, and no session begins',
    plant: withPorts(({ sessions }) => ({
      sessions: Object.assign(Object.create(sessions) as Ports['sessions'], {
        begin: async (...of: Parameters<Ports['sessions']['begin']>) => {
          if ((await sessions.load(of[0])) !== undefined) {
            await sessions.begin(...of);
          }
        },
      }),
    })),
    configuration: 'one link to sign in, two browsers, and a vote beside them',
    budget: {},
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'nobody notes that an absence is over',
    plant: withPorts(({ absences }) => ({
      absences: Object.assign(Object.create(absences) as Ports['absences'], {
        all: async () =>
          new Map(
            [...(await absences.all())].map(([person, read]) => {
              const { endedAt: _endedAt, ...absence } = read.ok ? read.value : ({} as Absence);
              return [person, { ok: true, value: absence }];
            }),
          ),
      }),
    })),
    configuration: 'an approver goes away and comes back while people vote',
    budget: {},
    breaks: 'an approval has its quorum or its health',
  },
  {
    name: 'an approval of a change set that was made again is not outdated',
    plant: withPorts(({ changeSet }) => ({
      // Its name is all that tells it from the one before.
      changeSet: async (...of) => ({ ...(await changeSet(...of)), id: 'arn:change-set/1' }) as ChangeSetView,
    })),
    configuration: 'the change set is made again while people vote',
    budget: {},
    breaks: 'an approval has its quorum or its health',
  },
  {
    name: 'nobody notes that a mail that leads to the console is on its way',
    plant: withInvitations((invitations) => ({
      mark: (request, approver, fields) =>
        'askedAt' in fields ? Promise.resolve() : invitations.mark(request, approver, fields),
    })),
    configuration: 'an answer in the console while others are still being asked, without links',
    budget: { faults: 1 },
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'the outcome is decided without its condition',
    plant: withStore((_store, { table }) => ({
      decide: (id, outcome) => table.set(id, 'meta', { phase: 'DECIDED', outcome }, ANYHOW),
    })),
    configuration: 'yes and no of one person in one millisecond',
    budget: {},
    breaks: 'phases only go forward',
  },
  {
    name: 'an end in the console is written without its condition',
    plant: withStore((_store, { table }) => ({
      acknowledge: (id, outcome, deliveredAt) =>
        table.set(id, 'meta', { phase: 'DELIVERED', outcome, deliveredAt }, ANYHOW),
    })),
    configuration: 'two looks tell the outcome',
    budget: {},
    deep: true,
    breaks: 'phases only go forward',
  },
  {
    name: 'a request is opened without its condition',
    plant: withStore((_store, { table }) => ({
      open: (pk, asked) => table.put({ pk, sk: 'meta', v: 2, phase: 'OPENED', asked, ttl: 0 }, ANYHOW),
    })),
    configuration: 'notification and event at once',
    budget: {},
    breaks: 'phases only go forward',
  },
  {
    name: 'marked as delivered before it is delivered',
    plant: withAnswer((pipeline, { store }) => async (id, run, approved, summary) => {
      await store.delivered(id, '2026-03-02T23:21:00.000Z');
      return pipeline.answer(id, run, approved, summary);
    }),
    configuration: 'two looks at once, delivery refused once',
    budget: {},
    breaks: 'delivered means that CodePipeline has it',
  },
  {
    name: 'a delivery that failed counts as taken',
    plant: withAnswer(
      (pipeline) =>
        (...of) =>
          pipeline.answer(...of).catch(() => 'TAKEN' as const),
    ),
    configuration: 'two looks at once, delivery refused once',
    budget: { refusals: 1 },
    breaks: 'delivered means that CodePipeline has it',
  },
  {
    name: 'delivered by the token that the pipeline shows, whoever it belongs to',
    plant: withAnswer((pipeline) => async (_id, _run, approved, summary) => {
      const { client } = pipeline as unknown as { readonly client: CodePipelineClient };
      const state = await client.send(new GetPipelineStateCommand({ name: GATE.pipeline }));
      const token = state.stageStates?.[0]?.actionStates?.[0]?.latestExecution?.token;
      const result = { status: approved ? ('Approved' as const) : ('Rejected' as const), summary };
      const where = { pipelineName: GATE.pipeline, stageName: GATE.stage, actionName: GATE.action };
      await client.send(new PutApprovalResultCommand({ ...where, token, result }));
      return 'TAKEN';
    }),
    configuration: 'yes and no of one person in one millisecond',
    budget: {},
    breaks: 'delivered once, as decided, by the token of its run',
  },
  {
    name: 'a vote is put without its condition',
    plant: withStore((_store, { table }) => ({
      vote: (pk, vote) => table.put({ ...vote, pk, sk: `vote#${vote.approver}`, v: 2, ttl: 0 }, ANYHOW),
    })),
    configuration: 'votes side by side',
    budget: { reorders: 1 },
    breaks: 'votes are neither lost nor counted twice',
  },
  {
    name: 'a decision that comes again counts again',
    plant: withStore((store, { table }) => ({
      vote: async (pk, vote) => {
        const votes = (await store.load(pk))?.votes.length ?? 0;
        return table.put({ ...vote, pk, sk: `vote#${vote.approver}#${votes}`, v: 2, ttl: 0 }, ANYHOW);
      },
    })),
    configuration: 'votes side by side',
    budget: { duplicates: 1 },
    breaks: 'votes are neither lost nor counted twice',
  },
  {
    name: 'a vote that could not be put is given up',
    plant: withStore((store) => ({ vote: (...of) => store.vote(...of).catch(() => false) })),
    configuration: 'votes side by side',
    budget: { faults: 1 },
    breaks: 'votes are neither lost nor counted twice',
  },
  {
    name: 'a rejection is not counted on its request',
    plant: withStore(() => ({ countRejection: () => Promise.resolve() })),
    configuration: 'yes and no of one person, one after the other',
    budget: {},
    alone: true,
    breaks: 'an approval has its quorum or its health',
  },
  {
    name: 'an emergency does not wait for a rejection to be counted',
    plant: withStore(() => ({ countRejection: () => Promise.resolve() })),
    configuration: 'opened in an emergency, while somebody rejects',
    budget: {},
    breaks: 'one person alone opens a gate only in an emergency that is theirs to name',
  },
  {
    name: 'who was removed may still open it in an emergency',
    plant: withPorts(({ policies }) => ({
      policies: {
        people: () => Promise.resolve(PEOPLE),
        directory: () => policies.directory(),
        all: () => policies.all(),
        gate: (gate) => policies.gate(gate),
      },
    })),
    configuration: 'whoever may open it in an emergency is removed meanwhile',
    budget: {},
    breaks: 'one person alone opens a gate only in an emergency that is theirs to name',
  },
  {
    name: 'a vote starts no look',
    plant: withPorts(() => ({ startTimer: () => Promise.resolve() })),
    configuration: 'yes and no of one person in one millisecond',
    budget: {},
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'who was removed goes on voting',
    plant: withPorts(({ policies }) => ({
      policies: {
        people: () => Promise.resolve(PEOPLE),
        directory: () => policies.directory(),
        all: () => policies.all(),
        gate: async (gate) => {
          const { policy, plans } = await policies.gate(gate);
          if (!policy.ok || policy.value.rule.kind !== 'MANUAL') {
            return { policy, plans };
          }
          const { rule } = policy.value;
          const groups = rule.people.groups.map((group) => ({ ...group, ids: PEOPLE.map(({ id }) => id) }));
          return {
            policy: { ok: true, value: { ...policy.value, rule: { ...rule, people: { ...rule.people, groups } } } },
            plans,
          };
        },
      },
    })),
    configuration: 'the only approver is removed while voting',
    budget: {},
    breaks: 'an approval has its quorum or its health',
  },
  {
    name: 'a weaker policy is in force at once',
    plant: withPorts(({ inForce }) => ({
      inForce: {
        orFirst: (_gate, policy) => Promise.resolve({ n: 1, policy: { ok: true, value: policy } }),
        replace: (gate, proposed) => inForce.replace(gate, proposed),
      },
    })),
    configuration: 'the quorum is lowered while people vote',
    budget: {},
    breaks: 'an approval has its quorum or its health',
  },
  {
    name: 'health is not looked at again at delivery',
    plant: withStore((store) => ({
      load: async (id) => {
        const records = await store.load(id);
        return records?.request.phase !== 'DECIDED'
          ? records
          : {
              ...records,
              request: { ...records.request, outcome: { ...records.request.outcome, whileHealthy: false } },
            };
      },
    })),
    configuration: 'guarded, and the check turns red',
    budget: { refusals: 3 },
    alone: true,
    breaks: 'nothing is approved while its health is red',
  },
  {
    name: 'a measurement is kept without its condition',
    plant: withStore((_store, { table }) => ({
      tally: (pk, tally) => table.put({ ...tally, pk, sk: `check#${tally.checkId}`, v: 2, ttl: 0 }, ANYHOW),
    })),
    configuration: 'automated, and the bake fails',
    budget: {},
    breaks: 'a failure that was counted stays',
  },
  {
    name: 'a mail is claimed without its condition',
    plant: withInvitations((_invitations, { table }) => ({
      claimMail: (pk, approver, purpose, now) =>
        table.set(pk, `invite#${approver}`, { [`claimed_${purpose}`]: now }, ANYHOW),
    })),
    configuration: 'two looks tell the outcome',
    budget: {},
    breaks: 'one outcome mail for a person, of what really happened',
  },
  {
    name: 'the outcome is told before it is delivered',
    plant: withAnswer((pipeline, { mailer }) => async (...of) => {
      const [first] = PEOPLE;
      const { id = '', mail = '' } = first ?? {};
      await mailer.send({ id, mail }, { subject: 'Approved: shop Prod', text: '', html: '' });
      return pipeline.answer(...of);
    }),
    configuration: 'two looks at once, delivery refused once',
    budget: {},
    breaks: 'one outcome mail for a person, of what really happened',
  },
  {
    name: 'who has the mail, and not yet its mark, is not told',
    plant: withStore((store) => ({
      load: async (id) => {
        const records = await store.load(id);
        const marked = records?.invitations.map((one) => (one.sentAt === undefined ? { ...one, keys: [] } : one));
        return records === undefined || records.request.phase !== 'DELIVERED'
          ? records
          : { ...records, invitations: marked ?? [] };
      },
    })),
    configuration: 'a vote while others are still being asked',
    budget: {},
    deep: true,
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'closed before everybody was told',
    plant: withPorts(({ record, store }) => ({
      record: {
        append: async (entry, now, claimed) => {
          const place = await record.append(entry, now, claimed);
          await store.close(entry.request, now);
          return place;
        },
      },
    })),
    configuration: 'two looks tell the outcome',
    budget: { faults: 1 },
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'every run that waits for the stage counts as a newer one, its own included',
    plant: withPorts((ports) => ({
      pipeline: async (...of) => {
        const pipeline = await ports.pipeline(...of);
        return Object.assign(Object.create(pipeline) as Pipeline, { newerRunWaits: () => Promise.resolve(true) });
      },
    })),
    configuration: 'a newer run comes while people answer',
    budget: {},
    breaks: 'a newer run takes no place that is not free for it',
  },
  {
    name: 'an entry of the record is put without its condition',
    plant: withRecord((table) => ({ putIfAbsent: (row) => table.put(row, ANYHOW) })),
    configuration: 'other requests end at the same time',
    budget: {},
    deep: true,
    breaks: 'the record has one entry for each request that ended, without a gap',
  },
  {
    name: 'a number of the record is not claimed',
    plant: withRecord(() => ({ setOnce: (_pk, _sk, _name, n) => Promise.resolve(n) })),
    configuration: 'other requests end at the same time',
    budget: { faults: 1 },
    deep: true,
    breaks: 'the record has one entry for each request that ended, without a gap',
  },
  {
    name: 'another number is claimed without a look at the first',
    plant: withRecord(() => ({ row: () => Promise.resolve(undefined) })),
    configuration: 'other requests end at the same time',
    budget: { faults: 1 },
    deep: true,
    breaks: 'the record has one entry for each request that ended, without a gap',
  },
  {
    name: 'the number is taken from the newest entry that a moment ago was the newest',
    plant: withRecord((table) => {
      let seen: ReturnType<Outside['table']['last']> | undefined;
      return { last: (pk) => (seen ??= table.last(pk)), putIfAbsent: (row) => table.put(row, ANYHOW) };
    }),
    configuration: 'other requests end at the same time',
    budget: {},
    deep: true,
    breaks: 'the record has one entry for each request that ended, without a gap',
  },
  {
    name: 'a request is closed although its entry could not be written',
    plant: withPorts(({ record }) => ({
      record: {
        append: (...of: Parameters<typeof record.append>) =>
          record.append(...of).catch(() => ({ n: 1, hash: '0'.repeat(64) })),
      },
    })),
    configuration: 'two looks tell the outcome',
    budget: { faults: 1 },
    deep: true,
    breaks: 'the record has one entry for each request that ended, without a gap',
  },
  {
    name: 'a link is kept beside its invitation',
    plant: (outside) => {
      const { mailer } = outside.ports;
      const send: typeof mailer.send = async (to, mail) => {
        await mailer.send(to, mail);
        await outside.table.set(REQUEST, `invite#${to.id}`, { note: mail.text }, ANYHOW);
      };
      return { ...outside, ports: { ...outside.ports, mailer: { mailbox: (to) => mailer.mailbox(to), send } } };
    },
    configuration: 'notification and event at once',
    budget: {},
    breaks: 'no secret in a row, a name or a log line',
  },
  ...PLANTED_CHECKS,
];
