/** Asks an address for the check function, from within a network of the user's. It reads nothing in AWS and needs no permission there. */
import type { HttpProbeEvent, HttpProbeReply } from '../../contract/checks';
import { log } from '../aws/log';
import { isReachableInNetwork } from '../aws/measure/addresses';
import { askHttp } from '../aws/measure/http-answer';
import { httpGetWithin } from '../aws/measure/http-get';

const get = httpGetWithin(isReachableInNetwork, 'public or private');

export async function handler({ kind, plan, headers }: HttpProbeEvent): Promise<HttpProbeReply> {
  if (kind !== 'http-probe') {
    throw new Error('the event is no question of a check');
  }
  const reply = await askHttp(plan, headers, get);
  log('INFO', `address asked: ${reply.verdict}`, { checkId: plan.id });
  return reply;
}
