/** Clients that read as the role of the gate's stack, or as the function itself. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { MeasureClients } from './measure';
import { httpGet, HTTP_VIA } from './measure-http-get';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration?: Date;
}

/** The shortest session STS gives. */
const SESSION_SECONDS = 900;

/** Reads as `role`; CloudTrail shows the request's id as the session. The role is assumed only when a client needs it. */
export function assumedClients(role: string, requestId: string, sts: STSClient): MeasureClients {
  const credentials = () => assumed(role, requestId, sts);
  return {
    cloudwatch: (region) => new CloudWatchClient({ region, credentials }),
    // Not tried again by the SDK: the next look is the next try, and a slow function is not invoked three times.
    lambda: (region) => new LambdaClient({ region, credentials, maxAttempts: 1 }),
    get: httpGet(process.env[HTTP_VIA]),
  };
}

/** Reads with the function's own permissions. */
export function ownClients(): MeasureClients {
  return {
    cloudwatch: (region) => new CloudWatchClient({ region }),
    lambda: (region) => new LambdaClient({ region, maxAttempts: 1 }),
    get: httpGet(process.env[HTTP_VIA]),
  };
}

async function assumed(role: string, session: string, sts: STSClient): Promise<Credentials> {
  const answer = await sts.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: session, DurationSeconds: SESSION_SECONDS }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new NoCredentials();
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration === undefined ? {} : { expiration: Expiration }),
  };
}

class NoCredentials extends Error {
  override readonly name = 'NoCredentials';
}
