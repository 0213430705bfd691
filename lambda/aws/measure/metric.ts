/** A metric, or metric math: every period since the last finding has to keep the limits. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MetricCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeLimits } from '../../domain/metric-limits';
import { metricWindow } from '../../domain/metric-window';
import type { MeasureClients } from './clients';
import type { Finding } from './measure';
import { readSeries } from './metric-series';

export async function measureMetric(
  plan: MetricCheckPlan,
  command: Pick<CheckCommand, 'since' | 'lastFinding' | 'lastFailure' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const window = metricWindow(command, plan, plan.source.period);
  if (window.from === window.to) {
    return judgeLimits(plan, window, [], command.now);
  }
  const client = clients.of(CloudWatchClient, plan.source.region);
  const series = await readSeries(plan.source, window.from, window.to, client);
  return series.ok
    ? judgeLimits(plan, window, series.value, command.now)
    : { verdict: 'ERROR', reason: `The metric cannot be read: ${series.problem}.` };
}
