import { Metric } from '../../contract/names';
import { count, log } from '../aws/log';
import type { RequestMeta } from '../domain/records';
import type { Ports } from './ports';

/** Says once per reason that this gate can only be answered in the console. */
export async function needsConsole(ports: Ports, meta: RequestMeta, reason: string, now: string): Promise<void> {
  if (meta.consoleOnly === reason) {
    return;
  }
  const { pk: requestId, pipeline, stage, action } = meta;
  log('ERROR', 'a gate can only be answered in the console', { requestId, pipeline, stage, action, reason });
  count(Metric.CONSOLE_ONLY, ports.workflow, now, { requestId, pipeline, stage, action });
  await ports.events.put('Gate Needs Console', now, meta, { reason, consoleLink: consoleLink(ports.region, pipeline) });
  await ports.store.consoleOnly(requestId, reason);
}

export function consoleLink(region: string, pipeline: string): string {
  const host = region.startsWith('cn-')
    ? 'amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'amazonaws-us-gov.com'
      : 'aws.amazon.com';
  return `https://${region}.console.${host}/codesuite/codepipeline/pipelines/${encodeURIComponent(pipeline)}/view?region=${region}`;
}
