/**
 * Synthesizes an app with so many gates of a kind and prints what it took: `synth.js <kind> <gates>`. Each kind loads what an app
 * of that kind would load, and no more.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Kind = 'cdk' | 'native' | 'workflow' | 'checks';
type Gate = (stage: codepipeline.IStage) => codepipeline.IAction;

/** Stages of a pipeline that hold a gate; one more fetches the source. */
const GATES_OF_A_PIPELINE = 49;

const MAILS = ['ana@example.com', 'bo@example.com'] as const;

async function gateOf(kind: Kind, app: App): Promise<(stack: Stack) => Gate> {
  if (kind === 'cdk') {
    return (stack) => {
      const notificationTopic = new sns.Topic(stack, 'Topic');
      for (const endpoint of MAILS) {
        new sns.Subscription(stack, endpoint, {
          topic: notificationTopic,
          protocol: sns.SubscriptionProtocol.EMAIL,
          endpoint,
        });
      }
      return () => new actions.ManualApprovalAction({ actionName: 'Approve', notificationTopic });
    };
  }
  // Not loaded where only the CDK's own action is used.
  const { ApprovalGateAction, ApprovalWorkflow, Approvers, Check } = await import('../../lib');
  if (kind === 'native') {
    return () => () => new ApprovalGateAction({ actionName: 'Approve', approvers: Approvers.emails(...MAILS) });
  }
  const workflow = new ApprovalWorkflow(new Stack(app, 'Platform'), 'Approvals');
  const policy =
    kind === 'workflow'
      ? { approvers: Approvers.emails(...MAILS) }
      : { checks: [Check.http('https://shop.example.com/health')] };
  return () => () => new ApprovalGateAction({ actionName: 'Approve', workflow, ...policy });
}

async function main(kind: Kind, count: number): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = new App({ outdir, context: { '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true } });
  const make = await gateOf(kind, app);
  const stacks: Stack[] = [];
  for (let first = 0; first < count; first += GATES_OF_A_PIPELINE) {
    const stack = new Stack(app, `Release${stacks.length}`);
    const gate = make(stack);
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { crossAccountKeys: false });
    const bucket = s3.Bucket.fromBucketName(stack, 'Source', 'source');
    const output = new codepipeline.Artifact();
    const source = new actions.S3SourceAction({ actionName: 'Fetch', bucket, bucketKey: 'app.zip', output });
    pipeline.addStage({ stageName: 'Source', actions: [source] });
    for (let index = first; index < Math.min(count, first + GATES_OF_A_PIPELINE); index += 1) {
      const stage = pipeline.addStage({ stageName: `Stage${index}` });
      stage.addAction(gate(stage));
    }
    stacks.push(stack);
  }
  const assembly = app.synth();
  const resources = stacks.reduce((sum, { stackName }) => {
    const { Resources } = assembly.getStackByName(stackName).template as { readonly Resources: object };
    return sum + Object.keys(Resources).length;
  }, 0);
  rmSync(outdir, { recursive: true });
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ milliseconds: (user + system) / 1000, resources }));
}

void main(process.argv[2] as Kind, Number(process.argv[3]));
