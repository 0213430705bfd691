/** Errors and requests, counted over the same periods since the gate began. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ErrorRatioCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeErrorRatio } from '../../domain/error-ratio';
import { newWindow, uncountedIn, wholeWindow } from '../../domain/metric-window';
import type { MeasureClients } from './clients';
import { linked, metricLink } from './console-link';
import type { Finding } from './measure';
import { readSeries } from './metric-series';
import { serviceLinks, serviceOfSources } from './observed-service';

export async function measureErrorRatio(
  plan: ErrorRatioCheckPlan,
  command: Pick<CheckCommand, 'since' | 'lastFinding' | 'lastFailure' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const { period, region } = plan.requests;
  const all = wholeWindow(command, plan, period);
  const unseen = newWindow(command, plan, period);
  const recent = { ...unseen, from: Math.max(unseen.from, all.from) };
  const windows = { all, uncounted: uncountedIn(all, command), recent };
  if (recent.from === recent.to) {
    return judgeErrorRatio(plan, windows, { errors: [], requests: [] }, command.now);
  }
  const client = clients.of(CloudWatchClient, region);
  const [errors, requests] = await Promise.all(
    [plan.errors, plan.requests].map((source) => readSeries(source, all.from, all.to, client)),
  );
  const sources = [plan.errors, plan.requests];
  const links = {
    ...linked({ link: metricLink(sources, command) }),
    ...serviceLinks(serviceOfSources(sources), region, command),
  };
  if (errors?.ok && requests?.ok) {
    const counts = { errors: errors.value, requests: requests.value };
    return { ...judgeErrorRatio(plan, windows, counts, command.now), ...links };
  }
  const problem = [errors, requests].find((series) => series?.ok === false);
  return {
    ...links,
    verdict: 'ERROR',
    reason: `The metrics cannot be read${problem?.ok === false ? `: ${problem.problem}` : ''}.`,
  };
}
