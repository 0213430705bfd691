/** Lets a probe ask: a function of this package in a network of the user's. Its answer is checked as strictly as any other. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { HttpProbeEvent, HttpProbeReply } from '../../../contract/checks';
import { functionNameOf, regionOf } from './arn';
import type { MeasureClients } from './clients';
import { functionLink, linked } from './console-link';
import type { Finding } from './measure';

/** Asking again does no harm: it is a GET. */
const TIMEOUT_MS = 60_000;
const VERDICTS: readonly unknown[] = ['PASS', 'FAIL', 'ERROR'] satisfies HttpProbeReply['verdict'][];

export async function probed(
  probe: string,
  event: HttpProbeEvent,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const region = regionOf(probe);
  const { FunctionError, Payload } = await clients
    .of(LambdaClient, region)
    .send(new InvokeCommand({ FunctionName: probe, Payload: Buffer.from(JSON.stringify(event), 'utf8') }), {
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
  if (FunctionError !== undefined || Payload === undefined) {
    const link = functionLink(region, functionNameOf(probe));
    return { verdict: 'ERROR', reason: 'The probe of the check failed; its log says why.', ...linked({ link }) };
  }
  return understood(JSON.parse(Buffer.from(Payload).toString('utf8')));
}

function understood(reply: unknown): Finding {
  const { verdict, reason, value, threshold } = Object(reply) as Partial<HttpProbeReply>;
  const isReply =
    VERDICTS.includes(verdict) && typeof reason === 'string' && isTextOrAbsent(value) && isTextOrAbsent(threshold);
  if (!isReply || verdict === undefined) {
    return { verdict: 'ERROR', reason: 'The probe of the check gave an answer that cannot be understood.' };
  }
  return {
    verdict,
    reason,
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
