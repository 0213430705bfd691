import type { PolicyDocument, RoleRecord } from '../record';
import type { Statement } from '../iam/decision';
import type { Resource } from '../template/model';

interface Named {
  readonly PolicyName?: string;
  readonly PolicyDocument: PolicyDocument;
  readonly Roles?: readonly string[];
  readonly RoleName?: string;
}

/** A role of the deployed templates, with every identity policy that the templates attach to it. */
export function roleRecord(roleArn: string, resources: readonly Resource[]): RoleRecord | undefined {
  const role = resources.find(({ type, arn }) => type === 'AWS::IAM::Role' && arn === roleArn);
  if (role === undefined) {
    return undefined;
  }
  const name = role.physicalId;
  const attached: readonly string[] = role.properties.ManagedPolicyArns ?? [];
  const own = resources.filter(({ account }) => account === role.account);
  const policies = own.flatMap((resource) => {
    const { PolicyName, PolicyDocument, Roles, RoleName } = resource.properties as unknown as Named;
    const kinds: Record<string, () => boolean> = {
      'AWS::IAM::Policy': () => (Roles ?? []).includes(name),
      'AWS::IAM::RolePolicy': () => RoleName === name,
      'AWS::IAM::ManagedPolicy': () => (Roles ?? []).includes(name) || attached.includes(resource.physicalId),
    };
    return kinds[resource.type]?.() === true
      ? [{ name: PolicyName ?? resource.logicalId, document: PolicyDocument }]
      : [];
  });
  const inline = ((role.properties.Policies ?? []) as Named[]).map(({ PolicyName, PolicyDocument }) => ({
    name: PolicyName ?? 'inline',
    document: PolicyDocument,
  }));
  const known = new Set(own.map(({ physicalId }) => physicalId));
  return {
    roleArn,
    trust: role.properties.AssumeRolePolicyDocument,
    policies: [...inline, ...policies],
    managedPolicyArns: attached.filter((arn) => !known.has(arn)),
  };
}

/** `cdk-<qualifier>-deploy-role-<account>-<region>` (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html) */
const BOOTSTRAP = /^arn:aws[\w-]*:iam::\d{12}:role\/cdk-[a-z0-9]{1,10}-[a-z-]+-role-\d{12}-[a-z0-9-]+$/;

/** Whether a role is one that bootstrapping makes, which stands in no template of an app. */
export function isOfBootstrap(roleArn: string): boolean {
  return BOOTSTRAP.test(roleArn);
}

/** Whom a role trusts. Bootstrapping names the accounts that its roles trust; here they trust every account of the app. */
export function trustOf(roleArn: string, resources: readonly Resource[]): readonly Statement[] | undefined {
  const role = resources.find(({ type, arn }) => type === 'AWS::IAM::Role' && arn === roleArn);
  if (role !== undefined) {
    return [(role.properties.AssumeRolePolicyDocument as PolicyDocument).Statement].flat() as readonly Statement[];
  }
  const AWS = [...new Set(resources.map(({ account }) => account))];
  return isOfBootstrap(roleArn) ? [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }] : undefined;
}

/** What roles were allowed, from deployment to deployment. */
export class RoleHistory {
  private readonly known = new Map<string, RoleRecord[]>();

  remember(resources: readonly Resource[]): void {
    for (const { arn = '' } of resources.filter(({ type }) => type === 'AWS::IAM::Role')) {
      const soFar = this.known.get(arn) ?? [];
      const now = roleRecord(arn, resources);
      if (now !== undefined && JSON.stringify(soFar.at(-1)) !== JSON.stringify(now)) {
        this.known.set(arn, [...soFar, now]);
      }
    }
  }

  /** The present last. */
  of(roleArn: string): readonly RoleRecord[] {
    return this.known.get(roleArn) ?? [];
  }
}
