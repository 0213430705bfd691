import type { MetricName, Stretch } from '../../aws/metrics';
import type { ApiStageState } from '../../aws/rest-apis';
import { StageTraffic } from '../../deploy/stage-traffic';
import type { Resource } from '../../template/model';

const MINUTE = 60_000;
const NOW = Date.UTC(2030, 0, 7, 9);
const production = { id: 'd1', description: '', createdAt: 0, revision: 'first', broken: false };

function resource(type: string, properties: object): Resource {
  const base = {
    stack: 'Shop',
    account: '111111111111',
    region: 'eu-west-1',
    logicalId: 'x',
    attributes: {},
    dependsOn: [],
  };
  return { ...base, type, physicalId: 'x', properties };
}

const filter = (FilterPattern: string, MetricName: string, LogGroupName = '/shop/Canary') =>
  resource('AWS::Logs::MetricFilter', {
    FilterPattern,
    LogGroupName,
    MetricTransformations: [{ MetricNamespace: 'Shop', MetricName }],
  });

function stand(filters: readonly Resource[]) {
  let stage: ApiStageState = { apiId: 'a1', path: 'shop/prod', production };
  let tell: (stage: ApiStageState) => void = () => undefined;
  const said = new Map<string, Stretch>();
  const DestinationArn = 'arn:aws:logs:eu-west-1:111111111111:log-group:/shop';
  const resources = [
    ...filters,
    resource('AWS::ApiGateway::Stage', { RestApiId: 'a1', StageName: 'prod', AccessLogSetting: { DestinationArn } }),
  ];
  const traffic = new StageTraffic({
    clock: { now: () => NOW },
    resources: (type) => resources.filter((one) => one.type === type),
    restApis: {
      get all() {
        return new Map([['shop/prod', stage]]);
      },
      onChange: (listener) => {
        tell = listener;
      },
    },
    watched: { metrics: { set: ({ name }: MetricName, stretch) => void said.set(name, stretch) } },
  });
  const give = (percent?: number) => {
    stage = {
      ...stage,
      canary: percent === undefined ? undefined : { snapshot: { ...production, id: 'd2' }, percent },
    };
    tell(stage);
  };
  const inTen = (name: string) => {
    const value = said.get(name)?.value;
    if (typeof value !== 'function') return value;
    return Array.from({ length: 10 }, (_, minute) => value(NOW + minute * MINUTE)).reduce((sum, one) => sum + one, 0);
  };
  return { traffic, give, said, inTen };
}

const FILTERS = [
  filter('', 'requests'),
  filter('{ $.status = "5*" }', 'errors'),
  filter('', 'others', '/other/Canary'),
];

test('requests of the canary and their errors are counted by the filters on its access log', () => {
  const { traffic, give, inTen, said } = stand(FILTERS);
  traffic.set('shop/prod', { perMinute: 500, canary: 0.02 });
  expect(inTen('requests')).toBeUndefined();

  give(10);
  expect([inTen('requests'), inTen('errors')]).toEqual([500, 10]);
  give(20);
  expect([inTen('requests'), inTen('errors')]).toEqual([1000, 20]);
  give();
  expect([inTen('requests'), inTen('errors')]).toEqual([undefined, undefined]);
  expect(said.has('others')).toBe(false);
});

test('requests that the canary refuses are counted beside those that it fails', () => {
  const { traffic, give, inTen } = stand([...FILTERS, filter('{ $.status = "4*" }', 'refused')]);
  traffic.set('shop/prod', { perMinute: 500, canary: 0.02, canaryRefuses: 0.5 });
  give(10);
  expect(['requests', 'errors', 'refused'].map(inTen)).toEqual([500, 10, 250]);

  traffic.set('shop/prod', { perMinute: 500, canary: 0.02 });
  expect(inTen('refused')).toBe(0);
});

test('a stage that nobody told of publishes nothing', () => {
  const { give, said } = stand(FILTERS);
  give(10);

  expect(said.size).toBe(0);
});

test('what the rehearsal cannot count is said', () => {
  const { traffic } = stand([filter('{ $.latency > 100 }', 'slow')]);

  expect(() => traffic.set('shop/prod', { perMinute: 1, canary: 0 })).toThrow(/filter pattern \{ \$.latency > 100 \}/);
  expect(() => traffic.set('shop/none', { perMinute: 1, canary: 0 })).toThrow('the app has no stage shop/none');
});
