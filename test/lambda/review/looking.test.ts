import fc from 'fast-check';
import { reviewHandler } from '../../../lambda/review/handler';
import { shownNumber } from '../../../lambda/signing/link-key';
import { form, quietLog, site } from './ask';
import { ANA, BO, EVIDENCE, META, MemoryStore, REQUEST, httpEvent, query, scene, seedOf, vote } from './fixture';

quietLog();

describe('looking', () => {
  test('promises no rollback before there is anything to go back to', async () => {
    const s = scene({ deployedNow: [] });

    const page = await site(s).ask({ query: query(s) });

    expect(page.body).toContain('It has no good version yet to go back to');
    expect(page.body).not.toContain('rolled back to its last good version');
  });

  test('shows the whole request to whom it was mailed', async () => {
    const s = scene();
    const { ask } = site(s);

    const page = await ask({ query: query(s) });

    expect(page.statusCode).toBe(200);
    for (const text of [
      'shop-release',
      'Prod',
      'Approve',
      META.executionId,
      'Round basket totals once, at the end',
      'Cyrus Wong',
      'Tried it on staging',
      'https://github.com/example/shop/commit/',
      'https://reviews.example.com/r/',
      'Totals were off by a cent',
      'Show delivery dates',
      'rolled back to its last good version',
      'alarm shop-staging-5xx',
      'healthy',
      'cannot tell',
      '1 of 2 needed',
      'wrote this change',
      'You are answering as',
      'bo@example.com',
      'Revoke this link',
      '1 day 23 hours left',
      shownNumber(seedOf(s, BO), EVIDENCE, 4),
    ]) {
      expect(page.body).toContain(text);
    }
  });

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'PATCH'])('%s writes nothing', async (method) => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ method, query: query(s) });
    await ask({ method, query: query(s), path: `/r/${REQUEST}/revoke`, form: form(s) });
    await ask({ method, query: query(s), form: form(s) });

    expect(store.puts).toEqual([]);
  });

  test('every answer carries the headers that keep the secret in', async () => {
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const s = scene();
    const { ask } = site(s);
    const answers = [
      await ask({ query: query(s) }),
      await ask({ query: 'by=x' }),
      await ask({ path: '/favicon.ico' }),
      await ask({ form: form(s) }),
      await ask({ form: form(s), headers: { origin: 'https://evil.example' } }),
      await ask({ form: form(s, { comment: 'x'.repeat(99_999) }) }),
      await reviewHandler(() => new MemoryStore(s))({ ...httpEvent({ form: form(s) }), body: '%%%' }),
    ];

    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 404, 404, 200, 403, 413, 500]);
    expect(JSON.stringify(complaint.mock.calls.map(String))).not.toContain(seedOf(s, BO));
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      expect(headers?.['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
    }
  });

  test('only https: becomes a link', async () => {
    const revisions = [{ name: 'S', id: '1', message: 'm', url: 'javascript:alert(1)' }];
    const s = scene({ revisions, reviewUrl: 'http://plain.example/x' });
    const page = await site(s).ask({ query: query(s) });

    expect(page.body).not.toMatch(/href="(javascript|http:)/);
    expect(page.body).toContain('javascript:alert(1)');
  });

  test('whatever people wrote is text', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='x",
        '\u202e</textarea><b>',
      ),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (message, author, reason) => {
        const s = scene(
          {
            pipeline: message,
            stage: author,
            text: reason,
            reviewUrl: message,
            startedBy: author,
            revisions: [{ name: author, id: reason, message, author, url: reason }],
            deployedNow: [{ name: author, id: reason, message }],
            checks: [{ id: 'a', title: message, reason: author, verdict: 'PASS', observeOnly: false }],
          },
          { name: author, mail: message },
        );
        const { body = '' } = await site({ ...s, votes: [vote(ANA, 'REJECT', { comment: reason })] }).ask({
          form: { ...form(s), number: '0', comment: reason },
        });
        expect(body.match(/<script/g)).toHaveLength(1);
        expect(body).not.toMatch(/<img|<b>|<[^>]*\son[a-z]+=/i);
        expect(body.match(/<textarea/g)).toHaveLength(1);
        expect(body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 60 },
    );
  });
});
