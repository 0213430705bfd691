/** Clients that read as the role of the gate's stack, or as the function itself. */
import type { Credentials, Sessions } from '../sessions';
import { httpGet, type HttpGet } from './http-get';

/** How the outside is reached. */
export interface MeasureClients {
  /** A client of a service in a Region that speaks for the role that may read there. */
  of<Client>(service: ServiceClass<Client>, region: string, attempts?: Attempts): Client;
  readonly get: HttpGet;
}

/** A client of the SDK, such as `CloudWatchClient`. */
export type ServiceClass<Client> = new (config: {
  readonly region: string;
  readonly credentials?: () => Promise<Credentials>;
  readonly maxAttempts: number;
}) => Client;

/** How often a request is made before it has failed. */
export const Attempts = {
  /** Many gates may ask in the same second, and services answer few questions in one. Reading again does no harm. */
  READ: 6,
  /** What acts is not repeated by the SDK: the check itself knows when that does no harm. */
  ONCE: 1,
} as const;
export type Attempts = (typeof Attempts)[keyof typeof Attempts];

/** Reads as `role`; CloudTrail shows the request's id as the session. The role is assumed only when a client needs it. */
export function assumedClients(role: string, requestId: string, sessions: Sessions): MeasureClients {
  return {
    of: (Service, region, maxAttempts = Attempts.READ) =>
      sessions.client(
        role,
        requestId,
        Service,
        (credentials) => new Service({ region, credentials, maxAttempts }),
        `${region} ${maxAttempts}`,
      ),
    get: httpGet,
  };
}

/** Reads with the function's own permissions. */
export function ownClients(): MeasureClients {
  return {
    of: (Service, region, maxAttempts = Attempts.READ) => new Service({ region, maxAttempts }),
    get: httpGet,
  };
}
