/** What Security Hub knows of some resources: findings that are active, and neither resolved nor suppressed. */
import {
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
  type AwsSecurityFindingFilters,
} from '@aws-sdk/client-securityhub';
import type { SecurityFindingsCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeFindings, type SecurityFinding } from '../../domain/findings';
import type { MeasureClients } from './clients';
import { findingsLink, linked } from './console-link';
import type { Finding } from './measure';

/** As many as one call answers (https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html). */
const PAGE = 100;
const MAX_PAGES = 20;

export async function measureSecurityFindings(
  plan: SecurityFindingsCheckPlan,
  { now }: Pick<CheckCommand, 'now'>,
  clients: MeasureClients,
): Promise<Finding> {
  const client = clients.of(SecurityHubClient, plan.region);
  const Filters = filtersOf(plan);
  const links = linked({ link: findingsLink(plan.region, shownBy(plan)) });
  const findings: SecurityFinding[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(new GetFindingsCommand({ Filters, MaxResults: PAGE, NextToken }));
    findings.push(...(answer.Findings ?? []).map(findingOf));
    NextToken = answer.NextToken;
    if (NextToken === undefined || NextToken === '') {
      return { ...judgeFindings(plan, findings, now), ...links };
    }
  }
  const judged = judgeFindings(plan, findings, now);
  return judged.verdict === 'FAIL'
    ? { ...judged, ...links }
    : { ...links, verdict: 'ERROR', reason: 'Security Hub has more findings than can be read.' };
}

/** By what they are not, so that states of the future count. */
function filtersOf({ resources, products }: SecurityFindingsCheckPlan): AwsSecurityFindingFilters {
  const not = (...values: readonly string[]) => values.map((Value) => ({ Value, Comparison: 'NOT_EQUALS' as const }));
  const is = (...values: readonly string[]) => values.map((Value) => ({ Value, Comparison: 'EQUALS' as const }));
  return {
    RecordState: not('ARCHIVED'),
    WorkflowStatus: not('RESOLVED', 'SUPPRESSED'),
    SeverityLabel: not('INFORMATIONAL'),
    ...(products === undefined ? {} : { ProductName: is(...products) }),
    ...(resources.by === 'TAG'
      ? { ResourceTags: [{ Key: resources.key, Value: resources.value, Comparison: 'EQUALS' as const }] }
      : { ResourceId: is(resources.arn) }),
  };
}

/** The console's search knows no tag together with its value: it shows the findings of all resources then. */
function shownBy({ resources, products }: SecurityFindingsCheckPlan): Readonly<Record<string, string>> {
  const [product, ...others] = products ?? [];
  return {
    ...(resources.by === 'ARN' ? { ResourceId: resources.arn } : {}),
    ...(product === undefined || others.length > 0 ? {} : { ProductName: product }),
  };
}

/** Known by its vulnerability or its control, as people speak of it; where that is not one, by its own id. */
function findingOf({ Id, Severity, Vulnerabilities = [], Compliance }: AwsSecurityFinding): SecurityFinding {
  const [vulnerability, ...others] = Vulnerabilities;
  const cve = others.length === 0 ? vulnerability?.Id : undefined;
  return { id: cve ?? Compliance?.SecurityControlId ?? Id ?? 'unnamed', severity: Severity?.Label ?? 'UNKNOWN' };
}
