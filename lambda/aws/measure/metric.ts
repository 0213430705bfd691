/** A metric, or metric math: every period since the last finding has to keep the limits. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MetricCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeLimits } from '../../domain/metric-limits';
import { metricWindow } from '../../domain/metric-window';
import type { MeasureClients } from './clients';
import { linked, metricLink } from './console-link';
import type { Finding } from './measure';
import { readSeries } from './metric-series';
import { serviceLinks, serviceOfSources } from './observed-service';

export async function measureMetric(
  plan: MetricCheckPlan,
  command: Pick<CheckCommand, 'since' | 'lastFinding' | 'lastFailure' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const { source, atLeast, atMost } = plan;
  const window = metricWindow(command, plan, source.period);
  if (window.from === window.to) {
    return judgeLimits(plan, window, [], command.now);
  }
  const series = await readSeries(source, window.from, window.to, clients.of(CloudWatchClient, source.region));
  const finding: Finding = series.ok
    ? judgeLimits(plan, window, series.value, command.now)
    : { verdict: 'ERROR', reason: `The metric cannot be read: ${series.problem}.` };
  return {
    ...finding,
    ...linked({ link: metricLink([source], command, [atLeast, atMost]) }),
    ...serviceLinks(serviceOfSources([source]), source.region, command),
  };
}
