import type { RequestMeta } from '../../../lambda/domain/records';
import { COMMENT_LIMIT, decisionText } from '../../../lambda/domain/records';
import { reviewHandler } from '../../../lambda/review/handler';
import { publicKeyOf, sha256, shownNumber, verifyText } from '../../../lambda/signing/link-key';
import { form, quietLog, site } from './ask';
import { BO, CY, DOMAIN, EVIDENCE, META, MemoryStore, NOW, REQUEST, httpEvent, query, scene, seedOf } from './fixture';

quietLog();

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

  test('an answer is kept while links alone cannot open the gate, and the page says so', async () => {
    const s = scene({ consoleOnly: 'only 1 of 2 approvers needed can be reached by mail' });
    const { ask, store } = site(s);

    const shown = await ask({ query: query(s) });
    const answered = await ask({ form: form(s) });

    expect(shown.body).toContain('only 1 of 2 approvers needed can be reached by mail');
    expect(answered.statusCode).toBe(200);
    expect(store.puts).toHaveLength(1);
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
