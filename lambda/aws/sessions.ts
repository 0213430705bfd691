/** Sessions of assumed roles, kept while they are good: a warm function assumes a role once, not at every call. */
import { AssumeRoleCommand, type AssumeRoleCommandOutput, type STSClient } from '@aws-sdk/client-sts';

/** As clients of the SDK take them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration?: Date;
}

interface Session {
  credentials?: Credentials;
  /** The role is being assumed. */
  assuming?: Promise<Credentials>;
  /** By service, and by what tells the clients of one service apart. */
  readonly clients: Map<unknown, Map<string, unknown>>;
}

/** The shortest session that STS gives: whoever steals its credentials cannot use them for long. */
const SESSION_SECONDS = 900;
/** No session is used in its last moments: a call may take a while. */
const RESERVE = 2 * 60_000;
const MOST_SESSIONS = 100;

/** STS answered, and its answer holds no credentials. */
export class NoCredentials extends Error {
  override readonly name = 'NoCredentials';
  readonly $retryable = {};
}

export class Sessions {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly sts: STSClient,
    private readonly now: () => number = Date.now,
  ) {}

  /** Credentials of `role`; CloudTrail shows the session under `sessionName`. A refusal is not kept: the next call tries again. */
  async credentials(role: string, sessionName: string): Promise<Credentials> {
    const session = this.session(role, sessionName);
    if (session.credentials !== undefined && this.isGood(session.credentials)) {
      return session.credentials;
    }
    session.assuming ??= this.assume(role, sessionName, session);
    return session.assuming;
  }

  /**
   * A client that acts in the session and is kept with it. Its role is assumed only when something is asked.
   *
   * @param service the service's name or class. The name of a class says nothing: bundled classes share short names.
   * @param variant tells the clients of one service apart, such as by their Region
   */
  client<T>(
    role: string,
    sessionName: string,
    service: unknown,
    make: (credentials: () => Promise<Credentials>) => T,
    variant = '',
  ): T {
    const { clients } = this.session(role, sessionName);
    const ofService = clients.get(service) ?? new Map<string, unknown>();
    clients.set(service, ofService);
    const known = ofService.get(variant) as T | undefined;
    const client = known ?? make(() => this.credentials(role, sessionName));
    ofService.set(variant, client);
    return client;
  }

  /** The session that was used least recently makes room. */
  private session(role: string, sessionName: string): Session {
    const key = `${sessionName} ${role}`;
    const session = this.sessions.get(key) ?? { clients: new Map() };
    this.sessions.delete(key);
    this.sessions.set(key, session);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > MOST_SESSIONS && oldest !== undefined) {
      this.sessions.delete(oldest);
    }
    return session;
  }

  private async assume(role: string, sessionName: string, session: Session): Promise<Credentials> {
    try {
      const answer = await this.sts.send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: sessionName, DurationSeconds: SESSION_SECONDS }),
      );
      session.credentials = credentialsOf(answer);
      return session.credentials;
    } finally {
      session.assuming = undefined;
    }
  }

  /** Without a time of expiry, nobody knows how long credentials are good. */
  private isGood({ expiration }: Credentials): boolean {
    return expiration !== undefined && this.now() < expiration.getTime() - RESERVE;
  }
}

function credentialsOf({ Credentials: given }: AssumeRoleCommandOutput): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new NoCredentials();
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
