import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  Answers,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  GateRule,
  Mail,
} from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { deployAction, newPipeline } from './stacks';

/** Bucket and roles that the CDK makes for every pipeline. */
const OF_THE_CDK = /Release\/Pipeline\/(Role|ArtifactsBucket|Source|Prod\/Deploy)\//;

/** Everything that the CDK's own validation and the AwsSolutions pack find. */
function findingsOf(env: { readonly account: string; readonly region: string } | undefined, flags: object): string[] {
  const app = new App({
    context: {
      ...flags,
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true,
    },
    postCliContext: { '@aws-cdk/core:failSynthOnValidationErrors': false },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  const [release, workflows] = ['Release', 'Workflows'].map((id) => new Stack(app, id, { env }));
  const sns = new ApprovalWorkflow(workflows!, 'Sns');
  const ses = new ApprovalWorkflow(workflows!, 'Ses', { mail: Mail.ses({ from: 'releases@example.com' }) });
  new ApprovalWorkflow(workflows!, 'Internal', { answers: Answers.inConsole() });
  new ApprovalWorkflow(workflows!, 'Kept', {
    encryptionKey: kms.Key.fromKeyArn(
      workflows!,
      'Key',
      'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555',
    ),
    functionOptions: {
      vpc: ec2.Vpc.fromVpcAttributes(workflows!, 'Vpc', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['eu-west-1a'],
        privateSubnetIds: ['subnet-0123456789abcdef0'],
        privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
      }),
      tracing: lambda.Tracing.ACTIVE,
    },
  });
  const people = Approvers.atLeast(2, ...['ana', 'bo', 'cy'].map((name) => Approver.person(`${name}@example.com`)));
  const checks = [Check.alarm(AlarmRef.named('shop-5xx')), Check.http('https://example.com/health')];
  sns.addGate({
    ...{ pipelineName: 'old', stageName: 'Prod', actionName: 'Approve' },
    ...{ approvers: people, checks, rule: GateRule.guarded() },
  });
  newPipeline(release!).addStage({
    stageName: 'Prod',
    actions: [
      new ApprovalGateAction({ actionName: 'Native', approvers: Approvers.emails('ana@example.com') }),
      // The source is an archive, which has no author to exclude.
      new ApprovalGateAction({ actionName: 'People', approvers: people, workflow: sns, excludeAuthor: false }),
      deployAction(release!, 'Deploy', 2),
      new ApprovalGateAction({
        actionName: 'Healthy',
        runOrder: 3,
        workflow: ses,
        checks: [...checks],
        bakeTime: Duration.minutes(30),
        rollbackOnReject: true,
      }),
    ],
  });
  const assembly = app.synth();
  const report = JSON.parse(readFileSync(reportIn(assembly.directory), 'utf8'));
  return report.pluginReports
    .flatMap((plugin: any) => plugin.violations)
    .flatMap((violation: any) =>
      (violation.violatingConstructs ?? violation.violatingResources).map(
        (found: any) => `${violation.ruleName} ${found.constructPath}`,
      ),
    );
}

/** Older versions of the CDK give the report another name. */
function reportIn(directory: string): string {
  const newer = join(directory, 'validation-report.json');
  return existsSync(newer) ? newer : join(directory, 'policy-validation-report.json');
}

describe('validation and linters', () => {
  const before = process.env.CDK_VALIDATION;
  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
  });
  afterAll(() => {
    process.env.CDK_VALIDATION = before;
  });

  test.each<[string, { readonly account: string; readonly region: string } | undefined, object]>([
    ['no environment, the flags of `cdk init`', undefined, recommendedFlags],
    ['an environment, no flags', { account: '111111111111', region: 'eu-west-1' }, {}],
  ])('find nothing that is ours (%s)', (_, env, flags) => {
    const findings = findingsOf(env, flags);
    expect(findings.filter((finding) => OF_THE_CDK.test(finding))).not.toEqual([]);
    expect(findings.filter((finding) => !OF_THE_CDK.test(finding))).toEqual([]);
  });
});
