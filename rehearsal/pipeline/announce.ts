/** What CodePipeline tells the outside: EventBridge state changes, and the notification of an approval. */
import type { Execution, ActionRun } from './execution';
import { executionType } from './execution';
import type { BusEvent, Host } from './host';
import type { ActionModel, PipelineModel } from './model';

export function pipelineArn(host: Pick<Host, 'account' | 'region'>, pipeline: string): string {
  return `arn:aws:codepipeline:${host.region}:${host.account}:${pipeline}`;
}

/** `2026-11-23T05:00:00Z`: EventBridge and SNS differ in the digits after the second, and CodePipeline has none. */
function seconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export type StateChange =
  'STARTED' | 'SUCCEEDED' | 'FAILED' | 'ABANDONED' | 'CANCELED' | 'SUPERSEDED' | 'STOPPING' | 'STOPPED' | 'RESUMED';

function event(
  host: Host,
  pipeline: PipelineModel,
  run: Execution,
  detailType: string,
  detail: Record<string, unknown>,
): BusEvent {
  return {
    source: 'aws.codepipeline',
    'detail-type': detailType,
    time: seconds(host.clock.now()),
    resources: [pipelineArn(host, pipeline.name)],
    detail: { pipeline: pipeline.name, version: run.pipelineVersion, ...detail },
  };
}

export function pipelineEvent(host: Host, pipeline: PipelineModel, run: Execution, state: StateChange): BusEvent {
  return event(host, pipeline, run, 'CodePipeline Pipeline Execution State Change', {
    'execution-id': run.id,
    'start-time': new Date(run.startedAt).toISOString(),
    state,
    'execution-trigger': executionTrigger(pipeline, run),
    'pipeline-execution-attempt': run.attempt,
    ...(executionType(run) === 'ROLLBACK' ? { 'execution-type': 'ROLLBACK' } : {}),
  });
}

/** A push through a connection names its author; every other trigger tells its own kind and detail. */
function executionTrigger(pipeline: PipelineModel, { trigger, change }: Execution): Record<string, unknown> {
  const source = pipeline.stages[0]?.actions[0]?.configuration ?? {};
  return trigger.type === 'Webhook' && change !== undefined
    ? {
        'author-display-name': change.author,
        'author-email': change.authorMail,
        'author-id': change.author,
        'branch-name': source.BranchName ?? 'main',
        'commit-id': change.id,
        'commit-message': change.message,
        'connection-arn': trigger.detail,
        'full-repository-name': source.FullRepositoryId ?? '',
        'provider-type': 'GitHub',
      }
    : { 'trigger-type': trigger.type, 'trigger-detail': trigger.detail };
}

export function stageEvent(
  host: Host,
  pipeline: PipelineModel,
  run: Execution,
  stage: string,
  state: StateChange,
): BusEvent {
  return event(host, pipeline, run, 'CodePipeline Stage Execution State Change', {
    'execution-id': run.id,
    'start-time': new Date(host.clock.now()).toISOString(),
    stage,
    state,
    'pipeline-execution-attempt': run.attempt,
  });
}

export function actionEvent(
  host: Host,
  pipeline: PipelineModel,
  run: Execution,
  action: ActionModel,
  of: ActionRun,
  state: StateChange,
): BusEvent {
  const result =
    of.summary !== undefined || of.error !== undefined
      ? {
          'execution-result': {
            ...(of.externalUrl === undefined ? {} : { 'external-execution-url': of.externalUrl }),
            'external-execution-summary': of.summary ?? of.error?.message,
            ...(of.error === undefined ? {} : { 'error-code': of.error.code }),
          },
        }
      : {};
  return event(host, pipeline, run, 'CodePipeline Action Execution State Change', {
    'execution-id': run.id,
    'start-time': new Date(of.startedAt).toISOString(),
    stage: of.stage,
    'action-execution-id': of.id,
    action: of.action,
    state,
    region: action.region ?? host.region,
    type: { owner: action.owner, provider: action.provider, category: action.category, version: action.version },
    'pipeline-execution-attempt': run.attempt,
    ...result,
  });
}

/** The notification of an approval action, and the email of it: no execution id, no commit, no author. */
export function approvalNotification(
  host: Host,
  pipeline: PipelineModel,
  run: ActionRun,
): { readonly subject: string; readonly message: string; readonly email: string } {
  const view = `https://console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline.name}/view?region=${host.region}`;
  const { CustomData: customData, ExternalEntityLink: link } = run.resolvedConfiguration;
  const expires = new Date(run.expiresAt ?? 0).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
  const approvalReviewLink = `${view}#/${run.stage}/${run.action}/approve/${run.token}`;
  return {
    subject: `APPROVAL NEEDED: AWS CodePipeline ${pipeline.name} for action ${run.action}`.slice(0, 99),
    message: JSON.stringify({
      region: host.region,
      consoleLink: view,
      approval: {
        pipelineName: pipeline.name,
        stageName: run.stage,
        actionName: run.action,
        token: run.token,
        expires,
        externalEntityLink: link ?? null,
        approvalReviewLink,
        ...(customData === undefined ? {} : { customData }),
      },
    }),
    email: [
      'Hello,',
      '',
      'The following Approval action is waiting for your response:',
      '',
      '--Pipeline Details--',
      '',
      `Pipeline name: ${pipeline.name}`,
      `Stage name: ${run.stage}`,
      `Action name: ${run.action}`,
      `Region: ${host.region}`,
      '',
      '--Approval Details--',
      '',
      `Approve or reject: ${approvalReviewLink}`,
      // What AWS writes before this one is not documented.
      ...(link === undefined ? [] : [`URL for review: ${String(link)}`]),
      ...(customData === undefined ? [] : [`Additional information: ${String(customData)}`]),
      `Deadline: This review request will expire on ${expires}`,
      '',
      'Sincerely,',
      'Amazon Web Services',
    ].join('\n'),
  };
}
