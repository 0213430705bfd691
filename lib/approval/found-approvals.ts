import { Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { CodePipeline as CdkPipeline } from 'aws-cdk-lib/pipelines';
import type { IConstruct } from 'constructs';
import { ApprovalGateAction } from './gate-action';
import { ownerOf } from './known-gates';
import { PipelineGates } from './pipeline-gates';
import type { RenderedAction } from '../private/pipeline-stages';
import { stagesSoFar } from '../private/pipeline-stages';

/** A pipeline that this app makes. */
export interface FoundPipeline {
  readonly resource: codepipeline.CfnPipeline;
  /** The construct that users know: what belongs to the pipeline is made below it. */
  readonly construct: IConstruct;
  /** Name as written in the app, if it is. */
  readonly literalName?: string;
}

/** An approval action of a pipeline that this app makes. */
export interface FoundApproval {
  readonly pipeline: FoundPipeline;
  /** `<pipeline>/<stage>/<action>`; the pipeline by its name where that is written in the app, else by its path. */
  readonly place: string;
  readonly stageName: string;
  readonly actionName: string;
  readonly action: RenderedAction;
  /** Why it is left as it is, where it is. */
  readonly settled?: string;
}

/** A pipeline whose actions cannot be seen. */
export interface ClosedPipeline {
  readonly construct: IConstruct;
  /** `<pipeline>/*`. */
  readonly place: string;
  /** What it is, and what to do instead. */
  readonly why: string;
  /** Whether another app makes it, so that nothing of this app is missing without it. */
  readonly elsewhere: boolean;
}

export interface Found {
  readonly approvals: readonly FoundApproval[];
  readonly closed: readonly ClosedPipeline[];
}

/** Every approval action of the pipelines below a construct. */
export function approvalsBelow(scope: IConstruct): Found {
  const constructs = scope.node.findAll();
  const pipelines = constructs.filter((one) => one instanceof codepipeline.CfnPipeline).map(foundPipeline);
  const found = pipelines.map((pipeline) => approvalsOf(pipeline) ?? unknownStages(pipeline));
  return {
    approvals: found.flatMap((one) => (Array.isArray(one) ? (one as FoundApproval[]) : [])),
    closed: [
      ...found.filter((one): one is ClosedPipeline => !Array.isArray(one)),
      ...constructs.flatMap((one) => closedOf(one) ?? []),
    ],
  };
}

function foundPipeline(resource: codepipeline.CfnPipeline): FoundPipeline {
  const { scope } = resource.node;
  const construct = scope instanceof codepipeline.Pipeline ? scope : resource;
  const { name } = resource;
  return { resource, construct, ...(name === undefined || Token.isUnresolved(name) ? {} : { literalName: name }) };
}

function approvalsOf(pipeline: FoundPipeline): readonly FoundApproval[] | undefined {
  return stagesSoFar(pipeline.resource)?.flatMap((stage) =>
    stage.actions
      .filter(({ actionTypeId }) => actionTypeId.category === 'Approval')
      .map((action) => {
        const gate = { stageName: stage.name, actionName: action.name };
        const settled = settledBy(pipeline, gate);
        const place = `${nameOf(pipeline)}/${stage.name}/${action.name}`;
        return { pipeline, place, ...gate, action, ...(settled === undefined ? {} : { settled }) };
      }),
  );
}

function settledBy(
  { construct, literalName }: FoundPipeline,
  gate: { readonly stageName: string; readonly actionName: string },
): string | undefined {
  const workflow =
    PipelineGates.workflowOf(construct, gate) ??
    (literalName === undefined ? undefined : ownerOf({ pipelineName: literalName, ...gate }, construct));
  if (workflow !== undefined) {
    return `it is a gate of workflow '${workflow}' already`;
  }
  const stages = construct instanceof codepipeline.Pipeline ? construct.stages : [];
  const own = stages
    .find(({ stageName }) => stageName === gate.stageName)
    ?.actions.find(({ actionProperties }) => actionProperties.actionName === gate.actionName);
  return own instanceof ApprovalGateAction ? 'it is a gate already: give its action the `workflow`' : undefined;
}

function unknownStages(pipeline: FoundPipeline): ClosedPipeline {
  return {
    construct: pipeline.construct,
    place: `${nameOf(pipeline)}/*`,
    why: 'its stages are tokens: name its approvals by `addGate` of the workflow',
    elsewhere: false,
  };
}

/** What is a pipeline, and shows no actions. */
function closedOf(construct: IConstruct): ClosedPipeline | undefined {
  const closed = (why: string, elsewhere: boolean) => ({
    construct,
    place: `${construct.node.path}/*`,
    why,
    elsewhere,
  });
  if (construct instanceof CdkPipeline) {
    return isBuilt(construct)
      ? undefined
      : closed('it has not been built yet: call its `buildPipeline()` before', false);
  }
  const imported =
    'pipelineArn' in construct && 'pipelineName' in construct && construct.node.defaultChild === undefined;
  return imported && !(construct instanceof codepipeline.Pipeline)
    ? closed('it is made by another app: name its approvals by `addGate` of the workflow', true)
    : undefined;
}

function isBuilt(construct: CdkPipeline): boolean {
  try {
    return construct.pipeline !== undefined;
  } catch {
    return false;
  }
}

function nameOf({ literalName, construct }: FoundPipeline): string {
  return literalName ?? construct.node.path;
}
