import { Token } from 'aws-cdk-lib';

/** Inline policies of a role hold 10,240 characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html); some are for the reads. */
const ROOM = 9000;

/** `"arn:aws-us-gov:codepipeline:ap-southeast-2:123456789012:",` at its longest. */
const AROUND = 64;

/** Longest name of a pipeline, stage or action. */
const LONGEST_NAME = 100;

export interface AnswerableGate {
  readonly stageName: string;
  readonly actionName: string;
}

/** How exactly the answer role names what it may answer. */
export enum Breadth {
  /** `<pipeline>/<stage>/<action>` */
  ACTIONS,
  /** `<pipeline>/<stage>/*` */
  STAGES,
  /** `<pipeline>/*` */
  PIPELINE,
}

/** The most exact breadth that fits into a role's policy, with every token at its longest. */
export function breadthFor(gates: readonly AnswerableGate[], pipelineName: string | undefined): Breadth {
  const fits = (breadth: Breadth) => answerLength(gates, pipelineName, breadth) <= ROOM;
  return [Breadth.ACTIONS, Breadth.STAGES].find(fits) ?? Breadth.PIPELINE;
}

/** Characters of what a role may answer. */
export function answerLength(
  gates: readonly AnswerableGate[],
  pipelineName: string | undefined,
  breadth: Breadth,
): number {
  const around = AROUND + (pipelineName === undefined ? LONGEST_NAME : lengthOf(pipelineName));
  const stages = [...new Set(gates.map((gate) => gate.stageName))];
  switch (breadth) {
    case Breadth.ACTIONS:
      return gates.reduce((sum, g) => sum + around + lengthOf(g.stageName) + lengthOf(g.actionName) + 2, 0);
    case Breadth.STAGES:
      return stages.reduce((sum, stage) => sum + around + lengthOf(stage) + 3, 0);
    case Breadth.PIPELINE:
      return around + 2;
  }
}

export function answerResources(pipelineArn: string, gates: readonly AnswerableGate[], breadth: Breadth): string[] {
  switch (breadth) {
    case Breadth.ACTIONS:
      return gates.map((gate) => `${pipelineArn}/${gate.stageName}/${gate.actionName}`);
    case Breadth.STAGES:
      return [...new Set(gates.map((gate) => `${pipelineArn}/${gate.stageName}/*`))];
    case Breadth.PIPELINE:
      return [`${pipelineArn}/*`];
  }
}

function lengthOf(name: string): number {
  return Token.isUnresolved(name) ? LONGEST_NAME : name.length;
}
