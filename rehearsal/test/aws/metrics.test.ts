import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricName } from '../../aws/metrics';
import { World } from '../../world';
import { synthesize } from '../world/synthetic-app';

const MINUTE = 60_000;
let world: World;
let client: CloudWatchClient;
let start: number;

beforeEach(async () => {
  world = await World.create(synthesize());
  const { endpoint } = world;
  client = new CloudWatchClient({ region: 'eu-west-1', endpoint, credentials: world.credentials(), maxAttempts: 1 });
  start = world.clock.now();
});
afterEach(() => world.close());

const ORDERS: MetricName = { namespace: 'Shop', name: 'Orders', dimensions: { Stage: 'prod', Api: 'shop' } };
const ofOrders = (Stat: string, Period = 60, name = ORDERS): MetricDataQuery => ({
  Id: 'm1',
  MetricStat: {
    Metric: {
      Namespace: name.namespace,
      MetricName: name.name,
      Dimensions: Object.entries(name.dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period,
    Stat,
  },
});
const say = (from: number, value?: number, more: object = {}, name = ORDERS) =>
  world.watched.metrics.set(name, { from: start + from * MINUTE, until: Infinity, value, ...more });
const expression = (text: string): MetricDataQuery => ({ Id: 'e1', Expression: text, Period: 60 });

async function read(minutes: number, ...queries: MetricDataQuery[]) {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries.map((query, index) => ({ ...query, ReturnData: index === 0 })),
      StartTime: new Date(start),
      EndTime: new Date(start + minutes * MINUTE),
      ScanBy: 'TimestampAscending',
    }),
  );
  const [{ Timestamps = [], Values = [], StatusCode, Messages } = {}] = MetricDataResults;
  const minute = (time: Date) => (time.getTime() - start) / MINUTE;
  return { values: Timestamps.map((time, index) => [minute(time), Values[index]]), StatusCode, Messages };
}

test('each metric is billed that a request reads, however many statistics and expressions are made of it', async () => {
  const returns: MetricName = { ...ORDERS, name: 'Returns' };
  await read(
    5,
    { ...expression('m1 / m2'), Id: 'e1' },
    ofOrders('Sum'),
    { ...ofOrders('Sum', 60, returns), Id: 'm2' },
    { ...ofOrders('Average'), Id: 'm3' },
  );
  expect(world.counts().metricsRead).toBe(2);
});

test('a metric that nobody scripted has no data, and that is complete', async () => {
  await world.clock.advanceBy(10 * MINUTE);
  expect(await read(5, ofOrders('Sum'))).toMatchObject({ values: [], StatusCode: 'Complete' });
});

test('a minute shows up a minute after its end, or as late as the scenario says', async () => {
  say(0, 3);
  await world.clock.advanceBy(2 * MINUTE - 1);
  expect((await read(5, ofOrders('Sum'))).values).toEqual([]);
  await world.clock.advanceBy(1);
  expect((await read(5, ofOrders('Sum'))).values).toEqual([[0, 3]]);

  say(1, 9, { lag: 5 * MINUTE });
  await world.clock.advanceBy(4 * MINUTE);
  expect((await read(5, ofOrders('Sum'))).values).toEqual([[0, 3]]);
  await world.clock.advanceBy(MINUTE);
  expect((await read(5, ofOrders('Sum'))).values).toEqual([
    [0, 3],
    [1, 9],
  ]);
});

test('a later value goes over an earlier one, for a while or for good, and silence too', async () => {
  say(0, 1);
  world.watched.metrics.set(ORDERS, { from: start + MINUTE, until: start + 2 * MINUTE, value: 7 });
  say(3, undefined);
  await world.clock.advanceBy(10 * MINUTE);

  expect((await read(5, ofOrders('Sum'))).values).toEqual([
    [0, 1],
    [1, 7],
    [2, 1],
  ]);
});

test('a metric has its own dimensions, in any order, and no others', async () => {
  say(0, 1);
  await world.clock.advanceBy(10 * MINUTE);

  const turned = { ...ORDERS, dimensions: { Api: 'shop', Stage: 'prod' } };
  expect((await read(1, ofOrders('Sum', 60, turned))).values).toHaveLength(1);
  expect((await read(1, ofOrders('Sum', 60, { ...ORDERS, dimensions: { Api: 'shop' } }))).values).toEqual([]);
});

test.each([
  ['Sum', 15],
  ['Average', 3],
  ['Minimum', 1],
  ['Maximum', 5],
  ['SampleCount', 5],
  ['p50', 3],
  ['p90', 5],
])('a period of five minutes has the %s of its minutes', async (statistic, value) => {
  [1, 2, 3, 4, 5].forEach((number, minute) => say(minute, number));
  await world.clock.advanceBy(10 * MINUTE);

  expect((await read(5, ofOrders(statistic, 300))).values).toEqual([[0, value]]);
});

test('a spread is within its limits, and the same at every run', async () => {
  say(0, 100.5, { spread: 10 });
  await world.clock.advanceBy(60 * MINUTE);

  const { values } = await read(50, ofOrders('Sum'));
  const numbers = values.map(([, value]) => value!);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(90.5);
  expect(Math.max(...numbers)).toBeLessThanOrEqual(110.5);
  expect(new Set(numbers).size).toBeGreaterThan(40);
  expect((await read(50, ofOrders('Sum'))).values).toEqual(values);
});

test('whole numbers stay whole with a whole spread', async () => {
  say(0, 100, { spread: 10 });
  await world.clock.advanceBy(60 * MINUTE);

  const numbers = (await read(50, ofOrders('Sum'))).values.map(([, value]) => value!);
  expect(numbers.every((value) => Number.isInteger(value) && value >= 90 && value <= 110)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(10);
});

describe('metric math', () => {
  const errors: MetricName = { ...ORDERS, name: 'Errors' };
  const ofErrors: MetricDataQuery = { ...ofOrders('Sum', 60, errors), Id: 'm2' };

  test.each<[string, (number | undefined)[][]]>([
    [
      'm1',
      [
        [0, 4],
        [1, 4],
        [2, 0],
      ],
    ],
    ['100 * m2 / (m1 + m2)', [[0, 20]]],
    [
      'm1 - 2 * 1.5',
      [
        [0, 1],
        [1, 1],
        [2, -3],
      ],
    ],
    [
      '-m1 + 1',
      [
        [0, -3],
        [1, -3],
        [2, 1],
      ],
    ],
    [
      'FILL(m2, 0) + m1',
      [
        [0, 5],
        [1, 4],
        [2, 0],
      ],
    ],
    [
      'FILL(m2, 0 - 1)',
      [
        [0, 1],
        [1, -1],
        [2, -1],
      ],
    ],
    [
      'IF(m1 >= 4, m1, 0 - 1)',
      [
        [0, 4],
        [1, 4],
        [2, -1],
      ],
    ],
    [
      'IF(m1 > 0, 8 / m1, 0)',
      [
        [0, 2],
        [1, 2],
        [2, 0],
      ],
    ],
    [
      'IF(m1 > 2, m2, 7)',
      [
        [0, 1],
        [2, 7],
      ],
    ],
    ['IF(1 == 2, m1, m2)', [[0, 1]]],
    [
      '(m1 != 4) + (m1 < 4) * 10 + (m1 <= 4) * 100',
      [
        [0, 100],
        [1, 100],
        [2, 111],
      ],
    ],
    [
      '1 / m1',
      [
        [0, 0.25],
        [1, 0.25],
      ],
    ],
  ])('%s', async (text, values) => {
    say(0, 4);
    say(2, 0);
    world.watched.metrics.set(errors, { from: start, until: start + MINUTE, value: 1 });
    await world.clock.advanceBy(10 * MINUTE);

    expect((await read(3, expression(text), ofOrders('Sum'), ofErrors)).values).toEqual(values);
  });

  test('says that a division by zero left something out', async () => {
    say(0, 0);
    await world.clock.advanceBy(10 * MINUTE);

    expect(await read(1, expression('1 / m1'), ofOrders('Sum'))).toMatchObject({
      values: [],
      Messages: [{ Code: 'ArithmeticError' }],
    });
  });

  test.each([
    'AVG(METRICS())',
    'm1 +',
    '(m1',
    'IF(m1 > 2, 1)',
    'IF m1',
    'm1 => 2',
    'FILL(m1, REPEAT)',
    'm1 m1',
    'FILL(1, 2)',
    'none * 2',
  ])('is refused where the rehearsal cannot do it: %s', async (text) => {
    await expect(read(1, expression(text), ofOrders('Sum'))).rejects.toThrow(/the rehearsal|no query/);
  });
});

test.each<[string, MetricDataQuery]>([
  ['a statistic', ofOrders('TM(10%:90%)')],
  ['a period under a minute', ofOrders('Sum', 10)],
])('what the rehearsal does not know of metrics is refused: %s', async (_, query) => {
  say(0, 1);
  await world.clock.advanceBy(10 * MINUTE);
  await expect(read(1, query)).rejects.toThrow(/the rehearsal|no query/);
});
