// A release that checks decide: what it is made of and what it would change before it, how it does in another account after it. People are
// asked about risky changes only. A function moves by a canary, servers one box first, and CodePipeline itself keeps to hours and an alarm.
// As ../../checked-release.ts.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	cloudwatch "github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	codebuild "github.com/aws/aws-cdk-go/awscdk/v2/awscodebuild"
	pipelines "github.com/aws/aws-cdk-go/awscdk/v2/awscodepipeline"
	actions "github.com/aws/aws-cdk-go/awscdk/v2/awscodepipelineactions"
	ecr "github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	lambda "github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	s3 "github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	secretsmanager "github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"
	gates "github.com/cdk-approval-gates/cdk-approval-gates-go/cdkapprovalgates"
)

var (
	production = jsii.String("222222222222")
	region     = jsii.String("eu-west-1")
	minute     = awscdk.Duration_Minutes(jsii.Number(1))
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("CheckedRelease"), in(jsii.String("111111111111")))
	approvals := gates.NewApprovalWorkflow(stack, jsii.String("Approvals"), &gates.ApprovalWorkflowProps{
		WorkflowName: jsii.String("orders"),
	})

	// Production: a tenth of the calls reach a new version for ten minutes.
	orders := awscdk.NewStack(app, jsii.String("Orders"), in(production))
	handler := lambda.NewFunction(orders, jsii.String("Handler"), &lambda.FunctionProps{
		FunctionName: jsii.String("orders"),
		Runtime:      lambda.Runtime_NODEJS_24_X(),
		Handler:      jsii.String("index.handler"),
		Code:         lambda.Code_FromInline(jsii.String(`exports.handler = async () => ({ statusCode: 200, body: "hello" });`)),
	})
	gates.NewLambdaRollout(orders, jsii.String("Rollout"), &gates.LambdaRolloutProps{
		Handler:  handler,
		Strategy: gates.RolloutStrategy_Canary(jsii.Number(10), awscdk.Duration_Minutes(jsii.Number(10))),
		Watch:    &gates.VersionAlarmOptions{P99Duration: awscdk.Duration_Seconds(jsii.Number(3))},
	})

	risks := gates.Check_ChangeSet(
		gates.ChangeSetRef_Named(jsii.String("orders"), jsii.String("release")),
		&gates.ChangeSetCheckOptions{Account: production, Region: region},
	)
	slowest := &cloudwatch.MetricOptions{Statistic: jsii.String("p99")}
	healthy := []gates.Check{
		gates.Check_Metric(
			handler.MetricDuration(&cloudwatch.MetricOptions{Statistic: jsii.String("p90"), Period: minute}),
			&gates.MetricCheckOptions{AtMost: jsii.Number(800), MissingData: gates.MissingData_HEALTHY},
		),
		gates.Check_ErrorRatio(&gates.ErrorRatioCheckOptions{
			Title:       jsii.String("errors of orders"),
			Errors:      handler.MetricErrors(&cloudwatch.MetricOptions{Period: minute}),
			Requests:    handler.MetricInvocations(&cloudwatch.MetricOptions{Period: minute}),
			MaxPercent:  jsii.Number(0.5),
			MinRequests: jsii.Number(200),
		}),
		gates.Check_CanaryAnalysis(&gates.CanaryAnalysisCheckOptions{
			Metrics: &[]*gates.ComparedMetric{
				{
					Name:     jsii.String("checkout"),
					Canary:   checkouts("canary"),
					Baseline: checkouts("stable"),
					Group:    jsii.String("speed"),
				},
				{
					Name:        jsii.String("slowest checkout"),
					Canary:      checkouts("canary").With(slowest),
					Baseline:    checkouts("stable").With(slowest),
					Criticality: gates.MetricCriticality_REPORT_ONLY,
				},
			},
			GroupWeights: &map[string]*float64{"speed": jsii.Number(100)},
		}),
	}
	gates.NewCheckReader(orders, jsii.String("Reader"), &gates.CheckReaderProps{
		WorkflowName:    approvals.WorkflowName(),
		WorkflowAccount: jsii.String("111111111111"),
		Checks:          and([]gates.Check{risks}, healthy...),
	})

	// The account of the pipeline: the servers that print the orders.
	printed := gates.AlarmRef_Named(jsii.String("orders-not-printed"), nil)
	printers := gates.NewServerRollout(stack, jsii.String("Printers"), &gates.ServerRolloutProps{
		Servers: gates.Servers_Tagged(jsii.String("role"), jsii.String("printer")),
		Strategy: gates.RolloutStrategy_OneBox(
			gates.Servers_Tagged(jsii.String("role"), jsii.String("first-printer")),
			gates.RolloutStrategy_Rolling(jsii.Number(25)),
		),
		Alarms: &[]cloudwatch.IAlarm{
			cloudwatch.Alarm_FromAlarmName(stack, jsii.String("NotPrinted"), jsii.String("orders-not-printed")),
		},
	})

	code := pipelines.NewArtifact(jsii.String("code"), nil)
	pipeline := pipelines.NewPipeline(stack, jsii.String("Pipeline"), &pipelines.PipelineProps{
		PipelineName:      jsii.String("orders"),
		PipelineType:      pipelines.PipelineType_V2,
		ExecutionMode:     pipelines.ExecutionMode_QUEUED,
		CrossAccountKeys:  jsii.Bool(true),
		EnableKeyRotation: jsii.Bool(true),
	})
	pipeline.AddStage(&pipelines.StageOptions{
		StageName: jsii.String("Source"),
		Actions: &[]pipelines.IAction{
			actions.NewCodeStarConnectionsSourceAction(&actions.CodeStarConnectionsSourceActionProps{
				ActionName:    jsii.String("Source"),
				ConnectionArn: jsii.String("arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000"),
				Owner:         jsii.String("example"),
				Repo:          jsii.String("orders"),
				Output:        code,
			}),
		},
	})

	pipelineRole := role(stack, "pipeline")
	conditions := gates.StageConditions_Of(pipeline)
	pipeline.AddStage(&pipelines.StageOptions{
		StageName: jsii.String("Production"),
		Actions: &[]pipelines.IAction{
			actions.NewCloudFormationCreateReplaceChangeSetAction(&actions.CloudFormationCreateReplaceChangeSetActionProps{
				ActionName:       jsii.String("Prepare"),
				RunOrder:         jsii.Number(1),
				StackName:        jsii.String("orders"),
				ChangeSetName:    jsii.String("release"),
				Role:             pipelineRole,
				TemplatePath:     code.AtPath(jsii.String("orders.template.json")),
				AdminPermissions: jsii.Bool(false),
				DeploymentRole:   role(stack, "deployment"),
			}),
			gates.NewApprovalGateAction(&gates.ApprovalGateActionProps{
				ActionName: jsii.String("Safe"),
				RunOrder:   jsii.Number(2),
				Workflow:   approvals,
				Checks:     and(safe(stack), risks),
				Rule:       gates.GateRule_AutomatedElsePeople(&gates.AutomatedElsePeopleOptions{OnFail: gates.OnFail_ASK_APPROVERS}),
				Approvers: gates.Approvers_AnyOf(
					gates.Approver_Person(jsii.String("ana@example.com"), nil),
					gates.Approver_Person(jsii.String("bo@example.com"), nil),
				),
			}),
			actions.NewCloudFormationExecuteChangeSetAction(&actions.CloudFormationExecuteChangeSetActionProps{
				ActionName:    jsii.String("Deploy"),
				RunOrder:      jsii.Number(3),
				StackName:     jsii.String("orders"),
				ChangeSetName: jsii.String("release"),
				Role:          pipelineRole,
			}),
			gates.NewApprovalGateAction(&gates.ApprovalGateActionProps{
				ActionName: jsii.String("Healthy"),
				RunOrder:   jsii.Number(4),
				Workflow:   approvals,
				Checks: and(healthy, gates.Check_Http(jsii.String("https://orders.example.com/health"), &gates.HttpCheckOptions{
					JsonCondition: jsii.String("queue.waiting <= `100`"),
					MaxLatency:    awscdk.Duration_Seconds(jsii.Number(1)),
					SecretHeaders: &[]*gates.HttpSecretHeader{{
						Name:   jsii.String("Authorization"),
						Prefix: jsii.String("Bearer "),
						Secret: secretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Token"), jsii.String("orders-health")),
					}},
				})),
				BakeTime:         gates.BakePreset_LATER_WAVE(),
				RollbackOnReject: jsii.Bool(true),
			}),
		},
		// Printers change in office hours only.
		OnSuccess: conditions.FailUnless(gates.StageRules_DeploymentWindow(
			gates.DeploymentWindow_Weekly(awscdk.TimeZone_EUROPE_BERLIN(), &gates.WeeklyHours{
				From: jsii.String("09:00"),
				To:   jsii.String("16:00"),
			}),
			nil,
		)),
	})

	pipeline.AddStage(&pipelines.StageOptions{
		StageName: jsii.String("Printers"),
		OnSuccess: conditions.RollbackUnless(gates.StageRules_AlarmBake(printed, awscdk.Duration_Minutes(jsii.Number(30)), nil)),
		Actions: &[]pipelines.IAction{
			printers.DeployOneBox(code, nil),
			gates.NewApprovalGateAction(&gates.ApprovalGateActionProps{
				ActionName: jsii.String("FirstPrinter"),
				RunOrder:   jsii.Number(2),
				Workflow:   approvals,
				Checks: &[]gates.Check{
					gates.Check_Alarm(printed, &gates.AlarmCheckOptions{MissingData: gates.MissingData_HEALTHY}),
				},
				BakeTime: awscdk.Duration_Minutes(jsii.Number(15)),
			}),
			printers.DeployFleet(code, nil),
		},
	})

	app.Synth(nil)
}

// What the release is made of.
func safe(stack awscdk.Stack) []gates.Check {
	return []gates.Check{
		gates.Check_TestReport(
			codebuild.ReportGroup_FromReportGroupName(stack, jsii.String("Tests"), jsii.String("orders-tests")),
			&gates.TestReportCheckOptions{Failures: gates.TestFailures_NEW, MinTests: jsii.Number(100)},
		),
		gates.Check_CodeCoverage(
			codebuild.ReportGroup_FromReportGroupName(stack, jsii.String("Coverage"), jsii.String("orders-coverage")),
			&gates.CodeCoverageCheckOptions{MinLinePercent: jsii.Number(80)},
		),
		gates.Check_ImageScan(
			ecr.Repository_FromRepositoryName(stack, jsii.String("Images"), jsii.String("orders")),
			&gates.ImageScanCheckOptions{
				Image:  gates.ScannedImage_TaggedByRevision(&gates.RevisionTagOptions{Length: jsii.Number(12)}),
				Limits: &gates.FindingLimits{High: jsii.Number(2)},
				Waivers: &[]gates.Waiver{gates.Waiver_Of(&gates.WaiverProps{
					Finding: jsii.String("CVE-2026-1234"),
					Owner:   jsii.String("ana"),
					Reason:  jsii.String("parser not used"),
					Until:   jsii.String("2027-06-30"),
				})},
			},
		),
		gates.Check_Licenses(
			s3.Bucket_FromBucketName(stack, jsii.String("Boms"), jsii.String("orders-sbom")),
			gates.LicensePolicy_Allow(jsii.String("MIT"), jsii.String("Apache-2.0"), jsii.String("ISC")),
			nil,
		),
	}
}

func checkouts(group string) cloudwatch.Metric {
	return cloudwatch.NewMetric(&cloudwatch.MetricProps{
		Account:       production,
		Region:        region,
		Namespace:     jsii.String("Orders"),
		MetricName:    jsii.String("CheckoutSeconds"),
		DimensionsMap: &map[string]*string{"Group": jsii.String(group)},
		Period:        minute,
	})
}

func role(stack awscdk.Stack, id string) iam.IRole {
	arn := "arn:aws:iam::" + *production + ":role/orders-" + id
	return iam.Role_FromRoleArn(stack, jsii.String(id), jsii.String(arn), nil)
}

func in(account *string) *awscdk.StackProps {
	return &awscdk.StackProps{Env: &awscdk.Environment{Account: account, Region: region}}
}

func and(some []gates.Check, others ...gates.Check) *[]gates.Check {
	all := append(append([]gates.Check{}, some...), others...)
	return &all
}
