import { Stack, Stage, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { IConstruct } from 'constructs';
import { GateError } from '../errors';
import type { RenderedStage } from '../private/pipeline-stages';

/** One approval action of a pipeline whose name is written in the app. */
export interface NamedGate {
  readonly pipelineName: string;
  readonly stageName: string;
  readonly actionName: string;
}

/** Name of the workflow that answers a gate, per app. */
const answered = new WeakMap<IConstruct, Map<string, string>>();

/** Name of the workflow that answers a gate already, if one does. */
export function ownerOf(gate: NamedGate, scope: IConstruct): string | undefined {
  return answered.get(scope.node.root)?.get(keyOf(gate, scope));
}

/** One gate has one workflow: with two, each would ask people and answer, and the first answer would win. */
export function mustBeFree(gate: NamedGate, scope: IConstruct, workflowName: string): void {
  const owner = ownerOf(gate, scope);
  if (owner !== undefined) {
    throw new GateError(
      'TwoWorkflows',
      `gate '${gate.actionName}' of stage '${gate.stageName}' in pipeline '${gate.pipelineName}' is answered by workflow '${owner}' ` +
        `already, and is added to workflow '${workflowName}': a gate is added once, so remove one`,
    );
  }
  const owners = answered.get(scope.node.root) ?? new Map<string, string>();
  answered.set(scope.node.root, owners);
  owners.set(keyOf(gate, scope), workflowName);
}

function keyOf({ pipelineName, stageName, actionName }: NamedGate, scope: IConstruct): string {
  return JSON.stringify([placeOf(scope), pipelineName, stageName, actionName]);
}

/** What is wrong with the name of a gate whose pipeline is made in the same app, if it is. */
export function nameProblems(gate: NamedGate, scope: IConstruct): string[] {
  const here = placeOf(scope);
  const pipelines = scope.node.root.node
    .findAll()
    .filter((one): one is codepipeline.CfnPipeline => one instanceof codepipeline.CfnPipeline)
    .filter((one) => one.name === gate.pipelineName && placeOf(one) === here);
  return pipelines.flatMap((pipeline) => problemsIn(pipeline, gate));
}

function problemsIn(pipeline: codepipeline.CfnPipeline, gate: NamedGate): string[] {
  const stages = Stack.of(pipeline).resolve(pipeline.stages) as readonly RenderedStage[];
  const where = `\`addGate\` names pipeline '${gate.pipelineName}', which '${pipeline.node.path}' makes`;
  const stage = stages.find((one) => one.name === gate.stageName);
  if (stage === undefined) {
    return [`${where}, and its stage '${gate.stageName}', but it has ${listed(stages)}: correct \`stageName\``];
  }
  const approvals = stage.actions.filter(({ actionTypeId }) => actionTypeId.category === 'Approval');
  return approvals.some((one) => one.name === gate.actionName)
    ? []
    : [
        `${where}, and approval action '${gate.actionName}' of stage '${gate.stageName}', but the approvals there are ` +
          `${listed(approvals)}: correct \`actionName\``,
      ];
}

function listed(things: readonly { readonly name: string }[]): string {
  return things.length === 0 ? 'none' : things.map(({ name }) => `'${name}'`).join(', ');
}

/** Account and Region as far as they are known; where they are not, the stage of the app stands for them. */
function placeOf(construct: IConstruct): string {
  const { account, region } = Stack.of(construct);
  const known = (value: string) => (Token.isUnresolved(value) ? '' : value);
  const open = Token.isUnresolved(account) || Token.isUnresolved(region);
  return [known(account), known(region), open ? Stage.of(construct)?.node.path : ''].join('/');
}
