/** Refuses the calls that AWS would refuse: by the policies of the deployed roles, topics, queues and functions. */
import { roleRecord, trustOf } from '../aws/roles';
import type { JournalEntry } from '../record';
import { AwsError, type Authorization, type Caller } from '../service';
import type { Resource } from '../template/model';
import type { Context } from './condition';
import { decide, trusts, type Decision, type Principal, type Statement } from './decision';

interface Account {
  readonly account: string;
  readonly region: string;
  resources(type?: string): readonly Resource[];
  resource(idOrArn: string): Resource | undefined;
  tell(source: string, text: string, level?: JournalEntry['level']): void;
}

/** What the rehearsal knows of policies that AWS manages: these allow nothing of what runs here, or everything. */
const NOTHING =
  /\/(AWSLambda(BasicExecution|VPCAccessExecution)Role|AWSXRayDaemonWriteAccess|CloudWatchLambdaInsightsExecutionRolePolicy)$/;
const EVERYTHING = /\/AdministratorAccess$/;

/** Error of a refused call, where it has another name than most. */
const DENIALS: Readonly<Record<string, string>> = {
  cloudwatch: 'AccessDenied',
  elasticloadbalancing: 'AccessDenied',
  sns: 'AuthorizationError',
  sqs: 'AccessDenied',
  sts: 'AccessDenied',
};

/** The default policy of a topic lets the alarms of its account publish; a policy in the template replaces it. */
const DEFAULT_TOPIC_POLICY: readonly Statement[] = [
  { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish' },
];

export class Guard {
  /** What was refused, once each. */
  readonly refusals: string[] = [];
  private readonly told = new Set<string>();
  /** What roles may do, by the list of resources, which is another one after each deployment. */
  private readonly identities = new WeakMap<readonly Resource[], Map<string, readonly Statement[] | undefined>>();

  constructor(
    private readonly around: Account,
    private readonly isOn: boolean,
  ) {}

  /**
   * A call of a deployed role. Others, such as somebody at the console, are not judged: their policies stand nowhere here.
   *
   * @throws AwsError as the service would refuse it
   */
  check(service: string, { action, resources, context = {} }: Authorization, caller: Caller): void {
    const identity = this.isOn ? this.identityOf(caller.roleArn) : undefined;
    if (identity === undefined) {
      return;
    }
    const principal = principalOf(caller);
    for (const resource of resources) {
      const request = { action, resource, principal, context: contextOf(context, caller, this.around.region) };
      const decision = decide(request, { identity, resource: this.resourcePolicy(resource) });
      if (decision !== 'ALLOWED') {
        throw this.refusal(service, { action, resource }, caller, decision);
      }
    }
  }

  /** Whether a role may be assumed, by its trust policy. */
  trusts(trust: readonly Statement[], roleArn: string, caller: Caller, externalId?: string): boolean {
    const values: [string, readonly string[]][] = externalId === undefined ? [] : [['sts:ExternalId', [externalId]]];
    const context = contextOf(Object.fromEntries(values), caller, this.around.region);
    return trusts(trust, { action: 'sts:AssumeRole', resource: roleArn, principal: principalOf(caller), context });
  }

  /** Whether a service of AWS may hand something to a topic, queue or function, by the policy of that. */
  letsIn(service: string, sourceArn: string | undefined, action: string, resource: string): boolean {
    if (!this.isOn) {
      return true;
    }
    const { account } = this.around;
    const context = new Map<string, readonly string[]>([
      ['aws:sourceaccount', [account]],
      ['aws:securetransport', ['true']],
      ...(sourceArn === undefined ? [] : ([['aws:sourcearn', [sourceArn]]] as const)),
    ]);
    const request = { action, resource, principal: { service, account }, context };
    const decision = decide(request, { identity: [], resource: this.resourcePolicy(resource) });
    if (decision !== 'ALLOWED') {
      this.refused(`${service} may not ${action} on ${resource} ${reasonOf(decision, 'resource')}`);
    }
    return decision === 'ALLOWED';
  }

  /** Undefined where it is not known what a role may do. */
  private identityOf(roleArn: string): readonly Statement[] | undefined {
    const resources = this.around.resources();
    const known = this.identities.get(resources) ?? new Map<string, readonly Statement[] | undefined>();
    this.identities.set(resources, known);
    if (!known.has(roleArn)) {
      known.set(roleArn, this.readIdentity(roleArn, resources));
    }
    return known.get(roleArn);
  }

  private readIdentity(roleArn: string, resources: readonly Resource[]): readonly Statement[] | undefined {
    const record = roleRecord(roleArn, resources);
    if (record === undefined) {
      return undefined;
    }
    const unknown = record.managedPolicyArns.filter((arn) => !NOTHING.test(arn) && !EVERYTHING.test(arn));
    if (unknown.length > 0) {
      this.tell(
        `${roleArn} has ${unknown.join(', ')}, which stands in no template: its calls are not judged`,
        'warning',
      );
      return undefined;
    }
    return record.managedPolicyArns.some((arn) => EVERYTHING.test(arn))
      ? [{ Effect: 'Allow', Action: '*', Resource: '*' }]
      : record.policies.flatMap(({ document }) => statementsOf(document));
  }

  private resourcePolicy(resource: string): readonly Statement[] {
    const service = resource.split(':')[2] ?? '';
    switch (service) {
      case 'sns': {
        const own = this.attached('AWS::SNS::TopicPolicy', 'Topics', resource);
        return own.length > 0 ? own : DEFAULT_TOPIC_POLICY;
      }
      case 'sqs':
        return this.attached('AWS::SQS::QueuePolicy', 'Queues', this.around.resource(resource)?.physicalId ?? resource);
      case 'lambda':
        return this.permissions(resource);
      case 'iam':
        return trustOf(resource, this.around.resources()) ?? [];
      default:
        return [];
    }
  }

  private attached(type: string, list: string, id: string): readonly Statement[] {
    return this.around
      .resources(type)
      .filter(({ properties }) => ((properties[list] ?? []) as unknown[]).includes(id))
      .flatMap(({ properties }) => statementsOf(properties.PolicyDocument));
  }

  /** `AWS::Lambda::Permission` is a statement of the function's policy. */
  private permissions(functionArn: string): readonly Statement[] {
    return this.around.resources('AWS::Lambda::Permission').flatMap(({ properties }) => {
      const { FunctionName, Principal: principal, Action, SourceArn, SourceAccount } = properties;
      if (!isSameFunction(String(FunctionName), functionArn)) {
        return [];
      }
      const byService = /\.amazonaws\.com$/.test(String(principal));
      return [
        {
          Effect: 'Allow',
          Principal: principal === '*' ? '*' : { [byService ? 'Service' : 'AWS']: String(principal) },
          Action: String(Action),
          Condition: {
            ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn as unknown } }),
            ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount as unknown } }),
          },
        },
      ];
    });
  }

  private refusal(
    service: string,
    { action, resource }: { readonly action: string; readonly resource: string },
    caller: Caller,
    decision: Decision,
  ): AwsError {
    const why = reasonOf(decision, 'identity');
    const text = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    this.refused(text);
    return new AwsError(DENIALS[service] ?? 'AccessDeniedException', text, 403);
  }

  private refused(text: string): void {
    if (!this.told.has(text)) {
      this.refusals.push(text);
    }
    this.tell(text, 'error');
  }

  /** Once: what is refused is mostly tried again. */
  private tell(text: string, level: JournalEntry['level']): void {
    if (!this.told.has(text)) {
      this.told.add(text);
      this.around.tell('iam', text, level);
    }
  }
}

function reasonOf(decision: Decision, kind: 'identity' | 'resource'): string {
  return decision === 'DENIED' ? `with an explicit deny in a policy` : `because no ${kind}-based policy allows it`;
}

function statementsOf(document: unknown): readonly Statement[] {
  const { Statement: statements = [] } = (document ?? {}) as { readonly Statement?: Statement | readonly Statement[] };
  return [statements].flat() as readonly Statement[];
}

function principalOf({ roleArn, arn }: Caller): Principal {
  return { roleArn, sessionArn: arn, account: roleArn.split(':')[4] ?? '' };
}

function contextOf(values: Readonly<Record<string, readonly string[]>>, caller: Caller, region: string): Context {
  const account = caller.roleArn.split(':')[4] ?? '';
  return new Map([
    ['aws:principalarn', [caller.roleArn]],
    ['aws:principalaccount', [account]],
    ['aws:principaltype', ['AssumedRole']],
    ['aws:requestedregion', [caller.region ?? region]],
    ['aws:securetransport', ['true']],
    ...Object.entries(values).map(([key, found]) => [key.toLowerCase(), found] as const),
  ] as readonly (readonly [string, readonly string[]])[]);
}

/** A permission is on a function or on one alias or version of it; it may be named by its name alone. */
function isSameFunction(named: string, arn: string): boolean {
  const [, name = '', qualifier] = /:function:([^:]+)(?::(.+))?$/.exec(arn) ?? [];
  const [, wanted = named, wantedQualifier] = /(?:^|:function:)([^:]+)(?::([^:]+))?$/.exec(named) ?? [];
  return wanted === name && (wantedQualifier ?? '') === (qualifier ?? '');
}
