import type { Duration } from 'aws-cdk-lib';
import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { checkRolePath, checksParameter, policyParameter, rolePath } from '../../contract/names';
import type { ChecksRule } from '../../contract/policy';
import { POLICY_VERSION, REMINDED_FROM_MINUTES } from '../../contract/policy';
import { acknowledgeReads } from '../check/acknowledge-reads';
import { bindChecks } from '../check/bind-checks';
import type { ReaderOfCheck } from '../check/reader-of';
import { GateError } from '../errors';
import { gateRole, policyLength, ROLE_POLICY } from '../private/gate-role';
import { longestJson, longestUnresolved } from '../private/longest';
import { minutesOf } from '../private/minutes';
import { JsonParameter, STANDARD_LIMIT } from '../private/policy-parameter';
import { mustBeLiteral, shortHash } from '../private/text';
import type { Answers } from './answers';
import type { AnswerableGate } from './answer-resources';
import { answerLength, answerResources, Breadth, breadthFor } from './answer-resources';
import { ApprovalGate } from './approval-gate';
import { mustReachBreakers } from './break-glass-rules';
import { mustBeAnswerable } from './console-rules';
import type { ChecksPlan } from './gate-plan';
import { policyDocument } from './gate-policy';
import { mustBeFree } from './known-gates';
import { changeSetsOf, describeChangeSets, tooManyChangeSets, type ShowingGate } from './shown-change-sets';
import { warnOfDigest } from './digest-time';
import { warnOfWindow } from './window-warning';

/** So many of them are for reading the pipeline. */
const READS = 500;

/** What the gates of a pipeline need to know of their workflow. */
export interface GatesOwner {
  readonly workflowName: string;
  /** ARN of the role that answers: it may assume the answer role. */
  readonly decideRoleArn: string;
  /** ARN of the role that measures: it may assume the check role. */
  readonly checkRoleArn: string;
  /** How its people answer. */
  readonly answers: Answers;
  /** For how long it gathers emails to one person, if it does. */
  readonly digestEvery?: Duration;
}

export interface PipelineGatesProps {
  readonly owner: GatesOwner;
  readonly pipelineName: string;
  readonly pipelineArn: string;
  /** Name as written in the app, if it is: its length is known then. */
  readonly literalName?: string;
}

export interface NewGate extends ShowingGate {
  /** Whether the stage goes back when the gate rejects: known when every gate is there. */
  readonly rollsBack: () => boolean;
}

/** A check of a gate that a `CheckReader` has to read for. */
export interface ReadElsewhere extends ReaderOfCheck, AnswerableGate {
  readonly workflowName: string;
}

/**
 * What a workflow keeps beside one pipeline: a role that may read it and answer its gates, a role that may read what its
 * checks measure, and the policies of its gates.
 */
export class PipelineGates extends Construct {
  /** The gates of that workflow in that pipeline, made at the first one. */
  public static of(scope: IConstruct, props: PipelineGatesProps): PipelineGates {
    // By the name of the workflow, not by its place: whoever moves its construct keeps these roles and parameters, whose names
    // could not be taken anew before the old ones are gone.
    const id = `Gates${shortHash(`${props.owner.workflowName}/${props.literalName ?? ''}`)}`;
    const existing = scope.node.tryFindChild(id);
    return existing instanceof PipelineGates ? existing : new PipelineGates(scope, id, props);
  }

  /** Name of the workflow that answers a gate of this construct already, if one does. */
  public static workflowOf(scope: IConstruct, { stageName, actionName }: AnswerableGate): string | undefined {
    const owner = scope.node.children.find(
      (child): child is PipelineGates => child instanceof PipelineGates && child.has(stageName, actionName),
    );
    return owner?.props.owner.workflowName;
  }

  /** What the gates of this construct, of whatever workflow, measure in other accounts. */
  public static readElsewhere(scope: IConstruct): readonly ReadElsewhere[] {
    return scope.node.children.flatMap((child) => (child instanceof PipelineGates ? child.elsewhere : []));
  }

  private readonly props: PipelineGatesProps;
  private readonly gates: NewGate[] = [];
  private readonly elsewhere: ReadElsewhere[] = [];
  private readonly checkStatements: iam.PolicyStatement[] = [];
  private readonly answerRoleArn: string;
  private checkRole?: iam.CfnRole;
  private breadth = Breadth.ACTIONS;

  private constructor(scope: IConstruct, id: string, props: PipelineGatesProps) {
    super(scope as Construct, id);
    this.props = props;
    this.answerRoleArn = gateRole(this, 'AnswerRole', {
      description: 'Reads one pipeline and answers its approval gates',
      path: rolePath(props.owner.workflowName),
      trustedAccount: Stack.of(this).account,
      trusted: { ArnEquals: props.owner.decideRoleArn },
      statements: () => this.answerStatements(),
    }).attrArn;
    this.node.addValidation({ validate: () => this.changeSetProblems() });
    this.node.addValidation({ validate: () => this.answerRoleProblems() });
  }

  /** One parameter more in this stack, two where the checks do not fit into the first. */
  public add(gate: NewGate): ApprovalGate {
    mustBeLiteral('stageName', gate.stageName, 'the name of a parameter is made of it');
    mustBeLiteral('actionName', gate.actionName, 'the name of a parameter is made of it');
    if (this.has(gate.stageName, gate.actionName)) {
      throw new GateError(
        'DuplicateGate',
        `gate '${gate.actionName}' of stage '${gate.stageName}' is added twice to one workflow: remove one`,
      );
    }
    mustBeAnswerable(gate.plan, this.props.owner.answers);
    mustReachBreakers(gate.plan, this.props.owner);
    const { literalName } = this.props;
    if (literalName !== undefined) {
      const { stageName, actionName } = gate;
      mustBeFree({ pipelineName: literalName, stageName, actionName }, this, this.props.owner.workflowName);
    }
    gate.plan.freezes.forEach((freeze) => freeze._arnIn(this));
    this.gates.push(gate);
    this.widen();
    this.warnOfShortTimeout(gate);
    warnOfWindow(this, gate);
    warnOfDigest(this, gate, this.props.owner.digestEvery);
    this.node.addValidation({ validate: () => [...replacedAndRolledBack(gate), ...tooManyChangeSets(gate)] });
    const { rule } = gate.plan;
    const checks = rule.kind === 'MANUAL' ? undefined : this.bind(gate, rule.checks);
    new JsonParameter(this, `Policy${this.idOf(gate)}`, {
      parameterName: this.parameterName(policyParameter, gate),
      description: `Who and what opens gate ${gate.stageName}/${gate.actionName}`,
      document: () => this.policy(gate, checks, gate.rollsBack()),
      fix: 'name fewer `approvers`',
    });
    const { stageName, actionName } = gate;
    const { workflowName } = this.props.owner;
    const { pipelineName } = this;
    return new ApprovalGate(this, `Gate${this.idOf(gate)}`, { workflowName, pipelineName, stageName, actionName });
  }

  private has(stageName: string, actionName: string): boolean {
    return this.gates.some((gate) => gate.stageName === stageName && gate.actionName === actionName);
  }

  /** Reminders that somebody chose and nobody will get. */
  private warnOfShortTimeout({ plan: { rule, timeout }, stageName, actionName }: NewGate): void {
    const chosen = rule.kind === 'AUTOMATED' ? undefined : rule.people.reminders;
    const none = chosen === undefined || chosen.shares.length === 0;
    if (none || timeout.isUnresolved() || timeout.toMinutes() >= REMINDED_FROM_MINUTES) {
      return;
    }
    Annotations.of(this).addWarningV2(
      'cdk-approval-gates:ApprovalGate.remindersNotSent',
      `gate '${actionName}' of stage '${stageName}' has \`reminders\`, but its \`timeout\` is ${timeout.toHumanString()}, and nobody is ` +
        'reminded where that is under an hour: raise `timeout`, or remove `reminders`',
    );
  }

  /** The checks stand in the policy, or, where they might not fit there, in a parameter of their own. */
  private bind(gate: NewGate, { checks, bakeTime }: ChecksPlan): ChecksRule {
    const { workflowName } = this.props.owner;
    const { plans, statements, readers } = bindChecks(this, checks, {
      bakeTime,
      timeout: gate.plan.timeout,
      workflowName,
    });
    const { stageName, actionName } = gate;
    this.elsewhere.push(...readers.map((reader) => ({ ...reader, workflowName, stageName, actionName })));
    this.checkStatements.push(...statements);
    this.checkRole ??= this.makeCheckRole();
    acknowledgeReads(this.checkRole, statements);
    const common = { role: this.checkRole.attrArn, bakeMinutes: minutesOf(bakeTime) };
    const inline: ChecksRule = { ...common, source: { plans } };
    // Whether the stage rolls back is known later: `true` is the longer text.
    if (longestUnresolved(this.policy(gate, inline, true)) <= STANDARD_LIMIT) {
      return inline;
    }
    const parameter = this.parameterName(checksParameter, gate);
    new JsonParameter(this, `Checks${this.idOf(gate)}`, {
      parameterName: parameter,
      description: `Checks of gate ${gate.stageName}/${gate.actionName}`,
      document: () => ({ v: POLICY_VERSION, checks: plans }),
      fix: 'give the gate fewer `checks`, or shorter addresses and details; a wave can be split into several, with fewer targets each',
    });
    return { ...common, source: { parameter } };
  }

  private policy(gate: NewGate, checks: ChecksRule | undefined, rollsBack: boolean): object {
    const { stageName: stage, actionName: action, plan } = gate;
    return policyDocument(plan, checks, {
      changeSets: changeSetsOf(gate),
      gate: { pipeline: this.pipelineName, stage, action },
      answerRole: this.answerRoleArn,
      onReject: rollsBack ? 'ROLLBACK' : 'STOP',
    });
  }

  private idOf({ stageName, actionName }: AnswerableGate): string {
    return shortHash(`${stageName}/${actionName}`);
  }

  private makeCheckRole(): iam.CfnRole {
    const { owner } = this.props;
    const role = gateRole(this, 'CheckRole', {
      description: 'Reads what the checks of one pipeline measure',
      path: checkRolePath(owner.workflowName),
      trustedAccount: Stack.of(this).account,
      trusted: { ArnEquals: owner.checkRoleArn },
      statements: () => this.checkStatements,
    });
    this.node.addValidation({ validate: () => this.checkRoleProblems() });
    return role;
  }

  private answerRoleProblems(): string[] {
    const length = policyLength(this, this.answerStatements());
    return length > ROLE_POLICY && this.gates.some(({ plan }) => plan.freezes.length > 0)
      ? [
          `the gates of one pipeline need a policy that may reach ${length} characters, but a role holds ${ROLE_POLICY}: ` +
            'use fewer calendars in `freezes`, or split the pipeline',
        ]
      : [];
  }

  private checkRoleProblems(): string[] {
    const length = policyLength(this, this.checkStatements);
    return length > ROLE_POLICY
      ? [
          `the checks of one pipeline need a policy that may reach ${length} characters, but a role holds ${ROLE_POLICY}: ` +
            'watch a composite alarm instead of many alarms, or split the pipeline',
        ]
      : [];
  }

  /** The name as written where it is known: parts of a parameter's name are encoded, which a token cannot be. */
  private get pipelineName(): string {
    return this.props.literalName ?? this.props.pipelineName;
  }

  private parameterName(of: typeof policyParameter, gate: AnswerableGate): string {
    return of(this.props.owner.workflowName, this.pipelineName, gate.stageName, gate.actionName);
  }

  /** Warns once per step, when the names of the gates do not fit into one role any more. */
  private widen(): void {
    const breadth = breadthFor(this.gates, this.props.literalName);
    if (breadth === this.breadth) {
      return;
    }
    this.breadth = breadth;
    const all =
      breadth === Breadth.STAGES ? 'every approval of the stages that hold gates' : 'every approval of this pipeline';
    Annotations.of(this).addWarningV2(
      'cdk-approval-gates:ApprovalWorkflow.answerRoleWidened',
      `the ARNs of ${this.gates.length} gates do not fit into the policy of one role, so the workflow may answer ${all}: ` +
        'shorten the names, or split the pipeline',
    );
  }

  private answerStatements(): iam.PolicyStatement[] {
    const { pipelineArn } = this.props;
    return [
      new iam.PolicyStatement({
        actions: [
          'codepipeline:GetPipelineState',
          'codepipeline:GetPipelineExecution',
          'codepipeline:ListActionExecutions',
          'codepipeline:ListPipelineExecutions',
        ],
        resources: [pipelineArn],
      }),
      new iam.PolicyStatement({
        actions: ['codepipeline:PutApprovalResult'],
        resources: answerResources(pipelineArn, this.gates, this.breadth),
      }),
      ...describeChangeSets(this, this.gates),
      ...calendarStatements(this, this.gates),
    ];
  }

  /** The names of gates are counted as they come; those of stacks are known when the whole app is made. */
  private changeSetProblems(): string[] {
    const document = new iam.PolicyDocument({ statements: describeChangeSets(this, this.gates), minimize: true });
    const taken = answerLength(this.gates, this.props.literalName, this.breadth) + READS;
    return document.isEmpty || longestJson(Stack.of(this).resolve(document)) <= ROLE_POLICY - taken
      ? []
      : [
          'the gates of one pipeline and the stacks whose change sets they show do not fit into the policy of one role: give some gates ' +
            '`changeSets: []`, which shows none, or split the pipeline',
        ];
  }
}

/** Exactly the calendars of these gates. */
function calendarStatements(scope: Construct, gates: readonly NewGate[]): iam.PolicyStatement[] {
  const resources = [...new Set(gates.flatMap(({ plan }) => plan.freezes.map((freeze) => freeze._arnIn(scope))))];
  return resources.length === 0 ? [] : [new iam.PolicyStatement({ actions: ['ssm:GetCalendarState'], resources })];
}

/** Whether a stage rolls back is known once the whole app is made. */
function replacedAndRolledBack({ plan: { rule }, stageName, actionName, rollsBack }: NewGate): string[] {
  const makesWay = rule.kind !== 'AUTOMATED' && rule.people.makesWay;
  return makesWay && rollsBack()
    ? [
        `gate '${actionName}' of stage '${stageName}' has \`newerRun\` REPLACES, but the stage is rolled back when it fails, so every run that is ` +
          'replaced would roll it back: remove `newerRun`, or `rollbackOnReject` of the gates in this stage',
      ]
    : [];
}
