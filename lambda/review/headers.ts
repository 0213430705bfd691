/** Headers of every answer, whatever it is. */
import { createHash } from 'node:crypto';
import { SCRIPT } from './script';
import { STYLE } from './style';

/** Styles and scripts never change, so their hashes stand in the policy and nothing else of the kind can run. */
export function headersFor(styles: readonly string[], scripts: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${styles.map(hashOf).join(' ')}`,
      `script-src ${scripts.map(hashOf).join(' ')}`,
      "connect-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
    'strict-transport-security': 'max-age=31536000',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  };
}

export const HEADERS = headersFor([STYLE], [SCRIPT]);

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
