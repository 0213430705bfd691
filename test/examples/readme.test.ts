import { App, Stack } from 'aws-cdk-lib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { CONTEXT, ROOT } from './harness';

/** What stands around a block of the README: imports, and the things that its text speaks of. */
const BEFORE = `
import { App, Duration, Stack, Stage, TimeZone } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as cdkpipelines from 'aws-cdk-lib/pipelines';
import {
  AlarmRef, Answers, ApprovalGateAction, ApprovalGateStep, ApprovalWorkflow, Approver, ApproverGroup, ApproverList, Approvers, BakePreset, CdkPromotion, Check, Dashboard, DeploymentWindow, GateRule, LambdaRollout, Mail,
  ApprovalFieldsAction, DecisionField, ManualApprovals, OnInconclusive, PromotionPipeline, RequireReason, RolloutStrategy,
} from 'cdk-approval-gates';

function surroundings(stack: Stack) {
  const code = new codepipeline.Artifact();
  const source = new actions.CodeStarConnectionsSourceAction({
    actionName: 'Source', connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1',
    owner: 'example', repo: 'shop', output: code,
  });
  const deployTo = (name: string, runOrder?: number) => new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'Deploy' + name, runOrder, stackName: 'shop' + name, templatePath: code.atPath('t.json'), adminPermissions: false,
  });
  const pipeline = new codepipeline.Pipeline(stack, 'ReadmePipeline', { pipelineType: codepipeline.PipelineType.V2 });
  pipeline.addStage({ stageName: 'Source', actions: [source] });
  pipeline.addStage({ stageName: 'Before', actions: [deployTo('Before')] });
  const sourceAction = new actions.S3SourceAction({
    actionName: 'S3', bucket: s3.Bucket.fromBucketName(stack, 'SourceBucket', 'shop-source'), bucketKey: 'k', output: code,
  });
  const fn = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1;'),
  });
  const cdkPipeline = new cdkpipelines.CodePipeline(stack, 'CdkPipeline', {
    pipelineType: codepipeline.PipelineType.V2,
    synth: new cdkpipelines.ShellStep('Synth', {
      input: cdkpipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'CdkSource', 'shop-source'), 'k'), commands: ['npx cdk synth'],
    }),
  });
  const [test, prod] = ['TestStage', 'ProdStage'].map((id) => new Stage(stack, id)) as [Stage, Stage];
  [test, prod].forEach((stage) => new sns.Topic(new Stack(stage, 'Service'), 'Topic'));
  const oldPipelines = new Stack(stack, 'OldPipelines');
  const old = new codepipeline.Pipeline(oldPipelines, 'Old', { pipelineType: codepipeline.PipelineType.V2 });
  old.addStage({ stageName: 'Source', actions: [source] });
  for (const stageName of ['Test', 'Prod']) {
    old.addStage({ stageName, actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })] });
  }
  const people = [Approver.person('ana@example.com'), Approver.person('bo@example.com'), Approver.person('cy@example.com')];
  const [ana, bo, cy] = people as [Approver, Approver, Approver];
  return {
    source, sourceAction, pipeline, oldPipelines, cdkPipeline, test, prod, fn, ana, bo, cy,
    deploy: deployTo('', 2), deployDev: deployTo('Dev'), deployProd: deployTo('Prod'),
    smokeTest: fn as lambda.IFunction,
    approvals: new ApprovalWorkflow(stack, 'Shared'),
    shop5xx: cloudwatch.Alarm.fromAlarmName(stack, 'Shop5xx', 'shop-5xx'),
    releaseManagers: new iam.Role(stack, 'ReleaseManagers', { assumedBy: new iam.AccountRootPrincipal() }),
  };
}
`;

interface Block {
  readonly title: string;
  readonly code: string;
}

/** The TypeScript blocks of the README, each with the heading above it. */
function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let title = 'the first screen';
  for (const [, heading, code] of markdown.matchAll(/^## (.+)$|^```ts\n([\s\S]*?)^```$/gm)) {
    if (code === undefined) {
      title = heading!;
    } else {
      blocks.push({ title, code });
    }
  }
  return blocks;
}

const blocks = blocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8'));

/** One module with a function per block: what a block does not define itself, its surroundings do. */
function moduleOf(all: readonly Block[]): string {
  const functions = all.map(({ code }, index) => {
    const body = code.replace(/^import .*\n/gm, '');
    return `
export function block${index}(this: Stack): void {
  const { source, sourceAction, pipeline, oldPipelines, cdkPipeline, test, prod, fn, ana, bo, cy, approvals, deploy, deployDev, deployProd, smokeTest, shop5xx, releaseManagers } = surroundings(this);
  {
${body}
  }
}`;
  });
  return BEFORE + functions.join('\n');
}

const FILE = join(ROOT, 'test', 'examples', 'readme-blocks.ts');
const text = moduleOf(blocks);

test('every task of the README has an example', () => {
  expect(new Set(blocks.map((block) => block.title))).toEqual(
    new Set([
      'the first screen',
      'A manual approval',
      'Two of three people, with personal links',
      'Let checks decide',
      'A canary that rolls back by itself',
      'Source to production',
      'CDK Pipelines',
      'Existing pipelines',
    ]),
  );
});

test('the examples of the README have no type errors', () => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const own = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(own);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(FILE, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);

  const program = ts.createProgram([FILE], own, host);
  const source = program.getSourceFile(FILE);
  const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];

  expect(problems.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, '\n'))).toEqual([]);
}, 240_000);

describe('the first example of the README', () => {
  const first = blocks[0]!.code;
  /** A gate as it is written, without comments and spaces. */
  const gateIn = (code: string) =>
    /newApprovalGateAction\(\{.*?\}\)/.exec(code.replace(/\/\/ .*/g, '').replace(/\s/g, ''))?.[0].replace(',})', '})');

  test('has less than 30 lines', () => {
    expect(first.trim().split('\n').length).toBeLessThan(30);
  });

  test('is the gate of the example that is rehearsed', () => {
    const example = readFileSync(join(ROOT, 'examples/native-gate.ts'), 'utf8');
    const scenario = readFileSync(join(ROOT, 'rehearsal/scenarios/example-native-gate.yaml'), 'utf8');

    expect(gateIn(first)).toBeDefined();
    expect(gateIn(first)).toBe(gateIn(example));
    expect(scenario).toContain('app: examples/native-gate.ts');
  });
});

describe('the examples of the README synthesize', () => {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const compiled = new Function('require', 'exports', `${outputText}\nreturn exports;`) as (
    load: NodeJS.Require,
    exports: object,
  ) => Record<string, (this: Stack) => void>;
  const exported = compiled(require, {});

  test.each(blocks.map((block, index) => [block.title, index] as const))('%s', (_title, index) => {
    const app = new App({ context: CONTEXT });
    exported[`block${index}`]!.call(new Stack(app, 'Readme'));

    expect(app.synth().stacks.length).toBeGreaterThan(0);
  });
});
