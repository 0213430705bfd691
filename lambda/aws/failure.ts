/** What a failed call means: whether trying again may help. Told by names, status codes and classes, never by messages. */
import { errorName } from './log';

/** Leaves a function in place of whatever went wrong: a name, nothing that was sent or received. */
export class Failed extends Error {
  constructor(what: string, cause: unknown) {
    super(`${what} (${errorName(cause)}), it will be tried again`);
    this.name = errorName(cause);
  }
}

/**
 * RETRY: the same call may succeed a moment later. REFUSED: the service understood it and will refuse it again.
 * DEFECT: the call never reached a service, because our own code is wrong or is not set up.
 */
export type FailureKind = 'RETRY' | 'REFUSED' | 'DEFECT';

export interface CallCircumstances {
  /** The role was made a moment ago: IAM needs some seconds until it lets anybody assume or use it. */
  readonly roleMayBeNew?: boolean;
}

/** What errors of the SDK and of the network carry. */
interface FailedCall extends Error {
  /** System errors: `ECONNRESET`. */
  readonly code?: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/** Every name by which AWS services say "too much at once". */
const THROTTLES = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'ExecutionLimitExceeded',
  'KMSThrottlingException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** No answer came, or the credentials ran out on the way. */
const INTERRUPTIONS = new Set([
  'AbortError',
  'ExpiredToken',
  'ExpiredTokenException',
  'NetworkingError',
  'RequestExpired',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
]);

const NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

const DENIALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
]);

export function classify(error: unknown, { roleMayBeNew = false }: CallCircumstances = {}): FailureKind {
  const { name = '', code = '', $fault, $metadata, $retryable } = asFailedCall(error);
  const isInterrupted = INTERRUPTIONS.has(name) || NETWORK_CODES.has(code) || $retryable !== undefined;
  if (isInterrupted || isThrottle(error) || (roleMayBeNew && isAccessDenied(error))) {
    return 'RETRY';
  }
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) {
    // An answer that says "fine" and cannot be read was cut on the way.
    return status >= 500 || status < 300 ? 'RETRY' : 'REFUSED';
  }
  switch ($fault) {
    case 'server':
      return 'RETRY';
    case 'client':
      return 'REFUSED';
    default:
      return 'DEFECT';
  }
}

/** The service did nothing, because it was asked too often. */
export function isThrottle(error: unknown): boolean {
  const { name = '', $metadata, $retryable } = asFailedCall(error);
  return THROTTLES.has(name) || $metadata?.httpStatusCode === 429 || $retryable?.throttling === true;
}

/** The caller's permissions do not suffice. */
export function isAccessDenied(error: unknown): boolean {
  return DENIALS.has(asFailedCall(error).name ?? '');
}

/** Whatever was thrown, even if it is no error at all. */
function asFailedCall(error: unknown): Partial<FailedCall> {
  return Object(error) as Partial<FailedCall>;
}
