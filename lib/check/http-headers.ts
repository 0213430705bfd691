import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { MOST_SECRET_HEADERS, type SecretHeader } from '../../contract/checks';
import { GateError } from '../errors';
import { mustBeList, mustBeText, mustHave } from '../private/types';
import { decryptThrough } from './decrypt-through';
import type { HttpSecretHeader } from './http-options';

interface BoundHeaders {
  readonly headers: readonly SecretHeader[];
  readonly statements: iam.PolicyStatement[];
}

/** The check sets these itself. */
const OWN = ['host', 'accept', 'accept-encoding', 'user-agent', 'connection', 'content-length', 'transfer-encoding'];

/** Validates at once; the ARNs follow when the gate's stack is known. */
export function secretHeaders(
  method: string,
  given: readonly HttpSecretHeader[],
  plainHttp: boolean,
): (scope: Construct) => BoundHeaders {
  const prop = `${method} secretHeaders`;
  mustBeList(prop, given, "[{ name: 'Authorization', secret }]");
  if (given.length > MOST_SECRET_HEADERS) {
    throw new GateError(
      'TooManyHeaders',
      `\`${prop}\` has ${given.length} headers, but may have at most ${MOST_SECRET_HEADERS}`,
    );
  }
  if (given.length > 0 && plainHttp) {
    throw new GateError(
      'SecretOverHttp',
      `\`${prop}\` is given together with \`allowPlainHttp\`: secrets are sent to https addresses only, so remove one of the two`,
    );
  }
  given.forEach((header) => mustBeHeader(prop, header));
  const names = given.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new GateError('SameHeaderTwice', `\`${prop}\` names '${twice}' twice: remove one`);
  }
  return (scope) => ({
    headers: given.map(({ name, secret, jsonField, prefix }) => ({
      name,
      secret: secret.secretArn,
      ...(jsonField === undefined ? {} : { field: jsonField }),
      ...(prefix === undefined ? {} : { prefix }),
    })),
    statements: given.flatMap((header) => statementsFor(prop, header, Stack.of(scope))),
  });
}

function mustBeHeader(prop: string, { name, secret, jsonField, prefix }: HttpSecretHeader): void {
  mustBeText(`${prop} name`, name);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(name) || OWN.includes(name.toLowerCase())) {
    throw new GateError(
      'BadHeader',
      `\`${prop} name\` is ${JSON.stringify(name)}, but has to be 1 to 64 letters, digits and hyphens, and none of ${OWN.join(', ')}`,
    );
  }
  mustHave(`${prop} secret`, secret, ['secretArn'], 'give a secret of Secrets Manager');
  for (const [key, text, pattern, allowed] of [
    ['jsonField', jsonField, /^[\x20-\x7e]{1,100}$/, '1 to 100 printable ASCII characters'],
    ['prefix', prefix, /^[\x20-\x7e]{1,40}$/, '1 to 40 printable ASCII characters'],
  ] as const) {
    if (text !== undefined && !Token.isUnresolved(text) && !pattern.test(text)) {
      throw new GateError(
        'BadHeader',
        `\`${prop} ${key}\` is ${JSON.stringify(text)}, but has to be ${allowed}, or left out`,
      );
    }
  }
}

function statementsFor(prop: string, { secret }: HttpSecretHeader, stack: Stack): iam.PolicyStatement[] {
  const { account, region } = secret.env;
  if (!Token.isUnresolved(account) && !Token.isUnresolved(stack.account) && account !== stack.account) {
    throw new GateError(
      'SecretInOtherAccount',
      `\`${prop}\` names a secret in account ${account}, but the gate is in ${stack.account}: keep a copy of it there`,
    );
  }
  // A secret that is known by its name alone ends in six characters that only Secrets Manager knows.
  const arn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  const read = new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [arn] });
  return secret.encryptionKey === undefined
    ? [read]
    : [read, decryptThrough('secretsmanager', secret.encryptionKey, region)];
}
