/** Resource types that the rehearsal runs, or that need no running: the others are named to the user. */
const KNOWN = new Set(
  [
    'ApiGateway: Account Deployment Method Resource RestApi Stage',
    'ApiGatewayV2: Api ApiMapping Authorizer DomainName Integration Route Stage',
    'AutoScaling: AutoScalingGroup',
    'CDK: Metadata',
    'CloudWatch: Alarm CompositeAlarm Dashboard',
    'CodeBuild: Project ReportGroup',
    'CodeDeploy: Application DeploymentConfig DeploymentGroup',
    'CodePipeline: Pipeline',
    'Cognito: UserPool UserPoolClient UserPoolDomain',
    'DynamoDB: GlobalTable Table',
    'EC2: LaunchTemplate SecurityGroup',
    'ECS: Cluster Service TaskDefinition',
    'ElasticLoadBalancingV2: Listener ListenerRule LoadBalancer TargetGroup',
    'Events: Rule',
    'IAM: InstanceProfile ManagedPolicy Policy Role RolePolicy',
    'KMS: Alias Key',
    'Lambda: Alias EventInvokeConfig EventSourceMapping Function Permission Url Version',
    'Logs: LogGroup MetricFilter ResourcePolicy',
    'S3: Bucket BucketPolicy',
    'SecretsManager: Secret SecretTargetAttachment',
    'SES: EmailIdentity',
    'SNS: Subscription Topic TopicPolicy',
    'SQS: Queue QueuePolicy',
    'SSM: Parameter',
    'StepFunctions: StateMachine',
  ].flatMap((line) => {
    const [service = '', kinds = ''] = line.split(': ');
    return kinds.split(' ').map((kind) => `AWS::${service}::${kind}`);
  }),
);

export function unknownAmong(types: Iterable<string>): readonly string[] {
  return [...new Set(types)].filter((type) => !KNOWN.has(type)).sort();
}
