import { App, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Approver } from '../../../lib/approval';
import * as approval from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { PromotionPipeline, PromotionTarget } from '../../../lib/promotion';
import { newPipeline } from '../approval/stacks';
import type { Quota, Template } from './aws-quotas';
import { OF_A_STACK, OF_AN_ACCOUNT } from './aws-quotas';

const { Answers, ApprovalGateAction, ApprovalWorkflow, Approvers, GateRule, ManualApprovals } = approval;

/** Names of CodePipeline may have so many characters. */
const LONGEST_NAME = 100;

const named = (name: string, length: number) => name.padEnd(length, 'x');
const people = (count: number): Approver[] =>
  Array.from({ length: count }, (_, i) => {
    const name = named(`person${i}`, 40);
    return approval.Approver.person(`${name}@example.com`, { alsoKnownAs: [`*/assumed-role/Release/${name}`] });
  });

/** So many gates in each of so many pipelines: people and two checks at every second one, people alone at the others. */
function addPipelines(
  stack: Stack,
  workflow: approval.IApprovalWorkflow,
  { pipelines, gates, length }: { readonly pipelines: number; readonly gates: number; readonly length: number },
  props: codepipeline.PipelineProps = {},
): void {
  for (let p = 0; p < pipelines; p++) {
    const pipeline = newPipeline(stack, `Pipeline${p}`, props);
    for (let g = 0; g < gates; g++) {
      const checks = [
        Check.alarm(AlarmRef.named(named(`alarm-${p}-${g}`, length))),
        Check.http(`https://shop${p}.example.com/health/${g}`),
      ];
      pipeline.addStage({
        stageName: named(`Stage${g}`, length),
        actions: [
          new ApprovalGateAction({
            actionName: named('Approve', length),
            workflow,
            approvers: Approvers.atLeast(2, ...people(20)),
            excludeAuthor: false,
            additionalInformation: named('Read', 940),
            ...(g % 2 === 0 ? { checks, rule: GateRule.guarded() } : {}),
          }),
        ],
      });
    }
  }
}

/** The CDK's flags that `cdk init` sets matter to the number of roles and exports. */
function newApp(context: Record<string, unknown> = {}): App {
  return new App({ context: { '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true, ...context } });
}

function templatesOf(app: App): Readonly<Record<string, Template>> {
  return Object.fromEntries(app.synth().stacks.map((stack) => [stack.stackName, stack.template as Template]));
}

/** 100 gates in four pipelines of one stack, the workflow beside them or with them. */
function manyGates(length: number, together: boolean, env?: StackProps['env']): Readonly<Record<string, Template>> {
  const app = newApp();
  const release = new Stack(app, 'Release', { env });
  const platform = together ? release : new Stack(app, 'Platform', { env });
  const workflow = new ApprovalWorkflow(platform, 'Approvals', { workflowName: named('w', 32) });
  addPipelines(release, workflow, { pipelines: 4, gates: 25, length });
  return templatesOf(app);
}

/** 50 pipelines in 25 stacks on one workflow, which has a key of its own, 120 approvers and a topic for each. */
function manyPipelines(context: Record<string, unknown> = {}): Readonly<Record<string, Template>> {
  const app = newApp(context);
  const platform = new Stack(app, 'Platform');
  const encryptionKey = new kms.Key(platform, 'Key');
  const workflow = new ApprovalWorkflow(platform, 'Approvals', { encryptionKey });
  workflow.addApprovers(...people(120));
  for (let s = 0; s < 25; s++) {
    addPipelines(new Stack(app, `Release${s}`), workflow, { pipelines: 2, gates: 2, length: 20 });
  }
  return templatesOf(app);
}

/** 100 pipelines that are made elsewhere, by their names. */
function manyNames(answers = Answers.byLink()): Readonly<Record<string, Template>> {
  const app = newApp();
  const workflow = new ApprovalWorkflow(new Stack(app, 'Platform'), 'Approvals', { answers });
  const names = Array.from({ length: 100 }, (_, i) => ({
    pipelineName: named(`p${i}`, LONGEST_NAME),
    stageName: named('Prod', LONGEST_NAME),
    actionName: named('@', LONGEST_NAME),
  }));
  workflow.addGates(names, {
    approvers: Approvers.anyOf(...people(20)),
    checks: [Check.http('https://example.com')],
    rule: GateRule.automatedElsePeople(),
  });
  return templatesOf(app);
}

/** 100 manual approvals of the CDK in one stack, each with a role of its own, taken over. */
function manyTakenOver(): Readonly<Record<string, Template>> {
  const app = newApp();
  const stack = new Stack(app, 'Old');
  for (let p = 0; p < 4; p++) {
    const pipeline = newPipeline(stack, `Pipeline${p}`);
    for (let g = 0; g < 25; g++) {
      pipeline.addStage({
        stageName: `Stage${g}`,
        actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })],
      });
    }
  }
  const workflow = new ApprovalWorkflow(new Stack(app, 'Platform'), 'Approvals');
  ManualApprovals.takeOver(app, { workflow, approvers: Approvers.anyOf(...people(20)) });
  return templatesOf(app);
}

/** As many stages as a pipeline has: waves of two Regions with the roles of bootstrapping, each with both gates and names as long as can be. */
function promotedEverywhere(): Readonly<Record<string, Template>> {
  const app = newApp();
  const stack = new Stack(app, 'Release', { env: { account: '111111111111', region: 'eu-west-1' } });
  const code = new codepipeline.Artifact();
  const role = iam.Role.fromRoleArn(stack, 'Deploy', 'arn:aws:iam::111111111111:role/deploy', { mutable: false });
  const deploy = (wave: number, region: string) =>
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: named(`${region}-`, LONGEST_NAME),
      region,
      stackName: `shop-${wave}`,
      templatePath: code.atPath(`shop-${wave}.json`),
      adminPermissions: false,
      role,
      deploymentRole: role,
    });
  new PromotionPipeline(stack, 'Promotion', {
    source: new actions.S3SourceAction({
      actionName: 'Source',
      bucket: s3.Bucket.fromBucketName(stack, 'Source', 'source'),
      bucketKey: 'app.zip',
      output: code,
    }),
    approvers: Approvers.atLeast(2, ...people(20)),
    waves: Array.from({ length: 49 }, (_, wave) => ({
      waveName: named(`Wave${wave}`, LONGEST_NAME),
      targets: ['eu-west-1', 'us-east-1'].map((region) => PromotionTarget.actions(region, [deploy(wave, region)])),
      manualApproval: true,
      checks: [Check.alarm(AlarmRef.named(named(`alarm-${wave}`, LONGEST_NAME)))],
    })),
  });
  return templatesOf(app);
}

const SETUPS: Readonly<Record<string, Readonly<Record<string, Template>>>> = {
  '100 gates in pipelines of one stack': manyGates(20, false),
  '100 gates in pipelines of one stack, names as long as can be': manyGates(LONGEST_NAME, false),
  '100 gates in pipelines of the stack of their workflow': manyGates(20, true, {
    account: '111111111111',
    region: 'eu-west-1',
  }),
  '50 pipelines in 25 stacks on one workflow with a key': manyPipelines(),
  '50 pipelines in 25 stacks, weak references between stacks': manyPipelines({
    '@aws-cdk/core:defaultCrossStackReferences': 'weak',
  }),
  '100 pipelines by their names': manyNames(),
  '100 pipelines by their names, answered in the console': manyNames(Answers.inConsole()),
  '100 manual approvals of one stack, taken over': manyTakenOver(),
  '49 waves of two Regions in one pipeline': promotedEverywhere(),
};

/** What is above its quota. */
function exceeded(templates: Readonly<Record<string, Template>>, quotas: readonly Quota[]): string[] {
  return Object.entries(templates).flatMap(([stack, template]) =>
    quotas.flatMap((quota) =>
      quota
        .of(template)
        .filter(({ amount }) => amount > quota.limit)
        .map(({ where, amount }) => `${stack} ${where}: ${amount} ${quota.name}, but ${quota.limit} are allowed`),
    ),
  );
}

/** The same for what all stacks of an account have together. */
function exceededTogether(templates: Readonly<Record<string, Template>>): string[] {
  const resources = Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, resource]) => [`${stack}.${id}`, resource]),
  );
  return exceeded({ account: { Resources: Object.fromEntries(resources) as Template['Resources'] } }, OF_AN_ACCOUNT);
}

describe.each(Object.keys(SETUPS))('%s', (setup) => {
  const templates = SETUPS[setup]!;

  test('stay within every quota of each stack', () => {
    expect(exceeded(templates, OF_A_STACK)).toEqual([]);
  });

  test('stay within every quota of the account', () => {
    expect(exceededTogether(templates)).toEqual([]);
  });
});

test('a workflow does not grow with the gates that it serves: its stack is the same for 2 as for 100', () => {
  const few = newApp();
  const workflow = new ApprovalWorkflow(new Stack(few, 'Platform'), 'Approvals', { workflowName: named('w', 32) });
  addPipelines(new Stack(few, 'Release'), workflow, { pipelines: 1, gates: 2, length: 20 });
  expect(SETUPS['100 gates in pipelines of one stack']!.Platform).toEqual(templatesOf(few).Platform);
});

test('a gate more costs its stack one resource more', () => {
  const count = (pipelines: number, gates: number) => {
    const app = newApp();
    const stack = new Stack(app, 'Release');
    const workflow = new ApprovalWorkflow(new Stack(app, 'Platform'), 'Approvals');
    addPipelines(stack, workflow, { pipelines, gates, length: 20 });
    return Object.keys(templatesOf(app).Release!.Resources).length;
  };
  expect(count(1, 20) - count(1, 10)).toBe(10);
});

describe('the measure itself', () => {
  const all = Object.values(SETUPS).flatMap((templates) => Object.values(templates));

  test.each(
    OF_A_STACK.filter(({ name }) => name !== 'characters of a managed policy').map(
      (quota) => [quota.name, quota] as const,
    ),
  )('finds what counts, and would tell of too many: %s', (_, quota) => {
    const amounts = all.flatMap((template) => quota.of(template).map(({ amount }) => amount));
    const most = Math.max(...amounts);
    expect(amounts.every((amount) => Number.isInteger(amount))).toBe(true);
    if (quota.name !== 'managed policies of a role') {
      expect(most).toBeGreaterThan(0);
    }
    const tight = { ...quota, limit: most - 1 };
    expect(all.flatMap((template) => exceeded({ any: template }, [tight])).length).toBeGreaterThan(0);
  });

  test('counts a policy of 10,241 characters as too long, and one of 10,240 as just right', () => {
    const role = (length: number): Template => ({
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: 'x'.repeat(length - 2) },
        },
      },
    });
    expect(exceeded({ any: role(10_240) }, OF_A_STACK)).toEqual([]);
    expect(exceeded({ any: role(10_241) }, OF_A_STACK)).toEqual([
      'any Role: 10241 characters of all inline policies of a role, without blanks, but 10240 are allowed',
    ]);
  });
});
