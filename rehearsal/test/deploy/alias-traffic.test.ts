import type { MetricName, Stretch } from '../../aws/metrics';
import { AliasTraffic } from '../../deploy/alias-traffic';
import type { AliasState } from '../../functions/versions';

const MINUTE = 60_000;
let now: number;
let alias: AliasState;
let traffic: AliasTraffic;
let said: Map<string, Stretch[]>;
let tell: (alias: AliasState) => void;

const live = (version: string, weights: Readonly<Record<string, number>> = {}): AliasState => ({
  functionName: 'shop',
  name: 'live',
  arn: 'arn:aws:lambda:eu-west-1:111111111111:function:shop:live',
  version,
  weights,
});

beforeEach(() => {
  now = Date.UTC(2030, 0, 7, 9, 0, 20);
  alias = live('1');
  said = new Map();
  traffic = new AliasTraffic({
    clock: { now: () => now },
    functions: {
      alias: (functionName, name) => (functionName === 'shop' && name === 'live' ? alias : undefined),
      onChange: (listener) => {
        tell = listener;
      },
    },
    watched: {
      metrics: {
        set: ({ name, dimensions }: MetricName, stretch) => {
          const key = [name, ...Object.values(dimensions)].join(' ');
          said.set(key, [...(said.get(key) ?? []), stretch]);
        },
      },
    },
  });
});

function move(after: number, to: AliasState): void {
  now += after * MINUTE;
  alias = to;
  tell(to);
}

/** Counts of so many full minutes from now on. */
function counts(key: string, minutes = 10): (number | undefined)[] {
  const first = Math.ceil(now / MINUTE) * MINUTE;
  return Array.from({ length: minutes }, (_, index) => {
    const minute = first + index * MINUTE;
    const value = said.get(key)?.findLast(({ from, until }) => from <= minute && minute < until)?.value;
    return typeof value === 'function' ? value(minute) : value;
  });
}
const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((total, one) => total + (one ?? 0), 0);

test('requests and errors are counted by function, alias and version', () => {
  traffic.set('shop', 'live', { perMinute: 200, baseline: 0.01, canary: 0.05 });

  for (const whose of ['shop', 'shop shop:live', 'shop shop:live 1']) {
    expect(counts(`Invocations ${whose}`)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(counts(`Errors ${whose}`)).toEqual(Array.from({ length: 10 }, () => 2));
  }
});

test('each version fails as often as the scenario says, on its share of the traffic', () => {
  traffic.set('shop', 'live', { perMinute: 200, baseline: 0.001, canary: 0.05 });
  move(5, live('1', { '2': 0.1 }));

  expect(sum(counts('Invocations shop shop:live 1', 100))).toBe(18_000);
  expect(sum(counts('Errors shop shop:live 1', 100))).toBe(18);
  expect(sum(counts('Invocations shop shop:live 2', 100))).toBe(2_000);
  expect(sum(counts('Errors shop shop:live 2', 100))).toBe(100);
  expect(sum(counts('Errors shop shop:live', 100))).toBe(
    sum(counts('Errors shop shop:live 1', 100)) + sum(counts('Errors shop shop:live 2', 100)),
  );
});

test('a version that no longer serves publishes nothing', () => {
  traffic.set('shop', 'live', { perMinute: 200, baseline: 0, canary: 0.05 });
  move(5, live('2'));

  expect(counts('Invocations shop shop:live 1', 2)).toEqual([undefined, undefined]);
  expect(counts('Errors shop shop:live', 2)).toEqual([10, 10]);

  move(5, live('1'));
  expect(counts('Errors shop shop:live', 2)).toEqual([0, 0]);
  expect(counts('Invocations shop shop:live 2', 2)).toEqual([undefined, undefined]);
});

test('few errors are whole ones, now and then', () => {
  traffic.set('shop', 'live', { perMinute: 20, baseline: 0.01, canary: 0 });

  const errors = counts('Errors shop', 50);
  expect(sum(errors)).toBe(10);
  expect(new Set(errors)).toEqual(new Set([0, 1]));
});

test('a later step starts anew with the version that serves then', () => {
  traffic.set('shop', 'live', { perMinute: 100, baseline: 0, canary: 0.5 });
  move(5, live('2'));
  expect(counts('Errors shop', 1)).toEqual([50]);

  traffic.set('shop', 'live', { perMinute: 100, baseline: 0.01, canary: 0.5 });
  expect(counts('Errors shop', 1)).toEqual([1]);
});

test('an alias that is not scripted, or not there, has no traffic', () => {
  tell(live('2'));
  expect(said.size).toBe(0);
  expect(() => traffic.set('shop', 'beta', { perMinute: 1, baseline: 0, canary: 0 })).toThrow(
    'the function shop has no alias beta',
  );
});
