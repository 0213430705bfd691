/** One look at a canary that has its share: its checks are measured, and decide whether it gets more, everything or nothing. */
import type { CheckPlan } from '../../contract/checks';
import { Env } from '../../contract/names';
import type { Shift } from '../../contract/stage-shift';
import type { ApiStage } from '../aws/api-stage';
import { env } from '../aws/env';
import { hookBakeMinutes } from '../aws/hook-bake';
import { tellChecks } from '../aws/log-checks';
import { ownClients } from '../aws/measure/clients';
import { measure } from '../aws/measure/measure';
import { LONGEST } from '../aws/pipeline-job';
import { evaluate, type EvaluationPlan } from '../domain/evaluate';
import { lookAnew } from '../domain/hook-look';
import type { HookState } from '../domain/hook-state';
import { parseChecks } from '../domain/parse-policy';
import { percentAt, type ApiDeployment, type ServedStage } from '../domain/stage-shift';
import { elapsed, isBefore, MINUTE } from '../domain/time';
import { goesOn, shareOf, type Turn } from './answers';
import { tooLate, withdrawn } from './canary';
import { underWay } from './pipeline-run';

const clients = ownClients();

interface Watching {
  readonly run: string;
  readonly now: string;
  /** None at the first look. */
  readonly state?: HookState;
}

export async function watch(
  stage: ApiStage,
  { production, canary }: ServedStage,
  shift: Shift,
  { run, now, state }: Watching,
): Promise<Turn> {
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok || canary === undefined) {
    throw new Error('the checks cannot be read');
  }
  const { checks } = document.value;
  // A red minute between the share and the first look counts. The bake begins with the first look all the same.
  const madeAt = madeBefore(now, canary);
  const first = { since: now, ...(madeAt === undefined ? {} : { seenSince: madeAt }), tallies: [] };
  // Where the action was tried again, what is known may be about the canary of the attempt before.
  const isKnown = state !== undefined && (madeAt === undefined || !isBefore(state.since, madeAt));
  const { since, seenSince = since, tallies }: Omit<HookState, 'step'> = isKnown ? state : first;
  const plan = planOf(checks, since, seenSince);
  const looked = await lookAnew(plan, tallies, run, now, (command) => measure(command, clients));
  const { verdict, reasons, checks: states } = looked.evaluation;
  const watched = elapsed(since, now);
  const next = { step: run, since, seenSince, tallies: looked.tallies };
  if (verdict === 'PASS') {
    tellChecks(states, checks, run);
    const goesOnStill = await underWay(run);
    if (goesOnStill === undefined) {
      return {
        answer: goesOn(next, watched, 'The checks have passed, and whether this action goes on cannot be read'),
      };
    }
    if (!goesOnStill) {
      return { answer: await tooLate(stage, run) };
    }
    return {
      answer: goesOn(next, watched, 'The checks have passed: all requests go to the new version', ...reasons),
      move: () => stage.promote(canary.id, production.id),
    };
  }
  if (verdict !== 'RUNNING' || watched >= LONGEST) {
    tellChecks(states, checks, run);
    const late = verdict === 'RUNNING' ? 'The time of the action was up' : undefined;
    return {
      answer: await withdrawn(stage, run, () => [
        'The canary was removed, all requests go to the version before',
        late,
        ...reasons,
      ]),
    };
  }
  // The attempt before may have left it with a larger share.
  const percent = !isKnown ? canary.percent : percentAt(shift, watched);
  return {
    answer: goesOn(next, watched, shareOf(percent, watched), ...reasons),
    ...(percent === canary.percent ? {} : { move: () => stage.share(canary.id, percent) }),
  };
}

/** Why a bake that is over has passed, as its last look found it. */
export function reasonsOf(state: HookState | undefined, now: string): readonly string[] {
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok || state === undefined) {
    return [];
  }
  const plan = planOf(document.value.checks, state.since, state.seenSince);
  const { verdict, reasons } = evaluate(plan, state.tallies, now);
  return verdict === 'PASS' ? reasons : [];
}

/** The bake begins at `since`. What is seen from `seenSince` on counts. */
function planOf(checks: readonly CheckPlan[], since: string, seenSince = since): EvaluationPlan {
  return { checks, bakeMinutes: hookBakeMinutes() + Math.ceil(elapsed(seenSince, since) / MINUTE), since: seenSince };
}

/** Shortly before the canary got its share; undefined where the clock of API Gateway goes ahead. */
function madeBefore(now: string, { madeAt }: ApiDeployment): string | undefined {
  return madeAt === undefined || isBefore(now, madeAt) ? undefined : madeAt;
}
