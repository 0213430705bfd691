import * as pipelines from 'aws-cdk-lib/pipelines';

/**
 * These steps and all that they need and that CDK Pipelines would therefore put into their stage, though nobody listed it: not what runs
 * before, as source, with the build, or in a stage that is there already.
 */
export function neededSteps(pipeline: pipelines.CodePipeline, listed: readonly pipelines.Step[]): pipelines.Step[] {
  const synth = pipeline.synth.primaryOutput?.producer;
  const before = closureOf(
    [...(synth === undefined ? [] : [synth]), ...pipeline.waves.flatMap(stepsOfWave)],
    new Set(),
  );
  return [...closureOf(listed, before)].filter((step) => !step.isSource);
}

/** All steps that stand somewhere in a wave. */
export function stepsOfWave({ pre, post, stages }: pipelines.Wave): pipelines.Step[] {
  const ofStages = stages.flatMap((stage) => [
    ...stage.pre,
    ...stage.stacks.flatMap((stack) => [...stack.pre, ...stack.changeSet, ...stack.post]),
    ...stage.post,
  ]);
  return [...pre, ...ofStages, ...post];
}

function closureOf(steps: readonly pipelines.Step[], without: ReadonlySet<pipelines.Step>): Set<pipelines.Step> {
  const found = new Set<pipelines.Step>();
  const visit = (step: pipelines.Step): void => {
    if (!found.has(step) && !without.has(step)) {
      found.add(step);
      step.dependencies.forEach(visit);
    }
  };
  steps.forEach(visit);
  return found;
}
