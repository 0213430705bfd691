import fc from 'fast-check';
import type { RequestMeta } from '../../../lambda/domain/records';
import { COMMENT_LIMIT, decisionText } from '../../../lambda/domain/records';
import { reviewHandler } from '../../../lambda/review/handler';
import { newSeed, publicKeyOf, sha256, shownNumber, verifyText } from '../../../lambda/signing/link-key';
import {
  ANA,
  BO,
  CY,
  DOMAIN,
  EVIDENCE,
  META,
  MemoryStore,
  NOW,
  REQUEST,
  httpEvent,
  query,
  scene,
  seedOf,
  vote,
} from './fixture';
import type { Ask, Scene } from './fixture';

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

function site(of: Scene) {
  const store = new MemoryStore(of);
  const run = reviewHandler(() => store);
  return { store, ask: (ask: Ask) => run(httpEvent(ask)) };
}

function form(of: Scene, more: Readonly<Record<string, string>> = {}, digits = 4) {
  const key = seedOf(of, BO);
  return {
    by: BO,
    key,
    evidence: EVIDENCE,
    number: shownNumber(key, EVIDENCE, digits),
    comment: '',
    verdict: 'APPROVE',
    ...more,
  };
}

function wrongNumber(of: Scene): string {
  return shownNumber(seedOf(of, BO), EVIDENCE, 4) === '1111' ? '2222' : '1111';
}

describe('looking', () => {
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

describe('links that do not open', () => {
  const dead = async (ask: Ask, of: Scene) => {
    const { store, ask: send } = site(of);
    const { statusCode, body, headers } = await send(ask);
    return { answer: { statusCode, body, headers }, loads: store.loads.length, puts: store.puts.length };
  };

  const ways: readonly (readonly [string, (s: Scene) => { of?: Scene; ask?: Ask; link?: string }])[] = [
    ['unknown', () => ({ ask: { path: `/r/${'f'.repeat(32)}` } })],
    ['forged', () => ({ link: `by=${BO}&key=${newSeed()}` })],
    ["somebody else's", (s) => ({ link: `by=${BO}&key=${seedOf(s, ANA)}` })],
    ['for nobody who was asked', (s) => ({ link: `by=${'0'.repeat(12)}&key=${seedOf(s, BO)}` })],
    ['revoked', (s) => ({ of: { ...s, invitations: s.invitations.map((i) => ({ ...i, keys: [] })) } })],
    ['ended', (s) => ({ of: changed(s, { endedAt: '2026-11-23T09:20:00.000Z' }) })],
    ['expired', (s) => ({ of: s, ask: { now: Date.parse('2026-11-25T09:00:00.000Z') } })],
    ['without a deadline', (s) => ({ of: changed(s, { deadline: undefined }) })],
    ['not yet identified', (s) => ({ of: changed(s, { identifiedAt: undefined }) })],
  ];

  function changed(s: Scene, meta: Partial<RequestMeta>): Scene {
    return { ...s, meta: { ...META, ...meta } };
  }

  test.each(ways)('%s: same status, body, headers and reads as any other, and nothing recorded', async (_, way) => {
    const s = scene();
    const { of = s, ask = {}, link = query(s) } = way(s);
    const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);

    expect(await dead({ query: link, ...ask }, of)).toEqual({ ...reference, loads: 1, puts: 0 });
    const fields = { ...form(s), ...Object.fromEntries(new URLSearchParams(link)) };
    expect(await dead({ form: fields, ...ask }, of)).toEqual({ ...reference, loads: 1, puts: 0 });
    expect(await dead({ form: fields, ...ask, path: `${ask.path ?? `/r/${REQUEST}`}/revoke` }, of)).toEqual({
      ...reference,
      loads: 1,
      puts: 0,
    });
  });

  test.each([
    ['truncated', (s: Scene) => query(s).slice(0, -1)],
    ['too long', (s: Scene) => `${query(s)}A`],
    ['without a secret', () => `by=${BO}`],
    ['without a person', (s: Scene) => `key=${seedOf(s, BO)}`],
    ['empty', () => ''],
  ])('%s: the same page without any read', async (_, link) => {
    const s = scene();
    const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);

    expect(await dead({ query: link(s) }, s)).toEqual({ ...reference, loads: 0 });
  });

  test.each(['/', '/r', '/r/x', `/r/${REQUEST}x`, `/r/${REQUEST}/nothing`, `/r/${'A'.repeat(32)}`, '/r/%00'])(
    '%s is refused before any read',
    async (path) => {
      const s = scene();
      const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);

      expect(await dead({ path, query: query(s) }, s)).toEqual({ ...reference, loads: 0 });
    },
  );

  test('the status of an ended request is told to whom it was mailed, and to nobody else', async () => {
    const outcome = {
      kind: 'APPROVED',
      summary: '2 of 2 said yes',
      by: 'PEOPLE',
      at: '2026-11-23T09:20:00.000Z',
    } as const;
    const s = scene({ outcome, deliveredAt: outcome.at, endedAt: outcome.at });
    const { ask, store } = site(s);

    const mine = await ask({ path: `/r/${REQUEST}/status`, form: form(s) });
    const other = await ask({ path: `/r/${REQUEST}/status`, form: { ...form(s), key: newSeed() } });

    expect(mine.body).toContain('2 of 2 said yes');
    expect(mine.body).not.toContain('value="APPROVE"');
    expect(other.statusCode).toBe(404);
    expect(store.puts).toEqual([]);
  });
});

describe('answering', () => {
  test.each(['APPROVE', 'REJECT'] as const)(
    '%s with the number is recorded, signed, with exactly the agreed attributes',
    async (verdict) => {
      const s = scene();
      const { ask, store } = site(s);

      const page = await ask({ form: form(s, { verdict, comment: 'looks\r\nright \u202e' }) });

      expect(page.statusCode).toBe(200);
      expect(page.body).toContain(`Recorded: you said ${verdict === 'APPROVE' ? 'yes' : 'no'}.`);
      expect(page.body).toContain('You may still change your mind until the gate has answered.');
      const [row] = store.puts;
      expect(store.puts).toHaveLength(1);
      expect(Object.keys(row ?? {}).sort()).toEqual([
        'at',
        'comment',
        'evidence',
        'pk',
        'seq',
        'sig',
        'sk',
        'ttl',
        'verdict',
      ]);
      expect(row).toMatchObject({
        pk: REQUEST,
        sk: `${BO}#${sha256(row?.sig ?? '')}`,
        verdict,
        comment: 'looks\nright',
        evidence: EVIDENCE,
        seq: NOW,
        at: '2026-11-23T09:30:00.000Z',
      });
      const text = decisionText({
        request: REQUEST,
        approver: BO,
        verdict,
        comment: 'looks\nright',
        evidence: EVIDENCE,
        seq: NOW,
      });
      expect(verifyText(publicKeyOf(seedOf(s, BO)), text, row?.sig ?? '')).toBe(true);
    },
  );

  test('a yes may become a no', async () => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ form: form(s) });
    await ask({ form: form(s, { verdict: 'REJECT', comment: 'wait' }), now: NOW + 1 });

    expect(store.puts.map((row) => [row.verdict, row.seq])).toEqual([
      ['APPROVE', NOW],
      ['REJECT', NOW + 1],
    ]);
    expect(new Set(store.puts.map((row) => row.sk)).size).toBe(2);
  });

  test('without JavaScript and under no-referrer: Origin null with the browser saying same-origin', async () => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ form: form(s), headers: { origin: 'null', 'sec-fetch-site': 'same-origin' } });

    expect(store.puts).toHaveLength(1);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a look-alike', { origin: `https://${DOMAIN}.evil.example` }],
    ['plain http', { origin: `http://${DOMAIN}` }],
    ['another port', { origin: `https://${DOMAIN}:8443` }],
    ['no origin', { origin: '' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['null without a word from the browser', { origin: 'null' }],
    ['a sibling', { origin: `https://${DOMAIN}`, 'sec-fetch-site': 'same-site' }],
    ['nonsense', { origin: '::' }],
  ])('a post from %s is refused before any read', async (_, headers) => {
    const s = scene();
    const { ask, store } = site(s);

    const answer = await ask({ form: form(s), headers });

    expect(answer.statusCode).toBe(403);
    expect(store.loads).toEqual([]);
    expect(store.puts).toEqual([]);
  });

  test('a body of another type or size is not read', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const json = await ask({ form: JSON.stringify(form(s)), headers: { 'content-type': 'application/json' } });
    const huge = await ask({ form: form(s, { comment: 'x'.repeat(20_000) }) });
    const lying = await ask({ form: form(s, { comment: 'x'.repeat(20_000) }), headers: { 'content-length': '10' } });

    expect([json.statusCode, huge.statusCode, lying.statusCode]).toEqual([404, 413, 413]);
    expect(store.loads).toEqual([]);
  });

  const refusals: readonly (readonly [string, Partial<RequestMeta>, Readonly<Record<string, string>>, string])[] = [
    ['no verdict', {}, { verdict: '' }, 'Choose Approve or Reject'],
    ['an unknown verdict', {}, { verdict: 'REVOKE' }, 'Choose Approve or Reject'],
    ['no number', {}, { number: '' }, 'Type the number that is shown'],
    ['no reason for a no', {}, { verdict: 'REJECT' }, 'Say why you reject'],
    [
      'a reason of nothing but invisible characters',
      {},
      { verdict: 'REJECT', comment: ' \u200b\u202e ' },
      'Say why you reject',
    ],
    ['too long a reason', {}, { comment: 'x'.repeat(COMMENT_LIMIT + 1) }, 'has 401 characters, 400 are the most'],
    ['changed evidence', { evidence: sha256('new') }, {}, 'This has changed since you looked'],
    ['no evidence', {}, { evidence: '' }, 'This has changed since you looked'],
    [
      'an outcome',
      { outcome: { kind: 'REJECTED', summary: 's', by: 'PEOPLE', at: META.requestedAt } },
      {},
      'already has its answer',
    ],
    ['console only', { consoleOnly: 'the policy is missing' }, {}, 'the policy is missing'],
    ['a gate without people', { policy: undefined }, {}, 'does not take answers by link'],
    [
      'a failing check',
      { checks: [{ id: 'a', title: 'a', reason: '', verdict: 'FAIL', observeOnly: false }] },
      {},
      'while a check is failing',
    ],
    [
      'a check that watches',
      { checks: [{ id: 'a', title: 'a', reason: '', verdict: 'RUNNING', observeOnly: false }] },
      {},
      'until every check is healthy',
    ],
    [
      'nothing but a watched check',
      { checks: [{ id: 'a', title: 'a', reason: '', verdict: 'PASS', observeOnly: true }] },
      {},
      'until every check is healthy',
    ],
    ['checks never read', { checks: undefined }, {}, 'until every check is healthy'],
  ];

  test.each(refusals)('%s: nothing is recorded, and the page says why', async (_, meta, fields, words) => {
    const s = scene(meta);
    const { ask, store } = site(s);

    const page = await ask({ form: form(s, fields) });

    expect([409, 422]).toContain(page.statusCode);
    expect(page.body).toContain(words);
    expect(store.puts).toEqual([]);
  });

  test('who has no vote sees why, and has no form', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const page = await ask({ query: query(s, CY) });
    const key = seedOf(s, CY);
    await ask({ form: { ...form(s), by: CY, key, number: shownNumber(key, EVIDENCE, 4) } });

    expect(page.body).toContain('You have no vote on this change: wrote this change');
    expect(page.body).not.toContain('value="APPROVE"');
    expect(store.puts).toEqual([]);
  });

  test('a locked Approve leaves Reject open, and a gate that asks people is not locked', async () => {
    const checks = [{ id: 'a', title: 'a', reason: '', verdict: 'FAIL', observeOnly: false } as const];
    const guarded = scene({ checks });
    const policy = {
      ...META.policy,
      checks: { ...META.policy?.checks, onInconclusive: 'ASK_APPROVERS' },
    } as RequestMeta['policy'];
    const asking = scene({ checks, policy });

    const a = site(guarded);
    const b = site(asking);
    expect((await b.ask({ query: query(asking) })).body).toContain('so people are asked');
    await a.ask({ form: form(guarded, { verdict: 'REJECT', comment: 'red' }) });
    await b.ask({ form: form(asking) });

    expect(a.store.puts.map((row) => row.verdict)).toEqual(['REJECT']);
    expect(b.store.puts.map((row) => row.verdict)).toEqual(['APPROVE']);
  });

  test.each([
    ['OPTIONAL', 'REJECT', true],
    ['FOR_REJECTION', 'APPROVE', true],
    ['FOR_REJECTION', 'REJECT', false],
    ['ALWAYS', 'APPROVE', false],
    ['ALWAYS', 'REJECT', false],
  ] as const)('reason %s, verdict %s without one: taken %s', async (reason, verdict, taken) => {
    const s = scene({ policy: { ...META.policy, reason } as RequestMeta['policy'] });
    const { ask, store } = site(s);

    await ask({ form: form(s, { verdict }) });

    expect(store.puts).toHaveLength(taken ? 1 : 0);
  });

  test('the longest reason is taken whole, whatever its letters', async () => {
    const s = scene();
    const { ask, store } = site(s);
    const comment = '界'.repeat(COMMENT_LIMIT);

    await ask({ form: form(s, { comment }) });

    expect(store.puts[0]?.comment).toBe(comment);
  });

  test('what changed is said in words', async () => {
    const before = scene();
    const html = (await site(before).ask({ query: query(before) })).body ?? '';
    const seen = (/name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&quot;', '"');
    const first = { ...(META.checks?.[0] as NonNullable<RequestMeta['checks']>[number]), verdict: 'FAIL' as const };
    const meta = { ...META, evidence: sha256('new'), newerRunWaiting: true, checks: [first], deployedNow: [] };

    const page = await site({ ...before, meta }).ask({ form: { ...form(before), seen } });

    expect(page.statusCode).toBe(409);
    expect(page.body).toContain('A newer run is waiting behind this one.');
    expect(page.body).toContain('Something else is deployed there now.');
    expect(page.body).toContain('was “healthy” and is “failing” now');
    expect(page.body).not.toContain('The change itself is another one');
  });

  test('a store that fails is not a decision, and says nothing of the secret', async () => {
    const s = scene();
    const store = new MemoryStore(s);
    store.record = () => Promise.reject(new Error(`cannot ${seedOf(s, BO)}`));

    const page = await reviewHandler(() => store)(httpEvent({ form: form(s) }));

    expect(page.statusCode).toBe(500);
    expect(page.headers?.['cache-control']).toBe('no-store');
    expect(page.body).not.toContain(seedOf(s, BO));
    expect(JSON.stringify((process.stdout.write as jest.Mock).mock.calls)).not.toContain(seedOf(s, BO));
  });

  test('the log names the request and never the secret or the reason', async () => {
    const s = scene();
    await site(s).ask({ form: form(s, { comment: 'secret plan' }) });

    const lines = JSON.stringify((process.stdout.write as jest.Mock).mock.calls);
    expect(lines).toContain(REQUEST);
    expect(lines).not.toContain(seedOf(s, BO));
    expect(lines).not.toContain('secret plan');
  });
});

describe('the typed number', () => {
  test('a wrong one is counted, told, and nothing else', async () => {
    const s = scene({}, { wrongNumbers: 2 });
    const { ask, store } = site(s);

    const page = await ask({ form: form(s, { number: wrongNumber(s), comment: 'keep me' }) });

    expect(page.statusCode).toBe(422);
    expect(page.body).toContain('wrong number 3 on this link');
    expect(page.body).toContain('keep me');
    expect(store.puts).toHaveLength(1);
    expect(store.puts[0]).toMatchObject({ verdict: 'WRONG_NUMBER', comment: '' });
  });

  test('from fifty on a wrong one is told and not counted, and the right one still works', async () => {
    const s = scene({}, { wrongNumbers: 50 });
    const { ask, store } = site(s);

    await ask({ form: form(s, { number: '123' }) });
    expect(store.puts).toEqual([]);

    await ask({ form: form(s, {}, 8) });
    expect(store.puts.map((row) => row.verdict)).toEqual(['APPROVE']);
  });

  test.each([
    [0, 4, true],
    [4, 4, true],
    [5, 4, false],
    [5, 6, true],
    [24, 6, true],
    [25, 6, false],
    [25, 8, true],
    [0, 6, true],
  ])('after %d wrong ones %d digits: taken %s', async (wrongNumbers, digits, taken) => {
    const s = scene({}, { wrongNumbers });
    const { ask, store } = site(s);

    await ask({ form: form(s, {}, digits) });

    expect(store.puts.map((row) => row.verdict)).toEqual(taken ? ['APPROVE'] : []);
  });

  test('the fifth wrong one shows the longer number at once', async () => {
    const s = scene({}, { wrongNumbers: 4 });
    const page = await site(s).ask({ form: form(s, { number: wrongNumber(s) }) });

    expect(page.body).toContain(shownNumber(seedOf(s, BO), EVIDENCE, 6));
  });

  test('spaces and wide digits are forgiven', async () => {
    const s = scene();
    const { ask, store } = site(s);
    const [a, b, c, d] = shownNumber(seedOf(s, BO), EVIDENCE, 4)
      .split('')
      .map((x) => String.fromCharCode(x.charCodeAt(0) + 0xfee0));

    await ask({ form: form(s, { number: ` ${a}${b} ${c}${d}` }) });

    expect(store.puts.map((row) => row.verdict)).toEqual(['APPROVE']);
  });

  test('whatever junk is typed, with a live link, a vote is never the result', async () => {
    const s = scene();
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('verdict', 'number', 'comment', 'evidence', 'seen', 'said'),
          fc.oneof(fc.string(), fc.constantFrom('APPROVE', 'REJECT', EVIDENCE)),
        ),
        fc.constantFrom('', '/status', '/revoke'),
        async (junk, tail) => {
          const { ask, store } = site(s);
          const number = junk['number'] === form(s).number ? '' : (junk['number'] ?? '');
          await ask({ path: `/r/${REQUEST}${tail}`, form: { by: BO, key: seedOf(s, BO), ...junk, number } });
          expect(store.puts.filter((row) => row.verdict !== 'WRONG_NUMBER')).toEqual([]);
          expect(store.puts.length).toBeLessThanOrEqual(tail === '/status' ? 0 : 1);
        },
      ),
    );
  });

  test('without the secret no input whatever puts anything, and none fails', async () => {
    const s = scene();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'LINK'),
        fc.webPath(),
        fc.string(),
        fc.string({ unit: 'binary' }),
        async (method, path, queryText, body) => {
          const { ask, store } = site(s);
          const answer = await ask({
            method,
            path: `/r/${REQUEST}${path}`,
            query: encodeURI(queryText.replace(/[\ud800-\udfff]/g, '')),
            form: body,
          });
          expect([404, 403, 413]).toContain(answer.statusCode);
          expect(store.puts).toEqual([]);
        },
      ),
    );
  });
});

describe('following and revoking', () => {
  test('status changes nothing, and knows what was just said before it is counted', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const page = await ask({ path: `/r/${REQUEST}/status`, form: { ...form(s), said: `APPROVE@${NOW}` } });

    expect(page.body).toContain('It is being counted');
    expect(store.puts).toEqual([]);
  });

  test('revoking takes the number, and then one row', async () => {
    const s = scene();
    const { ask, store } = site(s);
    const path = `/r/${REQUEST}/revoke`;

    const without = await ask({ path, form: form(s, { number: '' }) });
    const revoked = await ask({ path, form: form(s) });

    expect(without.statusCode).toBe(422);
    expect(revoked.body).toContain('The link is revoked');
    expect(store.puts.map((row) => row.verdict)).toEqual(['REVOKE']);
  });
});
