import type { PolicyDocument, RoleRecord } from '../record';
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
