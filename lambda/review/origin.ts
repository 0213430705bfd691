/** Whether a form post comes from our own page. */

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Browsers send `Origin` with every post, with or without JavaScript. Under `Referrer-Policy: no-referrer` it is `null` for plain
 * forms; then the browser's own `Sec-Fetch-Site`, which no page can forge, has to say that the page is ours.
 */
export function comesFromOurPage(
  origin: string | undefined,
  fetchSite: string | undefined,
  domainName: string,
): boolean {
  if (origin === undefined || origin === '' || origin === 'null') {
    return fetchSite === 'same-origin';
  }
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') {
    return false;
  }
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || domainName === '') {
    return false;
  }
  if (LOOPBACK.test(url.hostname)) {
    return url.host === domainName || url.hostname === domainName;
  }
  return url.protocol === 'https:' && url.host === domainName.toLowerCase();
}
