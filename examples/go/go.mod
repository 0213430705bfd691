module example.com/gates

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.257.0
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-approval-gates/cdk-approval-gates-go/cdkapprovalgates v0.1.0
)
