import { createHash } from 'node:crypto';
import type { Properties } from './model';

/** Which resource, and what is needed to name it. */
export interface Named {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** A property of the resource, resolved. */
  property(name: string): any;
  /** Number of a version of something, counted as it is deployed; other content is another version. */
  versionOf(of: string, content?: string): string;
}

export interface Identity {
  readonly name: string;
  readonly physicalId: string;
  readonly arn?: string;
  readonly attributes: Properties;
}

type Describe = (resource: Named) => Identity;

/** A short value that is the same at every run. */
export function stableId(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

function nameOf(resource: Named, property: string, limit = 64): string {
  const given = resource.property(property);
  const unique = stableId(resource.stack, resource.logicalId).slice(0, 12).toUpperCase();
  return typeof given === 'string'
    ? given
    : `${`${resource.stack}-${resource.logicalId}`.slice(0, limit - 13)}-${unique}`;
}

function uuid(resource: Named): string {
  const hex = stableId(resource.stack, resource.logicalId);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Resources whose `Ref` is their name, and whose ARN is built from it. */
function byName(
  property: string,
  arn: (name: string, at: Named) => string | undefined,
  more: (name: string, at: Named) => Properties = () => ({}),
): Describe {
  return (resource) => {
    const name = nameOf(resource, property);
    const own = arn(name, resource);
    return {
      name,
      physicalId: name,
      arn: own,
      attributes: { ...(own === undefined ? {} : { Arn: own }), ...more(name, resource) },
    };
  };
}

function inRegion(service: string, rest: (name: string) => string): (name: string, at: Named) => string {
  return (name, at) => `arn:aws:${service}:${at.region}:${at.account}:${rest(name)}`;
}

/** Resources whose `Ref` is their ARN. */
function byArn(describe: Describe): Describe {
  return (resource) => {
    const identity = describe(resource);
    return { ...identity, physicalId: identity.arn ?? identity.physicalId };
  };
}

function role(resource: Named): Identity {
  const name = nameOf(resource, 'RoleName');
  const path = resource.property('Path') ?? '/';
  const arn = `arn:aws:iam::${resource.account}:role${path}${name}`;
  const id = `AROA${stableId(resource.stack, resource.logicalId).slice(0, 17).toUpperCase()}`;
  return { name, physicalId: name, arn, attributes: { Arn: arn, RoleId: id } };
}

function queue(resource: Named): Identity {
  const name = nameOf(resource, 'QueueName');
  const url = `https://sqs.${resource.region}.amazonaws.com/${resource.account}/${name}`;
  const arn = `arn:aws:sqs:${resource.region}:${resource.account}:${name}`;
  return { name, physicalId: url, arn, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
}

/** Name of a function, however it is referred to. */
export function functionNameOf(reference: string): string {
  const [, name] = /:function:([^:]+)/.exec(reference) ?? [];
  return name ?? reference.split(':')[0];
}

function version(resource: Named): Identity {
  const name = functionNameOf(String(resource.property('FunctionName')));
  const number = resource.versionOf(name);
  const arn = `arn:aws:lambda:${resource.region}:${resource.account}:function:${name}:${number}`;
  return { name: number, physicalId: arn, arn, attributes: { FunctionArn: arn, Version: number } };
}

function alias(resource: Named): Identity {
  const name = String(resource.property('Name'));
  const target = functionNameOf(String(resource.property('FunctionName')));
  const arn = `arn:aws:lambda:${resource.region}:${resource.account}:function:${target}:${name}`;
  return { name, physicalId: arn, arn, attributes: { AliasArn: arn } };
}

function api(resource: Named): Identity {
  const id = stableId(resource.stack, resource.logicalId).slice(0, 10);
  const arn = `arn:aws:apigateway:${resource.region}::/apis/${id}`;
  return {
    name: id,
    physicalId: id,
    arn,
    attributes: { ApiId: id, ApiEndpoint: `https://${id}.execute-api.${resource.region}.amazonaws.com` },
  };
}

function restApi(resource: Named): Identity {
  const id = stableId(resource.stack, resource.logicalId).slice(0, 10);
  const arn = `arn:aws:apigateway:${resource.region}::/restapis/${id}`;
  return { name: id, physicalId: id, arn, attributes: { RestApiId: id, RootResourceId: `${id}-root` } };
}

function functionUrl(resource: Named): Identity {
  const id = stableId(resource.stack, resource.logicalId).slice(0, 32);
  const FunctionArn = String(resource.property('TargetFunctionArn'));
  const FunctionUrl = `https://${id}.lambda-url.${resource.region}.on.aws/`;
  return { name: id, physicalId: id, attributes: { FunctionArn, FunctionUrl } };
}

/** Secrets Manager puts a hyphen and six characters behind the name. */
function secret(resource: Named): Identity {
  const name = nameOf(resource, 'Name');
  const suffix = stableId(resource.stack, resource.logicalId).slice(0, 6);
  const arn = `arn:aws:secretsmanager:${resource.region}:${resource.account}:secret:${name}-${suffix}`;
  return { name, physicalId: arn, arn, attributes: { Id: arn } };
}

function table(name: string, at: Named): Properties {
  const arn = `arn:aws:dynamodb:${at.region}:${at.account}:table/${name}`;
  return { StreamArn: `${arn}/stream/2030-01-01T00:00:00.000`, TableId: uuid(at) };
}

function deploymentGroup(resource: Named): Identity {
  const name = nameOf(resource, 'DeploymentGroupName');
  const application = String(resource.property('ApplicationName'));
  const arn = `arn:aws:codedeploy:${resource.region}:${resource.account}:deploymentgroup:${application}/${name}`;
  return { name, physicalId: name, arn, attributes: { Arn: arn } };
}

function parameter(name: string, at: Named): string {
  return `arn:aws:ssm:${at.region}:${at.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

/** A task definition that holds something else is its next revision. */
function taskDefinition(resource: Named): Identity {
  const family = nameOf(resource, 'Family');
  const content = JSON.stringify(resource.property('ContainerDefinitions') ?? []);
  const name = `${family}:${resource.versionOf(`task-definition/${family}`, content)}`;
  const arn = `arn:aws:ecs:${resource.region}:${resource.account}:task-definition/${name}`;
  return { name, physicalId: arn, arn, attributes: { TaskDefinitionArn: arn } };
}

function ecsService(resource: Named): Identity {
  const name = nameOf(resource, 'ServiceName');
  const cluster = String(resource.property('Cluster') ?? 'default')
    .split('/')
    .at(-1);
  const arn = `arn:aws:ecs:${resource.region}:${resource.account}:service/${cluster}/${name}`;
  return { name, physicalId: arn, arn, attributes: { Name: name, ServiceArn: arn } };
}

function loadBalancer(resource: Named): Identity {
  const kind = resource.property('Type') === 'network' ? 'net' : 'app';
  const full = `${kind}/${nameOf(resource, 'Name', 32)}/${hexId(resource)}`;
  return elastic(`${elbArn(resource)}:loadbalancer/${full}`, {
    LoadBalancerFullName: full,
    DNSName: `${full.split('/')[1]}.${resource.region}.elb.amazonaws.com`,
  });
}

function listener(resource: Named): Identity {
  const balancer = String(resource.property('LoadBalancerArn'));
  return elastic(`${balancer.replace(':loadbalancer/', ':listener/')}/${hexId(resource)}`, {}, 'ListenerArn');
}

function listenerRule(resource: Named): Identity {
  const of = String(resource.property('ListenerArn'));
  return elastic(`${of.replace(':listener/', ':listener-rule/')}/${hexId(resource)}`, {}, 'RuleArn');
}

function targetGroup(resource: Named): Identity {
  const name = nameOf(resource, 'Name', 32);
  const full = `targetgroup/${name}/${hexId(resource)}`;
  return elastic(`${elbArn(resource)}:${full}`, { TargetGroupName: name, TargetGroupFullName: full }, 'TargetGroupArn');
}

function elastic(arn: string, attributes: Properties, own = 'LoadBalancerArn'): Identity {
  return { name: arn.split('/').at(-2) ?? arn, physicalId: arn, arn, attributes: { [own]: arn, ...attributes } };
}

function elbArn({ region, account }: Named): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}`;
}

function hexId(resource: Named): string {
  return stableId(resource.stack, resource.logicalId).slice(0, 16);
}

/** Types that the rehearsal knows by heart. */
const known: Record<string, Describe> = {
  'AWS::Lambda::Function': byName(
    'FunctionName',
    inRegion('lambda', (name) => `function:${name}`),
  ),
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::Url': functionUrl,
  'AWS::DynamoDB::Table': byName(
    'TableName',
    inRegion('dynamodb', (name) => `table/${name}`),
    table,
  ),
  'AWS::DynamoDB::GlobalTable': byName(
    'TableName',
    inRegion('dynamodb', (name) => `table/${name}`),
    table,
  ),
  'AWS::SNS::Topic': byArn(
    byName(
      'TopicName',
      inRegion('sns', (name) => name),
      (name, at) => ({ TopicName: name, TopicArn: `arn:aws:sns:${at.region}:${at.account}:${name}` }),
    ),
  ),
  'AWS::SQS::Queue': queue,
  'AWS::StepFunctions::StateMachine': byArn(
    byName(
      'StateMachineName',
      inRegion('states', (name) => `stateMachine:${name}`),
      (name) => ({ Name: name }),
    ),
  ),
  'AWS::IAM::Role': role,
  'AWS::IAM::ManagedPolicy': byArn(
    byName('ManagedPolicyName', (name, at) => `arn:aws:iam::${at.account}:policy/${name}`),
  ),
  'AWS::ECS::Cluster': byName(
    'ClusterName',
    inRegion('ecs', (name) => `cluster/${name}`),
  ),
  'AWS::ECS::Service': ecsService,
  'AWS::ECS::TaskDefinition': taskDefinition,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::ElasticLoadBalancingV2::Listener': listener,
  'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
  'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
  'AWS::Events::Rule': byName(
    'Name',
    inRegion('events', (name) => `rule/${name}`),
  ),
  'AWS::SSM::Parameter': byName('Name', parameter),
  'AWS::SSM::Document': byName(
    'Name',
    inRegion('ssm', (name) => `document/${name}`),
  ),
  'AWS::CloudWatch::Alarm': byName(
    'AlarmName',
    inRegion('cloudwatch', (name) => `alarm:${name}`),
  ),
  'AWS::CloudWatch::CompositeAlarm': byName(
    'AlarmName',
    inRegion('cloudwatch', (name) => `alarm:${name}`),
  ),
  'AWS::CodePipeline::Pipeline': byName(
    'Name',
    inRegion('codepipeline', (name) => name),
    () => ({ Version: '1' }),
  ),
  'AWS::CodeDeploy::Application': byName(
    'ApplicationName',
    inRegion('codedeploy', (name) => `application:${name}`),
  ),
  'AWS::CodeDeploy::DeploymentConfig': byName(
    'DeploymentConfigName',
    inRegion('codedeploy', (name) => `deploymentconfig:${name}`),
  ),
  'AWS::CodeDeploy::DeploymentGroup': deploymentGroup,
  'AWS::AutoScaling::AutoScalingGroup': byName(
    'AutoScalingGroupName',
    inRegion('autoscaling', (name) => `autoScalingGroup:*:autoScalingGroupName/${name}`),
  ),
  'AWS::CodeBuild::Project': byName(
    'Name',
    inRegion('codebuild', (name) => `project/${name}`),
  ),
  'AWS::SecretsManager::Secret': secret,
  'AWS::CodeBuild::ReportGroup': byArn(
    byName(
      'Name',
      inRegion('codebuild', (name) => `report-group/${name}`),
    ),
  ),
  'AWS::Logs::LogGroup': byName(
    'LogGroupName',
    inRegion('logs', (name) => `log-group:${name}:*`),
  ),
  'AWS::S3::Bucket': (resource) => {
    const name = nameOf(resource, 'BucketName', 63).toLowerCase();
    const domain = `${name}.s3.${resource.region}.amazonaws.com`;
    return {
      name,
      physicalId: name,
      arn: `arn:aws:s3:::${name}`,
      attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com`, RegionalDomainName: domain },
    };
  },
  'AWS::KMS::Key': (resource) => {
    const id = uuid(resource);
    const arn = `arn:aws:kms:${resource.region}:${resource.account}:key/${id}`;
    return { name: id, physicalId: id, arn, attributes: { Arn: arn, KeyId: id } };
  },
  'AWS::ApiGateway::RestApi': restApi,
  'AWS::ApiGateway::Stage': (resource) => {
    const name = String(resource.property('StageName'));
    return { name, physicalId: name, attributes: {} };
  },
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Authorizer': (resource) => {
    const id = stableId(resource.stack, resource.logicalId).slice(0, 6);
    return { name: String(resource.property('Name')), physicalId: id, attributes: { AuthorizerId: id } };
  },
  'AWS::ApiGatewayV2::DomainName': byName(
    'DomainName',
    () => undefined,
    (_name, { region }) => ({
      RegionalDomainName: `d-rehearsal.execute-api.${region}.amazonaws.com`,
      RegionalHostedZoneId: 'Z2OJLYMUO9EFXC',
    }),
  ),
  'AWS::ApiGatewayV2::Stage': (resource) => {
    const name = String(resource.property('StageName'));
    return { name, physicalId: name, attributes: {} };
  },
};

/** Names a resource; one of a type nobody here knows gets plausible values. */
export function identify(resource: Named): Identity {
  const describe = known[resource.type];
  if (describe !== undefined) {
    return describe(resource);
  }
  const [, service = 'unknown', kind = 'resource'] = resource.type.split('::');
  const name = nameOf(resource, 'Name');
  const arn = `arn:aws:${service.toLowerCase()}:${resource.region}:${resource.account}:${kind.toLowerCase()}/${name}`;
  return { name, physicalId: name, arn, attributes: { Arn: arn, Id: uuid(resource) } };
}
