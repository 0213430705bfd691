import { Metric } from '../../contract/names';
import { count, log } from '../aws/log';
import { gateOf, isKnown, type Request } from '../domain/request';
import type { Ports } from './ports';

/** Says once per reason that this gate can only be answered in the console. */
export async function needsConsole(ports: Ports, request: Request, reason: string, now: string): Promise<void> {
  if (request.consoleOnly === reason) {
    return;
  }
  const gate = { requestId: request.id, ...gateOf(request) };
  log('ERROR', 'a gate can only be answered in the console', { ...gate, reason });
  count(Metric.CONSOLE_ONLY, ports.workflow, now, gate);
  const link = consoleLink(ports.region, gate.pipeline);
  const weakens = isKnown(request) ? request.shown.proposed?.weakens : undefined;
  const details = { reason, consoleLink: link, ...(weakens === undefined ? {} : { weakens }) };
  await ports.events.put('Gate Needs Console', now, request, details);
  await ports.store.consoleOnly(request.id, reason);
}

export function consoleLink(region: string, pipeline: string): string {
  const host = region.startsWith('cn-')
    ? 'amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'amazonaws-us-gov.com'
      : 'aws.amazon.com';
  return `https://${region}.console.${host}/codesuite/codepipeline/pipelines/${encodeURIComponent(pipeline)}/view?region=${region}`;
}
