import { RequestStore } from '../../../lambda/aws/request-store';
import { Table } from '../../../lambda/aws/table';
import { withMeasurement } from '../../../lambda/domain/check-tally';
import type { Asked } from '../../../lambda/domain/request';
import {
  EVIDENCE,
  ANA,
  at,
  BO,
  checkPlan,
  days,
  GATE,
  outcomeOf,
  REQUEST,
  runOf,
  shownOf,
  START,
  voteOf,
} from '../samples';
import { LocalTable } from '../table';

const ASKED: Asked = { ...GATE, at: START, by: 'NOTIFICATION' };
const TTL = Date.parse(at(days(430))) / 1000;

let local: LocalTable;
let rows: Table;
let store: RequestStore;

beforeAll(async () => {
  local = await LocalTable.start();
});

afterAll(() => local.stop());

beforeEach(async () => {
  rows = new Table(local.documents, await local.create());
  store = new RequestStore(rows);
  await store.open(REQUEST, ASKED);
});

const records = async () => (await store.load(REQUEST))!;
const request = async () => (await records()).request;
const row = async (sk: string) => (await rows.query(REQUEST)).find((one) => one['sk'] === sk);
const wait = () => store.identify(REQUEST, 'run#1', runOf(), shownOf());

describe('a request', () => {
  test('is opened once', async () => {
    expect(await store.open(REQUEST, { ...ASKED, at: at(60) })).toBe(false);

    expect(await request()).toEqual({ phase: 'OPENED', id: REQUEST, asked: ASKED });
    expect(await row('meta')).toMatchObject({ v: 2, ttl: TTL });
    expect(await store.load('f'.repeat(32))).toBeUndefined();
  });

  test('waits from the moment when its run is known, and is found by it', async () => {
    expect(await wait()).toBe(true);

    expect(await request()).toEqual({ phase: 'WAITING', id: REQUEST, asked: ASKED, run: runOf(), shown: shownOf() });
    expect(await store.requestsOfRun('run#1')).toEqual([REQUEST]);
    expect(await rows.query('run#1')).toEqual([{ pk: 'run#1', sk: REQUEST, ttl: TTL }]);
  });

  test('is identified once: who was invited, and until when, does not change', async () => {
    await wait();

    expect(await store.identify(REQUEST, 'run#1', runOf({ invited: [BO.id], deadline: at(5) }), shownOf())).toBe(false);

    expect(await request()).toMatchObject({ run: { invited: runOf().invited, deadline: runOf().deadline } });
  });
});

describe('a phase is entered once, from the one before', () => {
  test('an outcome is fixed once, whatever a slower look finds', async () => {
    await wait();
    expect(await store.decide(REQUEST, outcomeOf({ kind: 'REJECTED' }), undefined, EVIDENCE)).toBe(true);

    expect(await store.decide(REQUEST, outcomeOf({ kind: 'APPROVED' }), undefined, EVIDENCE)).toBe(false);
    expect(await store.acknowledge(REQUEST, outcomeOf({ kind: 'EXPIRED' }), at(70))).toBe(false);

    expect(await request()).toMatchObject({ phase: 'DECIDED', outcome: { kind: 'REJECTED' } });
  });

  test('no outcome is fixed by a look that has missed a rejection', async () => {
    await wait();
    await store.countRejection(REQUEST);

    expect(await store.decide(REQUEST, outcomeOf({ kind: 'APPROVED' }), undefined, EVIDENCE)).toBe(false);
    expect(await request()).toMatchObject({ phase: 'WAITING', rejections: 1 });

    await store.countRejection(REQUEST);
    expect(await store.decide(REQUEST, outcomeOf({ kind: 'APPROVED' }), 1, EVIDENCE)).toBe(false);
    expect(await store.decide(REQUEST, outcomeOf({ kind: 'REJECTED' }), 2, EVIDENCE)).toBe(true);
  });

  test('no outcome is fixed by a look that has missed what people are shown since', async () => {
    await wait();
    await store.show(REQUEST, shownOf({ evidence: 'f'.repeat(64) }), EVIDENCE);

    expect(await store.decide(REQUEST, outcomeOf({ kind: 'APPROVED' }), undefined, EVIDENCE)).toBe(false);
    expect(await store.decide(REQUEST, outcomeOf({ kind: 'APPROVED' }), undefined, 'f'.repeat(64))).toBe(true);
  });

  test('a rejection is counted on a request that exists, and makes none', async () => {
    await store.countRejection('f'.repeat(32));

    expect(await rows.query('f'.repeat(32))).toEqual([]);
  });

  test('an outcome that CodePipeline has already needs no delivery', async () => {
    await wait();

    expect(await store.acknowledge(REQUEST, outcomeOf({ by: 'BYPASS' }), at(70))).toBe(true);

    expect(await request()).toMatchObject({ phase: 'DELIVERED', outcome: { by: 'BYPASS' }, deliveredAt: at(70) });
    expect(await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE)).toBe(false);
    expect(await store.delivered(REQUEST, at(80))).toBe(false);
  });

  test('an approval that ends before its run is known is acknowledged too', async () => {
    expect(await store.acknowledge(REQUEST, outcomeOf({ kind: 'STOPPED' }), at(70))).toBe(true);
  });

  test('a delivery is recorded once', async () => {
    await wait();
    expect(await store.delivered(REQUEST, at(60))).toBe(false);
    await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE);
    expect(await store.delivered(REQUEST, at(70))).toBe(true);

    expect(await store.delivered(REQUEST, at(80), outcomeOf({ kind: 'EXPIRED' }))).toBe(false);

    expect(await request()).toMatchObject({ phase: 'DELIVERED', deliveredAt: at(70) });
    expect(await request()).not.toHaveProperty('overtakenBy');
  });

  test('what came before the delivery is kept with it', async () => {
    await wait();
    await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE);

    await store.delivered(REQUEST, at(70), outcomeOf({ kind: 'EXPIRED', by: 'CODEPIPELINE' }));

    expect(await request()).toMatchObject({ outcome: outcomeOf(), overtakenBy: { kind: 'EXPIRED' } });
  });

  test('only a delivered request is closed', async () => {
    await wait();
    expect(await store.close(REQUEST, at(60))).toBe(false);
    await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE);
    expect(await store.close(REQUEST, at(60))).toBe(false);
    await store.delivered(REQUEST, at(70));

    expect(await store.close(REQUEST, at(80))).toBe(true);

    expect(await request()).toMatchObject({ phase: 'CLOSED', closedAt: at(80) });
  });

  test('a request is in the index of open ones until it is closed', async () => {
    const index = async () => {
      const row = (await rows.query(REQUEST)).find(({ sk }) => sk === 'meta');
      return [row?.['open'], row?.['openSince']];
    };
    await wait();
    await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE);
    await store.delivered(REQUEST, at(70));
    expect(await index()).toEqual(['OPEN', (await request())?.asked.at]);

    await store.close(REQUEST, at(80));

    expect(await index()).toEqual([undefined, undefined]);
  });

  test('a request that does not exist has none', async () => {
    expect(await store.decide('f'.repeat(32), outcomeOf(), undefined, EVIDENCE)).toBe(false);
    expect(await rows.query('f'.repeat(32))).toEqual([]);
  });
});

describe('what people are shown', () => {
  beforeEach(wait);

  test('is not replaced by a look that saw something older', async () => {
    const evidence = (letter: string) => shownOf({ evidence: letter.repeat(64) });
    expect(await store.show(REQUEST, evidence('a'), shownOf().evidence)).toBe(true);
    expect(await store.show(REQUEST, evidence('b'), 'a'.repeat(64))).toBe(true);

    expect(await store.show(REQUEST, evidence('c'), 'a'.repeat(64))).toBe(false);

    expect(await request()).toMatchObject({ shown: evidence('b') });
  });

  test('does not change once the outcome is fixed', async () => {
    await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE);

    expect(await store.show(REQUEST, shownOf({ newerRunWaiting: true }), shownOf().evidence)).toBe(false);
  });
});

test('people are asked from the first time on', async () => {
  expect(await store.ask(REQUEST, at(1))).toBe(false);
  await wait();
  expect(await store.ask(REQUEST, at(2))).toBe(true);
  expect(await store.ask(REQUEST, at(3))).toBe(false);

  expect(await request()).toMatchObject({ asking: { since: at(2) } });
});

test('why only the console can answer is kept, and taken away', async () => {
  await store.consoleOnly(REQUEST, 'no policy');
  expect((await request()).consoleOnly).toBe('no policy');

  await store.consoleOnly(REQUEST, undefined);
  await store.consoleOnly('f'.repeat(32), 'no policy');
  await store.consoleOnly('f'.repeat(32), undefined);

  expect(await request()).not.toHaveProperty('consoleOnly');
  expect(await rows.query('f'.repeat(32))).toEqual([]);
});

describe('what cannot be read', () => {
  test('is remembered from the first time on', async () => {
    await store.unreadable(REQUEST, at(1));
    await store.unreadable(REQUEST, at(2));
    await store.unreadable('f'.repeat(32), at(2));

    expect((await request()).unreadableSince).toBe(at(1));
    expect(await rows.query('f'.repeat(32))).toEqual([]);
  });

  test('and can be read again is forgotten, once, with the time from which the checks are watched', async () => {
    await store.readable(REQUEST, at(3));
    expect(await request()).not.toHaveProperty('watchedSince');

    await store.unreadable(REQUEST, at(1));
    await store.readable(REQUEST, at(4));
    await store.readable(REQUEST, at(5));

    expect(await request()).toMatchObject({ watchedSince: at(4) });
    expect(await request()).not.toHaveProperty('unreadableSince');
  });

  test('for a moment only leaves the watch as it is', async () => {
    await store.unreadable(REQUEST, at(1));

    await store.readable(REQUEST);

    expect(await request()).toEqual({ phase: 'OPENED', id: REQUEST, asked: ASKED });
  });
});

describe('a vote', () => {
  test('is kept whole', async () => {
    const vote = voteOf(ANA, 'APPROVE', 60, { comment: 'fine' });

    expect(await store.vote(REQUEST, vote)).toBe(true);

    expect((await records()).votes).toEqual([vote]);
    expect(await row(`vote#${ANA.id}`)).toMatchObject({ v: 2, ttl: TTL + 60 });
  });

  test('gives way to a newer one, and to no older one', async () => {
    await store.vote(REQUEST, voteOf(ANA, 'APPROVE', 60));
    expect(await store.vote(REQUEST, voteOf(ANA, 'REJECT', 59))).toBe(false);
    expect(await store.vote(REQUEST, voteOf(ANA, 'REJECT', 61))).toBe(true);
    expect(await store.vote(REQUEST, voteOf(ANA, 'APPROVE', 62))).toBe(true);
    await store.vote(REQUEST, voteOf(BO, 'APPROVE', 1));

    expect((await records()).votes).toMatchObject([{}, {}]);
    expect((await records()).votes.find(({ approver }) => approver === ANA.id)).toMatchObject({
      seq: voteOf(ANA, 'APPROVE', 62).seq,
    });
  });

  test('of an equal sequence number gives way to a rejection, and to nothing else', async () => {
    await store.vote(REQUEST, voteOf(ANA, 'APPROVE', 60));
    expect(await store.vote(REQUEST, voteOf(ANA, 'APPROVE', 60, { sig: 'other' }))).toBe(false);
    expect(await store.vote(REQUEST, voteOf(ANA, 'REJECT', 60, { sig: 'no' }))).toBe(true);
    expect(await store.vote(REQUEST, voteOf(ANA, 'REJECT', 60, { sig: 'no again' }))).toBe(false);
    expect(await store.vote(REQUEST, voteOf(ANA, 'APPROVE', 60))).toBe(false);

    expect((await records()).votes).toMatchObject([{ verdict: 'REJECT', sig: 'no' }]);
  });

  test('given two thousand times is one row', async () => {
    const seconds = Array.from({ length: 2000 }, (_, count) => count);
    for (let from = 0; from < seconds.length; from += 50) {
      await Promise.all(
        seconds.slice(from, from + 50).map((second) => store.vote(REQUEST, voteOf(ANA, 'APPROVE', second))),
      );
    }

    expect(await rows.query(REQUEST)).toHaveLength(2);
    expect((await records()).votes).toMatchObject([{ seq: voteOf(ANA, 'APPROVE', 1999).seq }]);
  });
});

describe('the running state of a check', () => {
  const measurement = (seconds: number) =>
    ({ checkId: 'errors', at: at(seconds), verdict: 'PASS', reason: 'ok' }) as const;
  const first = withMeasurement(undefined, measurement(0), checkPlan(), START);
  const second = withMeasurement(first, measurement(60), checkPlan(), START);

  test('is kept as it is', async () => {
    expect(await store.tally(REQUEST, first, undefined)).toBe(true);
    expect(await store.tally(REQUEST, second, first)).toBe(true);

    expect((await records()).tallies).toEqual([second]);
    expect(await row('check#errors')).toMatchObject({ v: 2, ttl: TTL + 60 });
  });

  test('is not written by a look that did not see the last measurement', async () => {
    await store.tally(REQUEST, first, undefined);
    expect(await store.tally(REQUEST, first, undefined)).toBe(false);
    await store.tally(REQUEST, second, first);

    expect(await store.tally(REQUEST, withMeasurement(first, measurement(61), checkPlan(), START), first)).toBe(false);

    expect((await records()).tallies).toEqual([second]);
  });

  test('is all that is read of its measurements: they are kept elsewhere', async () => {
    await store.record(REQUEST, measurement(0));
    await store.record(REQUEST, measurement(0));
    await store.record(REQUEST, measurement(60));

    expect(await rows.query(`measured#${REQUEST}`)).toEqual([
      { ...measurement(0), pk: `measured#${REQUEST}`, sk: `errors#${at(0)}`, ttl: TTL },
      { ...measurement(60), pk: `measured#${REQUEST}`, sk: `errors#${at(60)}`, ttl: TTL + 60 },
    ]);
    expect(await rows.query(REQUEST)).toHaveLength(1);
  });
});

describe('further people', () => {
  const invited = async () => ((await request()) as { run?: { invited: unknown } }).run?.invited;

  test('are invited once, when people are asked already, and while the request waits', async () => {
    await wait();
    expect(await store.escalate(REQUEST, ['c'.repeat(12)], at(1))).toBe(false);
    await store.ask(REQUEST, at(2));

    expect(await store.escalate(REQUEST, ['c'.repeat(12)], at(3))).toBe(true);
    expect(await store.escalate(REQUEST, ['c'.repeat(12)], at(4))).toBe(false);

    expect((await records()).request).toMatchObject({ asking: { since: at(2), escalatedAt: at(3) } });
    expect(await invited()).toEqual([...runOf().invited, 'c'.repeat(12)]);
  });

  test('are not invited to a request that is decided', async () => {
    await wait();
    await store.ask(REQUEST, at(2));
    await store.decide(REQUEST, outcomeOf(), undefined, EVIDENCE);

    expect(await store.escalate(REQUEST, ['c'.repeat(12)], at(3))).toBe(false);
    expect(await invited()).toEqual(runOf().invited);
  });
});
