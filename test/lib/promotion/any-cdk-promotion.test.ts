/** Promotions by CDK Pipelines of any form: what the template says of them has to be what was asked for. */
import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { ApprovalWorkflow, Approver, Approvers, CdkPromotion } from '../../../lib';
import fc from 'fast-check';
import { alarm, HERE } from './fixture';
import { differences, rendered, type Asked, type Rendered } from './rendered';

interface AnyStep {
  readonly isWave: boolean;
  /** Of each stage of the CDK: how many stacks it has, each behind the one before. */
  readonly stacks: readonly number[];
  readonly approve: boolean;
  readonly watched: number;
  readonly rollsBack: boolean;
  readonly bakeMinutes?: number;
  readonly pre: number;
  readonly post: number;
  /** The second of two steps of one kind depends on the first. */
  readonly inRow: boolean;
  /** A step that nobody listed, and that the first of `pre`, else of `post`, needs; the same number is the same step. */
  readonly needed?: number;
}

const anyStep: fc.Arbitrary<AnyStep> = fc.record(
  {
    isWave: fc.boolean(),
    stacks: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
    approve: fc.boolean(),
    watched: fc.integer({ min: 0, max: 3 }),
    rollsBack: fc.boolean(),
    bakeMinutes: fc.integer({ min: 0, max: 2_000 }),
    pre: fc.integer({ min: 0, max: 2 }),
    post: fc.integer({ min: 0, max: 2 }),
    inRow: fc.boolean(),
    needed: fc.nat({ max: 1 }),
  },
  { requiredKeys: ['isWave', 'stacks', 'approve', 'watched', 'rollsBack', 'pre', 'post', 'inRow'] },
);

function promote(steps: readonly AnyStep[]): { readonly asked: readonly Asked[]; readonly template: Rendered } {
  const app = new App();
  const stack = new Stack(app, 'Release', { env: HERE });
  const source = pipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Source', 'source'), 'a.zip');
  const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
    pipelineType: PipelineType.V2,
    synth: new pipelines.ShellStep('Synth', { input: source, commands: ['npx cdk synth'] }),
  });
  const promotion = new CdkPromotion(stack, 'Promotion', {
    pipeline,
    workflow: new ApprovalWorkflow(stack, 'Workflow'),
    approvers: Approvers.anyOf(Approver.person('ana@example.com')),
  });
  const shell = (id: string) => new pipelines.ShellStep(id, { commands: ['true'] });
  const unlisted = [shell('need0'), shell('need1')];
  const taken = new Set<pipelines.Step>();
  let waves = 0;
  const wanted = steps.map((step, index) => {
    const own = (kind: string, count: number) => {
      const made = Array.from({ length: count }, (_, at) => shell(`${kind}${index}x${at}`));
      if (step.inRow && made.length === 2) made[1]!.addStepDependency(made[0]!);
      return made;
    };
    const [pre, post] = [own('pre', step.pre), own('post', step.post)];
    const needing = pre[0] ?? post[0];
    const needed = step.needed === undefined || needing === undefined ? undefined : unlisted[step.needed];
    if (needed !== undefined) needing!.addStepDependency(needed);
    const isHere = needed !== undefined && !taken.has(needed);
    if (isHere) taken.add(needed);
    const alarms = Array.from({ length: step.watched }, (_, at) => `alarm${index}x${at}`);
    const options = {
      pre,
      post,
      manualApproval: step.approve,
      ...(alarms.length > 0 ? { checks: alarms.map(alarm), rollbackOnReject: step.rollsBack } : {}),
      ...(alarms.length > 0 && step.bakeMinutes !== undefined ? { bakeTime: Duration.minutes(step.bakeMinutes) } : {}),
    };
    const stages = (step.isWave ? step.stacks : step.stacks.slice(0, 1)).map((count, at) => {
      const stage = new Stage(stack, `P${index}x${at}`, { env: HERE });
      const stacks = Array.from({ length: count }, (_, number) => new Stack(stage, `S${number}`));
      stacks.forEach((one) => new sns.Topic(one, 'Topic'));
      if (stacks.length === 2) stacks[1]!.addStackDependency(stacks[0]!);
      return stage;
    });
    if (step.isWave) promotion.addWave(`W${index}`, stages, options);
    else promotion.addStage(stages[0]!, options);
    const bakes = step.isWave ? (waves === 0 ? 720 : 120) : 0;
    waves += step.isWave ? 1 : 0;
    const steps = {
      pre: pre.map(({ id }) => id),
      post: post.map(({ id }) => id),
      needed: isHere ? needed.id : undefined,
    };
    const name = stages.length === 1 ? stages[0]!.stageName : `W${index}`;
    return { name, step, alarms, steps, needing: needing?.id, bakeMinutes: step.bakeMinutes ?? bakes, stages };
  });
  const template = rendered(stack);
  return { template, asked: wanted.map((one) => askedOf(template, one)) };
}

/** By the names that CDK Pipelines gives the actions: `Prepare` and `Deploy`, with stage and stack where there are several. */
function askedOf(
  { stages: all }: Rendered,
  {
    name,
    step,
    alarms,
    steps: { pre, post, needed },
    needing,
    bakeMinutes,
    stages,
  }: {
    readonly name: string;
    readonly step: AnyStep;
    readonly alarms: readonly string[];
    readonly steps: { readonly pre: readonly string[]; readonly post: readonly string[]; readonly needed?: string };
    readonly needing?: string;
    readonly bakeMinutes: number;
    readonly stages: readonly Stage[];
  },
): Asked {
  const there = (all.find((stage) => stage.name === name)?.actions ?? []).map((action) => action.name);
  const plain = there.includes('Prepare');
  const deployed = stages.flatMap((stage) =>
    stage.node.children.filter(Stack.isStack).map((one, at) => {
      const path = plain ? '' : `${stages.length > 1 ? `${stage.stageName}.` : ''}${one.node.id}.`;
      return { stage, at, prepare: `${path}Prepare`, deploy: `${path}Deploy` };
    }),
  );
  const extra = [...pre, ...post, ...(needed === undefined ? [] : [needed])];
  const row = (ids: readonly string[]) => (step.inRow && ids.length === 2 ? [[ids[0]!, ids[1]!] as const] : []);
  return {
    name,
    approve: step.approve,
    rollsBack: alarms.length > 0 && step.rollsBack,
    alarms,
    bakeMinutes,
    between: [...deployed.flatMap(({ prepare, deploy }) => [prepare, deploy]), ...extra],
    inOrder: [
      ...deployed.map(({ prepare, deploy }) => [prepare, deploy] as const),
      ...deployed.flatMap((one) =>
        deployed
          .filter((other) => other.stage === one.stage && other.at > one.at)
          .map((other) => [one.deploy, other.prepare] as const),
      ),
      ...pre.flatMap((id) => deployed.map(({ prepare }) => [id, prepare] as const)),
      ...post.flatMap((id) => deployed.map(({ deploy }) => [deploy, id] as const)),
      ...row(pre),
      ...row(post),
      ...(needed === undefined || needing === undefined ? [] : [[needed, needing] as const]),
    ],
    atOnce: [],
  };
}

test('a promotion of any form stands in the template as it was asked for', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 4 }), (steps) => {
      const { asked, template } = promote(steps);
      expect(differences(template, asked)).toEqual([]);
    }),
    { numRuns: process.env.WIDE === undefined ? 15 : 500 },
  );
});
