/**
 * The quotas of AWS that a growing number of gates could meet, each with its source, and what of a template counts against it.
 * Quotas that AWS raises on request have their default value here.
 */
import { bytes, characters } from './longest';

export interface Resource {
  readonly Type: string;
  readonly Properties?: any;
}

export interface Template {
  readonly Resources: { readonly [id: string]: Resource };
  readonly Outputs?: object;
  readonly Parameters?: object;
}

/** What counts against a quota, and where it stands. */
export interface Amount {
  readonly where: string;
  readonly amount: number;
}

export interface Quota {
  readonly name: string;
  readonly limit: number;
  readonly source: string;
  of(template: Template): readonly Amount[];
}

const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const SSM = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html';
const SNS =
  'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html#sns-policy-quotas';
const SQS = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html';
const KMS = 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html';
const EVENTBRIDGE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html';
const CODEPIPELINE = 'https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html';
const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const STATES = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';

/** Quotas of what stands in one template. */
export const OF_A_STACK: readonly Quota[] = [
  {
    name: 'resources of a stack',
    limit: 500,
    source: CLOUDFORMATION,
    of: (template) => [{ where: '', amount: Object.keys(template.Resources).length }],
  },
  {
    name: 'outputs of a stack',
    limit: 200,
    source: CLOUDFORMATION,
    of: (template) => [{ where: '', amount: Object.keys(template.Outputs ?? {}).length }],
  },
  {
    name: 'parameters of a stack',
    limit: 200,
    source: CLOUDFORMATION,
    of: (template) => [{ where: '', amount: Object.keys(template.Parameters ?? {}).length }],
  },
  {
    name: 'bytes of a template',
    limit: 1_000_000,
    source: CLOUDFORMATION,
    of: (template) => [{ where: '', amount: Buffer.byteLength(JSON.stringify(template), 'utf8') }],
  },
  {
    name: 'characters of all inline policies of a role, without blanks',
    limit: 10_240,
    source: IAM,
    of: (template) =>
      each(template, 'AWS::IAM::Role', ([id, role]) => {
        const own: unknown[] = (role.Properties.Policies ?? []).map((policy: any) => policy.PolicyDocument);
        const attached = of(template, 'AWS::IAM::Policy')
          .filter(([, { Properties }]) => Properties.Roles?.some((one: any) => one.Ref === id))
          .map(([, { Properties }]) => Properties.PolicyDocument as unknown);
        return [...own, ...attached].reduce<number>((sum, document) => sum + characters(document), 0);
      }),
  },
  {
    name: 'characters of a trust policy',
    limit: 2048,
    source: IAM,
    of: (template) =>
      each(template, 'AWS::IAM::Role', ([, role]) => characters(role.Properties.AssumeRolePolicyDocument)),
  },
  {
    name: 'characters of a managed policy',
    limit: 6144,
    source: IAM,
    of: (template) =>
      each(template, 'AWS::IAM::ManagedPolicy', ([, policy]) => characters(policy.Properties.PolicyDocument)),
  },
  {
    name: 'managed policies of a role',
    limit: 10,
    source: IAM,
    of: (template) =>
      each(template, 'AWS::IAM::Role', ([id, role]) => {
        const attached = of(template, 'AWS::IAM::ManagedPolicy').filter(([, { Properties }]) =>
          Properties.Roles?.some((one: any) => one.Ref === id),
        );
        return (role.Properties.ManagedPolicyArns ?? []).length + attached.length;
      }),
  },
  {
    name: 'characters of the path of a role',
    limit: 512,
    source: IAM,
    of: (template) => each(template, 'AWS::IAM::Role', ([, role]) => bytes(role.Properties.Path ?? '/')),
  },
  {
    name: 'characters of the name of a parameter',
    limit: 1011,
    source: SSM,
    of: (template) => each(template, 'AWS::SSM::Parameter', ([, parameter]) => bytes(parameter.Properties.Name)),
  },
  {
    name: 'levels of the name of a parameter',
    limit: 15,
    source: SSM,
    of: (template) =>
      each(
        template,
        'AWS::SSM::Parameter',
        ([, parameter]) => JSON.stringify(parameter.Properties.Name).split('/').length - 1,
      ),
  },
  {
    name: 'bytes of an advanced parameter',
    limit: 8192,
    source: SSM,
    of: (template) => each(template, 'AWS::SSM::Parameter', ([, parameter]) => bytes(parameter.Properties.Value)),
  },
  {
    name: 'characters of the description of a parameter',
    limit: 1024,
    source: SSM,
    of: (template) =>
      each(template, 'AWS::SSM::Parameter', ([, parameter]) => bytes(parameter.Properties.Description ?? '')),
  },
  {
    name: 'bytes of the policy of a topic',
    limit: 30 * 1024,
    source: SNS,
    of: (template) =>
      each(template, 'AWS::SNS::TopicPolicy', ([, policy]) => characters(policy.Properties.PolicyDocument)),
  },
  {
    name: 'statements of the policy of a topic',
    limit: 100,
    source: SNS,
    of: (template) =>
      each(template, 'AWS::SNS::TopicPolicy', ([, policy]) => policy.Properties.PolicyDocument.Statement.length),
  },
  {
    name: 'bytes of the policy of a queue',
    limit: 8192,
    source: SQS,
    of: (template) =>
      each(template, 'AWS::SQS::QueuePolicy', ([, policy]) => characters(policy.Properties.PolicyDocument)),
  },
  {
    name: 'statements of the policy of a queue',
    limit: 20,
    source: SQS,
    of: (template) =>
      each(template, 'AWS::SQS::QueuePolicy', ([, policy]) => policy.Properties.PolicyDocument.Statement.length),
  },
  {
    name: 'bytes of the policy of a key',
    limit: 32 * 1024,
    source: KMS,
    of: (template) => each(template, 'AWS::KMS::Key', ([, key]) => characters(key.Properties.KeyPolicy)),
  },
  {
    name: 'characters of an event pattern',
    limit: 2048,
    source: EVENTBRIDGE,
    of: (template) => each(template, 'AWS::Events::Rule', ([, rule]) => characters(rule.Properties.EventPattern ?? {})),
  },
  {
    name: 'targets of a rule',
    limit: 5,
    source: EVENTBRIDGE,
    of: (template) => each(template, 'AWS::Events::Rule', ([, rule]) => (rule.Properties.Targets ?? []).length),
  },
  {
    name: 'stages of a pipeline',
    limit: 50,
    source: CODEPIPELINE,
    of: (template) => each(template, 'AWS::CodePipeline::Pipeline', ([, { Properties }]) => Properties.Stages.length),
  },
  {
    name: 'actions of a pipeline',
    limit: 500,
    source: CODEPIPELINE,
    of: (template) =>
      each(template, 'AWS::CodePipeline::Pipeline', ([, { Properties }]) =>
        Properties.Stages.reduce((sum: number, stage: any) => sum + Number(stage.Actions.length), 0),
      ),
  },
  {
    name: 'characters of a value in the configuration of an action',
    limit: 1000,
    source: CODEPIPELINE,
    of: (template) =>
      each(template, 'AWS::CodePipeline::Pipeline', ([, { Properties }]) => {
        const actions: any[] = Properties.Stages.flatMap((stage: any) => stage.Actions);
        return Math.max(...actions.flatMap((one) => Object.values(one.Configuration ?? {})).map(bytes));
      }),
  },
  {
    name: 'bytes of the environment of a function',
    limit: 4096,
    source: LAMBDA,
    of: (template) =>
      each(template, 'AWS::Lambda::Function', ([, { Properties }]) =>
        characters(Properties.Environment?.Variables ?? {}),
      ),
  },
  {
    name: 'bytes of the resource policy of a function',
    limit: 20 * 1024,
    source: LAMBDA,
    of: (template) =>
      each(template, 'AWS::Lambda::Function', ([id]) =>
        of(template, 'AWS::Lambda::Permission')
          .filter(([, permission]) => JSON.stringify(permission.Properties.FunctionName).includes(id))
          .reduce((sum, [, { Properties }]) => sum + characters(Properties), 0),
      ),
  },
  {
    name: 'bytes of the definition of a state machine',
    limit: 1024 * 1024,
    source: STATES,
    of: (template) =>
      each(template, 'AWS::StepFunctions::StateMachine', ([, machine]) => bytes(machine.Properties.DefinitionString)),
  },
];

/** Quotas of an account and Region, which many stacks meet together. */
export const OF_AN_ACCOUNT: readonly Quota[] = [
  {
    name: 'roles of an account',
    limit: 1000,
    source: IAM,
    of: (template) => [{ where: '', amount: of(template, 'AWS::IAM::Role').length }],
  },
  {
    name: 'standard parameters of a Region',
    limit: 10_000,
    source: 'https://docs.aws.amazon.com/general/latest/gr/ssm.html',
    of: (template) => [{ where: '', amount: of(template, 'AWS::SSM::Parameter').length }],
  },
  {
    name: 'rules of an event bus, in the Regions that have the fewest',
    limit: 100,
    source: EVENTBRIDGE,
    of: (template) => [{ where: '', amount: of(template, 'AWS::Events::Rule').length }],
  },
  {
    name: 'pipelines of a Region',
    limit: 1000,
    source: CODEPIPELINE,
    of: (template) => [{ where: '', amount: of(template, 'AWS::CodePipeline::Pipeline').length }],
  },
];

function of(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

function each(template: Template, type: string, amount: (entry: [string, Resource]) => number): Amount[] {
  return of(template, type).map((entry) => ({ where: entry[0], amount: amount(entry) }));
}
