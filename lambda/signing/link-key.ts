/**
 * The key pair of a personal link. The mail carries the Ed25519 seed, the invitation stores the public key,
 * and a decision is a signature: whoever reads the tables can verify it and cannot make one.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A new secret for one mail: 32 random bytes, base64url (43 characters). */
export function newSeed(): string {
  return randomBytes(32).toString('base64url');
}

function privateKey(seed: string) {
  return createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(seed, 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** The public key of a seed, base64url. */
export function publicKeyOf(seed: string): string {
  return createPublicKey(privateKey(seed))
    .export({ format: 'der', type: 'spki' })
    .subarray(SPKI.length)
    .toString('base64url');
}

export function signText(seed: string, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), privateKey(seed)).toString('base64url');
}

/** False for any key or signature that is not well formed; never throws. */
export function verifyText(publicKey: string, text: string, signature: string): boolean {
  const key = bytesOf(publicKey, 32);
  const sig = bytesOf(signature, 64);
  if (key === undefined || sig === undefined) {
    return false;
  }
  const spki = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text, 'utf8'), spki, sig);
}

/**
 * Base64url has several spellings of the same bytes, because its last character carries bits that do not count. Only the one
 * that we write ourselves is read, so that nobody can make a second text out of a signature.
 */
function bytesOf(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined;
}

/** Compares every key, in constant time each, and stops early at none. */
export function hasKey(keys: readonly string[], publicKey: string): boolean {
  const wanted = Buffer.from(publicKey);
  let found = false;
  for (const key of keys) {
    const candidate = Buffer.from(key);
    const same = candidate.length === wanted.length && timingSafeEqual(candidate, wanted);
    found = same || found;
  }
  return found;
}

/** The number that the page shows and the approver types: another one whenever the evidence changes. */
export function shownNumber(seed: string, evidence: string, digits: number): string {
  const mac = createHmac('sha256', Buffer.from(seed, 'base64url')).update(`number\n${evidence}\n${digits}`).digest();
  return (mac.readBigUInt64BE(0) % 10n ** BigInt(digits)).toString().padStart(digits, '0');
}

/** Constant-time comparison of what was typed. */
export function sameNumber(typed: string, shown: string): boolean {
  return timingSafeEqual(createHash('sha256').update(typed).digest(), createHash('sha256').update(shown).digest());
}

/** Id of the person who has an address. Upper and lower case are one. */
export function approverIdOf(mail: string): string {
  return sha256(mail.toLowerCase()).slice(0, 12);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Id of a request: names and state-machine runs carry this, never the token. */
export function requestIdOf(pipeline: string, stage: string, action: string, token: string): string {
  return sha256(JSON.stringify([pipeline, stage, action, token])).slice(0, 32);
}

/** Partition key under which the requests of one run of an action are found. */
export function runKeyOf(pipeline: string, stage: string, action: string, executionId: string): string {
  return `run#${sha256(JSON.stringify([pipeline, stage, action, executionId])).slice(0, 32)}`;
}

/** Id of a session: the hash of its public key. */
export function sessionIdOf(publicKey: string): string {
  return sha256(publicKey).slice(0, 32);
}
