/**
 * Whether a check is at least as strict as another one, field by field. What the tables below do not name has to stay the same: a kind
 * or a field that is missing there can make a stricter check count as weaker, and never the other way round.
 */
import type {
  CheckKind,
  CheckPlan,
  CheckTiming,
  FindingLimits,
  LicensePolicyPlan,
  WaiverPlan,
} from '../../contract/checks';
import { waivesNoMore } from './findings';
import { allowsNoMore } from './licenses';
import { same } from './same';

interface Comparison<T> {
  readonly isAsStrict: (before: T, after: T) => boolean;
  /** With a stricter value the check fails in more cases, and can tell in as many as before. */
  readonly stillTells?: true;
}

type Comparisons<T> = { readonly [Field in keyof T]?: Comparison<T[Field]> };
type Limit = Comparison<number | undefined>;

const ANYTHING: Comparison<unknown> = { isAsStrict: () => true };
const LESS: Limit = {
  isAsStrict: (before, after) => Number.isFinite(after) && Number(after) <= (before ?? Infinity),
};
const MORE: Limit = {
  isAsStrict: (before, after) => Number.isFinite(after) && Number(after) >= (before ?? -Infinity),
};
const LESS_FAILS: Limit = { ...LESS, stillTells: true };
const MORE_FAILS: Limit = { ...MORE, stillTells: true };

const OF_EACH_KIND: Comparisons<CheckTiming> = {
  id: ANYTHING,
  title: ANYTHING,
  failureLimit: LESS_FAILS,
  consecutiveErrorLimit: LESS,
  inconclusiveLimit: LESS,
  minSamples: MORE,
};

const FINDING_LIMITS: Comparisons<FindingLimits> = {
  critical: LESS_FAILS,
  high: LESS_FAILS,
  medium: LESS_FAILS,
  low: LESS_FAILS,
  unrated: LESS_FAILS,
};
const FINDINGS: Comparison<FindingLimits> = {
  isAsStrict: (before, after) => everyField(before, after, FINDING_LIMITS, strict),
  stillTells: true,
};
const WAIVERS: Comparison<readonly WaiverPlan[]> = { isAsStrict: waivesNoMore, stillTells: true };

const LICENSES: Comparison<LicensePolicyPlan> = {
  isAsStrict: (before, after) => Array.isArray(after.licenses) && allowsNoMore(before, after),
  stillTells: true,
};

const FAILURES: Comparison<'ALL' | 'NEW'> = {
  isAsStrict: (before, after) => after === 'ALL' || after === before,
  stillTells: true,
};

/** The version of a function changes with each of its deployments. */
const FUNCTION: Comparison<string> = {
  isAsStrict: (before, after) => withoutVersion(before) === withoutVersion(after),
};

/** A metric of one version of a function is that of the next version in the next release. */
const METRICS: Comparison<unknown> = {
  isAsStrict: (before, after) => same(ofAnyVersion(before), ofAnyVersion(after)),
  stillTells: true,
};

const OF_KIND: { readonly [Kind in CheckKind]?: Comparisons<Extract<CheckPlan, { readonly kind: Kind }>> } = {
  // They follow the bake time, which is compared by itself.
  canary: { points: MORE_FAILS, metrics: METRICS },
  // Some reports know of no branches: the check cannot tell then.
  codeCoverage: { minLinePercent: MORE_FAILS, minBranchPercent: MORE, maxDropPoints: LESS },
  ecsService: { maxFailedTasks: LESS_FAILS },
  errorRatio: { maxPercent: LESS, minRequests: MORE, errors: METRICS, requests: METRICS },
  http: { maxMilliseconds: LESS_FAILS },
  imageScan: { limits: FINDINGS, waivers: WAIVERS, maxAge: LESS },
  licenses: { policy: LICENSES, waivers: WAIVERS },
  lambda: { functionArn: FUNCTION },
  logQuery: { maxMatches: LESS_FAILS },
  metric: { atLeast: MORE_FAILS, atMost: LESS_FAILS, source: METRICS },
  securityFindings: { limits: FINDINGS, waivers: WAIVERS },
  syntheticsCanary: { maxRunAge: LESS },
  targetGroup: { minHealthy: MORE, minHealthyPercent: MORE },
  testReport: { minTests: MORE_FAILS, maxSkipped: LESS_FAILS, failures: FAILURES },
};

/** The same measurement, that forgives no more. */
export function isAsStrict(before: CheckPlan, after: CheckPlan): boolean {
  return everyField(before, after, comparisonsOf(before), strict);
}

/** The same measurement, that can tell wherever the former could. */
export function tellsAsOften(before: CheckPlan, after: CheckPlan): boolean {
  return everyField(
    before,
    after,
    comparisonsOf(before),
    (comparison, was, is) =>
      strict(comparison, is, was) || (comparison.stillTells === true && strict(comparison, was, is)),
  );
}

/** Values are those of the field that the comparison stands for. Only a limit may be new. */
type AnyComparison = Comparison<never>;

function strict({ isAsStrict: compare }: AnyComparison, before: unknown, after: unknown): boolean {
  const isAlike = shapeOf(before) === shapeOf(after) || (before === undefined && typeof after === 'number');
  return isAlike && compare(before as never, after as never);
}

function shapeOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'array' : typeof value;
}

function comparisonsOf({ kind }: CheckPlan): object {
  return { ...OF_EACH_KIND, ...(Object.hasOwn(OF_KIND, kind) ? OF_KIND[kind] : {}) };
}

function everyField(
  before: object,
  after: object,
  comparisons: object,
  holds: (comparison: AnyComparison, before: unknown, after: unknown) => boolean,
): boolean {
  const compared = new Map<string, AnyComparison>(Object.entries(comparisons));
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))] as const;
  return [...new Set([...was.keys(), ...is.keys()])].every((field) => {
    const comparison = compared.get(field);
    return (
      same(was.get(field), is.get(field)) ||
      (comparison !== undefined && holds(comparison, was.get(field), is.get(field)))
    );
  });
}

/** An alias is no version, and a name may be a number. */
function withoutVersion(functionArn: string): string {
  return functionArn.replace(/(:function:[^:]+):\d+$/, '$1');
}

/** Lambda names the version in the dimension `ExecutedVersion`, and behind the name in `Resource`. */
function ofAnyVersion(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(ofAnyVersion);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) =>
      name === 'ExecutedVersion' && /^\d+$/.test(String(one))
        ? [name, 'any version']
        : name === 'Resource'
          ? [name, String(one).replace(/:\d+$/, '')]
          : [name, ofAnyVersion(one)],
    ),
  );
}
