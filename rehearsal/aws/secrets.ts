import { AwsError, type Caller, type Service } from '../service';
import type { Resource } from '../template/model';
import { accountOf } from './callers';
import type { Surroundings } from './surroundings';

/** What a secret that is generated holds here. */
const GENERATED = 'generated-secret';

/** Secrets Manager: the secrets that the deployed templates make. A name is one in the caller's account, an ARN says its account. */
export function secretsManager(around: Surroundings): Service {
  const find = (reference: string, caller: Caller): Resource | undefined =>
    around
      .resources('AWS::SecretsManager::Secret')
      .filter(({ account }) => reference.startsWith('arn:') || account === accountOf(caller))
      .find(({ physicalId }) => [physicalId, physicalId.slice(0, -7), nameOf(physicalId)].includes(reference));
  return {
    name: 'secrets-manager',
    signingName: 'secretsmanager',
    operations: {
      GetSecretValue: ({ SecretId }, caller) => {
        const found = find(SecretId, caller);
        if (found === undefined) {
          throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        }
        return {
          ARN: found.physicalId,
          Name: nameOf(found.physicalId),
          VersionId: 'EXAMPLE1-90ab',
          SecretString: valueOf(found),
        };
      },
    },
    authorize: {
      GetSecretValue: ({ SecretId }, caller) => ({
        action: 'secretsmanager:GetSecretValue',
        resources: [
          find(SecretId, caller)?.physicalId ??
            (String(SecretId).startsWith('arn:')
              ? SecretId
              : `arn:aws:secretsmanager:${caller.region}:${accountOf(caller)}:secret:${SecretId}-abcdef`),
        ],
      }),
    },
  };
}

/** Without what Secrets Manager puts behind it. */
function nameOf(arn: string): string {
  return arn.slice(0, -7).split(':').slice(6).join(':');
}

function valueOf({ properties }: Resource): string {
  const { SecretString, GenerateSecretString: generate } = properties;
  if (SecretString !== undefined) {
    return String(SecretString);
  }
  return generate?.GenerateStringKey === undefined
    ? GENERATED
    : JSON.stringify({ ...JSON.parse(generate.SecretStringTemplate ?? '{}'), [generate.GenerateStringKey]: GENERATED });
}
