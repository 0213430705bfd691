import fc from 'fast-check';
import { takeDecisions, type StreamRecord } from '../../../lambda/decide/decisions';
import { reconcile } from '../../../lambda/decide/reconcile';
import type { Outcome } from '../../../lambda/domain/request';
import { ANA, at, BO, CY, minutes, OURS, policyOf, REQUEST, ruleOf } from '../samples';
import { Crash, GateFixture } from './gate-fixture';

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => jest.restoreAllMocks());

const PEOPLE = [ANA, BO, CY];
const QUORUM = 2;

interface Given {
  readonly who: number;
  readonly verdict: 'APPROVE' | 'REJECT';
}

const given = fc.record<Given>({
  who: fc.nat(2),
  verdict: fc.oneof({ weight: 3, arbitrary: fc.constant('APPROVE' as const) }, fc.constant('REJECT' as const)),
});

/** What the votes mean, told in another way than the code does. */
function meaningOf(votes: readonly Given[]): Outcome['kind'] | undefined {
  const last = new Map(votes.map(({ who, verdict }) => [who, verdict]));
  const verdicts = [...last.values()];
  if (verdicts.includes('REJECT')) {
    return 'REJECTED';
  }
  return verdicts.length >= QUORUM ? 'APPROVED' : undefined;
}

async function asked(): Promise<GateFixture> {
  const gate = new GateFixture();
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: QUORUM } }) });
  await gate.ask();
  return gate;
}

function recordsOf(gate: GateFixture, votes: readonly Given[]): Promise<readonly StreamRecord[]> {
  return Promise.all(votes.map(({ who, verdict }, index) => gate.decision(PEOPLE[who]!, verdict, 60 + index)));
}

type Fault = (gate: GateFixture, calls: number) => () => boolean;

/**
 * After so many calls nothing works any more, as when the function dies. Whether it dies after a call or before the next one
 * makes no difference to anybody else.
 */
const dies: Fault = (gate, calls) => {
  let made = 0;
  gate.around = (_, when) => {
    if (when === 'before' && made >= calls) {
      throw new Crash('the function died');
    }
    made += when === 'after' ? 1 : 0;
  };
  return () => made >= calls;
};

/** One call fails; it was made all the same, or it was not. All others work. */
const fails =
  (moment: 'before' | 'after'): Fault =>
  (gate, calls) => {
    let made = 0;
    gate.around = (_, when) => {
      if (when === moment) {
        made += 1;
        if (made === calls + 1) {
          throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
        }
      }
    };
    return () => made > calls;
  };

function revive(gate: GateFixture): void {
  gate.around = () => undefined;
  gate.scheduled = () => Promise.resolve();
}

/** Looks again, as the state machine does: at once, and when what a dead look claimed is free again. */
async function retry(gate: GateFixture, seconds: number): Promise<void> {
  await gate.look(seconds);
  await gate.look(seconds + minutes(6));
}

/** The runs that the stream's records started. */
async function runTimers(gate: GateFixture, seconds: number): Promise<void> {
  for (const { target } of gate.timers.values()) {
    if ('requestId' in target) {
      await reconcile(gate.ports, target.requestId, at(seconds), { vote: target.vote === true }).catch(() => undefined);
    }
  }
}

/** Whatever happened: at most one answer, the recorded one, and one that the votes meant at some time. */
async function expectSound(gate: GateFixture, votes: readonly Given[]): Promise<void> {
  const meanings = votes.map((_, index) => meaningOf(votes.slice(0, index + 1)));
  const request = await gate.request();
  const outcome = 'outcome' in request ? request.outcome : undefined;
  const { answers } = gate.codePipeline;
  expect(answers.length).toBeLessThanOrEqual(1);
  for (const { approved } of answers) {
    expect(outcome?.kind).toBe(approved ? 'APPROVED' : 'REJECTED');
  }
  if (outcome !== undefined) {
    expect(meanings).toContain(outcome.kind);
  }
}

/** After everything was brought again: the outcome is there, delivered once, told, and no vote is lost. */
async function expectSettled(gate: GateFixture, votes: readonly Given[]): Promise<void> {
  await expectSound(gate, votes);
  const request = await gate.request();
  if (meaningOf(votes) === undefined) {
    const kept = (await gate.records()).votes;
    expect(new Set(kept.map(({ approver }) => approver))).toEqual(new Set(votes.map(({ who }) => PEOPLE[who]!.id)));
    return;
  }
  expect(gate.codePipeline.answers).toHaveLength(1);
  expect(request.phase).toBe('CLOSED');
  expect(request).not.toHaveProperty('overtakenBy');
  expect(gate.codePipeline.action).toMatchObject({ answer: { by: OURS } });
}

/** Mails of a kind that one person got: a mail more than one only where a crash hit between sending and remembering it. */
function expectFewMails(gate: GateFixture, most: number): void {
  for (const who of PEOPLE) {
    for (const title of ['Approve?', 'Approved', 'Rejected']) {
      const same = gate.mailsTo(who).filter(({ subject }) => subject.startsWith(title));
      expect(same.length).toBeLessThanOrEqual(most);
    }
  }
}

describe.each<[string, Fault, number]>([
  ['the function dies after any call', dies, 1],
  ['any call fails', fails('before'), 1],
  // Nobody knows then whether a mail went out: it is sent again.
  ['any call seems to fail', fails('after'), 2],
])('when %s', (_, fault, mostMails) => {
  /** Tells a story with the fault at each of its calls, and lets it be tried again. Answers how many calls there are. */
  async function atEveryCall(
    prepare: (gate: GateFixture) => Promise<unknown>,
    story: (gate: GateFixture) => Promise<unknown>,
    tryAgain: (gate: GateFixture) => Promise<void>,
  ): Promise<number> {
    for (let calls = 0; ; calls += 1) {
      const gate = await asked();
      gate.people = [ANA, CY];
      await prepare(gate);
      const happened = fault(gate, calls);
      await story(gate).catch(() => undefined);
      if (!happened()) {
        return calls;
      }
      revive(gate);
      await tryAgain(gate);
    }
  }

  const votes: readonly Given[] = [
    { who: 0, verdict: 'APPROVE' },
    { who: 2, verdict: 'APPROVE' },
  ];

  test('in the first look, everybody gets a link in the end, and nobody two while one is claimed', async () => {
    const calls = await atEveryCall(
      () => Promise.resolve(),
      (gate) => gate.look(1),
      async (gate) => {
        await gate.look(2);
        expectFewMails(gate, mostMails);
        await gate.look(minutes(6));

        expect((await gate.request()).phase).toBe('WAITING');
        for (const who of [ANA, CY]) {
          expect(await gate.invitation(who)).toMatchObject({ sentAt: expect.any(String) as string });
        }
        expect(gate.mails.length).toBeLessThanOrEqual(3);
      },
    );

    expect(calls).toBeGreaterThan(25);
  });

  test('in the stream, no vote is lost and each one has its look', async () => {
    let records: readonly StreamRecord[] = [];
    const calls = await atEveryCall(
      async (gate) => {
        await gate.look(1);
        records = await recordsOf(gate, votes);
      },
      (gate) => takeDecisions(gate.ports, records),
      async (gate) => {
        expect(await takeDecisions(gate.ports, records)).toEqual([]);
        expect((await gate.records()).votes).toHaveLength(2);
        expect(gate.timers.size).toBe(2);
        await runTimers(gate, 90);
        await expectSettled(gate, votes);
      },
    );

    expect(calls).toBeGreaterThanOrEqual(6);
  });

  test('in the look that decides, the gate is answered once, and everybody is told', async () => {
    const calls = await atEveryCall(
      async (gate) => {
        await gate.look(1);
        await takeDecisions(gate.ports, await recordsOf(gate, votes));
      },
      (gate) => gate.look(90, { vote: true }),
      async (gate) => {
        await gate.look(91);
        expectFewMails(gate, mostMails);
        await retry(gate, minutes(4));

        await expectSettled(gate, votes);
        expect(gate.mails.length).toBeLessThanOrEqual(2 + 2 + 1);
      },
    );

    expect(calls).toBeGreaterThan(20);
  });

  test('in a look that measures, no measurement counts twice and there is no hole', async () => {
    const calls = await atEveryCall(
      async (gate) => {
        gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 4 } }) });
        await gate.look(0);
      },
      (gate) => gate.look(60),
      async (gate) => {
        await gate.live(61, minutes(5));

        expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
        // At 0, at 60 or 61, then every minute, and at the end of the bake.
        expect((await gate.records()).tallies).toMatchObject([{ passes: 5 }]);
      },
    );

    expect(calls).toBeGreaterThanOrEqual(5);
  });
});

test('any votes, brought in any order and with any crashes, end as they should', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(given, { minLength: 1, maxLength: 5 }),
      fc.array(fc.record({ timer: fc.boolean(), moment: fc.option(fc.nat(25)) }), { maxLength: 6 }),
      async (votes, turns) => {
        const gate = await asked();
        await gate.look(1);
        const records = await recordsOf(gate, votes);
        let handled = 0;
        for (const [index, { timer, moment }] of turns.entries()) {
          revive(gate);
          if (moment !== null) {
            dies(gate, moment);
          }
          if (timer) {
            await gate.look(100 + index).catch(() => undefined);
          } else if (handled < records.length) {
            const failed = await takeDecisions(gate.ports, records.slice(handled, handled + 1));
            handled += failed.length === 0 ? 1 : 0;
            await runTimers(gate, 100 + index);
          }
          revive(gate);
          await expectSound(gate, votes);
        }
        // Everything comes at least once, in order; what came already comes again.
        expect(await takeDecisions(gate.ports, records)).toEqual([]);
        await runTimers(gate, 200);
        await retry(gate, 200);
        await expectSettled(gate, votes);
      },
    ),
    { numRuns: 20 },
  );
});

test('stream, timer and event looks in any interleaving answer once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(given, { minLength: 2, maxLength: 4 }), async (scheduler, votes) => {
      const gate = await asked();
      await gate.look(1);
      const records = await recordsOf(gate, votes);
      gate.scheduled = (name) => scheduler.schedule(Promise.resolve(), name);
      await scheduler.waitFor(
        Promise.allSettled([
          takeDecisions(gate.ports, records),
          gate.look(100),
          gate.event(101),
          gate.look(100, { vote: true }),
          takeDecisions(gate.ports, records.slice(0, 1)),
        ]),
      );
      revive(gate);
      await expectSound(gate, votes);

      await takeDecisions(gate.ports, records);
      await runTimers(gate, 200);
      await retry(gate, 200);
      await expectSettled(gate, votes);
      expectFewMails(gate, 1);
    }),
    { numRuns: 15 },
  );
});

test('two first looks at once leave every mailed link alive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const gate = await asked();
      gate.scheduled = (name) => scheduler.schedule(Promise.resolve(), name);
      await scheduler.waitFor(Promise.allSettled([1, 2].map((second) => gate.look(second))));
      revive(gate);
      await retry(gate, 3);

      expectFewMails(gate, 1);
      await takeDecisions(gate.ports, [
        await gate.decision(ANA, 'APPROVE', 60, { seed: gate.seedOf(ANA, 0) }),
        await gate.decision(BO, 'APPROVE', 61, { seed: gate.seedOf(BO, -1) }),
      ]);
      await gate.look(90, { vote: true });
      expect(gate.codePipeline.answers).toHaveLength(1);
      expect((await gate.request()).id).toBe(REQUEST);
    }),
    { numRuns: 10 },
  );
});
