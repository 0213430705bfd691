import { Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers } from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { newApp, newPipeline } from './stacks';

export const ana = Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh'] });
export const bo = Approver.person('bo@example.com');
export const cy = Approver.person('cy@example.com');
export const three = Approvers.atLeast(2, ana, bo, cy);
export const health = (): Check => Check.alarm(AlarmRef.named('shop-5xx'));

export interface Fixture {
  readonly workflows: Stack;
  readonly release: Stack;
  readonly workflow: ApprovalWorkflow;
  readonly pipeline: codepipeline.Pipeline;
}

/** Workflow and pipeline: together, or in two stacks of either order. */
export function fixture(
  order: 'one stack' | 'workflow first' | 'pipeline first' = 'one stack',
  name?: string,
): Fixture {
  const app = newApp();
  const stacks: { [id: string]: Stack } = {};
  for (const id of { 'one stack': ['A'], 'workflow first': ['A', 'B'], 'pipeline first': ['B', 'A'] }[order]) {
    stacks[id] = new Stack(app, id);
  }
  const workflows = stacks.A!;
  const release = stacks.B ?? workflows;
  const pipelineOf = () => newPipeline(release, 'Pipeline', name === undefined ? {} : { pipelineName: name });
  const pipeline = order === 'pipeline first' ? pipelineOf() : undefined;
  const workflow = new ApprovalWorkflow(workflows, 'Approvals', { workflowName: 'shop' });
  return { workflows, release, workflow, pipeline: pipeline ?? pipelineOf() };
}

export function add(w: Fixture, props: Partial<ApprovalGateActionProps> = {}, stageName = 'Prod'): ApprovalGateAction {
  const action = new ApprovalGateAction({ actionName: 'Approve', workflow: w.workflow, approvers: three, ...props });
  const stage = w.pipeline.stages.find((one) => one.stageName === stageName) ?? w.pipeline.addStage({ stageName });
  stage.addAction(action);
  return action;
}

/** JSON of a parameter, references written as `<name>`. */
export function documentOf(template: Template, part: string): any {
  const all = Object.values(template.findResources('AWS::SSM::Parameter'));
  const found = all.filter((parameter) => flat(parameter.Properties.Name).includes(part));
  expect(found).toHaveLength(1);
  return JSON.parse(flat(found[0]!.Properties.Value));
}

export function flat(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  return value['Fn::Join'] !== undefined
    ? value['Fn::Join'][1].map(flat).join('')
    : `<${value.Ref ?? value['Fn::GetAtt'].join('.')}>`;
}

export function rolesOf(template: Template): { [id: string]: any } {
  return template.findResources('AWS::IAM::Role', {
    Properties: { Path: Match.stringLikeRegexp('^/approval-gates/shop/') },
  });
}
