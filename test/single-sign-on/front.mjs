// What a company puts in front of the dashboard, as oauth2-proxy would be: it signs people in by the authorization-code flow with PKCE,
// keeps their ID token, and adds it to each request that it passes on.
import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';
import * as openid from 'openid-client';

const SESSION = 'front';

export class Front {
  /** Where requests are passed on to. */
  target;
  config;
  sessions = new Map();

  static async listen() {
    const front = new Front();
    front.server = createServer((incoming, response) => {
      front.serve(incoming, response).catch((error) => response.writeHead(500).end(String(error)));
    });
    await new Promise((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    front.url = `http://127.0.0.1:${front.server.address().port}`;
    return front;
  }

  async signInAt(issuer, clientId) {
    const allow = { execute: [openid.allowInsecureRequests] };
    this.config = await openid.discovery(new URL(issuer), clientId, 'not-so-secret', undefined, allow);
  }

  get callback() {
    return `${this.url}/callback`;
  }

  async serve(incoming, response) {
    const url = new URL(incoming.url, this.url);
    const id = new RegExp(`${SESSION}=([^;]+)`).exec(incoming.headers.cookie ?? '')?.[1];
    const session = this.sessions.get(id);
    if (url.pathname === '/callback' && session !== undefined) {
      const checks = { pkceCodeVerifier: session.verifier, expectedState: session.state, expectedNonce: session.nonce };
      const tokens = await openid.authorizationCodeGrant(this.config, url, checks);
      session.token = tokens.id_token;
      response.writeHead(303, { location: session.wanted }).end();
    } else if (url.pathname === '/token') {
      response.writeHead(200).end(session?.token ?? '');
    } else if (session?.token === undefined) {
      await this.askToSignIn(incoming, response);
    } else {
      this.passOn(incoming, response, session.token);
    }
  }

  async askToSignIn(incoming, response) {
    const id = randomUUID();
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    this.sessions.set(id, { verifier, state, nonce, wanted: incoming.url });
    const location = openid.buildAuthorizationUrl(this.config, {
      redirect_uri: this.callback,
      scope: 'openid email',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    response.writeHead(302, {
      location: location.href,
      'set-cookie': `${SESSION}=${id}; Path=/; HttpOnly; SameSite=Lax`,
    });
    response.end();
  }

  passOn(incoming, response, token) {
    const headers = { ...incoming.headers, host: new URL(this.target).host, authorization: `Bearer ${token}` };
    const onward = request(new URL(incoming.url, this.target), { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    incoming.pipe(onward);
  }
}
