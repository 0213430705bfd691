import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { isKnownAtDeployment } from '../private/overrides';
import { stagesSoFar } from '../private/pipeline-stages';

/** A stage as the template will hold it, as far as its conditions and the kinds of its actions go. Texts may be tokens. */
export interface RenderedStage {
  readonly name: string;
  readonly actions: readonly RenderedAction[];
  readonly beforeEntry?: RenderedConditions;
  readonly onSuccess?: RenderedConditions;
  readonly onFailure?: RenderedConditions;
}

export interface RenderedAction {
  readonly name: string;
  readonly actionTypeId: { readonly category: string; readonly provider: string };
  readonly configuration?: { readonly [name: string]: unknown };
  readonly runOrder?: number;
  readonly region?: string;
  /** The role that it runs as, in the account that it runs in. */
  readonly roleArn?: string;
}

export interface RenderedConditions {
  readonly result?: string;
  readonly conditions?: readonly RenderedCondition[];
}

interface RenderedCondition {
  readonly result?: string;
  readonly rules?: readonly RenderedRule[];
}

export interface RenderedRule {
  readonly name?: string;
  readonly ruleTypeId?: { readonly provider?: string };
  readonly configuration?: { readonly [name: string]: unknown };
}

export const MOMENTS = ['beforeEntry', 'onSuccess', 'onFailure'] as const;

/** None where only the deployment knows them. */
export function renderedStages(pipeline: codepipeline.CfnPipeline | undefined): readonly RenderedStage[] {
  const stages = pipeline && stagesSoFar(pipeline);
  return (stages as readonly unknown[] | undefined as readonly RenderedStage[] | undefined) ?? [];
}

/** What only the deployment knows is believed to hold a rule, of which nothing is said. */
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
