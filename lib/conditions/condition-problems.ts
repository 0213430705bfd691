import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { cfnPipelineOf, stagesSoFar } from '../approval/pipeline-stages';
import type { Moment } from './stage-rule';

/** What stands in a stage of the template, as far as conditions go. */
interface StageWithConditions {
  readonly name: string;
  readonly beforeEntry?: Rendered;
  readonly onSuccess?: Rendered;
  readonly onFailure?: Rendered;
}

interface Rendered {
  readonly result?: string;
  readonly conditions?: readonly {
    readonly result?: string;
    readonly rules?: readonly { readonly name?: string }[];
  }[];
}

const MOMENTS = ['beforeEntry', 'onSuccess', 'onFailure'] as const;

/** A condition that `StageConditions` made, by the names of its rules. */
export interface MadeCondition {
  /** The method that made it: `failEntryUnless`. */
  readonly method: string;
  readonly moment: Moment;
  readonly rules: readonly string[];
}

/** Where conditions stand is known when the whole pipeline is made. */
export function conditionProblems(pipeline: codepipeline.Pipeline, made: readonly MadeCondition[]): string[] {
  const cfn = cfnPipelineOf(pipeline);
  const stages = (cfn && (stagesSoFar(cfn) as readonly StageWithConditions[] | undefined)) ?? [];
  return [...stages.slice(0, 1).flatMap(rollbackOfSource), ...made.flatMap((one) => misplaced(one, stages))];
}

/** "You cannot roll back the source stage" (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html). */
function rollbackOfSource(stage: StageWithConditions): string[] {
  return MOMENTS.filter((moment) => resultsOf(stage[moment]).includes('ROLLBACK')).map(
    (moment) =>
      `\`${moment}\` of stage '${stage.name}' rolls back, but the first stage of a pipeline cannot: give the condition to a later stage`,
  );
}

function misplaced({ method, moment, rules }: MadeCondition, stages: readonly StageWithConditions[]): string[] {
  const [name = ''] = rules;
  const places = stages.flatMap((stage) =>
    MOMENTS.filter((one) => rulesOf(stage[one]).includes(name)).map((place) => ({ stage: stage.name, place })),
  );
  const condition = `the condition of rule '${name}', made by \`${method}\`,`;
  if (places.length === 0) {
    return [`${condition} stands in no stage: give it to \`${moment}\` of one, or remove it`];
  }
  if (places.length > 1) {
    return [
      `${condition} stands in ${places.length} places, but the name of a rule is there once: make one for each stage`,
    ];
  }
  return places
    .filter(({ place }) => place !== moment)
    .map(({ stage, place }) => `${condition} stands in \`${place}\` of stage '${stage}': give it to \`${moment}\``);
}

function resultsOf({ result, conditions = [] }: Rendered = {}): readonly (string | undefined)[] {
  return [result, ...conditions.map((condition) => condition.result)];
}

function rulesOf({ conditions = [] }: Rendered = {}): readonly (string | undefined)[] {
  return conditions.flatMap(({ rules = [] }) => rules.map(({ name }) => name));
}
