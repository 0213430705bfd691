/** Steps that push changes, and change how runs, actions and deployments go on. */
import { pathsOf } from '../pipeline/structure';
import { chooseConfig, stopDeployment } from './deployments-by-hand';
import { known, knownBreakable, knownStage } from './names';
import { runOf } from './observe';
import type { Pushed, Rehearsal } from './rehearsal';
import type { SomeSteps, StepOf } from './schema';

export function pipelineSteps(rehearsal: Rehearsal) {
  const { world, pipelines } = rehearsal;
  return {
    push: (change) => {
      Object.entries(change.breaks ?? {}).forEach(([name, how]) => knownBreakable(rehearsal, name, how));
      rehearsal.push(change);
    },
    changeSet: ({ stack, changes }) => {
      const { changeSets } = rehearsal.cloudFormation;
      known('change set of stack', stack, changeSets.stacks);
      changeSets.makeAgain(stack, changes);
    },
    action: ({ name, result: status, summary, variables: outputVariables, times = 1 }) => {
      const [stage = '', action = ''] = name.split('/');
      runOf(rehearsal, name);
      pipelines.override({ stage, action, result: { status, summary, outputVariables }, times });
    },
    notify: async ({ gate, times = 1 }) => {
      const run = runOf(rehearsal, gate);
      if (run?.status !== 'InProgress') throw new Error(`${gate} does not ask now`);
      for (let time = 0; time < times; time += 1) {
        await world.clock.track(pipelines.approvals.notifyAgain(run));
      }
    },
    lose: ({ gate, times = 1 }) => {
      runOf(rehearsal, gate);
      pipelines.approvals.lose(gate, times);
    },
    rollback: async ({ stage, as }) => {
      knownStage(rehearsal, stage);
      await rehearsal.rollback(stage, as);
    },
    follow: ({ run }) => rehearsal.follow(run),
    stop: ({ abandon = true, reason = 'stopped by the scenario' }) => {
      const { pipeline, execution } = latestOf(rehearsal);
      rehearsal.engine(pipeline).stop(execution.id, abandon, reason);
    },
    retry: ({ stage, all = false }) => {
      const { pipeline, execution } = latestOf(rehearsal);
      knownStage(rehearsal, stage);
      rehearsal.engine(pipeline).retry(stage, execution.id, all ? 'ALL_ACTIONS' : 'FAILED_ACTIONS');
    },
    update: (step) => update(rehearsal, step),
    stopDeployment: ({ of }) => stopDeployment(rehearsal, of),
    deploymentConfig: ({ of, config }) => chooseConfig(rehearsal, of, config),
  } satisfies SomeSteps;
}

function latestOf({ latest }: Rehearsal): Pushed {
  if (latest === undefined) throw new Error('nothing was pushed yet');
  return latest;
}

function update(rehearsal: Rehearsal, { pipeline, rename, remove, keepsRuns, ...step }: StepOf<'update'>): void {
  const engine = rehearsal.engine(pipeline);
  for (const path of [...Object.keys(rename ?? {}), ...(remove ?? [])]) {
    known('stage or action', path, pathsOf(engine.model));
  }
  if (step.delete === true) rehearsal.pipelines.delete(engine.model.name);
  else engine.update({ rename, remove }, keepsRuns);
}
