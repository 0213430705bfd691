/** Runs a scenario from its first step to its last, or to the first that goes wrong. */
import { ASSUMED } from '../pipeline/assumptions';
import { describeStep } from './describe';
import type { Rehearsal } from './rehearsal';
import type { Scenario, Step } from './schema';
import { Steps } from './steps';

export interface ScenarioResult {
  readonly title: string;
  readonly passed: boolean;
  readonly steps: number;
  /** Number of the step that went wrong, and what it found. */
  readonly failure?: { readonly step: number; readonly what: string; readonly why: string };
  /** Virtual and real time that it took, in milliseconds. */
  readonly virtual: number;
  readonly real: number;
}

export interface ScenarioObserver {
  begun(scenario: Scenario): void;
  stepBegins(number: number, step: Step, at: number): void;
  stepEnded(number: number, problem?: string): void;
}

export async function runScenario(
  rehearsal: Rehearsal,
  scenario: Scenario,
  observer?: ScenarioObserver,
): Promise<ScenarioResult> {
  const { clock } = rehearsal.world;
  const began = clock.now();
  const real = performance.now();
  const steps = new Steps(rehearsal);
  rehearsal.pipelines.assumed = { ...ASSUMED, ...scenario.assume };
  observer?.begun(scenario);
  const result = (failure?: ScenarioResult['failure']): ScenarioResult => ({
    title: scenario.title,
    passed: failure === undefined,
    steps: scenario.steps.length,
    failure,
    virtual: clock.now() - began,
    real: performance.now() - real,
  });
  for (const [index, step] of scenario.steps.entries()) {
    observer?.stepBegins(index + 1, step, clock.now());
    try {
      await steps.run(step);
      observer?.stepEnded(index + 1);
    } catch (error) {
      const why = (error as Error).message;
      observer?.stepEnded(index + 1, why);
      return result({ step: index + 1, what: describeStep(step), why });
    }
  }
  const expected = scenario.steps.flatMap(refusalsOf);
  const refusal = rehearsal.world.refusals.find((one) => !expected.some((part) => one.includes(part)));
  return result(
    refusal === undefined
      ? undefined
      : { step: scenario.steps.length, what: 'every call has the permission that it needs', why: refusal },
  );
}

function refusalsOf(step: Step): readonly string[] {
  const expectation = 'expect' in step ? step.expect : 'wait' in step ? step.wait.until : undefined;
  return expectation?.refused ?? [];
}
