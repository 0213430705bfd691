import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { isKnownAtDeployment } from '../private/overrides';
import {
  stagesSoFar,
  type RenderedCondition,
  type RenderedConditions,
  type RenderedRule,
  type RenderedStage,
} from '../private/pipeline-stages';

export const MOMENTS = ['beforeEntry', 'onSuccess', 'onFailure'] as const;

/** None where only the deployment knows them. */
export function renderedStages(pipeline: codepipeline.CfnPipeline | undefined): readonly RenderedStage[] {
  return (pipeline && stagesSoFar(pipeline)) ?? [];
}

/** Where only the deployment knows the rules, one unknown rule is assumed. */
export function rulesOf(moment: RenderedConditions | undefined): readonly RenderedRule[] {
  return conditionsOf(moment).flatMap((one) => (isKnownAtDeployment(one) ? UNKNOWN : listOf(one.rules, UNKNOWN)));
}

export function rollsBack(moment: RenderedConditions | undefined): boolean {
  return [moment?.result, ...conditionsOf(moment).map(({ result }) => result)].includes('ROLLBACK');
}

const UNKNOWN: readonly RenderedRule[] = [{}];

function conditionsOf(moment: RenderedConditions | undefined): readonly RenderedCondition[] {
  const unknown = [{ rules: UNKNOWN }];
  return isKnownAtDeployment(moment) ? unknown : listOf(moment?.conditions, unknown);
}

/** An override by index makes no list where there is none. */
function listOf<T>(list: readonly T[] | undefined, unknown: readonly T[]): readonly T[] {
  return isKnownAtDeployment(list) ? unknown : Object.values(list ?? []);
}
