/** Deploys a synthesized stack by the emulator's CloudFormation, with what it cannot create left out, and told. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { zipSync } from 'fflate';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from '../../rehearsal/template/assembly';
import type { StackArtifact, Template, TemplateResource } from '../../rehearsal/template/model';
import type { Ministack } from './ministack';

const DEPLOYED_WITHIN = 60_000;

/** Why a resource is not created, by its type; undefined where it is. */
export function leftOut({ Type, Properties }: TemplateResource): string | undefined {
  if (Type === 'AWS::CodePipeline::Pipeline') return 'no CodePipeline: the rehearsal’s stands beside it';
  if (Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined) return 'no alarms with metric math';
  return undefined;
}

export interface Created {
  /** Physical id, by logical id. */
  readonly ids: ReadonlyMap<string, string>;
  /** Status or reason, by logical id. */
  readonly table: readonly { readonly logicalId: string; readonly type: string; readonly outcome: string }[];
}

const bucketOf = ({ account, region }: Ministack) => `cdk-hnb659fds-assets-${account}-${region}`;

/** What `cdk bootstrap` puts into an account, as far as templates need it. */
export async function bootstrap(at: Ministack): Promise<void> {
  await new SSMClient(at.client).send(
    new PutParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '30', Type: 'String' }),
  );
  await new S3Client(at.client).send(new CreateBucketCommand({ Bucket: bucketOf(at) }));
}

/** The code of the functions, and everything else that the templates take from the bucket. */
export async function publish(at: Ministack, { assets }: Assembly): Promise<void> {
  const s3 = new S3Client(at.client);
  for (const [Key, path] of assets) {
    const Body = statSync(path).isDirectory() ? zipSync(filesOf(path)) : readFileSync(path);
    await s3.send(new PutObjectCommand({ Bucket: bucketOf(at), Key, Body }));
  }
}

export interface Changes {
  /** Names of what is left out. */
  readonly names: (logicalId: string) => string;
  /** Variables that a function has besides. */
  readonly variables?: (logicalId: string) => Readonly<Record<string, string>>;
}

export async function deploy(at: Ministack, stack: StackArtifact, changes: Changes): Promise<Created> {
  const client = new CloudFormationClient(at.client);
  const all = Object.entries(stack.template.Resources ?? {});
  const TemplateBody = JSON.stringify(adapted(stack.template, changes));
  await client.send(
    new CreateStackCommand({
      StackName: stack.stackName,
      TemplateBody,
      Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    }),
  );
  const status = await settled(client, stack.stackName);
  if (status !== 'CREATE_COMPLETE') {
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: stack.stackName }));
    const reasons = StackEvents?.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED'));
    throw new Error(
      `${stack.stackName} is ${status}: ${reasons?.map((one) => `${one.LogicalResourceId}: ${one.ResourceStatusReason}`).join('\n')}`,
    );
  }
  const { StackResourceSummaries: made = [] } = await client.send(
    new ListStackResourcesCommand({ StackName: stack.stackName }),
  );
  const byId = new Map(made.map((one) => [one.LogicalResourceId, one]));
  return {
    ids: new Map(made.map((one) => [String(one.LogicalResourceId), String(one.PhysicalResourceId)])),
    table: all.map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      outcome: leftOut(resource) ?? byId.get(logicalId)?.ResourceStatus ?? 'not created',
    })),
  };
}

async function settled(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  for (const end = Date.now() + DEPLOYED_WITHIN; ;) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    const status = Stacks?.[0]?.StackStatus;
    if (!status?.endsWith('_IN_PROGRESS') || Date.now() > end) return status;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function adapted(template: Template, { names, variables = () => ({}) }: Changes): Template {
  const entries = Object.entries(template.Resources ?? {});
  const gone = new Set(entries.filter(([, resource]) => leftOut(resource) !== undefined).map(([id]) => id));
  const kept = entries
    .filter(([id]) => !gone.has(id))
    .map(([id, resource]) => [id, withVariables(withoutDependsOn(resource, gone), variables(id))] as const);
  return withNames({ ...template, Resources: Object.fromEntries(kept) }, gone, names) as Template;
}

function withVariables(resource: TemplateResource, added: Readonly<Record<string, string>>): TemplateResource {
  const { Type, Properties } = resource;
  if (Type !== 'AWS::Lambda::Function' || Object.keys(added).length === 0) return resource;
  const { Variables = {} } = (Properties?.Environment ?? {}) as { readonly Variables?: object };
  return { ...resource, Properties: { ...Properties, Environment: { Variables: { ...Variables, ...added } } } };
}

function withoutDependsOn(resource: TemplateResource, gone: ReadonlySet<string>): TemplateResource {
  const { DependsOn, ...rest } = resource;
  const left = [DependsOn ?? []].flat().filter((id) => !gone.has(id));
  return left.length === 0 ? rest : { ...rest, DependsOn: left };
}

/** A reference to what is left out becomes its name. */
function withNames(node: unknown, gone: ReadonlySet<string>, names: (logicalId: string) => string): unknown {
  if (Array.isArray(node)) return node.map((one) => withNames(one, gone, names));
  if (typeof node !== 'object' || node === null) return node;
  const { Ref } = node as { readonly Ref?: unknown };
  if (typeof Ref === 'string' && gone.has(Ref)) return names(Ref);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNames(value, gone, names)]));
}

function filesOf(folder: string, prefix = ''): Record<string, Uint8Array> {
  const entries = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory()
      ? filesOf(path, `${prefix}${entry.name}/`)
      : { [`${prefix}${entry.name}`]: new Uint8Array(readFileSync(path)) };
  });
  return Object.assign({}, ...entries) as Record<string, Uint8Array>;
}
