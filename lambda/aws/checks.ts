/** The check function, as `decide` asks it. */
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { CheckCommand, DrawnValue, Measurement } from '../../contract/messages';
import { cleanText } from '../domain/clean-text';
import { REASON_LIMIT } from '../domain/limits';
import { iso, millis } from '../domain/time';
import { errorName } from './log';
import { isConsoleLink } from './measure/console-link';

/** What was measured, and what it has to be: longer than any that we say ourselves. */
const WORDS_LIMIT = 200;
/** `%` */
const UNIT_LIMIT = 12;
const VERDICTS: readonly string[] = ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'];

/**
 * A client for `Checks`. Small accounts have a concurrency of ten, so that many checks at once are throttled: that says nothing
 * about what is checked, and is tried again for about a minute. Measuring twice does no harm.
 */
export function checkClient(config: LambdaClientConfig = {}): LambdaClient {
  return new LambdaClient({ maxAttempts: 8, retryMode: 'standard', ...config });
}

/** Runs one check in the check function. Whatever goes wrong is a measurement too: an error. */
export class Checks {
  constructor(
    private readonly client: LambdaClient,
    private readonly functionName: string,
  ) {}

  async measure(command: CheckCommand): Promise<Measurement> {
    try {
      const { FunctionError, Payload } = await this.client.send(
        new InvokeCommand({ FunctionName: this.functionName, Payload: Buffer.from(JSON.stringify(command)) }),
      );
      if (FunctionError !== undefined || Payload === undefined) {
        return failure(command, 'the check function failed');
      }
      return understood(command, JSON.parse(Buffer.from(Payload).toString('utf8')));
    } catch (error) {
      return failure(command, `the check function could not be asked (${errorName(error)})`);
    }
  }
}

/** The answer, as far as it is a measurement of this check at this time. */
function understood(command: CheckCommand, reply: unknown): Measurement {
  const { check, now } = command;
  const answer = Object(reply) as Partial<Measurement>;
  const { verdict, reason, healthySince, waitsUntil, callBackDelay } = answer;
  const isMeasurement =
    answer.checkId === check.id &&
    VERDICTS.includes(verdict ?? '') &&
    typeof reason === 'string' &&
    (healthySince === undefined || millis(String(healthySince)) <= millis(now)) &&
    (waitsUntil === undefined || millis(String(waitsUntil)) > millis(now)) &&
    (callBackDelay === undefined || (typeof callBackDelay === 'number' && callBackDelay > 0));
  if (!isMeasurement || verdict === undefined) {
    return failure(command, 'the check function gave an answer that cannot be understood');
  }
  return {
    checkId: check.id,
    at: now,
    verdict,
    reason: cleanText(reason, REASON_LIMIT),
    ...withoutUndefined({
      healthySince,
      waitsUntil,
      callBackDelay,
      from: timeOf(answer.from),
      to: timeOf(answer.to),
      value: wordsOf(answer.value),
      threshold: wordsOf(answer.threshold),
      ...linksOf(answer),
      drawn: drawnOf(answer),
    }),
  };
}

function timeOf(time: unknown): string | undefined {
  return Number.isNaN(millis(String(time))) ? undefined : iso(millis(String(time)));
}

function wordsOf(words: unknown): string | undefined {
  return typeof words === 'string' ? cleanText(words, WORDS_LIMIT) : undefined;
}

/** Addresses of the AWS console alone: pages and emails offer them as what was measured. */
function linksOf({ link, logs, traces, account }: Partial<Measurement>): Partial<Measurement> {
  const only = (url: unknown): string | undefined => (isConsoleLink(url) ? url : undefined);
  return {
    ...withoutUndefined({ link: only(link), logs: only(logs), traces: only(traces) }),
    ...(/^\d{12}$/.test(account ?? '') ? { account } : {}),
  };
}

/** Numbers alone: what cannot be drawn is left out. */
function drawnOf({ drawn }: Partial<Measurement>): DrawnValue | undefined {
  const { value, limit, baseline, unit } = Object(drawn) as Partial<DrawnValue>;
  const all = withoutUndefined({ value, limit, baseline });
  return value !== undefined && Object.values(all).every((one) => Number.isFinite(one))
    ? { value, ...all, ...(typeof unit === 'string' ? { unit: cleanText(unit, UNIT_LIMIT) } : {}) }
    : undefined;
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}

function failure({ check, now }: CheckCommand, reason: string): Measurement {
  return { checkId: check.id, at: now, verdict: 'ERROR', reason };
}
