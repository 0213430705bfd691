package example;

import io.github.cdkapprovalgates.ApprovalGateAction;
import io.github.cdkapprovalgates.ApprovalWorkflow;
import io.github.cdkapprovalgates.Approver;
import io.github.cdkapprovalgates.Approvers;
import io.github.cdkapprovalgates.PersonOptions;
import io.github.cdkapprovalgates.RequireReason;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.codepipeline.Artifact;
import software.amazon.awscdk.services.codepipeline.Pipeline;
import software.amazon.awscdk.services.codepipeline.PipelineType;
import software.amazon.awscdk.services.codepipeline.StageOptions;
import software.amazon.awscdk.services.codepipeline.actions.CloudFormationCreateUpdateStackAction;
import software.amazon.awscdk.services.codepipeline.actions.CodeStarConnectionsSourceAction;

/** Two of three people, personal links, nobody approves their own change, every no with a reason. As workflow-gate.ts. */
public final class WorkflowGate {
  public static void main(String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "WorkflowGate");

    Approver ana = Approver.person("ana@example.com", PersonOptions.builder()
        .name("Ana")
        .alsoKnownAs(List.of("ana-gh", "*/assumed-role/Release/ana"))
        .build());
    Approver bo = Approver.person("bo@example.com", PersonOptions.builder()
        .name("Bo")
        .alsoKnownAs(List.of("bo-gh"))
        .build());
    Approver cy = Approver.person("cy@example.com", PersonOptions.builder().name("Cy").build());

    ApprovalWorkflow approvals = new ApprovalWorkflow(stack, "Approvals");

    Artifact code = new Artifact();
    Pipeline pipeline = Pipeline.Builder.create(stack, "Pipeline").pipelineType(PipelineType.V2).build();
    pipeline.addStage(StageOptions.builder()
        .stageName("Source")
        .actions(List.of(
            CodeStarConnectionsSourceAction.Builder.create()
                .actionName("Source")
                .connectionArn("arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000")
                .owner("example")
                .repo("shop")
                .output(code)
                .build()))
        .build());
    pipeline.addStage(StageOptions.builder()
        .stageName("Prod")
        .actions(List.of(
            ApprovalGateAction.Builder.create()
                .actionName("Approve")
                .runOrder(1)
                .workflow(approvals)
                .approvers(Approvers.atLeast(2, ana, bo, cy))
                .requireReason(RequireReason.FOR_REJECTION)
                .timeout(Duration.days(2))
                .build(),
            CloudFormationCreateUpdateStackAction.Builder.create()
                .actionName("Deploy")
                .runOrder(2)
                .stackName("shop-prod")
                .templatePath(code.atPath("template.json"))
                .adminPermissions(false)
                .build()))
        .build());

    app.synth();
  }
}
