/** Runs the checks of a hook, as a gate watches its own, until they have passed or failed together, or the time is up. */
import type { CheckCommand, Measurement } from '../../contract/messages';
import type { CheckPlan } from '../../contract/checks';
import type { CheckTally } from '../domain/check-tally';
import type { Evaluation } from '../domain/evaluate';
import { elapsed, iso, SECOND } from '../domain/time';
import { look } from '../domain/hook-look';

/** What a hook gets from the function that it runs in. */
export interface HookRuntime {
  /** Measures one check once. */
  measure(command: CheckCommand): Promise<Measurement>;
  /** The present, for the measurements. */
  now(): Date;
  pause(seconds: number): Promise<void>;
  /** Seconds left before the function has to report. */
  secondsLeft(): number;
}

/** What the checks have come to when the hook ends. */
export interface HookResult extends Pick<Evaluation, 'verdict' | 'reasons' | 'checks'> {
  readonly passed: boolean;
  /** The time was up before the checks had passed or failed. */
  readonly timeIsUp: boolean;
}

/** A hook has no bake time: it asks whether everything is healthy at this moment. */
const BAKE_MINUTES = 0;

export async function runChecks(checks: readonly CheckPlan[], hook: string, runtime: HookRuntime): Promise<HookResult> {
  const since = iso(runtime.now().getTime());
  const plan = { checks, bakeMinutes: BAKE_MINUTES, since };
  let tallies: readonly CheckTally[] = [];
  for (;;) {
    const now = iso(runtime.now().getTime());
    const looked = await look(plan, tallies, hook, now, (command) => runtime.measure(command));
    const { evaluation } = looked;
    tallies = looked.tallies;
    if (evaluation.verdict !== 'RUNNING' || evaluation.next === undefined) {
      return resultOf(evaluation, false);
    }
    const wait = Math.max(elapsed(iso(runtime.now().getTime()), evaluation.next) / SECOND, 0);
    if (wait >= runtime.secondsLeft()) {
      return resultOf(evaluation, true);
    }
    await runtime.pause(wait);
  }
}

function resultOf({ verdict, reasons, checks }: Evaluation, timeIsUp: boolean): HookResult {
  return { passed: verdict === 'PASS', verdict, reasons, checks, timeIsUp };
}
