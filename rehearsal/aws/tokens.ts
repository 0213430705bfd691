import type { Guard } from '../iam/guard';
import { AwsError, type Service } from '../service';
import { accountOf, callerOf, type Callers } from './callers';
import { trustOf } from './roles';
import type { Surroundings } from './surroundings';

/** Credentials are good until then: real time goes on while virtual time jumps. */
const FAR_FUTURE = new Date('2099-01-01T00:00:00Z');

/** STS. A role is assumed only where its trust policy lets the caller in. */
export function tokenService(around: Surroundings, callers: Callers, guard: Pick<Guard, 'trusts'>): Service {
  return {
    name: 'sts',
    protocol: 'query',
    operations: {
      AssumeRole: ({ RoleArn, RoleSessionName, ExternalId }, caller) => {
        if (!/^[\w+=,.@-]{2,64}$/.test(String(RoleSessionName))) {
          throw new AwsError('ValidationError', `RoleSessionName ${RoleSessionName} does not match [\\w+=,.@-]{2,64}`);
        }
        const trust = trustOf(RoleArn, around.resources());
        if (trust === undefined || !guard.trusts(trust, RoleArn, caller, ExternalId)) {
          const what = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
          throw new AwsError('AccessDenied', what, 403);
        }
        const session = callerOf(RoleArn, RoleSessionName, caller.principal);
        const { accessKeyId, secretAccessKey, sessionToken } = callers.keyOf(session);
        return {
          Credentials: {
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            SessionToken: sessionToken,
            Expiration: FAR_FUTURE,
          },
          AssumedRoleUser: { AssumedRoleId: `AROAREHEARSAL:${RoleSessionName}`, Arn: session.arn },
        };
      },
      GetCallerIdentity: (_input, caller) => ({
        UserId: caller.principal,
        Account: accountOf(caller),
        Arn: caller.arn,
      }),
    },
    authorize: {
      AssumeRole: ({ RoleArn, RoleSessionName }) => ({
        action: 'sts:AssumeRole',
        resources: [RoleArn],
        context: { 'sts:RoleSessionName': [String(RoleSessionName)] },
      }),
      GetCallerIdentity: () => [],
    },
  };
}
