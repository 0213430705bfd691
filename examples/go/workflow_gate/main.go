// Two of three people, personal links, nobody approves their own change, every no with a reason. As ../../workflow-gate.ts.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	pipelines "github.com/aws/aws-cdk-go/awscdk/v2/awscodepipeline"
	actions "github.com/aws/aws-cdk-go/awscdk/v2/awscodepipelineactions"
	"github.com/aws/jsii-runtime-go"
	gates "github.com/cdk-approval-gates/cdk-approval-gates-go/cdkapprovalgates"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("WorkflowGate"), nil)

	ana := gates.Approver_Person(jsii.String("ana@example.com"), &gates.PersonOptions{
		Name:        jsii.String("Ana"),
		AlsoKnownAs: jsii.Strings("ana-gh", "*/assumed-role/Release/ana"),
	})
	bo := gates.Approver_Person(jsii.String("bo@example.com"), &gates.PersonOptions{
		Name:        jsii.String("Bo"),
		AlsoKnownAs: jsii.Strings("bo-gh"),
	})
	cy := gates.Approver_Person(jsii.String("cy@example.com"), &gates.PersonOptions{Name: jsii.String("Cy")})

	approvals := gates.NewApprovalWorkflow(stack, jsii.String("Approvals"), nil)

	code := pipelines.NewArtifact(nil, nil)
	pipeline := pipelines.NewPipeline(stack, jsii.String("Pipeline"), &pipelines.PipelineProps{
		PipelineType: pipelines.PipelineType_V2,
	})
	pipeline.AddStage(&pipelines.StageOptions{
		StageName: jsii.String("Source"),
		Actions: &[]pipelines.IAction{
			actions.NewCodeStarConnectionsSourceAction(&actions.CodeStarConnectionsSourceActionProps{
				ActionName:    jsii.String("Source"),
				ConnectionArn: jsii.String("arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000"),
				Owner:         jsii.String("example"),
				Repo:          jsii.String("shop"),
				Output:        code,
			}),
		},
	})
	pipeline.AddStage(&pipelines.StageOptions{
		StageName: jsii.String("Prod"),
		Actions: &[]pipelines.IAction{
			gates.NewApprovalGateAction(&gates.ApprovalGateActionProps{
				ActionName:    jsii.String("Approve"),
				RunOrder:      jsii.Number(1),
				Workflow:      approvals,
				Approvers:     gates.Approvers_AtLeast(jsii.Number(2), ana, bo, cy),
				RequireReason: gates.RequireReason_FOR_REJECTION,
				Timeout:       awscdk.Duration_Days(jsii.Number(2)),
			}),
			actions.NewCloudFormationCreateUpdateStackAction(&actions.CloudFormationCreateUpdateStackActionProps{
				ActionName:       jsii.String("Deploy"),
				RunOrder:         jsii.Number(2),
				StackName:        jsii.String("shop-prod"),
				TemplatePath:     code.AtPath(jsii.String("template.json")),
				AdminPermissions: jsii.Bool(false),
			}),
		},
	})

	app.Synth(nil)
}
