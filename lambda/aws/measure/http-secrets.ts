/** Headers whose values stand in Secrets Manager. No error repeats a value, or a part of one. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { HttpCheckPlan, SecretHeader } from '../../../contract/checks';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';

const LONGEST = 4096;

export async function secretHeadersOf(
  { secretHeaders = [] }: HttpCheckPlan,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Record<string, string>> {
  const entries = secretHeaders.map(async (header) => [header.name, await valueOf(header, clients)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function valueOf(
  { name, secret, field, prefix = '' }: SecretHeader,
  clients: Pick<MeasureClients, 'of'>,
): Promise<string> {
  const client = clients.of(SecretsManagerClient, regionOf(secret));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
  const value =
    SecretString === undefined ? undefined : field === undefined ? SecretString : fieldOf(SecretString, field);
  // Anything else would end the header, or be read as another one.
  if (value === undefined || value === '' || value.length > LONGEST || !/^[\x20-\x7e]*$/.test(value)) {
    throw new UnusableSecret(name, field);
  }
  return `${prefix}${value}`;
}

function fieldOf(text: string, field: string): string | undefined {
  try {
    const fields = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

export class UnusableSecret extends Error {
  override readonly name = 'UnusableSecret';
  constructor(header: string, field: string | undefined) {
    const what = field === undefined ? 'The secret' : `The field '${field}' of the secret`;
    super(`${what} of header '${header}' is no text of one line with 1 to ${LONGEST} printable ASCII characters.`);
  }
}
