"""Two of three people, personal links, nobody approves their own change, every no with a reason. As ../workflow-gate.ts."""

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from cdk_approval_gates import ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, RequireReason

app = App()
stack = Stack(app, "WorkflowGate")

ana = Approver.person("ana@example.com", name="Ana", also_known_as=["ana-gh", "*/assumed-role/Release/ana"])
bo = Approver.person("bo@example.com", name="Bo", also_known_as=["bo-gh"])
cy = Approver.person("cy@example.com", name="Cy")

approvals = ApprovalWorkflow(stack, "Approvals")

code = codepipeline.Artifact()
pipeline = codepipeline.Pipeline(stack, "Pipeline", pipeline_type=codepipeline.PipelineType.V2)
pipeline.add_stage(
    stage_name="Source",
    actions=[
        actions.CodeStarConnectionsSourceAction(
            action_name="Source",
            connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000",
            owner="example",
            repo="shop",
            output=code,
        )
    ],
)
pipeline.add_stage(
    stage_name="Prod",
    actions=[
        ApprovalGateAction(
            action_name="Approve",
            run_order=1,
            workflow=approvals,
            approvers=Approvers.at_least(2, ana, bo, cy),
            require_reason=RequireReason.FOR_REJECTION,
            timeout=Duration.days(2),
        ),
        actions.CloudFormationCreateUpdateStackAction(
            action_name="Deploy",
            run_order=2,
            stack_name="shop-prod",
            template_path=code.at_path("template.json"),
            admin_permissions=False,
        ),
    ],
)

app.synth()
