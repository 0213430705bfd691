/**
 * A JWT authorizer of an HTTP API, by the rules in
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html.
 */
import type { JSONWebKeySet, JWTPayload } from 'jose';
import type { Resource } from '../template/model';
import { identityOf, type Asked, type Authorizer, type Ruling } from './authorizer';

/** API Gateway knows keys of RSA alone. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
/** API Gateway may keep the keys of an issuer for so long. */
const KEPT = 2 * 60 * 60_000;

/** Reads a JSON document of the web, as the rehearsal knows the web. */
export type ReadJson = (url: string) => Promise<unknown>;

interface Keys {
  readonly set: JSONWebKeySet;
  readonly until: number;
}

export class JwtAuthorizer implements Authorizer {
  private keys?: Keys;

  constructor(
    private readonly resource: Resource,
    private readonly readJson: ReadJson,
    private readonly now: () => number,
  ) {}

  async ask(asked: Asked, route: Resource): Promise<Ruling> {
    const { IdentitySource = [] } = this.resource.properties;
    const [value] = identityOf([IdentitySource].flat() as string[], asked) ?? [];
    const token = value?.replace(/^Bearer /i, '');
    if (token === undefined) {
      return { kind: 'REFUSED', status: 401 };
    }
    try {
      const claims = await this.claims(token);
      const wanted = (route.properties.AuthorizationScopes ?? []) as readonly string[];
      if (wanted.length > 0 && !scopesOf(claims).some((scope) => wanted.includes(scope))) {
        return { kind: 'REFUSED', status: 403, why: 'insufficient scope' };
      }
      const scopes = wanted.length === 0 ? null : wanted;
      return { kind: 'LET_IN', authorizer: { jwt: { claims: asTexts(claims), scopes } } };
    } catch (error) {
      return { kind: 'REFUSED', status: 401, why: error instanceof Error ? error.message : String(error) };
    }
  }

  private async claims(token: string): Promise<JWTPayload> {
    // Few apps have a JWT authorizer.
    const { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } = await import('jose');
    const { Issuer, Audience } = this.resource.properties.JwtConfiguration ?? {};
    if (decodeProtectedHeader(token).kid === undefined) {
      throw new errors.JWTInvalid('the token names no key');
    }
    const { payload } = await jwtVerify(token, createLocalJWKSet(await this.keysOf(String(Issuer))), {
      algorithms: ALGORITHMS,
      issuer: String(Issuer),
      requiredClaims: ['exp'],
      currentDate: new Date(this.now()),
    });
    if (payload.iat !== undefined && payload.iat * 1000 > this.now()) {
      throw new errors.JWTInvalid('the token was issued in the future');
    }
    // `client_id` stands for an audience only where there is none.
    const audience = [payload.aud ?? payload['client_id'] ?? []].flat();
    if (!audience.some((one) => ((Audience ?? []) as readonly unknown[]).includes(one))) {
      throw new errors.JWTInvalid('the token is for another audience');
    }
    return payload;
  }

  private async keysOf(issuer: string): Promise<JSONWebKeySet> {
    if (this.keys === undefined || this.keys.until <= this.now()) {
      const discovered = await this.readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      const { jwks_uri: uri } = discovered as { readonly jwks_uri?: unknown };
      this.keys = { set: (await this.readJson(String(uri))) as JSONWebKeySet, until: this.now() + KEPT };
    }
    return this.keys.set;
  }
}

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  return [scope ?? scp ?? []].flat().flatMap((text) => String(text).split(' '));
}

/** As functions get them: every value as a text. */
function asTexts(claims: JWTPayload): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(asText).join(' ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => `${name}:${asText(field)}`);
    return `map[${fields.join(' ')}]`;
  }
  return String(value);
}
