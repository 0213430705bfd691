import type { Service } from '../service';
import type { World } from '../world';

/** A finding in Security Hub. */
export interface SaidFinding {
  readonly id: string;
  readonly severity: string;
  /** ARN of the resource that has it. */
  readonly resource: string;
  /** Tags of the resource. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Inspector, when absent. */
  readonly product?: string;
  /** NEW, when absent. */
  readonly workflow?: string;
  /** ACTIVE, when absent. */
  readonly record?: string;
}

interface Filter {
  readonly Value: string;
  readonly Comparison: string;
}

/** Findings of Security Hub, as a scenario says them. None at first. */
export class SecurityFindings {
  private found: readonly SaidFinding[] = [];

  constructor(private readonly around: Pick<World, 'account' | 'region'>) {}

  /** From now on these are all that there are. */
  say(found: readonly SaidFinding[]): void {
    this.found = found;
  }

  service(): Service {
    return {
      name: 'securityhub',
      protocol: 'rest',
      route: ({ method, path, body }) =>
        method === 'POST' && path === '/findings'
          ? { operation: 'GetFindings', input: JSON.parse(body.toString('utf8')) as object }
          : undefined,
      operations: { GetFindings: (input) => this.list(input) },
      authorize: {
        GetFindings: (_input, { region = this.around.region }) => ({
          action: 'securityhub:GetFindings',
          resources: [`arn:aws:securityhub:${region}:${this.around.account}:hub/default`],
        }),
      },
    };
  }

  private list({ Filters = {}, MaxResults = 100, NextToken }: any): object {
    const wanted = this.found.filter((one) => isWanted(one, Filters));
    const from = Number(NextToken ?? 0);
    const next = from + MaxResults;
    return {
      Findings: wanted.slice(from, next).map((one) => this.view(one)),
      ...(next < wanted.length ? { NextToken: String(next) } : {}),
    };
  }

  private view({
    id,
    severity,
    resource,
    tags,
    product = 'Inspector',
    workflow = 'NEW',
    record = 'ACTIVE',
  }: SaidFinding) {
    return {
      SchemaVersion: '2018-10-08',
      Id: `arn:aws:securityhub:${this.around.region}:${this.around.account}:finding/${id}`,
      ProductName: product,
      AwsAccountId: this.around.account,
      Title: id,
      Severity: { Label: severity },
      Resources: [{ Type: 'Other', Id: resource, Tags: tags }],
      Vulnerabilities: [{ Id: id }],
      Workflow: { Status: workflow },
      RecordState: record,
    };
  }
}

function isWanted(one: SaidFinding, filters: any): boolean {
  const { product = 'Inspector', workflow = 'NEW', record = 'ACTIVE', tags = {} } = one;
  return (
    meets(product, filters.ProductName) &&
    meets(workflow, filters.WorkflowStatus) &&
    meets(record, filters.RecordState) &&
    meets(one.severity, filters.SeverityLabel) &&
    meets(one.resource, filters.ResourceId) &&
    ((filters.ResourceTags ?? []) as { Key: string; Value: string }[]).every(({ Key, Value }) => tags[Key] === Value)
  );
}

/** Several EQUALS are joined by OR, several NOT_EQUALS by AND. */
function meets(value: string, filters: readonly Filter[] = []): boolean {
  const allowed = filters.filter(({ Comparison }) => Comparison === 'EQUALS');
  const refused = filters.filter(({ Comparison }) => Comparison === 'NOT_EQUALS');
  return (
    (allowed.length === 0 || allowed.some(({ Value }) => Value === value)) &&
    refused.every(({ Value }) => Value !== value)
  );
}
