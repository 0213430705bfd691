import fc from 'fast-check';
import { lookThroughDoor } from '../../../lambda/decide/door';
import { lookAtRequest } from '../../../lambda/decide/look';
import { readStream, type StreamRecord } from '../../../lambda/decide/stream';
import { LocalTable } from '../table';
import { ANA, at, BO, CY, GATE, OURS, policyOf, REQUEST, RUN, Stage, START } from './stage';

let local: LocalTable;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => jest.restoreAllMocks());

const PEOPLE = [ANA, BO, CY];
const QUORUM = 2;

interface Said {
  readonly who: number;
  readonly verdict: 'APPROVE' | 'REJECT';
}

const said = fc.record<Said>({
  who: fc.nat(2),
  verdict: fc.oneof({ weight: 3, arbitrary: fc.constant('APPROVE' as const) }, fc.constant('REJECT' as const)),
});

/** What the votes up to each point mean, told in another way than the code does. */
function meaning(votes: readonly Said[]): 'APPROVED' | 'REJECTED' | 'WAITING' {
  const last = new Map(votes.map(({ who, verdict }) => [who, verdict]));
  const verdicts = [...last.values()];
  if (verdicts.includes('REJECT')) {
    return 'REJECTED';
  }
  return verdicts.length >= QUORUM ? 'APPROVED' : 'WAITING';
}

async function opened(): Promise<Stage> {
  const stage = await Stage.open(local);
  stage.policy = policyOf({ approvers: { quorum: QUORUM, ids: PEOPLE.map(({ id }) => id) } });
  await stage.ask();
  return stage;
}

async function recordsOf(stage: Stage, votes: readonly Said[]): Promise<readonly StreamRecord[]> {
  return Promise.all(votes.map(({ who, verdict }, index) => stage.decision(PEOPLE[who]!, verdict, 60 + index)));
}

/** Whatever happened: at most one answer, the recorded one, and one that the votes meant at some time. */
async function expectSound(stage: Stage, votes: readonly Said[], settled: boolean): Promise<void> {
  const prefixes = votes.map((_, index) => meaning(votes.slice(0, index + 1)));
  const meta = await stage.meta();
  expect(stage.answers.length).toBeLessThanOrEqual(1);
  const [answer] = stage.answers;
  if (answer !== undefined) {
    expect(meta.outcome?.kind).toBe(answer.approved ? 'APPROVED' : 'REJECTED');
    expect(prefixes).toContain(meta.outcome?.kind);
  }
  if (settled && prefixes.at(-1) !== 'WAITING') {
    expect(stage.answers).toHaveLength(1);
    expect(meta.deliveredAt).toBeDefined();
    expect(meta.toldAt).toBeDefined();
    expect(meta.overtakenBy).toBeUndefined();
  }
  if (prefixes.every((state) => state === 'WAITING')) {
    expect(meta.outcome).toBeUndefined();
  }
}

/** The stream brings a failed record, and all after it, again; the machine looks again. */
async function recover(stage: Stage, records: readonly StreamRecord[]): Promise<void> {
  stage.step = () => undefined;
  stage.turn = () => Promise.resolve();
  expect(await readStream(stage.ports, records)).toEqual([]);
  await lookAtRequest(stage.ports, REQUEST, at(200));
}

test('a crash between any two steps loses no decision and answers no gate twice', async () => {
  // GIVEN two votes that open the gate
  const votes: readonly Said[] = [
    { who: 0, verdict: 'APPROVE' },
    { who: 2, verdict: 'APPROVE' },
  ];
  let crashes = 0;
  let crashed = true;
  for (let crashAt = 0; crashed; crashAt += 1) {
    // WHEN it crashes exactly there
    const stage = await opened();
    let step = 0;
    const crash: Stage['step'] = (_, when) => {
      step += when === 'after' ? 1 : 0;
      if (when === 'after' && step === crashAt + 1) {
        throw new Error('crash');
      }
    };
    stage.step = crash;
    await lookAtRequest(stage.ports, REQUEST, at(1)).catch(() => undefined);
    stage.step = () => undefined;
    await lookAtRequest(stage.ports, REQUEST, at(2));
    const records = await recordsOf(stage, votes);
    stage.step = crash;
    await readStream(stage.ports, records);
    crashed = step > crashAt;
    crashes += crashed ? 1 : 0;
    await recover(stage, records);

    // THEN the decision arrived once
    await expectSound(stage, votes, true);
    expect(stage.truth.updatedBy).toBe(OURS);
  }
  expect(crashes).toBeGreaterThan(40);
});

test('any votes, looked at in any order and with any crashes, end as they should', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 1, maxLength: 5 }),
      fc.array(fc.record({ timer: fc.boolean(), crashAt: fc.option(fc.nat(25)) }), { maxLength: 6 }),
      async (votes, turns) => {
        const stage = await opened();
        await lookAtRequest(stage.ports, REQUEST, at(1));
        const records = await recordsOf(stage, votes);
        let handled = 0;
        for (const [index, { timer, crashAt }] of turns.entries()) {
          let step = 0;
          stage.step = () => {
            step += 1;
            if (crashAt !== null && step === crashAt + 1) {
              throw new Error('crash');
            }
          };
          if (timer) {
            await lookAtRequest(stage.ports, REQUEST, at(100 + index)).catch(() => undefined);
          } else if (handled < records.length) {
            const failed = await readStream(stage.ports, records.slice(handled, handled + 1));
            handled += failed.length === 0 ? 1 : 0;
          }
          await expectSound(stage, votes, false);
        }
        // Everything comes at least once, in order; what came already comes again.
        await recover(stage, records);
        await expectSound(stage, votes, true);
      },
    ),
    { numRuns: 25 },
  );
});

test('stream, timer and event looks in any interleaving answer once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(said, { minLength: 2, maxLength: 4 }), async (scheduler, votes) => {
      const stage = await opened();
      await lookAtRequest(stage.ports, REQUEST, at(1));
      const records = await recordsOf(stage, votes);
      stage.turn = (name) => scheduler.schedule(Promise.resolve(), name);
      const door = { ...GATE, executionId: RUN, since: START };
      const looks = Promise.allSettled([
        readStream(stage.ports, records),
        lookAtRequest(stage.ports, REQUEST, at(100)),
        lookThroughDoor(stage.ports, door, at(101)),
        readStream(stage.ports, records.slice(0, 1)),
      ]);
      await scheduler.waitFor(looks);

      await recover(stage, records);
      await expectSound(stage, votes, true);
    }),
    { numRuns: 15 },
  );
});

test('two first looks at once leave every mailed link alive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const stage = await opened();
      stage.turn = (name) => scheduler.schedule(Promise.resolve(), name);
      const looks = [1, 2].map((second) => lookAtRequest(stage.ports, REQUEST, at(second)));
      await scheduler.waitFor(Promise.allSettled(looks));
      stage.turn = () => Promise.resolve();
      await lookAtRequest(stage.ports, REQUEST, at(3));

      // The first link of one person and the last of another both count.
      const votes = [
        await stage.decision(ANA, 'APPROVE', 60, { seed: stage.seedOf(ANA.mail, 0) }),
        await stage.decision(BO, 'APPROVE', 61, { seed: stage.seedOf(BO.mail, -1) }),
      ];
      await readStream(stage.ports, votes);
      expect(stage.answers).toHaveLength(1);
    }),
    { numRuns: 10 },
  );
});

test('a record that fails holds back later ones of its request, and no other request', async () => {
  const stage = await opened();
  await lookAtRequest(stage.ports, REQUEST, at(1));
  const [first, second] = await recordsOf(stage, [
    { who: 0, verdict: 'APPROVE' },
    { who: 1, verdict: 'APPROVE' },
  ]);
  let failures = 0;
  stage.step = (name, when) => {
    if (name === 'store.addVote' && when === 'before' && failures === 0) {
      failures += 1;
      throw new Error('throttled');
    }
  };

  expect(await readStream(stage.ports, [first!, second!])).toEqual([first!.sequenceNumber]);
  expect((await stage.store.load(REQUEST))!.votes).toEqual([]);
});

test('a look that can only fail keeps its vote and holds back nobody', async () => {
  const stage = await opened();
  await lookAtRequest(stage.ports, REQUEST, at(1));
  const records = await recordsOf(stage, [{ who: 0, verdict: 'APPROVE' }]);
  stage.step = (name) => {
    if (name === 'pipeline.observe') {
      throw new TypeError('not as expected');
    }
  };

  expect(await readStream(stage.ports, records)).toEqual([]);

  expect((await stage.store.load(REQUEST))!.votes).toHaveLength(1);
});

test('CodePipeline out of reach for an hour: the outcome is delivered when it is back', async () => {
  const stage = await opened();
  await lookAtRequest(stage.ports, REQUEST, at(1));
  const records = await recordsOf(stage, [
    { who: 0, verdict: 'APPROVE' },
    { who: 1, verdict: 'APPROVE' },
  ]);
  stage.step = (name) => {
    if (name === 'pipeline.answer') {
      throw Object.assign(new Error('unavailable'), { name: 'ServiceUnavailable' });
    }
  };
  expect(await readStream(stage.ports, records)).toHaveLength(1);
  await expect(lookAtRequest(stage.ports, REQUEST, at(1800))).rejects.toThrow();

  stage.step = () => undefined;
  expect(await lookAtRequest(stage.ports, REQUEST, at(3600))).toMatchObject({ done: true });

  expect(stage.answers).toHaveLength(1);
  await recover(stage, records);
  expect(stage.answers).toHaveLength(1);
});
