/** Clients that read as the role of the gate's stack, or as the function itself. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { MeasureClients } from './measure';
import { httpGet } from './measure-http-get';
import type { Sessions } from './sessions';

/**
 * The SDK does not try an invocation again: a function that is slow or fails is not run three times. The check itself tries
 * again where Lambda did not run the function at all.
 */
const ONCE = { maxAttempts: 1 };

/** CloudWatch answers few questions about alarms a second, and many gates may ask in the same one. Reading again does no harm. */
const PATIENT = { maxAttempts: 6 };

/** Reads as `role`; CloudTrail shows the request's id as the session. The role is assumed only when a client needs it. */
export function assumedClients(role: string, requestId: string, sessions: Sessions): MeasureClients {
  return {
    cloudwatch: (region) =>
      sessions.client(
        role,
        requestId,
        `cloudwatch ${region}`,
        (credentials) => new CloudWatchClient({ region, credentials, ...PATIENT }),
      ),
    lambda: (region) =>
      sessions.client(
        role,
        requestId,
        `lambda ${region}`,
        (credentials) => new LambdaClient({ region, credentials, ...ONCE }),
      ),
    get: httpGet,
  };
}

/** Reads with the function's own permissions. */
export function ownClients(): MeasureClients {
  return {
    cloudwatch: (region) => new CloudWatchClient({ region, ...PATIENT }),
    lambda: (region) => new LambdaClient({ region, ...ONCE }),
    get: httpGet,
  };
}
