/** A company with an OpenID provider, and with something in front of the dashboard that signs people in: real software, on this machine. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';

interface Ready {
  readonly issuer: string;
  /** The provider's own key, with its private part. */
  readonly key: JWK;
  readonly front: string;
}

/**
 * When a rehearsal begins in which the organization's tokens are good: they are of today's clock, which goes on while that of the
 * rehearsal stands still.
 */
export function tokenTime(): Date {
  return new Date(Date.now() + 10 * 60_000);
}

export class Organization {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
    private readonly key: JWK,
    /** Address of what stands in front. */
    readonly front: string,
  ) {}

  static async open(): Promise<Organization> {
    const child = fork(join(__dirname, 'serve.mjs'), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    let complaints = '';
    child.stderr?.on('data', (text: Buffer) => (complaints += text.toString()));
    const ready = await Promise.race([
      once(child, 'message').then(([message]) => message as Ready),
      once(child, 'exit').then(() => Promise.reject(new Error(complaints))),
    ]);
    return new Organization(child, ready.issuer, ready.key, ready.front);
  }

  /** What stands in front passes requests on to here. */
  async leadTo(target: string): Promise<void> {
    const done = once(this.child, 'message');
    this.child.send({ target });
    await done;
  }

  /** A token by the provider's own key, as it might be signed for something else. */
  async sign(claims: JWTPayload, header: Readonly<Record<string, string>> = {}): Promise<string> {
    const protectedHeader = { alg: 'RS256', kid: String(this.key.kid), ...header };
    return new SignJWT(claims).setProtectedHeader(protectedHeader).sign(await importJWK(this.key, 'RS256'));
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}
