/** The HTML of a mail, as a mail program would show it: without scripts, and with nothing loaded from anywhere. */
import type { Mail } from '../record';

/** Its links open beside the rehearsal; nothing else leaves the frame, and nothing in it runs. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/** Also for somebody who opens it outside of its frame. */
export const MAIL_POLICY = `sandbox ${SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'`;

/** With its links as this machine reaches them. */
export function mailHtml({ html = '' }: Mail, localUrl: (url: string) => string): string {
  return html.replace(
    /(\bhref=")(https?:[^"]+)(")/g,
    (_, before: string, url: string, after: string) =>
      `${before}${localUrl(url.replaceAll('&amp;', '&')).replaceAll('&', '&amp;')}${after}`,
  );
}
