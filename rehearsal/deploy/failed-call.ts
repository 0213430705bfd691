/** What is said of a call that failed in the role of a service of AWS: a role that may not do it is told apart from everything else. */

const DENIED = /AccessDenied|Unauthorized/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded/;

export interface FailedCall {
  readonly isDenied: boolean;
  readonly isThrottled: boolean;
  /** With the code of the error, unless that is what `isDenied` says. */
  readonly text: string;
}

export function failedCall(error: unknown): FailedCall {
  const { name, message } = error as Error;
  const isDenied = DENIED.test(name);
  return { isDenied, isThrottled: THROTTLED.test(name), text: isDenied ? message : `${name}: ${message}` };
}

/** `ECS may not do this: …`, or what else it could not do. */
export function couldNot(service: string, error: unknown): string {
  const { isDenied, text } = failedCall(error);
  return `${service} ${isDenied ? 'may' : 'could'} not do this: ${text}`;
}
