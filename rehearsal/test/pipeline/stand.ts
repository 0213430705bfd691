/** A world of one pipeline, as small as the engine allows. */
import { Pipelines } from '../../pipeline/pipelines';
import { codePipelineService } from '../../pipeline/api';
import type { Host } from '../../pipeline/host';
import type { Caller } from '../../service';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const PIPELINE = 'shop-release';
export const ROLE = 'arn:aws:iam::111111111111:role/approval-gates/shop/answers';

export function action(name: string, category: string, more: object = {}): object {
  return {
    Name: name,
    ActionTypeId: {
      Category: category,
      Owner: 'AWS',
      Provider: category === 'Approval' ? 'Manual' : category === 'Source' ? 'CodeStarSourceConnection' : 'CodeBuild',
      Version: '1',
    },
    RunOrder: 1,
    ...more,
  };
}

export const SOURCE = {
  Name: 'Source',
  Actions: [action('Source', 'Source', { Namespace: 'Src', OutputArtifacts: [{ Name: 'Code' }] })],
};

export function approval(name: string, more: object = {}): object {
  return action(name, 'Approval', {
    Configuration: {
      NotificationArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
      ExternalEntityLink: 'https://reviews.example.com/r/#{Src.CommitId}',
      CustomData: '#{codepipeline.PipelineExecutionId}',
    },
    ...more,
  });
}

/** A stage that one approval guards. */
export const prod = (more: object = {}) => ({ Name: 'Prod', Actions: [approval('Approve')], ...more });

export interface Stand {
  readonly clock: VirtualClock;
  readonly pipelines: Pipelines;
  readonly published: { topic: string; subject?: string; message: any; email: string }[];
  readonly events: any[];
  readonly notes: string[];
  call(operation: string, input: object, caller?: Partial<Caller>): Promise<any>;
  push(id?: string, message?: string): string;
}

/** Functions that the pipeline may invoke, and what happens then. */
export interface Functions {
  readonly functions: readonly string[];
  readonly call: Host['call'];
}

export function stand(
  stages: readonly object[],
  more: object = {},
  { functions, call }: Functions = { functions: [], call: () => Promise.reject(new Error('nothing is called here')) },
): Stand {
  const clock = new VirtualClock();
  const published: Stand['published'] = [];
  const events: any[] = [];
  const notes: string[] = [];
  const resource: Resource = {
    account: '111111111111',
    region: 'eu-west-1',
    stack: 'ShopRelease',
    logicalId: 'Pipeline',
    type: 'AWS::CodePipeline::Pipeline',
    physicalId: PIPELINE,
    properties: { Name: PIPELINE, Stages: stages, ...more },
    attributes: {},
    dependsOn: [],
  };
  const resources = [
    resource,
    ...functions.map((name) => ({ ...resource, type: 'AWS::Lambda::Function', logicalId: name, physicalId: name })),
  ];
  const caller = (arn: string): Caller => ({ principal: 'test', arn, roleArn: arn });
  const host: Host = {
    clock,
    account: '111111111111',
    region: 'eu-west-1',
    resources: (type) => resources.filter((one) => type === undefined || type === one.type),
    publish: async (topic, message) => {
      const texts = JSON.parse(message.message);
      published.push({ topic, subject: message.subject, message: JSON.parse(texts.default), email: texts.email });
      return 'id';
    },
    emit: (event) => void events.push(event),
    caller,
    call,
    journal: { add: (_source, text) => void notes.push(text) },
  };
  const pipelines = new Pipelines(host);
  const service = codePipelineService(pipelines, host);
  let pushes = 0;
  return {
    clock,
    pipelines,
    published,
    events,
    notes,
    call: async (operation, input, who = {}) => {
      const run = service.operations[operation];
      if (run === undefined) throw new Error(operation);
      return run(input, { ...caller(ROLE), ...who });
    },
    push: (id, message = 'Change the shop') => {
      pushes += 1;
      const commit = id ?? String(pushes).repeat(40);
      return pipelines.push(PIPELINE, { id: commit, message, author: 'ana-gh', authorMail: 'ana@example.com' }).id;
    },
  };
}

/** The state of an action, as GetPipelineState tells it. */
export async function stateOf(s: Stand, stage: string, name: string): Promise<any> {
  const state = await s.call('GetPipelineState', { name: PIPELINE });
  const found = state.stageStates.find((candidate: any) => candidate.stageName === stage);
  return found.actionStates.find((candidate: any) => candidate.actionName === name).latestExecution;
}

export async function statusOf(s: Stand, pipelineExecutionId: string): Promise<string> {
  const { pipelineExecution } = await s.call('GetPipelineExecution', { pipelineName: PIPELINE, pipelineExecutionId });
  return pipelineExecution.status;
}

export function answer(
  token: string,
  status = 'Approved',
  summary = 'fine',
  stageName = 'Prod',
  actionName = 'Approve',
) {
  return { pipelineName: PIPELINE, stageName, actionName, token, result: { status, summary } };
}
