import type { Duration } from 'aws-cdk-lib';
import { Annotations, Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';
import { Answers } from './answers';
import type { Approver } from './approver';
import type { ApproverList } from './approver-list';
import { mustBeAnswers } from './console-rules';
import { withDelegates } from './delegates';
import { mustBeExact } from './exact-roles';
import type { ApprovalWorkflowAttributes } from './workflow-api';
import { ApprovalWorkflowBase } from './workflow-base';

/** A workflow that another app makes. Gates here get their roles and parameters; people are declared over there. */
export class ImportedWorkflow extends ApprovalWorkflowBase {
  public readonly workflowName: string;
  public readonly requestTopic: sns.ITopic;
  public readonly decideRoleArn: string;
  public readonly checkRoleArn: string;
  public readonly answers: Answers;
  /** The functions of the other app know it. */
  public readonly digestEvery?: Duration;

  private readonly fieldsFunctionArn?: string;
  private reader?: lambda.IFunction;
  private readonly named = new Set<string>();
  private readonly lists = new Set<string>();

  constructor(scope: Construct, id: string, attributes: ApprovalWorkflowAttributes) {
    super(scope, id);
    for (const prop of ['requestTopicArn', 'decideRoleArn', 'checkRoleArn'] as const) {
      mustBeText(prop, attributes[prop]);
    }
    const { requestTopicArn, encryptionKeyArn } = attributes;
    mustBeExact(attributes, Stack.of(this));
    mustBeHere(Stack.of(this), requestTopicArn);
    this.workflowName = attributes.workflowName;
    this.requestTopic = sns.Topic.fromTopicAttributes(this, 'RequestTopic', {
      topicArn: requestTopicArn,
      keyArn: encryptionKeyArn,
    });
    this.decideRoleArn = attributes.decideRoleArn;
    this.checkRoleArn = attributes.checkRoleArn;
    this.fieldsFunctionArn = attributes.fieldsFunctionArn;
    mustBeAnswers(attributes.answers);
    this.answers = attributes.answers ?? Answers.byLink();
  }

  /** Nothing here can change the other app, so this warns of whom to declare there. */
  public addApprovers(...approvers: Approver[]): void {
    const unsaid = withDelegates(approvers).filter(({ approverId }) => !this.named.has(approverId));
    if (unsaid.length === 0) {
      return;
    }
    unsaid.forEach(({ approverId }) => this.named.add(approverId));
    Annotations.of(this).addWarningV2(
      'cdk-approval-gates:ApprovalWorkflow.declareApprovers',
      `workflow '${this.workflowName}' is made by another app, and asks only those who are declared there: call \`addApprovers\` of the ` +
        `workflow in that app for ${unsaid.map(({ mail }) => `'${mail}'`).join(', ')}, then acknowledge this`,
    );
  }

  public fieldsFunction(): lambda.IFunction {
    const { fieldsFunctionArn } = this;
    if (fieldsFunctionArn === undefined) {
      throw new GateError(
        'FieldsFunctionUnknown',
        `workflow '${this.workflowName}' is made by another app, and nobody says which function gives out fields: call \`fieldsFunction()\` of ` +
          'the workflow there, and give its ARN here as `fieldsFunctionArn`',
      );
    }
    return (this.reader ??= lambda.Function.fromFunctionAttributes(this, 'Fields', {
      functionArn: fieldsFunctionArn,
      sameEnvironment: true,
    }));
  }

  /** The permission to read a list is given in the other app, too. */
  public addApproverLists(...lists: ApproverList[]): void {
    const unsaid = lists.map(({ parameterName }) => parameterName).filter((name) => !this.lists.has(name));
    if (unsaid.length === 0) {
      return;
    }
    unsaid.forEach((name) => this.lists.add(name));
    Annotations.of(this).addWarningV2(
      'cdk-approval-gates:ApprovalWorkflow.declareApproverLists',
      `workflow '${this.workflowName}' is made by another app, and reads only the lists that are declared there: call \`addApproverLists\` of ` +
        `the workflow in that app for ${unsaid.map((name) => `'${name}'`).join(', ')}, then acknowledge this`,
    );
  }
}

/** CodePipeline notifies topics of its own Region, and the roles of a gate trust their own account. */
function mustBeHere(stack: Stack, topicArn: string): void {
  if (Token.isUnresolved(topicArn)) {
    return;
  }
  const { account, region } = Arn.split(topicArn, ArnFormat.NO_RESOURCE_NAME);
  const differs = (theirs: string | undefined, ours: string) =>
    theirs !== undefined && !Token.isUnresolved(theirs) && !Token.isUnresolved(ours) && theirs !== ours;
  if (differs(account, stack.account) || differs(region, stack.region)) {
    throw new GateError(
      'DifferentEnvironment',
      `\`requestTopicArn\` is '${topicArn}', but stack '${stack.node.path}' is in account ${stack.account}, Region ${stack.region}, and a ` +
        'gate and its workflow share both: import a workflow of the same account and Region',
    );
  }
}
