import { Annotations, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RUN_LABEL, RUN_LINE } from '../../contract/names';
import { GateError } from '../errors';
import { shownReference } from '../private/acknowledge';
import { mustShareEnvironment } from '../private/environment';
import { SENDING } from '../private/key-use';
import { minutesOf } from '../private/minutes';
import { literalLength, mustBePipelineName } from '../private/text';
import type { ApprovalGate } from './approval-gate';
import { warnOfExclusion } from './author-sources';
import { mustBeAnswerable } from './console-rules';
import type { FoundApproval } from './found-approvals';
import type { GatePlan } from './gate-plan';
import { declarePeople } from './declare-people';
import { planOf } from './gate-plan';
import { ROOM_FOR_INFORMATION } from './gate-texts';
import { PipelineGates } from './pipeline-gates';
import type { RenderedAction } from '../private/pipeline-stages';
import { changeStages } from '../private/pipeline-stages';
import type { GatePolicyOptions } from './policy-options';
import { preparedChangeSets } from './prepared-change-sets';
import type { PublishingRole } from './publishing-role';
import { publishingRoleOf } from './publishing-role';
import { stageRollsBack, warnOfRetry } from '../private/stage-rollback';
import type { IApprovalWorkflow } from './workflow-api';

export interface TakeOverOptions extends GatePolicyOptions {
  readonly workflow: IApprovalWorkflow;
}

/** A manual approval that becomes a gate, and all that changes with it. */
export interface TakeOver {
  readonly approval: FoundApproval;
  readonly workflow: IApprovalWorkflow;
  readonly plan: GatePlan;
  /** Whether the action's timeout is set, too. */
  readonly setsTimeout: boolean;
  /** Absent where this app cannot let the action's role publish: the action notifies whom it notified before. */
  readonly publisher?: PublishingRole;
}

/** CodePipeline's own default (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const DEFAULT_TIMEOUT = Duration.days(7);

/** Throws where the approval cannot become a gate. Changes nothing. */
export function takeOverOf(approval: FoundApproval, options: TakeOverOptions): TakeOver {
  const { workflow } = options;
  const { pipeline, stageName, actionName, action } = approval;
  for (const [what, name] of Object.entries({ stageName, actionName })) {
    if (Token.isUnresolved(name)) {
      throw new GateError(
        'LiteralNeeded',
        `its \`${what}\` is a token, but a parameter is named after it: give a text`,
      );
    }
    mustBePipelineName(what, name);
  }
  if (Token.isUnresolved(action.configuration)) {
    throw new GateError(
      'LiteralNeeded',
      'its `configuration` is a token, which nothing can be added to: write its values one by one',
    );
  }
  mustShareEnvironment(workflow, pipeline.construct);
  mustHaveRoom(action);
  const own = action.timeoutInMinutes === undefined ? DEFAULT_TIMEOUT : Duration.minutes(action.timeoutInMinutes);
  const plan = planOf({ ...options, timeout: options.timeout ?? own }, false);
  mustBeAnswerable(plan, workflow.answers);
  const publisher = publishingRoleOf(approval);
  const setsTimeout = options.timeout !== undefined;
  return { approval, workflow, plan, setsTimeout, ...(publisher === undefined ? {} : { publisher }) };
}

/** What changes, a sentence each. */
export function changesOf(takeOver: TakeOver): string[] {
  const { approval, workflow, plan, setsTimeout, publisher } = takeOver;
  const { action, pipeline } = approval;
  const topic = `the request topic of workflow '${workflow.workflowName}'`;
  const before = action.configuration?.NotificationArn;
  const old = before === undefined ? undefined : shownReference(Stack.of(pipeline.construct).resolve(before));
  return [
    `it is decided by ${decidersOf(plan)}`,
    ...(publisher === undefined
      ? [`it notifies ${old ?? 'nobody'} as before, and the workflow finds its request by the event, two minutes later`]
      : [
          `it notifies ${topic}${old === undefined ? '' : ` instead of ${old}, whose subscribers are not asked any more`}`,
          `role '${publisher.path}' may publish to that topic`,
        ]),
    ...(hasRunLine(action) ? [] : [`its text ends with the line '${RUN_LINE}'`]),
    ...(setsTimeout ? [`it waits for ${plan.timeout.toHumanString()}`] : []),
  ];
}

/** Makes the approval a gate. */
export function perform(takeOver: TakeOver): ApprovalGate {
  const { approval, workflow, plan } = takeOver;
  const { pipeline, stageName, actionName } = approval;
  const { construct, resource, literalName } = pipeline;
  declarePeople(workflow, plan);
  letPublish(takeOver);
  warn(takeOver);
  changeStages(resource, (stages) =>
    stages.map((stage) =>
      stage.name !== stageName
        ? stage
        : {
            ...stage,
            actions: stage.actions.map((one) => (one.name === actionName ? changed(one, takeOver) : one)),
          },
    ),
  );
  return PipelineGates.of(construct, {
    owner: workflow,
    pipelineName: resource.ref,
    pipelineArn: Stack.of(resource).formatArn({ service: 'codepipeline', resource: resource.ref }),
    ...(literalName === undefined ? {} : { literalName }),
  }).add({
    stageName,
    actionName,
    plan,
    rollsBack: () => stageRollsBack(resource, stageName),
    prepared: () => preparedChangeSets(resource, stageName, actionName),
  });
}

function changed(action: RenderedAction, { workflow, plan, setsTimeout, publisher }: TakeOver): RenderedAction {
  const { configuration } = action;
  const text = configuration?.CustomData;
  return {
    ...action,
    configuration: {
      ...configuration,
      ...(publisher === undefined ? {} : { NotificationArn: workflow.requestTopic.topicArn }),
      ...(hasRunLine(action)
        ? {}
        : { CustomData: text === undefined ? RUN_LINE : Fn.join('', [text as string, `\n${RUN_LINE}`]) }),
    },
    ...(setsTimeout ? { timeoutInMinutes: minutesOf(plan.timeout) } : {}),
  };
}

function letPublish({ publisher, workflow }: TakeOver): void {
  const { topicArn, masterKey } = workflow.requestTopic;
  const statements = [new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] })];
  if (masterKey !== undefined) {
    statements.push(new iam.PolicyStatement({ actions: SENDING, resources: [masterKey.keyArn] }));
  }
  publisher?.allow(statements, workflow.workflowName);
}

function warn({ approval, plan, publisher }: TakeOver): void {
  const { pipeline, place, stageName, actionName } = approval;
  const { construct } = pipeline;
  if (publisher === undefined) {
    Annotations.of(construct).addWarningV2(
      'cdk-approval-gates:ManualApprovals.roleElsewhere',
      `approval '${place}' is a gate, but notifies as before, because this app cannot change the role that it publishes with: the workflow ` +
        'finds its requests by their events, two minutes later. To be faster, let that role `sns:Publish` on the `requestTopic` of the ' +
        'workflow, and set `NotificationArn` to it',
    );
  }
  const stage =
    construct instanceof codepipeline.Pipeline
      ? construct.stages.find((one) => one.stageName === stageName)
      : undefined;
  if (stage !== undefined) {
    warnOfRetry(stage, actionName);
    warnOfExclusion(stage, actionName, plan.rule);
  }
}

function mustHaveRoom(action: RenderedAction): void {
  const text = action.configuration?.CustomData;
  const length = typeof text === 'string' ? literalLength(text) : 0;
  if (!hasRunLine(action) && length > ROOM_FOR_INFORMATION) {
    throw new GateError(
      'TextTooLong',
      `its text (\`CustomData\`) has ${length} characters, but at most ${ROOM_FOR_INFORMATION} leave room for the id of the run: shorten it`,
    );
  }
}

function hasRunLine(action: RenderedAction): boolean {
  const text = action.configuration?.CustomData;
  return typeof text === 'string' && text.includes(RUN_LABEL);
}

function decidersOf(plan: GatePlan): string {
  const { rule } = plan;
  const checks = rule.kind === 'MANUAL' ? undefined : `${rule.checks.checks.length} checks (${rule.kind})`;
  if (rule.kind === 'AUTOMATED') {
    return checks ?? '';
  }
  const { approvers, groups } = rule.people;
  const mails = new Map(approvers.map(({ approverId, mail }) => [approverId, mail]));
  const people = groups
    .map(({ name, quorum, ids }) => {
      const members = ids.map((id) => mails.get(id)).join(', ');
      return `${quorum} of ${name === undefined ? members : `${name} (${members})`}`;
    })
    .join(' and ');
  return checks === undefined ? people : `${people} and ${checks}`;
}
