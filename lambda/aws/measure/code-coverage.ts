/** How much of this run's code its tests cover: by the code coverage reports that its builds made in one report group. */
import type { Report } from '@aws-sdk/client-codebuild';
import type { CodeCoverageCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeCoverage, type CoverageReport } from '../../domain/code-coverage';
import type { MeasureClients } from './clients';
import type { Finding } from './measure';
import { linkTo, reportsFor, reportsOfRun } from './run-reports';

export async function measureCodeCoverage(
  plan: CodeCoverageCheckPlan,
  { run }: Pick<CheckCommand, 'run'>,
  clients: MeasureClients,
): Promise<Finding> {
  const found = await reportsFor(run?.builds, plan.reportGroupArn, clients);
  if ('verdict' in found) {
    return found;
  }
  if (found.reports.some(({ type }) => type === 'TEST')) {
    return { verdict: 'ERROR', reason: 'The report group holds reports of tests, and none of code coverage.' };
  }
  const before =
    plan.maxDropPoints === undefined
      ? undefined
      : await reportsOfRun(run?.lastGreen ?? [], plan.reportGroupArn, clients);
  const judged = judgeCoverage(
    plan,
    found.reports.map(asCoverage),
    found.isBuilding,
    before?.reports.map(asCoverage) ?? [],
  );
  return { ...judged, ...linkTo(found.reports, plan) };
}

function asCoverage({ status, codeCoverageSummary = {} }: Report): CoverageReport {
  const { lineCoveragePercentage, linesCovered, linesMissed } = codeCoverageSummary;
  const { branchCoveragePercentage, branchesCovered, branchesMissed } = codeCoverageSummary;
  return {
    status: status ?? 'UNKNOWN',
    lines: { percent: lineCoveragePercentage, covered: linesCovered, missed: linesMissed },
    branches: { percent: branchCoveragePercentage, covered: branchesCovered, missed: branchesMissed },
  };
}
