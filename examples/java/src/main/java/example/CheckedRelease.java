package example;

import io.github.cdkapprovalgates.AlarmCheckOptions;
import io.github.cdkapprovalgates.AlarmRef;
import io.github.cdkapprovalgates.ApprovalGateAction;
import io.github.cdkapprovalgates.ApprovalWorkflow;
import io.github.cdkapprovalgates.Approver;
import io.github.cdkapprovalgates.Approvers;
import io.github.cdkapprovalgates.AutomatedElsePeopleOptions;
import io.github.cdkapprovalgates.BakePreset;
import io.github.cdkapprovalgates.CanaryAnalysisCheckOptions;
import io.github.cdkapprovalgates.ChangeSetCheckOptions;
import io.github.cdkapprovalgates.ChangeSetRef;
import io.github.cdkapprovalgates.Check;
import io.github.cdkapprovalgates.CheckReader;
import io.github.cdkapprovalgates.CodeCoverageCheckOptions;
import io.github.cdkapprovalgates.ComparedMetric;
import io.github.cdkapprovalgates.DeploymentWindow;
import io.github.cdkapprovalgates.ErrorRatioCheckOptions;
import io.github.cdkapprovalgates.FindingLimits;
import io.github.cdkapprovalgates.GateRule;
import io.github.cdkapprovalgates.HttpCheckOptions;
import io.github.cdkapprovalgates.HttpSecretHeader;
import io.github.cdkapprovalgates.ImageScanCheckOptions;
import io.github.cdkapprovalgates.LambdaRollout;
import io.github.cdkapprovalgates.LicensePolicy;
import io.github.cdkapprovalgates.MetricCheckOptions;
import io.github.cdkapprovalgates.MetricCriticality;
import io.github.cdkapprovalgates.MissingData;
import io.github.cdkapprovalgates.OnFail;
import io.github.cdkapprovalgates.RevisionTagOptions;
import io.github.cdkapprovalgates.RolloutStrategy;
import io.github.cdkapprovalgates.ScannedImage;
import io.github.cdkapprovalgates.ServerRollout;
import io.github.cdkapprovalgates.Servers;
import io.github.cdkapprovalgates.StageConditions;
import io.github.cdkapprovalgates.StageRules;
import io.github.cdkapprovalgates.TestFailures;
import io.github.cdkapprovalgates.TestReportCheckOptions;
import io.github.cdkapprovalgates.VersionAlarmOptions;
import io.github.cdkapprovalgates.Waiver;
import io.github.cdkapprovalgates.WaiverProps;
import io.github.cdkapprovalgates.WeeklyHours;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.TimeZone;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.codebuild.ReportGroup;
import software.amazon.awscdk.services.codepipeline.Artifact;
import software.amazon.awscdk.services.codepipeline.ExecutionMode;
import software.amazon.awscdk.services.codepipeline.Pipeline;
import software.amazon.awscdk.services.codepipeline.PipelineType;
import software.amazon.awscdk.services.codepipeline.StageOptions;
import software.amazon.awscdk.services.codepipeline.actions.CloudFormationCreateReplaceChangeSetAction;
import software.amazon.awscdk.services.codepipeline.actions.CloudFormationExecuteChangeSetAction;
import software.amazon.awscdk.services.codepipeline.actions.CodeStarConnectionsSourceAction;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.secretsmanager.Secret;

/**
 * A release that checks decide: what it is made of and what it would change before it, how it does in another account after it. People are
 * asked about risky changes only. A function moves by a canary, servers one box first, and CodePipeline itself keeps to hours and an alarm.
 * As checked-release.ts.
 */
public final class CheckedRelease {
  private static final String PRODUCTION = "222222222222";
  private static final String REGION = "eu-west-1";

  public static void main(String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "CheckedRelease", in("111111111111"));
    ApprovalWorkflow approvals = ApprovalWorkflow.Builder.create(stack, "Approvals").workflowName("orders").build();

    // Production: a tenth of the calls reach a new version for ten minutes.
    Stack orders = new Stack(app, "Orders", in(PRODUCTION));
    Function handler = Function.Builder.create(orders, "Handler")
        .functionName("orders")
        .runtime(Runtime.NODEJS_24_X)
        .handler("index.handler")
        .code(Code.fromInline("exports.handler = async () => ({ statusCode: 200, body: \"hello\" });"))
        .build();
    LambdaRollout.Builder.create(orders, "Rollout")
        .handler(handler)
        .strategy(RolloutStrategy.canary(10, Duration.minutes(10)))
        .watch(VersionAlarmOptions.builder().p99Duration(Duration.seconds(3)).build())
        .build();

    Check risks = Check.changeSet(ChangeSetRef.named("orders", "release"), ChangeSetCheckOptions.builder()
        .account(PRODUCTION)
        .region(REGION)
        .build());
    MetricOptions minutely = MetricOptions.builder().period(Duration.minutes(1)).build();
    MetricOptions slowest = MetricOptions.builder().statistic("p99").build();
    List<Check> healthy = List.of(
        Check.metric(
            handler.metricDuration(MetricOptions.builder().statistic("p90").period(Duration.minutes(1)).build()),
            MetricCheckOptions.builder().atMost(800).missingData(MissingData.HEALTHY).build()),
        Check.errorRatio(ErrorRatioCheckOptions.builder()
            .title("errors of orders")
            .errors(handler.metricErrors(minutely))
            .requests(handler.metricInvocations(minutely))
            .maxPercent(0.5)
            .minRequests(200)
            .build()),
        Check.canaryAnalysis(CanaryAnalysisCheckOptions.builder()
            .metrics(List.of(
                ComparedMetric.builder()
                    .name("checkout")
                    .canary(checkouts("canary"))
                    .baseline(checkouts("stable"))
                    .group("speed")
                    .build(),
                ComparedMetric.builder()
                    .name("slowest checkout")
                    .canary(checkouts("canary").with(slowest))
                    .baseline(checkouts("stable").with(slowest))
                    .criticality(MetricCriticality.REPORT_ONLY)
                    .build()))
            .groupWeights(Map.of("speed", 100))
            .build()));
    CheckReader.Builder.create(orders, "Reader")
        .workflowName(approvals.getWorkflowName())
        .workflowAccount("111111111111")
        .checks(and(List.of(risks), healthy))
        .build();

    // The account of the pipeline: the servers that print the orders.
    AlarmRef printed = AlarmRef.named("orders-not-printed");
    ServerRollout printers = ServerRollout.Builder.create(stack, "Printers")
        .servers(Servers.tagged("role", "printer"))
        .strategy(RolloutStrategy.oneBox(Servers.tagged("role", "first-printer"), RolloutStrategy.rolling(25)))
        .alarms(List.of(Alarm.fromAlarmName(stack, "NotPrinted", "orders-not-printed")))
        .build();

    Artifact code = new Artifact("code");
    Pipeline pipeline = Pipeline.Builder.create(stack, "Pipeline")
        .pipelineName("orders")
        .pipelineType(PipelineType.V2)
        .executionMode(ExecutionMode.QUEUED)
        .crossAccountKeys(true)
        .enableKeyRotation(true)
        .build();
    pipeline.addStage(StageOptions.builder()
        .stageName("Source")
        .actions(List.of(
            CodeStarConnectionsSourceAction.Builder.create()
                .actionName("Source")
                .connectionArn("arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000")
                .owner("example")
                .repo("orders")
                .output(code)
                .build()))
        .build());

    IRole pipelineRole = role(stack, "pipeline");
    StageConditions conditions = StageConditions.of(pipeline);
    pipeline.addStage(StageOptions.builder()
        .stageName("Production")
        .actions(List.of(
            CloudFormationCreateReplaceChangeSetAction.Builder.create()
                .actionName("Prepare")
                .runOrder(1)
                .stackName("orders")
                .changeSetName("release")
                .role(pipelineRole)
                .templatePath(code.atPath("orders.template.json"))
                .adminPermissions(false)
                .deploymentRole(role(stack, "deployment"))
                .build(),
            ApprovalGateAction.Builder.create()
                .actionName("Safe")
                .runOrder(2)
                .workflow(approvals)
                .checks(and(safe(stack), List.of(risks)))
                .rule(GateRule.automatedElsePeople(AutomatedElsePeopleOptions.builder()
                    .onFail(OnFail.ASK_APPROVERS)
                    .build()))
                .approvers(Approvers.anyOf(Approver.person("ana@example.com"), Approver.person("bo@example.com")))
                .build(),
            CloudFormationExecuteChangeSetAction.Builder.create()
                .actionName("Deploy")
                .runOrder(3)
                .stackName("orders")
                .changeSetName("release")
                .role(pipelineRole)
                .build(),
            ApprovalGateAction.Builder.create()
                .actionName("Healthy")
                .runOrder(4)
                .workflow(approvals)
                .checks(and(healthy, List.of(
                    Check.http("https://orders.example.com/health", HttpCheckOptions.builder()
                        .jsonCondition("queue.waiting <= `100`")
                        .maxLatency(Duration.seconds(1))
                        .secretHeaders(List.of(HttpSecretHeader.builder()
                            .name("Authorization")
                            .prefix("Bearer ")
                            .secret(Secret.fromSecretNameV2(stack, "Token", "orders-health"))
                            .build()))
                        .build()))))
                .bakeTime(BakePreset.LATER_WAVE)
                .rollbackOnReject(true)
                .build()))
        // Printers change in office hours only.
        .onSuccess(conditions.failUnless(StageRules.deploymentWindow(DeploymentWindow.weekly(
            TimeZone.EUROPE_BERLIN,
            WeeklyHours.builder().from("09:00").to("16:00").build()))))
        .build());

    pipeline.addStage(StageOptions.builder()
        .stageName("Printers")
        .onSuccess(conditions.rollbackUnless(StageRules.alarmBake(printed, Duration.minutes(30))))
        .actions(List.of(
            printers.deployOneBox(code),
            ApprovalGateAction.Builder.create()
                .actionName("FirstPrinter")
                .runOrder(2)
                .workflow(approvals)
                .checks(List.of(Check.alarm(printed, AlarmCheckOptions.builder()
                    .missingData(MissingData.HEALTHY)
                    .build())))
                .bakeTime(Duration.minutes(15))
                .build(),
            printers.deployFleet(code)))
        .build());

    app.synth();
  }

  /** What the release is made of. */
  private static List<Check> safe(Stack stack) {
    return List.of(
        Check.testReport(
            ReportGroup.fromReportGroupName(stack, "Tests", "orders-tests"),
            TestReportCheckOptions.builder().failures(TestFailures.NEW).minTests(100).build()),
        Check.codeCoverage(
            ReportGroup.fromReportGroupName(stack, "Coverage", "orders-coverage"),
            CodeCoverageCheckOptions.builder().minLinePercent(80).build()),
        Check.imageScan(
            Repository.fromRepositoryName(stack, "Images", "orders"),
            ImageScanCheckOptions.builder()
                .image(ScannedImage.taggedByRevision(RevisionTagOptions.builder().length(12).build()))
                .limits(FindingLimits.builder().high(2).build())
                .waivers(List.of(Waiver.of(WaiverProps.builder()
                    .finding("CVE-2026-1234")
                    .owner("ana")
                    .reason("parser not used")
                    .until("2027-06-30")
                    .build())))
                .build()),
        Check.licenses(
            Bucket.fromBucketName(stack, "Boms", "orders-sbom"),
            LicensePolicy.allow("MIT", "Apache-2.0", "ISC")));
  }

  private static Metric checkouts(String group) {
    return Metric.Builder.create()
        .account(PRODUCTION)
        .region(REGION)
        .namespace("Orders")
        .metricName("CheckoutSeconds")
        .dimensionsMap(Map.of("Group", group))
        .period(Duration.minutes(1))
        .build();
  }

  private static IRole role(Stack stack, String id) {
    return Role.fromRoleArn(stack, id, "arn:aws:iam::" + PRODUCTION + ":role/orders-" + id);
  }

  private static StackProps in(String account) {
    return StackProps.builder().env(Environment.builder().account(account).region(REGION).build()).build();
  }

  private static List<Check> and(List<Check> some, List<Check> others) {
    List<Check> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
