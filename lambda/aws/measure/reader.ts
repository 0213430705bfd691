/** Reading in another account: as a reader, a role of that account which only the role of the gate's pipeline may assume. */
import { STSClient } from '@aws-sdk/client-sts';
import { isAccessDenied } from '../failure';
import { Sessions, type Credentials } from '../sessions';
import { Attempts, type MeasureClients } from './clients';
import { httpGet } from './http-get';

/**
 * Reads as `reader`, assumed by `role`: IAM lets each pipeline assume the readers of its own checks alone, whatever stands in
 * the policy of a gate.
 */
export function readerClients(reader: string, role: string, requestId: string, sessions: Sessions): MeasureClients {
  const readers = sessions.client(
    role,
    requestId,
    Sessions,
    (credentials) => new Sessions(new STSClient({ credentials })),
  );
  const assumed = async (): Promise<Credentials> => {
    // If this fails, it says nothing about the reader.
    await sessions.credentials(role, requestId);
    return readers.credentials(reader, requestId).catch((error: unknown) => {
      throw isAccessDenied(error) ? new ReaderRefused(reader) : error;
    });
  };
  return {
    of: (Service, region, maxAttempts = Attempts.READ) =>
      readers.client(
        reader,
        requestId,
        Service,
        () => new Service({ region, credentials: assumed, maxAttempts }),
        `${region} ${maxAttempts}`,
      ),
    get: httpGet,
  };
}

/** STS does not tell a role that is missing from one that trusts somebody else. */
export class ReaderRefused extends Error {
  override readonly name = 'ReaderRefused';

  constructor(reader: string) {
    super(
      `${shownReader(reader)} cannot be assumed: deploy a CheckReader there, for this workflow and with this check.`,
    );
  }
}

/** `Role Shop.reader.eu-west-1 of account 222222222222` */
export function shownReader(reader: string): string {
  const [, , , , account = '', path = ''] = reader.split(':');
  return `Role ${path.split('/').at(-1)} of account ${account}`;
}
