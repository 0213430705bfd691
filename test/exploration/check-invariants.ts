/** What must hold of the checks of a gate that opens, by what really was so, and by what the process that decided had measured. */
import type { CheckPlan } from '../../contract/checks';
import type { Measurement } from '../../contract/messages';
import { checksOf, type GatePolicy } from '../../contract/policy';
import { Pace } from '../../lambda/domain/limits';
import type { Outcome } from '../../lambda/domain/request';
import { minutesKnown, REQUESTS } from './check-services';
import type { Maker } from './invariants';
import { must, type Invariant } from './violation';
import { iso, metaOf, MINUTE, REQUEST, SECOND, type World } from './world';

const IS_MEASURED: Invariant =
  'no gate opens by a measurement that is missing, stale, unfinished, erroneous or too small';

export function plansOf({ rule }: GatePolicy): readonly CheckPlan[] {
  const source = checksOf(rule)?.source;
  return source !== undefined && 'plans' in source ? source.plans : [];
}

/** Kinds that judge by what was, and not only by what is at the moment. */
export function looksBack({ kind }: CheckPlan): boolean {
  return kind === 'metric' || kind === 'errorRatio' || kind === 'canary';
}

/** An approval that depends on health: each check was measured by this process, or by one of which it knows. */
export function checkMeasured(after: World, outcome: Outcome, by: Maker, policy: GatePolicy): void {
  for (const plan of plansOf(policy).filter(({ observeOnly }) => !observeOnly)) {
    const last = newestOf(plan, by);
    must(IS_MEASURED, last?.verdict === 'PASS', () => `${plan.title} was ${last?.verdict ?? 'not measured'}`);
    const rests = policy.rule.kind === 'GUARDED' ? Pace.RESTING_CHECK : 0;
    const age = by.startedAt - Date.parse(last?.at ?? '');
    const longest = rests + 2 * plan.interval * SECOND + 2 * MINUTE;
    must(IS_MEASURED, age <= longest, () => `${plan.title} was measured ${age / SECOND} s before`);
    if (outcome.by === 'CHECKS') {
      checkKnownMinutes(plan, after, Date.parse(last?.at ?? ''), policy);
    }
  }
}

/** What it measured itself, or what it loaded; a failure comes before all else of the same time. */
function newestOf({ id }: CheckPlan, { loaded = [], measured }: Maker): Measurement | undefined {
  const rows = loaded.filter(({ pk, sk }) => pk === REQUEST && sk === `check#${id}`);
  const all = [...rows.map(({ fields }) => fields['last'] as Measurement), ...measured];
  const [newest] = all
    .filter(({ checkId }) => checkId === id)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || RANK[a.verdict] - RANK[b.verdict]);
  return newest;
}

const RANK: Readonly<Record<Measurement['verdict'], number>> = {
  FAIL: 0,
  PASS: 1,
  INCONCLUSIVE: 2,
  ERROR: 2,
  IN_PROGRESS: 2,
};

/** Minute by minute, as it really was: as far as was known when it was measured last. */
function checkKnownMinutes(plan: CheckPlan, world: World, at: number, policy: GatePolicy): void {
  if (!looksBack(plan)) {
    return;
  }
  const since = Date.parse(String(metaOf(world)?.fields['watchedSince'] ?? sinceOf(world)));
  // The code waits a minute longer than the services need.
  const minutes = minutesKnown(world.health, since, at - MINUTE);
  const bad = minutes.filter((kind) => kind === 'FAIL').length;
  const told = minutes.filter((kind) => kind !== undefined);
  const said = () => `${told.length} of ${minutes.length} minutes until ${iso(at)} are known, ${bad} of them bad`;
  switch (plan.kind) {
    case 'metric': {
      const bake = (checksOf(policy.rule)?.bakeMinutes ?? 0) * MINUTE;
      const least = (bake - 2 * plan.interval * SECOND) / MINUTE - 2;
      must(IS_MEASURED, bad === 0 && told.length >= least, said);
      return;
    }
    case 'errorRatio': {
      const requests = told.reduce((sum, kind) => sum + REQUESTS[kind], 0);
      must(IS_MEASURED, requests >= plan.minRequests && bad === 0, () => `${requests} requests; ${said()}`);
      return;
    }
    case 'canary': {
      const most = minutes.slice(0, plan.points);
      const enough = most.filter((kind) => kind !== undefined).length >= 0.9 * plan.points;
      must(IS_MEASURED, most.length === plan.points && enough && bad < most.length, said);
      return;
    }
  }
}

function sinceOf(world: World): string {
  return (metaOf(world)?.fields['run'] as { readonly identifiedAt: string }).identifiedAt;
}

/** Since when what the checks of a gate look at has not been well; undefined when it is. */
export function redSince({ health }: World, plans: readonly CheckPlan[], time: number): number | undefined {
  const [plan] = plans;
  const { verdict, since, until = Infinity } = health;
  switch (plan?.kind) {
    case 'changeCalendar':
      return verdict === 'IN_PROGRESS' && time < until ? since : undefined;
    case 'securityFindings': {
      const end = Date.parse(`${plan.waivers[0]?.until ?? ''}T24:00:00Z`);
      return verdict === 'FAIL' && time >= end ? Math.max(since, end) : undefined;
    }
    case 'changeSet':
      return verdict === 'FAIL' ? since : undefined;
    case 'metric':
    case 'errorRatio':
      // A minute is known some minutes after it began.
      return verdict === 'FAIL' ? since + 4 * MINUTE : undefined;
    case 'canary':
      // The whole bake is compared, and no minute of it fails alone.
      return undefined;
    default:
      return verdict === 'PASS' ? undefined : since;
  }
}
