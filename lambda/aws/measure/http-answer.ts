/** Asks an address by GET, and judges the answer: status, body and time have to be as the check says. */
import { search } from '@aws-lambda-powertools/jmespath';
import type { HttpCheckPlan, HttpProbeReply } from '../../../contract/checks';
import type { HttpGet, HttpReply } from './http-get';
import { HttpFailure } from './http-get';

type Headers = Readonly<Record<string, string>>;

const MAX_REDIRECTS = 5;
/** A blip on the way is not yet an unhealthy service. */
const TRIES = 2;

export async function askHttp(plan: HttpCheckPlan, headers: Headers, get: HttpGet): Promise<HttpProbeReply> {
  const threshold = `${plan.minStatus}-${plan.maxStatus}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await followed(plan, headers, get);
      if (isSlow(plan, reply) && attempt < TRIES) {
        continue;
      }
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

function judge(plan: HttpCheckPlan, reply: HttpReply): HttpProbeReply {
  const host = hostOf(plan.url);
  const answered = `${host} answered ${reply.status}`;
  if (reply.status < plan.minStatus || reply.status > plan.maxStatus) {
    return { verdict: 'FAIL', reason: `${answered}, not ${plan.minStatus} to ${plan.maxStatus}.` };
  }
  if (isSlow(plan, reply)) {
    const took = Math.ceil(reply.milliseconds);
    return { verdict: 'FAIL', reason: `${answered} after ${took} ms, not within ${plan.maxMilliseconds} ms.` };
  }
  if (reply.isEncoded && (plan.contains !== undefined || plan.condition !== undefined)) {
    return { verdict: 'ERROR', reason: `${answered} with a compressed body, which was not asked for.` };
  }
  if (plan.contains !== undefined && !reply.body.includes(plan.contains)) {
    return { verdict: 'FAIL', reason: `${answered}, but the body does not hold the expected text.` };
  }
  const condition = plan.condition === undefined ? MET : conditionOn(reply, plan.condition);
  return condition.verdict === 'PASS'
    ? { verdict: 'PASS', reason: `${answered}.` }
    : { verdict: condition.verdict, reason: `${answered}, but ${condition.reason}.` };
}

function isSlow({ maxMilliseconds }: HttpCheckPlan, { milliseconds }: HttpReply): boolean {
  return maxMilliseconds !== undefined && milliseconds > maxMilliseconds;
}

const MET = { verdict: 'PASS', reason: '' } as const;

/** Only `true` meets a condition. What is neither true nor false says that the condition does not fit the body. */
function conditionOn({ body, isCut }: HttpReply, condition: string): Pick<HttpProbeReply, 'verdict' | 'reason'> {
  if (isCut) {
    return { verdict: 'ERROR', reason: 'the body is longer than 64 KiB, so that its condition cannot be judged' };
  }
  const json = parsed(body);
  if (json === undefined) {
    return { verdict: 'FAIL', reason: 'the body is no JSON' };
  }
  let result: unknown;
  try {
    result = search(condition, json.value as Parameters<typeof search>[1]);
  } catch {
    return { verdict: 'ERROR', reason: 'the condition on its body cannot be evaluated' };
  }
  if (typeof result !== 'boolean') {
    return { verdict: 'ERROR', reason: 'the condition on its body gives neither true nor false' };
  }
  return result ? MET : { verdict: 'FAIL', reason: 'the condition on its body is not met' };
}

function parsed(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

async function followed(plan: HttpCheckPlan, headers: Headers, get: HttpGet): Promise<HttpReply> {
  let url = allowed(plan.url, plan);
  // One deadline for the whole chain.
  const signal = AbortSignal.timeout(plan.timeoutSeconds * 1000);
  for (let hop = 0; ; hop++) {
    const reply = await get(url, signal, headers);
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
  if (url.protocol === 'http:' && plan.secretHeaders !== undefined) {
    throw new HttpFailure('Secret headers are not sent to a plain http address.', false);
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
