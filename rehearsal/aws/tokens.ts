import { AwsError, type Caller, type Service } from '../service';
import { callerOf, type Callers } from './callers';
import { roleRecord } from './roles';
import type { Surroundings } from './surroundings';

/** Credentials are good until then: real time goes on while virtual time jumps. */
const FAR_FUTURE = new Date('2099-01-01T00:00:00Z');

/** STS. A role is assumed only where its trust policy lets the caller in. */
export function tokenService(around: Surroundings, callers: Callers): Service {
  return {
    name: 'sts',
    protocol: 'query',
    operations: {
      AssumeRole: ({ RoleArn, RoleSessionName, ExternalId }, caller) => {
        if (!/^[\w+=,.@-]{2,64}$/.test(String(RoleSessionName))) {
          throw new AwsError('ValidationError', `RoleSessionName ${RoleSessionName} does not match [\\w+=,.@-]{2,64}`);
        }
        const trust = roleRecord(RoleArn, around.resources('AWS::IAM::Role'))?.trust;
        if (trust === undefined || !trusts(trust.Statement, caller, ExternalId)) {
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
        Account: around.account,
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

function trusts(statements: readonly any[], caller: Caller, externalId: string | undefined): boolean {
  const applying = statements.filter(
    (statement) =>
      [statement.Action]
        .flat()
        .some((action: string) => action === 'sts:AssumeRole' || action === '*' || action === 'sts:*') &&
      isPrincipal(statement.Principal, caller) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
        holds(operator, keys as object, caller, externalId),
      ),
  );
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

function isPrincipal(principal: any, caller: Caller): boolean {
  if (principal === '*') {
    return true;
  }
  const account = caller.roleArn.split(':')[4];
  return [principal?.AWS ?? []]
    .flat()
    .some((one: string) => [`arn:aws:iam::${account}:root`, account, caller.roleArn, caller.arn, '*'].includes(one));
}

function holds(operator: string, keys: object, caller: Caller, externalId: string | undefined): boolean {
  const values: Record<string, string | undefined> = {
    'aws:principalarn': caller.roleArn,
    'aws:principalaccount': caller.roleArn.split(':')[4],
    'sts:externalid': externalId,
  };
  const like = /^(Arn|StringLike)/.test(operator);
  const negated = /Not/.test(operator);
  return Object.entries(keys).every(([key, wanted]) => {
    const value = values[key.toLowerCase()];
    if (value === undefined) {
      return operator.endsWith('IfExists') || negated;
    }
    const matches = [wanted as string | string[]].flat().some((one) => (like ? glob(one).test(value) : one === value));
    return matches !== negated;
  });
}

function glob(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`);
}
