/** A bake is watched as a gate does it, by the rules of the kinds that look back, over metrics that lack, delay and break minutes. */
import fc from 'fast-check';
import type { CanaryCheckPlan, ErrorRatioCheckPlan, MetricCheckPlan } from '../../../contract/checks';
import type { Measurement } from '../../../contract/messages';
import { canaryFinding, canaryWindow } from '../../../lambda/domain/canary-finding';
import { judgeErrorRatio } from '../../../lambda/domain/error-ratio';
import { judgeLimits } from '../../../lambda/domain/metric-limits';
import {
  metricWindow,
  newWindow,
  settledAt,
  uncountedIn,
  wholeWindow,
  type MetricPoint,
} from '../../../lambda/domain/metric-window';
import { driveGate, type Driven, type Finder } from '../check-driver';
import { TIMING } from '../check-timing';

const MINUTE = 60_000;
const SINCE = '2026-11-23T10:00:00.000Z';
const START = Date.parse(SINCE);
const SOURCE = { region: 'eu-west-1', period: 60, queries: [] };
/** Minutes of the bake. */
const BAKE = 16;
const TIMES = { ...TIMING, id: 'a', title: 'a' };

const METRIC: MetricCheckPlan = {
  ...TIMES,
  kind: 'metric',
  source: SOURCE,
  atMost: 5,
  missingData: 'INCONCLUSIVE',
};
const RATIO: ErrorRatioCheckPlan = {
  ...TIMES,
  kind: 'errorRatio',
  errors: SOURCE,
  requests: SOURCE,
  maxPercent: 1,
  minRequests: 300,
  missingData: 'INCONCLUSIVE',
};
const CANARY: CanaryCheckPlan = {
  ...TIMES,
  kind: 'canary',
  period: 60,
  points: BAKE,
  minPoints: 5,
  metrics: [
    {
      name: 'latency',
      canary: SOURCE,
      baseline: SOURCE,
      worseWhen: 'HIGHER',
      minEffect: 0.1,
      group: 'all',
      criticality: 'NORMAL',
    },
  ],
  groupWeights: {},
  pass: 95,
  marginal: 75,
};

/** A minute of two metrics. Undefined = it has no data. */
interface Minute {
  readonly one?: number;
  readonly other?: number;
  /** So many minutes after its end both are known. */
  readonly late: number;
}

type Series = readonly Minute[];
type Command = Parameters<Finder>[0];
type Find = (command: Command, series: Series) => Omit<Measurement, 'checkId' | 'at'>;

const startOf = (index: number) => START + index * MINUTE;

function known(series: Series, side: 'one' | 'other', now: number, from = START, to = Infinity): MetricPoint[] {
  return series.flatMap((minute, index) => {
    const at = startOf(index);
    const value = minute[side];
    const isKnown = value !== undefined && at + (1 + minute.late) * MINUTE <= now && at >= from && at < to;
    return isKnown ? [{ at, value }] : [];
  });
}

const findMetric =
  (plan = METRIC): Find =>
  (command, series) => {
    const window = metricWindow(command, plan, 60);
    const points = known(series, 'one', Date.parse(command.now), window.from, window.to);
    return judgeLimits(plan, window, points, command.now);
  };

const findRatio =
  (plan = RATIO): Find =>
  (command, series) => {
    const all = wholeWindow(command, plan, 60);
    const recent = newWindow(command, plan, 60);
    const counts = (side: 'one' | 'other') => known(series, side, Date.parse(command.now), all.from, all.to);
    const windows = { all, uncounted: uncountedIn(all, command), recent };
    return judgeErrorRatio(plan, windows, { errors: counts('one'), requests: counts('other') }, command.now);
  };

const findCanary =
  (plan = CANARY): Find =>
  (command, series) => {
    const window = canaryWindow(plan, command);
    const points = (side: 'one' | 'other') => known(series, side, Date.parse(command.now), window.from, window.to);
    return canaryFinding(
      plan,
      window,
      [{ name: 'latency', canary: points('one'), baseline: points('other') }],
      command.now,
    );
  };

/** Nobody counts on data that can be later than five minutes. */
const minutes = (one: fc.Arbitrary<number | undefined>, other: fc.Arbitrary<number | undefined>) =>
  fc.array(
    fc.record({
      one,
      other,
      late: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(0, 1) }, fc.integer({ min: 2, max: 8 })),
    }),
    { minLength: BAKE + 20, maxLength: BAKE + 20 },
  );
const mostly = (good: fc.Arbitrary<number>, ...bad: readonly (number | undefined)[]) =>
  fc.oneof({ weight: 40, arbitrary: good }, fc.constantFrom(...bad));

interface Kind {
  readonly plan: MetricCheckPlan | ErrorRatioCheckPlan | CanaryCheckPlan;
  readonly find: Find;
  readonly series: fc.Arbitrary<readonly Partial<Minute>[]>;
  /** Counted anew: whether a gate may open at that time. */
  readonly mayOpen: (series: Series, at: number) => boolean;
}

/** How many minutes have had the time for their data. */
const settled = (at: number) => Math.max(0, (settledAt(at, MINUTE) - START) / MINUTE);

const isKnownAt = ({ late }: Minute, index: number, at: number) => startOf(index) + (1 + late) * MINUTE <= at;

const KINDS: Readonly<Record<string, Kind>> = {
  metric: {
    plan: METRIC,
    find: findMetric(),
    series: minutes(mostly(fc.integer({ min: 0, max: 5 }), undefined, NaN, 6), fc.constant(undefined)),
    mayOpen: (series, at) =>
      settled(at) >= BAKE - 4 &&
      series
        .slice(0, settled(at))
        .every((minute, index) => isKnownAt(minute, index, at) && minute.one !== undefined && minute.one <= 5),
  },
  'error ratio': {
    plan: RATIO,
    find: findRatio(),
    series: minutes(mostly(fc.constant(0), undefined, NaN, 1, 40), mostly(fc.nat(60), undefined, NaN)),
    mayOpen: (series, at) => {
      const seen = series.slice(0, settled(at));
      const sum = (side: 'one' | 'other') => seen.reduce((total, minute) => total + (minute[side] ?? NaN), 0);
      return (
        seen.every((minute, index) => isKnownAt(minute, index, at)) &&
        sum('other') >= 300 &&
        100 * sum('one') <= sum('other')
      );
    },
  },
  canary: {
    plan: CANARY,
    find: findCanary(),
    series: minutes(mostly(fc.integer({ min: 90, max: 110 }), undefined, NaN), fc.integer({ min: 90, max: 110 })),
    mayOpen: (series, at) => {
      const there = series
        .slice(0, Math.min(BAKE, settled(at)))
        .filter((minute, index) => isKnownAt(minute, index, at) && Number.isFinite(minute.one));
      return settled(at) >= BAKE && there.length >= 0.9 * BAKE;
    },
  },
};

function drive({ plan }: Kind, find: Find, series: Series): Driven {
  return driveGate(
    { checks: [plan], bakeMinutes: BAKE, since: SINCE },
    (command) => ({ ...find(command, series), checkId: 'a', at: command.now }),
    new Date(startOf(BAKE + 19)).toISOString(),
  );
}

function opensOnlyWhenItMay(kind: Kind, find: Find, seen: string[] = []) {
  return fc.property(kind.series, (series) => {
    const { evaluation, at } = drive(kind, find, series as Series);
    seen.push(evaluation.verdict);
    return evaluation.verdict !== 'PASS' || kind.mayOpen(series as Series, Date.parse(at));
  });
}

const kindNamed = (name: string): Kind => KINDS[name] as Kind;

test.each(Object.keys(KINDS))('whatever a minute of the %s has, its gate opens only by all that it needs', (name) => {
  const kind = kindNamed(name);
  const seen: string[] = [];

  fc.assert(opensOnlyWhenItMay(kind, kind.find, seen), { numRuns: 1_000 });

  expect(seen.filter((verdict) => verdict === 'PASS').length).toBeGreaterThan(50);
  expect(seen.filter((verdict) => verdict !== 'PASS').length).toBeGreaterThan(50);
});

const takenForGood =
  (verdict: Measurement['verdict'], find: Find): Find =>
  (command, series) => {
    const found = find(command, series);
    return found.verdict === verdict ? { ...found, verdict: 'PASS', healthySince: command.since } : found;
  };
/** Only finite values, as if the others had never been. */
const withoutBroken =
  (find: Find): Find =>
  (command, series) =>
    find(
      command,
      series.map((minute) => (Number.isFinite(minute.one) ? minute : { ...minute, one: 0 })),
    );
const asOfTheFirstGood = (find: Find): Find => {
  let good: ReturnType<Find> | undefined;
  return (command, series) => {
    good = command.now === SINCE ? undefined : good;
    const found = good ?? find(command, series);
    good ??= found.verdict === 'PASS' ? found : undefined;
    return { ...found, ...(found.verdict === 'PASS' ? { healthySince: command.since } : {}) };
  };
};

describe('whatever opens a gate by less is found by that', () => {
  test.each<[string, string, Find]>([
    ['metric', 'minutes that are missing', findMetric({ ...METRIC, missingData: 'HEALTHY' })],
    ['metric', 'what was measured before', asOfTheFirstGood(findMetric())],
    ['metric', 'a period that is not over', takenForGood('IN_PROGRESS', findMetric())],
    ['metric', 'a value that is none', withoutBroken(findMetric())],
    [
      'metric',
      'an overlap that is too short',
      (command, series) => findMetric()({ ...command, since: command.lastFinding ?? command.since }, series),
    ],
    ['error ratio', 'minutes that are missing', findRatio({ ...RATIO, missingData: 'HEALTHY' })],
    ['error ratio', 'what was measured before', asOfTheFirstGood(findRatio())],
    ['error ratio', 'work that goes on', takenForGood('IN_PROGRESS', findRatio())],
    ['error ratio', 'a count that is none', withoutBroken(findRatio())],
    ['error ratio', 'too few requests', findRatio({ ...RATIO, minRequests: 30 })],
    ['canary', 'data that is missing', takenForGood('INCONCLUSIVE', findCanary())],
    ['canary', 'a look in between', takenForGood('IN_PROGRESS', findCanary())],
    ['canary', 'too few data points', findCanary({ ...CANARY, points: 8 })],
  ])('%s: %s', (name, _, find) => {
    expect(fc.check(opensOnlyWhenItMay(kindNamed(name), find), { numRuns: 2_000, endOnFailure: true }).failed).toBe(
      true,
    );
  });
});
