import type { AlarmState } from '../../aws/alarms';
import { VersionWatch } from '../../deploy/version-watch';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';

const MINUTE = 60_000;
const CALLS = { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions: [] };

const alarm = (physicalId: string, properties: object): Resource => ({
  stack: 'Shop',
  account: '111111111111',
  region: 'eu-west-1',
  logicalId: physicalId,
  type: 'AWS::CloudWatch::Alarm',
  physicalId,
  properties: { Threshold: 3, ComparisonOperator: 'GreaterThanThreshold', ...properties },
  attributes: {},
  dependsOn: [],
});

function stand(properties: object, valueAt: (start: number) => number | undefined, isKnown = true) {
  const clock = new VirtualClock();
  const said: string[] = [];
  const states = new Map<string, AlarmState>([['errors', 'OK']]);
  const asked: unknown[] = [];
  const watch = new VersionWatch({
    clock,
    resources: () => [alarm('errors', properties), alarm('of another deployment', properties)],
    alarms: {
      idOf: (name) => name,
      state: (name) => states.get(name),
      set: (name, state, reason) => {
        states.set(name, state);
        said.push(`${(clock.now() - began) / MINUTE} min: ${name} ${state}, ${reason}`);
      },
    },
    watched: {
      metrics: {
        knows: () => isKnown,
        valueOf: (query, _queries, start, period) => {
          asked.push({ id: query.Id, start: (start - began) / MINUTE, period: period / MINUTE });
          return valueAt((start - began) / MINUTE);
        },
      },
    },
  });
  const began = clock.now();
  return { clock, watch, said, asked };
}

const SIMPLE = { ...CALLS, Period: 60, Statistic: 'Sum' };

test('an alarm follows its metric, a minute after each period, until the deployment is over', async () => {
  let isOver = false;
  const { clock, watch, said } = stand(SIMPLE, (minute) => (minute === 2 ? 4 : 3));
  watch.begin(['errors'], () => isOver);
  await clock.advanceBy(6 * MINUTE);

  expect(said).toEqual(['4 min: errors ALARM, Invocations was 4', '5 min: errors OK, Invocations was 3']);
  isOver = true;
  await clock.advanceBy(MINUTE);
  expect(clock.pending).toEqual([]);
});

test.each([
  ['notBreaching', ['3 min: errors ALARM, Invocations was 9', '4 min: errors OK, Invocations has no data']],
  ['breaching', ['3 min: errors ALARM, Invocations was 9']],
])(
  'what is red when the deployment is over turns green when nobody calls any more, if that is %s',
  async (how, lines) => {
    const { clock, watch, said } = stand({ ...SIMPLE, TreatMissingData: how }, (minute) =>
      minute === 1 ? 9 : undefined,
    );
    watch.begin(['errors'], () => said.length > 0);
    await clock.advanceBy(6 * MINUTE);

    expect(said).toEqual(lines);
  },
);

test('an alarm on metric math is asked for whole periods of its metrics', async () => {
  const Metrics = [
    { Id: 'more', Expression: 'new - old', Label: 'more errors' },
    { Id: 'new', MetricStat: { Metric: CALLS, Period: 300, Stat: 'Sum' }, ReturnData: false },
    { Id: 'old', MetricStat: { Metric: CALLS, Period: 300, Stat: 'Sum' }, ReturnData: false },
  ];
  const { clock, watch, said, asked } = stand({ Metrics }, () => 3.14159);
  watch.begin(['errors'], () => said.length > 0);
  await clock.advanceBy(11 * MINUTE);

  expect(said).toEqual([expect.stringMatching(/errors ALARM, more errors was 3.14$/)]);
  expect(asked.at(-1)).toMatchObject({ id: 'more', period: 5 });
});

test.each<[string, object, (minute: number) => number | undefined, boolean]>([
  ['a metric without data', SIMPLE, () => undefined, true],
  ['a metric that no step has named', SIMPLE, () => 9, false],
  ['a comparison that nobody knows', { ...SIMPLE, ComparisonOperator: 'GreaterThanUpperThreshold' }, () => 9, true],
])('%s leaves the alarm as it is', async (_what, properties, value, isKnown) => {
  const { clock, watch, said } = stand(properties, value, isKnown);
  watch.begin(['errors'], () => false);
  await clock.advanceBy(3 * MINUTE);

  expect(said).toEqual([]);
});

test.each([
  ['GreaterThanOrEqualToThreshold', 3, 2],
  ['LessThanThreshold', 2, 3],
  ['LessThanOrEqualToThreshold', 3, 4],
])('%s is red with %d, and green with %d', async (ComparisonOperator, red, green) => {
  const { clock, watch, said } = stand({ ...SIMPLE, ComparisonOperator }, (minute) => (minute === 1 ? red : green));
  watch.begin(['errors'], () => false);
  await clock.advanceBy(5 * MINUTE);

  expect(said.map((line) => line.split(' ')[3])).toEqual(['ALARM,', 'OK,']);
});
