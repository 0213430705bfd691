import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { MOMENTS, renderedStages, rollsBack, rulesOf } from '../lint/rendered-stage';
import { cfnPipelineOf, type RenderedStage } from '../private/pipeline-stages';
import type { Moment } from './stage-rule';

/** A condition that `StageConditions` made, by the names of its rules. */
export interface MadeCondition {
  /** The method that made it: `failEntryUnless`. */
  readonly method: string;
  readonly moment: Moment;
  readonly rules: readonly string[];
}

/** Where conditions stand is known when the whole pipeline is made. */
export function conditionProblems(pipeline: codepipeline.Pipeline, made: readonly MadeCondition[]): string[] {
  const stages = renderedStages(cfnPipelineOf(pipeline));
  return [...stages.slice(0, 1).flatMap(rollbackOfSource), ...made.flatMap((one) => misplaced(one, stages))];
}

/** "You cannot roll back the source stage" (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html). */
function rollbackOfSource(stage: RenderedStage): string[] {
  return MOMENTS.filter((moment) => rollsBack(stage[moment])).map(
    (moment) =>
      `\`${moment}\` of stage '${stage.name}' rolls back, but the first stage of a pipeline cannot: give the condition to a later stage`,
  );
}

function misplaced({ method, moment, rules }: MadeCondition, stages: readonly RenderedStage[]): string[] {
  const [name = ''] = rules;
  const places = stages.flatMap((stage) =>
    MOMENTS.filter((one) => rulesOf(stage[one]).some((rule) => rule.name === name)).map((place) => ({
      stage: stage.name,
      place,
    })),
  );
  const condition = `the condition of rule '${name}', made by \`${method}\`,`;
  if (places.length === 0) {
    return [`${condition} stands in no stage: give it to \`${moment}\` of one, or remove it`];
  }
  if (places.length > 1) {
    return [
      `${condition} stands in ${places.length} places, but names of rules are unique in their pipeline: make one for each`,
    ];
  }
  return places
    .filter(({ place }) => place !== moment)
    .map(({ stage, place }) => `${condition} stands in \`${place}\` of stage '${stage}': give it to \`${moment}\``);
}
