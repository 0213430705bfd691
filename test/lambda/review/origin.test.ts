import { comesFromOurPage } from '../../../lambda/review/origin';

const DOMAIN = 'abc.execute-api.eu-west-1.amazonaws.com';

describe('where a post comes from', () => {
  test.each([
    [`https://${DOMAIN}`, undefined, DOMAIN, true],
    [`https://${DOMAIN}`, 'same-origin', DOMAIN, true],
    [`https://${DOMAIN}`, 'cross-site', DOMAIN, false],
    [`https://${DOMAIN}`, 'same-site', DOMAIN, false],
    [`http://${DOMAIN}`, undefined, DOMAIN, false],
    [`https://${DOMAIN}:444`, undefined, DOMAIN, false],
    [`https://${DOMAIN}`, 'none', DOMAIN, true],
    [`https://evil.${DOMAIN}`, undefined, DOMAIN, false],
    [`https://evil-${DOMAIN}`, undefined, DOMAIN, false],
    [`https://${DOMAIN}.evil.example`, undefined, DOMAIN, false],
    ['', 'same-origin', DOMAIN, true],
    ['', undefined, DOMAIN, false],
    ['https://x', undefined, '', false],
    ['http://localhost.evil.example', undefined, 'localhost.evil.example', false],
    ['http://evil-localhost', undefined, 'evil-localhost', false],
    ['http://[::1]:4000', undefined, '[::1]:4000', true],
    ['https://localhost', undefined, 'localhost:4000', false],
    ['https://reviews.example.com', undefined, 'Reviews.example.com', true],
    ['null', 'same-origin', DOMAIN, true],
    ['null', undefined, DOMAIN, false],
    ['null', 'none', DOMAIN, false],
    [undefined, 'same-origin', DOMAIN, true],
    [undefined, undefined, DOMAIN, false],
    ['not an origin', undefined, DOMAIN, false],
    ['https://', undefined, '', false],
    ['http://127.0.0.1:4000', undefined, '127.0.0.1:4000', true],
    ['http://localhost:4000', undefined, 'localhost', true],
    ['http://127.0.0.1:4001', undefined, '127.0.0.1:4000', false],
    ['http://localhost', undefined, DOMAIN, false],
  ])('Origin %s, Sec-Fetch-Site %s, at %s: %s', (origin, fetchSite, domain, ours) => {
    expect(comesFromOurPage(origin, fetchSite, domain)).toBe(ours);
  });
});
