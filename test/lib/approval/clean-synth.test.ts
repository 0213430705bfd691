import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, Mail } from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { deployAction, newPipeline } from './stacks';

/** Everything that the CDK's own validation and the AwsSolutions pack find, without what belongs to the CDK's pipeline. */
function findingsOf(env: { readonly account: string; readonly region: string } | undefined): string[] {
  const app = new App({
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true,
    },
    postCliContext: { '@aws-cdk/core:failSynthOnValidationErrors': false },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  const [release, workflows] = ['Release', 'Workflows'].map((id) => new Stack(app, id, { env }));
  const sns = new ApprovalWorkflow(workflows!, 'Sns');
  const ses = new ApprovalWorkflow(workflows!, 'Ses', { mail: Mail.ses({ from: 'releases@example.com' }) });
  const people = Approvers.atLeast(2, ...['ana', 'bo', 'cy'].map((name) => Approver.person(`${name}@example.com`)));
  const checks = [Check.alarm(AlarmRef.named('shop-5xx')), Check.http('https://example.com/health')];
  sns.addGate({ pipelineName: 'old', stageName: 'Prod', actionName: 'Approve', approvers: people, checks });
  newPipeline(release!).addStage({
    stageName: 'Prod',
    actions: [
      new ApprovalGateAction({ actionName: 'Native', approvers: Approvers.emails('ana@example.com') }),
      new ApprovalGateAction({ actionName: 'People', approvers: people, workflow: sns }),
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
  const report = JSON.parse(readFileSync(join(assembly.directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports
    .flatMap((plugin: any) => plugin.violations)
    .flatMap((violation: any) =>
      (violation.violatingConstructs ?? violation.violatingResources).map(
        (found: any) => `${violation.ruleName} ${found.constructPath}`,
      ),
    )
    .filter((finding: string) => !/Release\/Pipeline\/(Role|ArtifactsBucket|Source|Prod\/Deploy)\//.test(finding));
}

describe('validation and linters', () => {
  const before = process.env.CDK_VALIDATION;
  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
  });
  afterAll(() => {
    process.env.CDK_VALIDATION = before;
  });

  test.each([undefined, { account: '111111111111', region: 'eu-west-1' }])('find nothing (env %j)', (env) => {
    expect(findingsOf(env)).toEqual([]);
  });
});
