/** A canary and the stable version beside it: the judge compares what CloudWatch knows of both. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CanaryCheckPlan, MetricSource } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { canaryFinding, canaryWindow } from '../../domain/canary-finding';
import type { MetricPoint } from '../../domain/metric-window';
import type { Parsed } from '../../domain/parsed';
import type { MeasureClients } from './clients';
import { linked, metricLink } from './console-link';
import type { Finding } from './measure';
import { readSeries } from './metric-series';
import { serviceLinks, serviceOfSources } from './observed-service';

export async function measureCanary(
  plan: CanaryCheckPlan,
  command: Pick<CheckCommand, 'since' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const window = canaryWindow(plan, command);
  if (window.from === window.to) {
    return canaryFinding(plan, window, [], command.now);
  }
  const read = (source: MetricSource): Promise<Parsed<readonly MetricPoint[]>> =>
    readSeries(source, window.from, window.to, clients.of(CloudWatchClient, source.region));
  const sources = plan.metrics.flatMap(({ canary, baseline }) => [canary, baseline]);
  const links = {
    ...linked({ link: metricLink(sources, command) }),
    ...serviceLinks(serviceOfSources(sources), sources[0]?.region ?? '', command),
  };
  const series = [];
  for (const { name, canary, baseline } of plan.metrics) {
    const [ofCanary, ofBaseline] = await Promise.all([read(canary), read(baseline)]);
    if (!ofCanary.ok || !ofBaseline.ok) {
      const { problem } = ofCanary.ok ? (ofBaseline as { problem: string }) : ofCanary;
      return { ...links, verdict: 'ERROR', reason: `${name} cannot be read: ${problem}.` };
    }
    series.push({ name, canary: ofCanary.value, baseline: ofBaseline.value });
  }
  return { ...canaryFinding(plan, window, series, command.now), ...links };
}
