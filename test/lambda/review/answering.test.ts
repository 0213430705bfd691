import type { GateRule } from '../../../contract/policy';
import { COMMENT_LIMIT } from '../../../lambda/domain/limits';
import { parseDecision } from '../../../lambda/domain/parse-decision';
import type { Shown, Waiting } from '../../../lambda/domain/request';
import { decisionText, type Invitation } from '../../../lambda/domain/vote';
import { reviewHandler } from '../../../lambda/review/handler';
import { publicKeyOf, sha256, shownNumber, verifyText } from '../../../lambda/signing/link-key';
import { form, logLines, quietLog, site, wordsOf, wrongNumber } from './ask';
import {
  BO,
  CY,
  EVIDENCE,
  MemoryStore,
  NOW,
  PEOPLE,
  REQUEST,
  RULES,
  SHOWN,
  WAITING,
  httpEvent,
  query,
  scene,
  seedOf,
  waiting,
} from './fixture';

quietLog();

const FAILING = [{ id: 'a', title: 'a', reason: '', verdict: 'FAIL', observeOnly: false }] as const;

describe('answering', () => {
  test.each(['APPROVE', 'REJECT'] as const)(
    '%s with the number is recorded, signed, with exactly the agreed attributes',
    async (verdict) => {
      const s = scene();
      const { ask, store } = site(s);

      const page = await ask({ form: form(s, { verdict, comment: 'looks\r\nright \u202e' }) });

      expect(page.statusCode).toBe(200);
      expect(wordsOf(page)).toContain(
        `Recorded: you ${verdict === 'APPROVE' ? 'approved' : 'rejected'} it. It is being counted. ` +
          'You can change your mind until the gate has its outcome.',
      );
      expect(page.body).toContain(`<input type="hidden" name="submitted" value="${verdict}@${NOW}" />`);
      expect(page.body).toContain('<main data-phase="answered"');
      const sig = store.puts[0]?.sig ?? '';
      expect(store.puts).toEqual([
        {
          pk: REQUEST,
          sk: `${BO}#${sha256(sig)}`,
          verdict,
          comment: 'looks\nright',
          evidence: EVIDENCE,
          seq: NOW,
          at: '2026-11-23T09:30:00.000Z',
          sig: expect.any(String),
          ttl: Date.parse('2028-01-27T09:30:00.000Z') / 1000,
        },
      ]);
      const decision = {
        request: REQUEST,
        approver: BO,
        verdict,
        comment: 'looks\nright',
        evidence: EVIDENCE,
        seq: NOW,
      };
      expect(verifyText(publicKeyOf(seedOf(s, BO)), decisionText(decision), sig)).toBe(true);
    },
  );

  test('a row that was put is one that the reader of decisions takes', async () => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ form: form(s, { verdict: 'REJECT', comment: 'no' }) });
    await ask({ form: form(s, { number: wrongNumber(s) }) });
    await ask({ path: `/r/${REQUEST}/revoke`, form: form(s) });

    expect(store.puts.map((row) => parseDecision({ ...row }).ok)).toEqual([true, true, true]);
  });

  test('what was typed is gone from the form once it is recorded', async () => {
    const s = scene();

    const { body } = await site(s).ask({ form: form(s, { comment: 'fine by me' }) });

    expect(body).not.toContain('fine by me');
    expect(body).not.toContain('aria-invalid="true"');
    expect(body).toMatch(/id="number"[^>]*value=""/);
  });

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

  test('an answer is kept while links alone cannot open the gate', async () => {
    const s = scene({ ...WAITING, consoleOnly: 'only 1 of 2 approvers needed can be reached by mail' });
    const { ask, store } = site(s);

    expect((await ask({ form: form(s) })).statusCode).toBe(200);
    expect(store.puts).toHaveLength(1);
  });

  const refusals: readonly (readonly [string, Waiting, Readonly<Record<string, string>>, number, string])[] = [
    ['no verdict', WAITING, { verdict: '' }, 422, 'Choose Approve or Reject.'],
    ['an unknown verdict', WAITING, { verdict: 'REVOKE' }, 422, 'Choose Approve or Reject.'],
    ['no number', WAITING, { number: '' }, 422, 'Type the number that is shown above the field.'],
    ['no reason for a no', WAITING, { verdict: 'REJECT' }, 422, 'Say why you reject: this gate wants a reason.'],
    [
      'a reason of nothing but invisible characters',
      WAITING,
      { verdict: 'REJECT', comment: ' \u200b\u202e ' },
      422,
      'Say why you reject: this gate wants a reason.',
    ],
    [
      'no reason for a yes, where every answer wants one',
      waiting({ rule: { ...RULES.MANUAL, people: { ...PEOPLE, reason: 'ALWAYS' } } }),
      {},
      422,
      'Say why you approve: this gate wants a reason.',
    ],
    [
      'too long a reason',
      WAITING,
      { comment: 'x'.repeat(COMMENT_LIMIT + 1) },
      422,
      'The reason has 401 characters, 400 are the most. Please shorten it.',
    ],
    [
      'changed evidence',
      waiting({ shown: { evidence: sha256('new') } }),
      {},
      409,
      'This has changed since you looked. Nothing was recorded.',
    ],
    ['no evidence', WAITING, { evidence: '' }, 409, 'This has changed since you looked. Nothing was recorded.'],
    ['a gate without people', waiting({ rule: RULES.AUTOMATED }), {}, 422, 'This gate does not take answers by link.'],
    [
      'a failing check',
      waiting({ shown: { checks: FAILING } }),
      {},
      422,
      'Approve is locked while a check is failing. You may reject now.',
    ],
    [
      'a failing check beside one that watches',
      waiting({ shown: { checks: [{ ...FAILING[0], id: 'b', verdict: 'RUNNING' }, ...FAILING] } }),
      {},
      422,
      'Approve is locked while a check is failing. You may reject now.',
    ],
    [
      'a check that watches',
      waiting({ shown: { checks: [{ ...FAILING[0], verdict: 'RUNNING' }] } }),
      {},
      422,
      'Approve is locked until every check is healthy. You may reject now.',
    ],
    [
      'a check of a kind that nobody knows',
      waiting({ shown: { checks: [{ ...FAILING[0], verdict: 'UNREADABLE' }] } }),
      {},
      422,
      'Approve is locked until every check is healthy. You may reject now.',
    ],
    [
      'nothing but a watched check',
      waiting({ shown: { checks: [{ ...FAILING[0], verdict: 'PASS', observeOnly: true }] } }),
      {},
      422,
      'Approve is locked until every check is healthy. You may reject now.',
    ],
    [
      'checks never read',
      waiting({ shown: { checks: [] } }),
      {},
      422,
      'Approve is locked until every check is healthy. You may reject now.',
    ],
  ];

  test.each(refusals)('%s: nothing is recorded, and the page says why', async (_, request, fields, status, words) => {
    const s = scene(request);
    const { ask, store } = site(s);

    const page = await ask({ form: form(s, fields) });

    expect(page.statusCode).toBe(status);
    expect(wordsOf(page)).toContain(words);
    expect(store.puts).toEqual([]);
    expect(wordsOf(page).includes('Your answer was not recorded')).toBe(status === 422);
    expect(page.body!.includes('<title>Please check: Can this change go ahead in Prod?')).toBe(status === 422);
    expect(page.body).toContain(`id="problems" role="alert" tabindex="-1"`);
  });

  test.each([
    ['verdict', 422, 'Choose Approve or Reject.', 0],
    ['number', 422, 'Type the number that is shown above the field.', 0],
    ['evidence', 409, 'What this page shows has changed since you opened it.', 0],
    ['comment', 200, 'Recorded: you approved it.', 1],
    ['seen', 200, 'Recorded: you approved it.', 1],
  ])('a form without its field %s answers %d', async (name, status, words, puts) => {
    const s = scene();
    const { ask, store } = site(s);
    const fields = Object.fromEntries(Object.entries(form(s)).filter(([field]) => field !== name));

    const page = await ask({ form: fields });

    expect(page.statusCode).toBe(status);
    expect(wordsOf(page)).toContain(words);
    expect(store.puts.map((row) => row.comment)).toEqual(Array.from({ length: puts }, () => ''));
  });

  test('two problems are told at once, each at its field', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const page = await ask({ form: form(s, { verdict: 'REJECT', number: '' }) });

    expect(page.body).toContain('<a href="#number">Type the number that is shown above the field.</a>');
    expect(page.body).toContain('<a href="#comment">Say why you reject: this gate wants a reason.</a>');
    expect(page.body).toContain(
      '<p class="problem" id="number-problem">Type the number that is shown above the field.</p>',
    );
    expect(page.body).toContain(
      '<p class="problem" id="comment-problem">Say why you reject: this gate wants a reason.</p>',
    );
    expect(page.body).toContain('aria-describedby="number-shown number-help number-problem"');
    expect(page.body).toContain('aria-describedby="comment-help comment-problem"');
    expect(page.body!.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(store.puts).toEqual([]);
  });

  test('a problem at one field leaves the other one alone', async () => {
    const s = scene();

    const { body } = await site(s).ask({ form: form(s, { verdict: 'REJECT' }) });

    expect(body).not.toContain('number-problem');
    expect(body!.match(/aria-invalid="true"/g)).toHaveLength(1);
  });

  test('the right number stays in its field when the reason is missing', async () => {
    const s = scene();
    const fields = form(s, { verdict: 'REJECT' });

    const kept = await site(s).ask({
      form: { ...fields, number: ` ${fields.number.slice(0, 2)}-${fields.number.slice(2)}` },
    });
    const wrong = await site(s).ask({ form: { ...fields, number: wrongNumber(s) } });

    expect(kept.statusCode).toBe(422);
    expect(kept.body).toMatch(new RegExp(`id="number"[^>]*value="${fields.number}"`));
    expect(kept.body).toMatch(/id="revoke-number"[^>]*value=""/);
    expect(wrong.body).toMatch(/id="number"[^>]*value=""/);
  });

  test('who has no vote cannot answer', async () => {
    const s = scene();
    const { ask, store } = site(s);
    const key = seedOf(s, CY);

    const page = await ask({ form: { ...form(s), by: CY, key, number: shownNumber(key, EVIDENCE, 4) } });

    expect(page.statusCode).toBe(422);
    expect(wordsOf(page)).toContain('You have no vote on this change: you wrote this change');
    expect(store.puts).toEqual([]);
  });

  const locks: readonly (readonly [string, GateRule, Shown['checks'], boolean])[] = [
    ['a guarded gate with a failing check', RULES.GUARDED, FAILING, true],
    ['a guarded gate with healthy checks', RULES.GUARDED, SHOWN.checks, false],
    ['a gate that asks because the checks cannot tell', RULES.AUTOMATED_ELSE_PEOPLE, FAILING, false],
    ['a manual gate', RULES.MANUAL, FAILING, false],
  ];

  test.each(locks)(
    'Approve at %s: locked is told beforehand, and Reject stays open',
    async (_, rule, checks, locked) => {
      const s = scene(waiting({ rule, shown: { checks } }));
      const { ask, store } = site(s);

      const shown = await ask({ query: query(s) });
      await ask({ form: form(s) });
      await ask({ form: form(s, { verdict: 'REJECT', comment: 'red' }), now: NOW + 1 });

      expect(shown.body!.includes('disabled aria-describedby="locked"')).toBe(locked);
      expect(shown.body!.includes('id="locked">Approve is locked')).toBe(locked);
      expect(store.puts.map((row) => row.verdict)).toEqual(locked ? ['REJECT'] : ['APPROVE', 'REJECT']);
    },
  );

  test.each([
    ['OPTIONAL', 'REJECT', true, '(optional)', false],
    ['FOR_REJECTION', 'APPROVE', true, '(required to reject)', false],
    ['FOR_REJECTION', 'REJECT', false, '(required to reject)', false],
    ['ALWAYS', 'APPROVE', false, '(required)', true],
    ['ALWAYS', 'REJECT', false, '(required)', true],
  ] as const)(
    'reason %s, verdict %s without one: taken %s; the form says %s',
    async (reason, verdict, taken, words, isRequired) => {
      const s = scene(waiting({ rule: { ...RULES.MANUAL, people: { ...PEOPLE, reason } } }));
      const { ask, store } = site(s);

      const page = await ask({ query: query(s) });
      await ask({ form: form(s, { verdict }) });

      expect(wordsOf(page)).toContain(`Reason ${words} Everyone`);
      expect(/maxlength="400"\s+required/.test(page.body ?? '')).toBe(isRequired);
      expect(store.puts).toHaveLength(taken ? 1 : 0);
    },
  );

  test('the longest reason is taken whole, whatever its letters', async () => {
    const s = scene();
    const { ask, store } = site(s);
    const comment = `${'界'.repeat(COMMENT_LIMIT - 2)}\r\n界`;

    await ask({ form: form(s, { comment: `  ${comment}  ` }) });

    expect(store.puts[0]?.comment).toBe(comment.replace('\r', ''));
  });

  test('too long a reason comes back to be shortened', async () => {
    const s = scene();

    const { body } = await site(s).ask({ form: form(s, { comment: `${'x'.repeat(1_990)}first\nsecond` }) });

    expect(body).toMatch(/x{1990}first\nsec…<\/textarea>/);
  });

  test('a store that fails is not a decision, and says nothing of the secret', async () => {
    const s = scene();
    const store = new MemoryStore(s);
    store.record = () => Promise.reject(new Error(`cannot ${seedOf(s, BO)}`));

    const page = await reviewHandler(() => store)(httpEvent({ form: form(s) }));

    expect(page.statusCode).toBe(500);
    expect(wordsOf(page)).toBe(
      'Something went wrong here Your answer may not be recorded. Please open the link in your email again in a minute.',
    );
    expect(page.body).not.toContain(seedOf(s, BO));
    expect(logLines()).toEqual([{ level: 'ERROR', message: 'the review page failed', error: 'Error' }]);
  });

  test('the log names the request and never the secret or the reason', async () => {
    const s = scene();

    await site(s).ask({ form: form(s, { comment: 'secret plan' }) });

    expect(logLines()).toEqual([
      {
        level: 'INFO',
        message: 'recorded APPROVE',
        requestId: REQUEST,
        pipeline: 'shop-release',
        stage: 'Prod',
        action: 'Approve',
        approver: BO,
      },
    ]);
  });
});

describe('revoking', () => {
  const path = `/r/${REQUEST}/revoke`;

  test('takes the number, and then puts one row', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const without = await ask({ path, form: form(s, { number: '' }) });
    const revoked = await ask({ path, form: form(s) });

    expect(without.statusCode).toBe(422);
    expect(wordsOf(without)).toContain('Type the number that is shown above the field.');
    expect(revoked.statusCode).toBe(200);
    expect(wordsOf(revoked)).toBe(
      'The link has been revoked It stops working within moments, and it has neither approved nor rejected anything. ' +
        'If the email reached you by mistake, please tell the team that runs the pipeline.',
    );
    expect(store.puts).toMatchObject([{ verdict: 'REVOKE', comment: '', evidence: EVIDENCE, seq: NOW }]);
  });

  test('a form without the number asks for it', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const page = await ask({ path, form: { by: BO, key: seedOf(s, BO) } });

    expect(wordsOf(page)).toContain('Type the number that is shown above the field.');
    expect(store.puts).toEqual([]);
  });

  test('a wrong number is counted and revokes nothing', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const page = await ask({ path, form: form(s, { number: wrongNumber(s) }) });

    expect(page.statusCode).toBe(422);
    expect(store.puts.map((row) => row.verdict)).toEqual(['WRONG_NUMBER']);
  });

  test('is open to those who have no vote: the link may be in wrong hands all the same', async () => {
    const s = scene(WAITING, { excluded: 'started this run' } satisfies Partial<Invitation>);
    const { ask, store } = site(s);

    await ask({ path, form: form(s) });

    expect(store.puts.map((row) => row.verdict)).toEqual(['REVOKE']);
  });
});
