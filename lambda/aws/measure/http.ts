/** A GET: healthy is a status within the limits and, where asked, a text within the body. */
import type { HttpCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import type { MeasureClients } from './clients';
import type { Finding } from './measure';
import type { HttpGet, HttpReply } from './http-get';
import { HttpFailure } from './http-get';

const MAX_REDIRECTS = 5;
/** A blip on the way is not yet an unhealthy service. */
const TRIES = 2;

export async function measureHttp(
  plan: HttpCheckPlan,
  _command: CheckCommand,
  { get }: Pick<MeasureClients, 'get'>,
): Promise<Finding> {
  const threshold = `${plan.minStatus}-${plan.maxStatus}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await followed(plan, get);
      return { ...judge(plan, reply), value: `${reply.status}`, threshold };
    } catch (error) {
      const failure = error instanceof HttpFailure ? error : undefined;
      if (failure === undefined || !failure.noAnswer) {
        return { verdict: 'ERROR', threshold, reason: failure?.message ?? 'The address could not be asked.' };
      }
      if (attempt === TRIES) {
        return { verdict: 'FAIL', threshold, reason: failure.message };
      }
    }
  }
}

function judge(plan: HttpCheckPlan, reply: HttpReply): Finding {
  const host = hostOf(plan.url);
  if (reply.status < plan.minStatus || reply.status > plan.maxStatus) {
    return { verdict: 'FAIL', reason: `${host} answered ${reply.status}, not ${plan.minStatus} to ${plan.maxStatus}.` };
  }
  if (plan.contains !== undefined && !reply.body.includes(plan.contains)) {
    return {
      verdict: 'FAIL',
      reason: `${host} answered ${reply.status}, but the body does not hold the expected text.`,
    };
  }
  return { verdict: 'PASS', reason: `${host} answered ${reply.status}.` };
}

async function followed(plan: HttpCheckPlan, get: HttpGet): Promise<HttpReply> {
  let url = allowed(plan.url, plan);
  // One deadline for the whole chain.
  const signal = AbortSignal.timeout(plan.timeoutSeconds * 1000);
  for (let hop = 0; ; hop++) {
    const reply = await get(url, signal);
    const { location } = reply;
    const wanted = reply.status >= plan.minStatus && reply.status <= plan.maxStatus;
    if (location === undefined || wanted) {
      return reply;
    }
    if (hop === MAX_REDIRECTS) {
      throw new HttpFailure(`${url.hostname} redirects more than ${MAX_REDIRECTS} times.`, false);
    }
    url = redirected(url, location, plan);
  }
}

/** On the same host and port only, or from http to https on that host: anything else may be somebody else's answer. */
function redirected(from: URL, location: string, plan: HttpCheckPlan): URL {
  if (!URL.canParse(location, from.href)) {
    throw new HttpFailure(`${from.hostname} redirects to something that is no address.`, false);
  }
  const to = allowed(new URL(location, from.href).href, plan);
  const upgraded = from.protocol === 'http:' && to.protocol === 'https:' && to.port === '';
  if (to.hostname !== from.hostname || !(to.host === from.host || upgraded)) {
    throw new HttpFailure(`${from.hostname} redirects to another host, which is not followed.`, false);
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new HttpFailure(`${from.hostname} redirects from https to http, which is not followed.`, false);
  }
  return to;
}

/** Checked here too, because synth may have seen a token only. */
function allowed(text: string, plan: HttpCheckPlan): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && plan.insecure === true))) {
    throw new HttpFailure('The address of the check is not an https address.', false);
  }
  if (url.username !== '' || url.password !== '') {
    throw new HttpFailure('The address of the check holds a user name or password.', false);
  }
  return url;
}

/** The host alone: a path or query may hold a secret. */
function hostOf(url: string): string {
  return new URL(url).hostname;
}
