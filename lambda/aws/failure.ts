import { errorName } from './log';

/** Leaves a function in place of whatever went wrong: a name, nothing that was sent or received. */
export class Failed extends Error {
  constructor(what: string, cause: unknown) {
    super(`${what} (${errorName(cause)}), it will be tried again`);
    this.name = errorName(cause);
  }
}

/** Whether trying again may help. Refusals of what was sent will stay refusals. */
export function isTransient(error: unknown): boolean {
  const { $metadata, $retryable } = error as { $metadata?: { httpStatusCode?: number }; $retryable?: unknown };
  const status = $metadata?.httpStatusCode;
  return $retryable !== undefined || status === undefined || status >= 500 || status === 429 || isThrottle(error);
}

function isThrottle(error: unknown): boolean {
  return /Throttl|TooManyRequests|RequestLimit|LimitExceeded|Slowdown/i.test(errorName(error));
}
