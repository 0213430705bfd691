/** What must hold of rollouts, judged from the world alone and by none of the code that is judged. */
import type { Configuration } from './configurations';
import { HOOK_SAMPLES } from './configurations';
import { must } from '../violation';
import { CREDENTIALS } from './functions';
import {
  iso,
  lastOf,
  MINUTE,
  runOf,
  START,
  wasIn,
  type AlarmState,
  type Delivery,
  type Stage,
  type World,
} from './world';

/** What an invocation has found out so far. */
export interface Known {
  readonly delivery: Delivery;
  readonly began: number;
  /** The stage as it was read last. */
  readonly seen?: Stage;
  /** Whether its action was in progress when it read the run last; true where the run could not be read. */
  readonly isOpen?: boolean;
  /** What the alarm was at each measurement. */
  readonly measured: readonly { readonly at: number; readonly state: AlarmState }[];
}

export function checkCall(before: World, after: World, by: Known, configuration: Configuration): void {
  if (before.stage !== after.stage) {
    checkProduction(before, after, by, configuration);
    checkShare(before, after, by, configuration);
    checkOthers(before, after, by);
    checkJob(before, after, by);
  }
  checkSuccess(before, after, by, configuration);
  checkHook(before, after, by, configuration);
}

function checkProduction(before: World, after: World, by: Known, { bakeMinutes }: Configuration): void {
  const { production } = after.stage;
  if (production === before.stage.production || production === by.seen?.production) {
    return;
  }
  if (production !== by.seen?.canary?.id && production === before.stage.canary?.id) {
    // The stage got another canary since it was read: whether all requests were given back is judged at the end.
    return;
  }
  const { run } = by.delivery;
  const attempt = lastOf(before, run);
  const isOwn = by.delivery.kind === 'job' && runOf(after, production) === run;
  must(MOVES, isOwn, () => `${by.delivery.kind} of ${run} gave all requests to ${production}`);
  must(MOVES, by.isOpen === true, () => `${run} was over`);
  if (attempt?.kind === 'ROLLBACK') {
    return;
  }
  const since = before.serves?.run === run ? before.serves.since : undefined;
  const measured = by.measured.at(-1);
  // After a death nobody knows for how long API Gateway let the share wait.
  const counted = since !== undefined && before.isSpoilt ? madeAt(before, production) : since;
  const watched = (measured?.at ?? 0) - (counted ?? Number.POSITIVE_INFINITY);
  must(MOVES, watched >= bakeMinutes * MINUTE, () => `after ${watched / MINUTE} minutes`);
  must(MOVES, measured?.state === 'OK', () => `the alarm was ${measured?.state ?? 'not read'}`);
  must(MOVES, !wasIn(before, 'ALARM', since ?? 0, (measured?.at ?? 0) - 1), () => 'the alarm was red meanwhile');
}

const MOVES = 'all requests move only after a whole bake without a red minute, as it was measured';

function checkShare(before: World, after: World, by: Known, { shift }: Configuration): void {
  const { canary } = after.stage;
  const { run } = by.delivery;
  if (canary === undefined || runOf(after, canary.id) !== run || after.stage.production === canary.id) {
    return;
  }
  const given = after.serves?.since ?? after.clock;
  const since = after.isSpoilt ? Math.min(given, madeAt(after, canary.id)) : given;
  const taken = Math.floor((after.clock - since) / (shift.everyMinutes * MINUTE)) + 1;
  const most = shift.percent * Math.min(taken, shift.steps);
  must('never a larger share than the shift says', canary.percent <= most, () => `${canary.percent} % of ${most} %`);
  const was = before.stage.canary;
  const isSameAttempt = (after.serves?.since ?? 0) >= (lastOf(before, run)?.began ?? 0);
  const shrinks = isSameAttempt && runOf(before, was?.id) === run && (was?.percent ?? 0) > canary.percent;
  must('a share grows, or ends', !shrinks, () => `from ${was?.percent} % to ${canary.percent} %`);
}

function madeAt({ deployments }: World, id: string | undefined): number {
  return deployments.find((one) => one.id === id)?.at ?? 0;
}

/** What comes between a reading and a change is nobody's fault: API Gateway has no changes with a condition. */
function checkOthers(before: World, after: World, { delivery, seen, isOpen }: Known): void {
  const was = before.stage.canary;
  const owner = runOf(before, was?.id);
  const last = lastOf(before, delivery.run);
  // The event of an attempt before this one.
  const isOutdated =
    delivery.kind === 'event' &&
    owner === delivery.run &&
    last?.status === 'IN_PROGRESS' &&
    seen?.canary?.id === was?.id &&
    madeAt(before, was?.id) >= last.began;
  must(INTACT, !isOutdated, () => `an event of ${iso(delivery.told)} took the canary of a later attempt`);
  const isTouched =
    was !== undefined && (was.id !== after.stage.canary?.id || was.percent !== after.stage.canary.percent);
  if (!isTouched || owner === delivery.run || seen?.canary?.id !== was.id) {
    return;
  }
  // What only serves what is served anyway is nobody's.
  const isVoid = was.id === before.stage.production;
  const isLeft = owner !== undefined && lastOf(before, owner)?.status !== 'IN_PROGRESS';
  const mayTake = delivery.kind === 'job' && isLeft && isOpen === true;
  const whose = owner ?? 'a person';
  must(INTACT, mayTake || isVoid, () => `${delivery.kind} of ${delivery.run} changed the canary of ${whose}`);
}

/** Whoever forges a job has none that CodePipeline knows. */
function checkJob(before: World, after: World, { delivery }: Known): void {
  const [was, is] = [before.stage, after.stage];
  const isMore =
    is.canary !== undefined && (is.canary.id !== was.canary?.id || is.canary.percent > (was.canary.percent ?? 0));
  // What is given back goes to the version before.
  const moves = was.production !== is.production && runOf(after, is.production) === delivery.run;
  const isTaken = before.attempts.some(({ answered }) => answered.includes(delivery.id));
  must(
    'no request goes to a new version before CodePipeline has taken an answer to the job',
    isTaken || !(isMore || moves),
    () => `${delivery.kind} ${delivery.id} moved requests`,
  );
}

const INTACT = 'nobody loses a canary to a run that is over, and no person to any';

function checkSuccess(before: World, after: World, by: Known, { of, bakeMinutes }: Configuration): void {
  const { run } = by.delivery;
  const attempt = lastOf(after, run);
  if (attempt?.status !== 'SUCCEEDED' || lastOf(before, run)?.status === 'SUCCEEDED') {
    return;
  }
  if (of === 'stage-rollout') {
    const { production } = after.stage;
    must(
      'an action succeeds only when all requests go to its deployment',
      runOf(after, production) === run || after.promotedByPerson.includes(production),
      () => `all requests go to ${production}`,
    );
    return;
  }
  const invariant = 'a check passes only after its whole bake without a red minute, as it was measured';
  const measured = by.measured.at(-1);
  const watched = (measured?.at ?? 0) - attempt.began;
  must(invariant, watched >= bakeMinutes * MINUTE, () => `after ${watched / MINUTE} minutes`);
  must(invariant, measured?.state === 'OK', () => `the alarm was ${measured?.state ?? 'not read'}`);
  // The first look is the beginning of the bake.
  const since = (measured?.at ?? 0) - bakeMinutes * MINUTE;
  must(invariant, !wasIn(after, 'ALARM', since, (measured?.at ?? 0) - 1), () => 'the alarm was red meanwhile');
}

function checkHook(before: World, after: World, { measured }: Known, { of }: Configuration): void {
  if (of !== 'hook' || after.lifecycle?.status !== 'SUCCEEDED' || before.lifecycle?.status === 'SUCCEEDED') {
    return;
  }
  const invariant = 'a deployment goes on only after green measurements';
  const green = measured.filter(({ state }) => state === 'OK').length;
  must(invariant, green >= HOOK_SAMPLES, () => `after ${green} of ${HOOK_SAMPLES}`);
  must(invariant, measured.at(-1)?.state === 'OK', () => 'the last one was not green');
}

/** An invocation has ended without an error. */
export function checkDone(world: World, { delivery }: Known): void {
  const { id, run } = delivery;
  const isAnswered =
    delivery.kind === 'event' ||
    (delivery.kind === 'hook'
      ? world.lifecycle?.status !== 'IN_PROGRESS'
      : world.attempts.every(({ open }) => open?.id !== id));
  must('whoever takes a job answers it', isAnswered, () => `${delivery.kind} ${id} of ${run}`);
}

/** Nothing is left to happen, and nothing fails any more. */
export function checkEnd(world: World, { of }: Configuration): void {
  const { attempts, stage, lifecycle, promotedByPerson } = world;
  const open = attempts.find(({ status }) => status === 'IN_PROGRESS');
  must(
    'everything ends',
    open === undefined && lifecycle?.status !== 'IN_PROGRESS',
    () => 'the action goes on for ever',
  );
  if (!world.isSpoilt) {
    const isGood = attempts.every(({ status }) => status === 'SUCCEEDED') && lifecycle?.status !== 'FAILED';
    must('everything ends', isGood, () => 'nothing was ever bad, and it failed');
  }
  if (of !== 'stage-rollout') {
    return;
  }
  const isForeign = runOf(world, stage.production) === undefined && madeAt(world, stage.production) >= START;
  if (isForeign && !promotedByPerson.includes(stage.production)) {
    // A function that dies in the moment in which all requests went there cannot give them back.
    must(MOVES, world.hasFailed, () => `all requests go to ${stage.production}, which nobody watched`);
    return;
  }
  const invariant = 'in the end no canary of a run serves, and nothing of one that failed';
  const owner = runOf(world, stage.canary?.id);
  const isAfterwards = owner !== undefined && stage.canary?.id === stage.production && promotedByPerson.includes(owner);
  must(invariant, owner === undefined || isAfterwards, () => `the canary of ${owner} has ${stage.canary?.percent} %`);
  // A function that dies after it has made one in that moment cannot remove it.
  must(
    invariant,
    stage.canary?.id !== stage.production || isAfterwards || world.hasFailed,
    () => 'a canary of what is served was left',
  );
  const serving = runOf(world, stage.production);
  const last = serving === undefined ? undefined : lastOf(world, serving);
  // What was promoted by right is not taken back when the answer did not arrive. Of two invocations of a rollback at once, one may move all
  // requests while the other one fails.
  const isByRight = last?.kind === 'ROLLBACK' ? world.isOverlapped : promotedByPerson.includes(serving ?? '');
  const isRight = last?.status !== 'FAILED' || isByRight;
  must(invariant, isRight, () => `all requests go to the deployment of ${serving}, which failed`);
}

/** Watches what is logged. */
export class Lines {
  private readonly tokens = new Set<string>();
  private told: string | undefined;

  token(token: string): void {
    this.tokens.add(token);
  }

  // The functions make no seeds.
  secret(): void {}

  logged(line: string): void {
    const secrets = [...Object.values(CREDENTIALS), ...this.tokens];
    const isClean =
      !/job-\d/.test(line) && !/lifecycle-/.test(line) && secrets.every((secret) => !line.includes(secret));
    this.told ??= isClean ? undefined : line;
  }

  /** Not while the function logs, which would take it for an error of its own. */
  check(): void {
    must('no secret in a log line', this.told === undefined, () => this.told ?? '');
  }
}
