/** A Lambda authorizer: lets people in by the ID token in a cookie that the sign-in page of their organization sets. */
import { JwtVerifier } from 'aws-jwt-verify';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';

const COOKIE = 'id_token=';

/** Keys are fetched once and kept. */
const verifier = JwtVerifier.create({
  issuer: String(process.env['ISSUER']),
  audience: String(process.env['CLIENT_ID']),
  jwksUri: String(process.env['JWKS_URI']),
});

interface Answer {
  readonly isAuthorized: boolean;
  readonly context?: { readonly email: unknown; readonly email_verified: unknown };
}

export async function handler({ cookies = [] }: APIGatewayRequestAuthorizerEventV2): Promise<Answer> {
  const token = cookies.find((cookie) => cookie.startsWith(COOKIE))?.slice(COOKIE.length) ?? '';
  try {
    const { email, email_verified } = await verifier.verify(token);
    return { isAuthorized: true, context: { email, email_verified } };
  } catch (error) {
    // The name alone: what else an error says may repeat the token.
    console.log('refused', error instanceof Error ? error.name : 'unknown');
    return { isAuthorized: false };
  }
}
