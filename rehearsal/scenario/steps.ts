/** What each step of a scenario does. A step that finds something otherwise than it says throws. */
import { buildSteps } from './build-steps';
import { faultSteps } from './fault-steps';
import { unmet } from './observe';
import { personSteps } from './person-steps';
import { pipelineSteps } from './pipeline-steps';
import type { Rehearsal } from './rehearsal';
import { byStep, type ByStep, type Step, type StepOf } from './schema';
import { trafficSteps } from './traffic-steps';
import { watchedSteps } from './watched-steps';

const DEFAULT_WAIT = 30 * 86_400_000;

export class Steps {
  private readonly perform: ByStep<void | Promise<void>>;

  constructor(private readonly rehearsal: Rehearsal) {
    this.perform = {
      ...pipelineSteps(rehearsal),
      ...personSteps(rehearsal),
      ...watchedSteps(rehearsal),
      ...trafficSteps(rehearsal),
      ...buildSteps(rehearsal),
      ...faultSteps(rehearsal),
      wait: (step) => this.wait(step),
      expect: (expected) => mustBeMet(unmet(rehearsal, expected)),
      mark: ({ as }) => void rehearsal.marks.set(as, rehearsal.world.counts()),
    };
  }

  async run(step: Step): Promise<void> {
    await byStep(this.perform, step);
    await this.rehearsal.world.clock.settle();
  }

  private async wait({ for: time, until, within = DEFAULT_WAIT }: StepOf<'wait'>): Promise<void> {
    const { clock } = this.rehearsal.world;
    if (time !== undefined) return clock.advanceBy(time);
    if (until === undefined) return;
    const limit = clock.now() + within;
    const reached = await clock.runUntil(() => unmet(this.rehearsal, until).length === 0, { limit });
    if (!reached) mustBeMet(unmet(this.rehearsal, until));
  }
}

function mustBeMet(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('; '));
}
