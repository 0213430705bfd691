import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Environment, serviceName, serviceStackName } from './names';

/**
 * What CloudFormation may do while it deploys the service of one environment, and nothing of another one.
 * Resources with a name of their own are called `shop-<environment>…`; the others get `<stack>-…` from CloudFormation.
 * It reads more than the template sets: the handlers of CloudFormation look at everything that a resource may have.
 */
export function deploymentRole(scope: Construct, environment: Environment): iam.Role {
  const role = new iam.Role(scope, `Deploy${environment}Role`, {
    description: `CloudFormation deploys the shop to ${environment}`,
    assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
  });
  for (const statement of statements(Stack.of(scope), serviceStackName(environment), serviceName(environment))) {
    role.addToPolicy(statement);
  }
  return role;
}

function statements(stack: Stack, stackName: string, name: string): iam.PolicyStatement[] {
  const arn = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const roles = stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `${stackName}-*` });
  return [
    new iam.PolicyStatement({
      actions: [
        'lambda:AddPermission',
        'lambda:CreateAlias',
        'lambda:CreateFunction',
        'lambda:CreateFunctionUrlConfig',
        'lambda:DeleteAlias',
        'lambda:DeleteFunction',
        'lambda:DeleteFunctionUrlConfig',
        'lambda:GetAlias',
        'lambda:GetFunction',
        'lambda:GetFunctionCodeSigningConfig',
        'lambda:GetFunctionConcurrency',
        'lambda:GetFunctionConfiguration',
        'lambda:GetFunctionRecursionConfig',
        'lambda:GetFunctionScalingConfig',
        'lambda:GetFunctionUrlConfig',
        'lambda:GetPolicy',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:GetRuntimeManagementConfig',
        'lambda:ListTags',
        'lambda:ListVersionsByFunction',
        'lambda:PublishVersion',
        'lambda:RemovePermission',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:UpdateAlias',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
        'lambda:UpdateFunctionUrlConfig',
      ],
      resources: [arn('lambda', 'function', name), arn('lambda', 'function', `${name}:*`)],
    }),
    new iam.PolicyStatement({
      actions: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:PutRolePolicy',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      resources: [roles],
    }),
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [roles],
      conditions: {
        StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'codedeploy.amazonaws.com'] },
      },
    }),
    new iam.PolicyStatement({
      actions: [
        'codedeploy:CreateApplication',
        'codedeploy:CreateDeployment',
        'codedeploy:CreateDeploymentGroup',
        'codedeploy:DeleteApplication',
        'codedeploy:DeleteDeploymentGroup',
        'codedeploy:GetApplication',
        'codedeploy:GetApplicationRevision',
        'codedeploy:GetDeployment',
        'codedeploy:GetDeploymentGroup',
        'codedeploy:ListTagsForResource',
        'codedeploy:RegisterApplicationRevision',
        'codedeploy:StopDeployment',
        'codedeploy:TagResource',
        'codedeploy:UntagResource',
        'codedeploy:UpdateApplication',
        'codedeploy:UpdateDeploymentGroup',
      ],
      resources: [
        arn('codedeploy', 'application', `${stackName}-*`),
        arn('codedeploy', 'deploymentgroup', `${stackName}-*/*`),
      ],
    }),
    new iam.PolicyStatement({
      actions: ['codedeploy:GetDeploymentConfig'],
      resources: [arn('codedeploy', 'deploymentconfig', 'CodeDeployDefault.Lambda*')],
    }),
    new iam.PolicyStatement({
      actions: [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:ListTagsForResource',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
      resources: [arn('cloudwatch', 'alarm', `${name}-*`), arn('cloudwatch', 'alarm', `${stackName}-*`)],
    }),
    new iam.PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:DeleteRetentionPolicy',
        'logs:GetDataProtectionPolicy',
        'logs:ListTagsForResource',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
      resources: [arn('logs', 'log-group', `${stackName}-*`)],
    }),
    // CloudFormation looks a log group and its policies up among all of them: these actions know no narrower resource.
    new iam.PolicyStatement({
      actions: ['logs:DescribeIndexPolicies', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'],
      resources: ['*'],
    }),
  ];
}
