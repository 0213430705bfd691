"""A release that checks decide: what it is made of and what it would change before it, how it does in another account after it. People are
asked about risky changes only. A function moves by a canary, servers one box first, and CodePipeline itself keeps to hours and an alarm.
As ../checked-release.ts."""

from aws_cdk import App, Duration, Environment, Stack, TimeZone
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from cdk_approval_gates import (
    AlarmRef,
    ApprovalGateAction,
    ApprovalWorkflow,
    Approver,
    Approvers,
    BakePreset,
    ChangeSetRef,
    Check,
    CheckReader,
    ComparedMetric,
    DeploymentWindow,
    FindingLimits,
    GateRule,
    HttpSecretHeader,
    LambdaRollout,
    LicensePolicy,
    MetricCriticality,
    MissingData,
    OnFail,
    RolloutStrategy,
    ScannedImage,
    ServerRollout,
    Servers,
    StageConditions,
    StageRules,
    TestFailures,
    VersionAlarmOptions,
    Waiver,
    WeeklyHours,
)

production = {"account": "222222222222", "region": "eu-west-1"}

app = App()
stack = Stack(app, "CheckedRelease", env=Environment(account="111111111111", region="eu-west-1"))
approvals = ApprovalWorkflow(stack, "Approvals", workflow_name="orders")

# Production: a tenth of the calls reach a new version for ten minutes.
orders = Stack(app, "Orders", env=Environment(**production))
handler = lambda_.Function(
    orders,
    "Handler",
    function_name="orders",
    runtime=lambda_.Runtime.NODEJS_24_X,
    handler="index.handler",
    code=lambda_.Code.from_inline('exports.handler = async () => ({ statusCode: 200, body: "hello" });'),
)
LambdaRollout(
    orders,
    "Rollout",
    handler=handler,
    strategy=RolloutStrategy.canary(10, Duration.minutes(10)),
    watch=VersionAlarmOptions(p99_duration=Duration.seconds(3)),
)


def checkouts(group: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        **production,
        namespace="Orders",
        metric_name="CheckoutSeconds",
        dimensions_map={"Group": group},
        period=Duration.minutes(1),
    )


risks = Check.change_set(ChangeSetRef.named("orders", "release"), **production)
healthy = [
    Check.metric(
        handler.metric_duration(statistic="p90", period=Duration.minutes(1)),
        at_most=800,
        missing_data=MissingData.HEALTHY,
    ),
    Check.error_ratio(
        title="errors of orders",
        errors=handler.metric_errors(period=Duration.minutes(1)),
        requests=handler.metric_invocations(period=Duration.minutes(1)),
        max_percent=0.5,
        min_requests=200,
    ),
    Check.canary_analysis(
        metrics=[
            ComparedMetric(
                name="checkout", canary=checkouts("canary"), baseline=checkouts("stable"), group="speed"
            ),
            ComparedMetric(
                name="slowest checkout",
                canary=checkouts("canary").with_(statistic="p99"),
                baseline=checkouts("stable").with_(statistic="p99"),
                criticality=MetricCriticality.REPORT_ONLY,
            ),
        ],
        group_weights={"speed": 100},
    ),
]
CheckReader(
    orders,
    "Reader",
    workflow_name=approvals.workflow_name,
    workflow_account="111111111111",
    checks=[risks, *healthy],
)

# The account of the pipeline: the servers that print the orders.
printed = AlarmRef.named("orders-not-printed")
printers = ServerRollout(
    stack,
    "Printers",
    servers=Servers.tagged("role", "printer"),
    strategy=RolloutStrategy.one_box(Servers.tagged("role", "first-printer"), RolloutStrategy.rolling(25)),
    alarms=[cloudwatch.Alarm.from_alarm_name(stack, "NotPrinted", "orders-not-printed")],
)

code = codepipeline.Artifact("code")
pipeline = codepipeline.Pipeline(
    stack,
    "Pipeline",
    pipeline_name="orders",
    pipeline_type=codepipeline.PipelineType.V2,
    execution_mode=codepipeline.ExecutionMode.QUEUED,
    cross_account_keys=True,
    enable_key_rotation=True,
)
pipeline.add_stage(
    stage_name="Source",
    actions=[
        actions.CodeStarConnectionsSourceAction(
            action_name="Source",
            connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000",
            owner="example",
            repo="orders",
            output=code,
        )
    ],
)


def role(id: str) -> iam.IRole:
    return iam.Role.from_role_arn(stack, id, f"arn:aws:iam::{production['account']}:role/orders-{id}")


change = {"stack_name": "orders", "change_set_name": "release", "role": role("pipeline")}
conditions = StageConditions.of(pipeline)
pipeline.add_stage(
    stage_name="Production",
    actions=[
        actions.CloudFormationCreateReplaceChangeSetAction(
            **change,
            action_name="Prepare",
            run_order=1,
            template_path=code.at_path("orders.template.json"),
            admin_permissions=False,
            deployment_role=role("deployment"),
        ),
        ApprovalGateAction(
            action_name="Safe",
            run_order=2,
            workflow=approvals,
            checks=[
                Check.test_report(
                    codebuild.ReportGroup.from_report_group_name(stack, "Tests", "orders-tests"),
                    failures=TestFailures.NEW,
                    min_tests=100,
                ),
                Check.code_coverage(
                    codebuild.ReportGroup.from_report_group_name(stack, "Coverage", "orders-coverage"),
                    min_line_percent=80,
                ),
                Check.image_scan(
                    ecr.Repository.from_repository_name(stack, "Images", "orders"),
                    image=ScannedImage.tagged_by_revision(length=12),
                    limits=FindingLimits(high=2),
                    waivers=[
                        Waiver.of(finding="CVE-2026-1234", owner="ana", reason="parser not used", until="2027-06-30")
                    ],
                ),
                Check.licenses(
                    s3.Bucket.from_bucket_name(stack, "Boms", "orders-sbom"),
                    LicensePolicy.allow("MIT", "Apache-2.0", "ISC"),
                ),
                risks,
            ],
            rule=GateRule.automated_else_people(on_fail=OnFail.ASK_APPROVERS),
            approvers=Approvers.any_of(Approver.person("ana@example.com"), Approver.person("bo@example.com")),
        ),
        actions.CloudFormationExecuteChangeSetAction(**change, action_name="Deploy", run_order=3),
        ApprovalGateAction(
            action_name="Healthy",
            run_order=4,
            workflow=approvals,
            checks=[
                *healthy,
                Check.http(
                    "https://orders.example.com/health",
                    json_condition="queue.waiting <= `100`",
                    max_latency=Duration.seconds(1),
                    secret_headers=[
                        HttpSecretHeader(
                            name="Authorization",
                            prefix="Bearer ",
                            secret=secretsmanager.Secret.from_secret_name_v2(stack, "Token", "orders-health"),
                        )
                    ],
                ),
            ],
            bake_time=BakePreset.LATER_WAVE,
            rollback_on_reject=True,
        ),
    ],
    # Printers change in office hours only.
    on_success=conditions.fail_unless(
        StageRules.deployment_window(
            DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, WeeklyHours(from_="09:00", to="16:00"))
        )
    ),
)

pipeline.add_stage(
    stage_name="Printers",
    on_success=conditions.rollback_unless(StageRules.alarm_bake(printed, Duration.minutes(30))),
    actions=[
        printers.deploy_one_box(code),
        ApprovalGateAction(
            action_name="FirstPrinter",
            run_order=2,
            workflow=approvals,
            checks=[Check.alarm(printed, missing_data=MissingData.HEALTHY)],
            bake_time=Duration.minutes(15),
        ),
        printers.deploy_fleet(code),
    ],
)

app.synth()
