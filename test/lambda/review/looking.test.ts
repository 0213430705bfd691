import fc from 'fast-check';
import type { CheckState } from '../../../lambda/domain/request';
import { reviewHandler } from '../../../lambda/review/handler';
import { shownNumber } from '../../../lambda/signing/link-key';
import { form, logLines, quietLog, site, wordsOf } from './ask';
import {
  ANA,
  BO,
  CHECKS,
  CY,
  DEADLINE,
  EVIDENCE,
  MemoryStore,
  NOW,
  ONE_OF_THEM,
  PEOPLE,
  REQUEST,
  RULES,
  RUN,
  SERVING,
  SHOWN,
  httpEvent,
  query,
  rollback,
  scene,
  seedOf,
  vote,
  waiting,
} from './fixture';
import type { Scene } from './fixture';

quietLog();

async function look(s: Scene, approver = BO, now = NOW) {
  const page = await site(s).ask({ query: query(s, approver), now });
  expect(page.statusCode).toBe(200);
  return { words: wordsOf(page), body: page.body ?? '' };
}

describe('the page of a gate that waits', () => {
  test('shows the whole request to whom it was mailed', async () => {
    const s = scene();

    const { words, body } = await look(s);

    for (const text of [
      'shop-release › Prod › Approve Can this change go ahead in Prod? 1 day 23 hours left ' +
        'until Wednesday 25 November 2026, 09:00 UTC. Without an answer it is rejected. Go to your answer',
      'The change Round basket totals once, at the end Cyrus Wong · 9b1deb4d3b7d · Source ' +
        'The whole message Every line was rounded before they were added up. Now the sum is. See what changed ↗',
      'Totals were off by a cent since last Tuesday. Please try the basket on staging first. Open the review page ↗',
      'What your answer does Approve Counts as one of 2 approvals. With the last one, Prod goes ahead.',
      'Checks alarm shop-staging-5xx healthy OK since 09:02 UTC, never in alarm since the gate began',
      'alarm shop-staging-p99 (only watched) cannot tell not enough data: 3 of 30 datapoints',
      'Who was asked 1 of 2 approvals so far. Ana Lopez “Tried it on staging, looks right.” approved ' +
        'bo@example.com (you) no answer yet cy@example.com wrote this change no vote',
      `Your answer Type this number ${shownNumber(seedOf(s, BO), EVIDENCE, 4)} It shows that a person is answering`,
      'Reason (required to reject) Everyone who was asked can read it. At most 400 characters. Approve Reject',
      'You are answering as bo@example.com The link in the email acts for this address alone.',
      'Not you? Revoke this link After that, nobody can answer by this link.',
      'Refresh This page updates by itself.',
      `Run ${RUN.executionId}, started by ana-gh, asked Monday 23 November 2026, 09:00 UTC`,
    ]) {
      expect(words).toContain(text);
    }
    expect(body).toContain('<title>Can this change go ahead in Prod? · shop-release</title>');
    expect(body).toContain(`<main data-phase="open" data-evidence="${EVIDENCE}">`);
    expect(body).toContain(`href="${RUN.reviewUrl}"`);
    expect(body).toContain(`href="${RUN.revisions[0]!.url}"`);
    expect(body).toContain('<i class="on"></i><i></i></span');
    expect(words).not.toMatch(/rollback|newer run|Author unknown|does not count|console|locked|problem/i);
  });

  test('times are marked for the script, which adds the reader’s own', async () => {
    const { body } = await look(scene());

    expect(body).toContain(`<time datetime="${DEADLINE}">Wednesday 25 November 2026, 09:00 UTC</time>`);
    expect(body).toContain('<time datetime="2026-11-23T09:00:02.000Z">Monday 23 November 2026, 09:00 UTC</time>');
  });

  test.each([
    [3_600_000, '1 hour left', 'tag '],
    [3_599_999, '59 minutes left', 'tag wait'],
  ])('with %d ms left it says %s, in the tone "%s"', async (left, words, tone) => {
    const { body } = await look(scene(), BO, Date.parse(DEADLINE) - left);

    expect(body).toMatch(new RegExp(`<span class="${tone}"\\s*>\\s*${words}`));
  });

  test('a gate that wants one yes says so', async () => {
    const s = scene(waiting({ rule: { ...RULES.MANUAL, people: ONE_OF_THEM } }));

    const { words } = await look(s);

    expect(words).toContain('Approve Prod goes ahead with this change. Reject');
    expect(words).toContain('1 of 1 approval so far.');
  });

  describe('of several groups', () => {
    const [ana, bo, cy] = PEOPLE.groups[0]!.ids as [string, string, string];
    const groups = [
      { name: 'Security', quorum: 1, ids: [ana, cy] },
      { name: 'Operations', quorum: 2, ids: [ana, bo, cy] },
    ];
    const gate = (all = groups) => scene(waiting({ rule: { ...RULES.MANUAL, people: { ...PEOPLE, groups: all } } }));

    test('says who was asked in each of them, and how many more it takes', async () => {
      const { words } = await look(gate());

      expect(words).toContain(
        'Counts as one of 3 approvals: 1 from Security and 2 from Operations. With the last one, Prod',
      );
      expect(words).toContain(
        'Who was asked Security 1 of 1 approval so far. That is enough. Ana Lopez “Tried it on staging, looks right.” ' +
          'approved cy@example.com wrote this change no vote ' +
          'Operations 0 of 2 approvals so far. 2 more to go. Ana Lopez counts for Security ' +
          '“Tried it on staging, looks right.” approved bo@example.com (you) no answer yet cy@example.com wrote this change no vote',
      );
    });

    test('goes on showing somebody who is in none of them any more', async () => {
      const { words } = await look(gate([groups[0]!, { name: 'Operations', quorum: 1, ids: [ana] }]));

      expect(words).toMatch(
        /Operations 0 of 1 approval so far. 1 more to go. Ana Lopez .* approved bo@example.com \(you\)/,
      );
    });

    test('escapes their names', async () => {
      const { body } = await look(gate([{ ...groups[0]!, name: '<b>Security' }, groups[1]!]));

      expect(body).toContain('<h3 class="text">&lt;b&gt;Security</h3>');
      expect(body).not.toContain('<b>Security');
    });
  });

  test('who cannot be reached by mail is told of, and who was excluded', async () => {
    const s = scene(waiting(), { mailbox: 'pending' });
    const [ana, bo, cy] = s.invitations;

    const pending = await look(s);
    const missing = await look({ ...s, invitations: [ana!, { ...bo!, mailbox: 'missing' }, cy!] });
    const direct = await look({ ...s, invitations: [ana!, { ...bo!, mailbox: 'direct' }, cy!] });

    expect(pending.words).toContain('bo@example.com (you) email not confirmed');
    expect(missing.words).toContain('bo@example.com (you) email not confirmed');
    expect(direct.words).toContain('bo@example.com (you) no answer yet');
  });

  test('who has no vote sees why, and has no form', async () => {
    const { words, body } = await look(scene(), CY);

    expect(words).toContain('You have no vote on this change: you wrote this change');
    expect(words).not.toContain('Go to your answer');
    expect(words).toContain('What an answer does Approve Counts as one of 2');
    expect(words).not.toContain('What your answer does');
    expect(body).not.toContain('value="APPROVE"');
  });

  test('who answered and then lost their vote is told that the answer does not count', async () => {
    const s = scene();

    const { words, body } = await look({ ...s, votes: [...s.votes, vote(CY, 'APPROVE')] }, CY);

    expect(words).toContain('You have no vote on this change: you wrote this change Your approval does not count.');
    expect(words).not.toContain('It is counted');
    expect(body).toContain('<main data-phase="open"');
  });

  test('a shared mailbox is told that it is one voice', async () => {
    expect((await look(scene(waiting(), { shared: true }))).words).toContain(
      'This is a shared mailbox: it counts as one vote.',
    );
    expect((await look(scene())).words).not.toContain('shared mailbox');
  });

  test('links that cannot open the gate are said to, with the reason', async () => {
    const s = scene({ ...waiting(), consoleOnly: 'only 1 of 2 approvers needed can be reached by mail' });

    expect((await look(s)).words).toContain(
      'Links alone cannot open this gate at the moment: only 1 of 2 approvers needed can be reached by mail. ' +
        'Your answer is kept and counts once they can; until then somebody has to answer in the AWS console.',
    );
  });
});

describe('what an answer does', () => {
  test.each(['STAYS', 'NOTHING_TO_GO_BACK_TO'] as const)('a no, where nothing is live: %s', async (kind) => {
    const { words } = await look(scene(waiting({ run: { onReject: { kind }, serving: [] } })));

    expect(words).toContain('The change goes no further, and Prod stays as it is. Live in Prod now Nothing,');
  });

  test.each([
    [{ kind: 'STAYS' } as const, 'The change goes no further, and Prod keeps the version that is live.'],
    [
      { kind: 'GOES_BACK', to: [SERVING] } as const,
      'The change goes no further, and Prod goes back to 1c6fd0f23a5b "Show delivery dates in the basket".',
    ],
    [
      { kind: 'NOTHING_TO_GO_BACK_TO' } as const,
      'The change goes no further. CodePipeline has nothing to go back to, so Prod keeps the version that is live.',
    ],
  ])('a no: %j', async (onReject, sentence) => {
    const { words } = await look(scene(waiting({ run: { onReject } })));

    expect(words).toContain(`Reject Ends it for everyone. ${sentence} Live in Prod now`);
  });

  test('what serves is named, and the change itself where it serves already', async () => {
    const other = await look(scene());
    const itself = await look(scene(waiting({ run: { serving: RUN.revisions } })));
    const sameIdElsewhere = await look(
      scene(waiting({ run: { serving: [{ ...RUN.revisions[0]!, name: 'Config' }] } })),
    );
    const nothing = await look(scene(waiting({ run: { serving: [] } })));

    const start = 'Live in Prod now';
    expect(other.words).toContain(`${start} 1c6fd0f23a5b Show delivery dates in the basket Checks`);
    expect(other.body).toContain('<code>1c6fd0f23a5b</code> Show delivery dates in the basket');
    expect(itself.words).toContain(
      `${start} 9b1deb4d3b7d Round basket totals once, at the end (this change itself) Checks`,
    );
    expect(sameIdElsewhere.words).not.toContain('itself)');
    expect(nothing.words).toContain(`${start} Nothing, as far as CodePipeline knows.`);
    expect(other.words).not.toContain('Deployed in');
  });

  test('a newer run waiting is told', async () => {
    const { words } = await look(scene(waiting({ shown: { newerRunWaiting: true } })));

    expect(words).toContain('A newer run is waiting behind this one.');
    expect(words).not.toContain('Rejecting lets it in');
  });
});

describe('a change that is live already', () => {
  const GOES_BACK = { kind: 'GOES_BACK', to: [SERVING] } as const;
  const failed: CheckState = { ...SHOWN.checks[0]!, verdict: 'FAIL', reason: 'It turned red' };
  const CHECKED = { ...RULES.AUTOMATED_ELSE_PEOPLE, people: ONE_OF_THEM };

  test('is asked about as such: whether it may stay, why, what either answer does, and what happens by itself', async () => {
    const { words, body } = await look(
      scene(waiting({ rule: CHECKED, shown: { checks: [failed] }, run: { deployed: true, onReject: GOES_BACK } })),
    );

    expect(body).toContain('<h1>Can this change stay in Prod?</h1>');
    expect(body).toContain('<title>Can this change stay in Prod? · shop-release</title>');
    expect(body).toContain('<div class="note bad text">');
    expect(words).toContain('09:00 UTC. Without an answer it is rejected by itself. Until then it stays live. ');
    expect(words).toContain('This change is live in Prod already. A check failed, so people decide.');
    expect(words).toContain('Approve It stays live, and the run goes on. Reject Ends it for everyone. The change goes');
  });

  test('without a failed check is told as live, and not as bad', async () => {
    const { words, body } = await look(
      scene(waiting({ rule: RULES.MANUAL, run: { deployed: true, onReject: GOES_BACK } })),
    );

    expect(words).toContain('This change is live in Prod already. Go to your answer');
    expect(body).not.toContain('note bad');
    expect(words).toContain('Counts as one of 2 approvals. With the last one, it stays live, and the run goes on. ');
  });

  test('is not live in front of its deployment', async () => {
    const { words } = await look(
      scene(waiting({ rule: CHECKED, shown: { checks: [failed] }, run: { onReject: GOES_BACK } })),
    );

    expect(words).toContain('Can this change go ahead in Prod?');
    expect(words).not.toMatch(/live in Prod already|stays live/);
  });
});

describe('a rollback that asks', () => {
  test('says that CodePipeline started it, what it brings back, and that nothing goes back after a no', async () => {
    const { words, body } = await look(scene(waiting({ run: rollback() })));

    expect(body).toContain('<h1>Can this rollback go ahead in Prod?</h1>');
    expect(words).toContain(
      'This is a rollback. CodePipeline started this rollback by itself. ' +
        'It brings back 1c6fd0f23a5b "Show delivery dates in the basket". Rejecting rolls nothing back.',
    );
    expect(words).toContain(
      'Reject Ends it for everyone. The rollback goes no further, and nothing is rolled back: Prod keeps the version that is live. Live',
    );
    expect(words).not.toMatch(/Prod goes back|good version|newer run/);
  });

  test('by hand: says so', async () => {
    const { words } = await look(scene(waiting({ run: rollback({ automatic: false }) })));

    expect(words).toContain('This is a rollback. Somebody started this rollback by hand. It brings back');
  });

  test('of revisions that nobody knows: names the run that it brings back', async () => {
    const { words } = await look(scene(waiting({ run: { ...rollback(), revisions: [] } })));

    expect(words).toContain('It brings back run 99999999-3f52-4c0a-9f0e-0d1f2a3b4c5d.');
  });

  test('with a newer run waiting: rejecting lets that in', async () => {
    const { words } = await look(scene(waiting({ run: rollback(), shown: { newerRunWaiting: true } })));

    expect(words).toContain('Rejecting rolls nothing back. A newer run waits behind it. Rejecting lets that run in.');
    expect(words).toContain('Prod keeps the version that is live. This lets in the newer run that waits behind it.');
    expect(words).not.toContain('A newer run is waiting behind this one.');
  });

  test('where one yes is enough: Prod goes on with the rollback, which serves already', async () => {
    const rule = { ...RULES.MANUAL, people: ONE_OF_THEM };

    const { words } = await look(scene(waiting({ run: rollback(), rule })));

    expect(words).toContain('Approve Prod goes ahead with this rollback.');
    expect(words).toContain('1c6fd0f23a5b Show delivery dates in the basket (this rollback itself)');
  });
});

describe('an author whom nobody knows', () => {
  const SENTENCE =
    'Author unknown: CodePipeline does not say who wrote this change, so nobody is kept from approving their own.';

  test.each([
    [[], true, true],
    [[], false, false],
    [['ana-gh'], true, false],
  ])('authors %j, and the rule excludes them %s: told %s', async (authors, excludeAuthor, isTold) => {
    const rule = { ...RULES.MANUAL, people: { ...PEOPLE, excludeAuthor } };

    const { words } = await look(scene(waiting({ run: { authors }, rule })));

    expect(words.includes(SENTENCE)).toBe(isTold);
  });
});

describe('checks on the page', () => {
  test.each([
    ['PASS', 'healthy', 'good'],
    ['FAIL', 'failing', 'bad'],
    ['INCONCLUSIVE', 'cannot tell', 'wait'],
    ['ERROR', 'could not be read', 'wait'],
    ['RUNNING', 'still measuring', ''],
    ['UNREADABLE', 'not supported', 'wait'],
    ['SOMETHING_NEW', 'unknown', 'wait'],
  ])('%s is called "%s"', async (verdict, label, tone) => {
    const checks = [{ ...SHOWN.checks[0]!, verdict: verdict as 'PASS' }];

    const { body } = await look(scene(waiting({ shown: { checks } })));

    expect(body).toContain(`<span class="tag ${tone}">${label}</span>`);
  });

  test('a gate without checks shows none, and one whose checks were never read says so', async () => {
    const manual = await look(scene(waiting({ rule: RULES.MANUAL, shown: { checks: [] } })));
    const unread = await look(scene(waiting({ shown: { checks: [] } })));

    expect(manual.body).not.toContain('id="checks"');
    expect(unread.words).toContain('Checks No check has been read yet.');
  });

  test.each([
    ['MANUAL', false],
    ['GUARDED', false],
    ['AUTOMATED', false],
    ['AUTOMATED_ELSE_PEOPLE', true],
  ] as const)('people are asked because the checks cannot tell: rule %s, told %s', async (kind, isTold) => {
    const { words } = await look(scene(waiting({ rule: RULES[kind] })));

    expect(words.includes('The checks could not tell whether it is healthy, so people decide.')).toBe(isTold);
  });

  test('people are asked because a check failed: the page says which one, and which passed', async () => {
    const [check] = SHOWN.checks;
    const checks = [
      { ...check!, title: 'http health', verdict: 'PASS', reason: 'answered 200' } as const,
      { ...check!, title: 'change set of shop-prod', verdict: 'FAIL', reason: '1 REPLACED (Table <b>Orders)' } as const,
    ];
    const { words, body } = await look(scene(waiting({ rule: RULES.AUTOMATED_ELSE_PEOPLE, shown: { checks } })));

    expect(words).toContain('A check failed, so people decide.');
    expect(words).toContain('http health healthy answered 200 ');
    expect(body).toContain('change set of shop-prod');
    expect(body).toContain('1 REPLACED (Table &lt;b&gt;Orders)');
    expect(body).not.toContain('Approve is locked');
  });

  test('an automated gate takes no answers by link, and asks nobody', async () => {
    const { words, body } = await look(scene(waiting({ rule: { ...RULES.AUTOMATED, checks: CHECKS } })));

    expect(words).toContain('This gate does not take answers by link.');
    expect(body).not.toContain('id="people"');
    expect(body).not.toContain('name="verdict"');
  });
});

describe('one’s own answer on the page', () => {
  const status = (s: Scene, submitted: string) =>
    site(s).ask({ path: `/r/${REQUEST}/status`, form: { ...form(s), submitted } });
  const counted = (verdict: 'APPROVE' | 'REJECT', more = {}) => {
    const s = scene();
    return { ...s, votes: [...s.votes, vote(BO, verdict, { seq: 1_000, ...more })] };
  };

  test('a vote is counted, and may be changed', async () => {
    const { words, body } = await look(counted('REJECT', { comment: 'not today' }));

    expect(words).toContain(
      'Recorded: you rejected it. It is counted. You can change your mind until the gate has its outcome.',
    );
    expect(words).toContain('bo@example.com (you) “not today” rejected');
    expect(body).toContain('<h2 id="decide">Change your answer</h2>');
    expect(body).toContain('<main data-phase="answered"');
    expect(body).toContain('<div class="note bad">');
  });

  test('a yes is one of those needed', async () => {
    const { words, body } = await look(counted('APPROVE'));

    expect(words).toContain('2 of 2 approvals so far.');
    expect(body).toContain('<i class="on"></i><i class="on"></i></span');
    expect(body).toContain('<div class="note good">');
  });

  test('a yes to an older view does not count, and the form asks again', async () => {
    const { words, body } = await look(counted('APPROVE', { current: false }));

    expect(words).toContain(
      'Your approval does not count: the page had changed before your approval arrived. Please look and answer again.',
    );
    expect(words).toContain('1 of 2 approvals so far.');
    expect(words).toContain('bo@example.com (you) approved an older view');
    expect(body).toContain('<main data-phase="open"');
  });

  test('a no counts, whatever was shown', async () => {
    expect((await look(counted('REJECT', { current: false }))).words).toContain(
      'Recorded: you rejected it. It is counted.',
    );
  });

  test('the yes of somebody without a vote is none of those needed', async () => {
    const s = scene();

    expect((await look({ ...s, votes: [...s.votes, vote(CY, 'APPROVE')] })).words).toContain('1 of 2 approvals');
  });

  test('status changes nothing, and knows what was just sent before it is counted', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const page = await ask({ path: `/r/${REQUEST}/status`, form: { ...form(s), submitted: `APPROVE@${NOW}` } });

    expect(wordsOf(page)).toContain('Recorded: you approved it. It is being counted.');
    expect(page.body).toContain(`<input type="hidden" name="submitted" value="APPROVE@${NOW}" />`);
    expect(store.puts).toEqual([]);
  });

  test.each([
    ['older than the vote', 'APPROVE@999', 'you rejected it. It is counted.'],
    ['with the vote’s own sequence number', 'APPROVE@1000', 'you rejected it. It is counted.'],
    ['newer than the vote', 'APPROVE@1001', 'you approved it. It is being counted.'],
    ['that is junk', 'APPROVE@1001x', 'you rejected it. It is counted.'],
    ['that is junk before it', 'xAPPROVE@1001', 'you rejected it. It is counted.'],
    ['of another kind', 'REVOKE@1001', 'you rejected it. It is counted.'],
  ])('an answer %s', async (_, submitted, words) => {
    expect(wordsOf(await status(counted('REJECT'), submitted))).toContain(words);
  });

  test('a page that sent nothing has nothing to say about it', async () => {
    expect((await look(scene())).body).not.toContain('name="submitted"');
  });
});

describe('safety of the page', () => {
  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'PATCH'])('%s writes nothing', async (method) => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ method, query: query(s) });
    await ask({ method, query: query(s), path: `/r/${REQUEST}/revoke`, form: form(s) });
    await ask({ method, query: query(s), form: form(s) });

    expect(store.puts).toEqual([]);
  });

  test('every answer carries the headers that keep the secret in', async () => {
    const s = scene();
    const { ask } = site(s);
    const failing = new MemoryStore(s);
    failing.load = () => Promise.reject(new RangeError('no table'));
    const answers = [
      await ask({ query: query(s) }),
      await ask({ query: 'by=x' }),
      await ask({ path: '/favicon.ico' }),
      await ask({ form: form(s) }),
      await ask({ form: form(s), headers: { origin: 'https://evil.example' } }),
      await ask({ form: form(s, { comment: 'x'.repeat(99_999) }) }),
      await reviewHandler(() => failing)(httpEvent({ form: form(s) })),
    ];

    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 404, 404, 200, 403, 413, 500]);
    for (const { headers } of answers) {
      expect(headers).toEqual({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
        ),
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-robots-tag': 'noindex, nofollow',
        'strict-transport-security': 'max-age=31536000',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      });
    }
    expect(logLines()).toContainEqual({
      level: 'ERROR',
      message: 'the review page failed',
      error: 'RangeError',
    });
  });

  test.each([
    ['javascript:alert(1)', false],
    ['http://plain.example/x', false],
    ['https://user@example.com/', false],
    ['https://:password@example.com/', false],
    [`https://example.com/${'x'.repeat(2_000)}`, false],
    ['not an address', false],
    ['https://example.com/x', true],
  ])('%s as a link: %s', async (url, isLink) => {
    const revisions = [{ name: 'S', id: '1', message: 'm', url }];

    const { body, words } = await look(scene(waiting({ run: { revisions, reviewUrl: url } })));

    expect(body.includes(`href="${url}"`)).toBe(isLink);
    expect(words.includes(`Review: ${url.slice(0, 290)}`)).toBe(!isLink);
    expect(body).not.toMatch(/href="(javascript|http:)/);
  });

  test('revisions without message, author, address or any of them', async () => {
    const bare = await look(scene(waiting({ run: { revisions: [{ name: 'S', id: 'v1' }], reviewUrl: undefined } })));
    const none = await look(scene(waiting({ run: { revisions: [], text: undefined, startedBy: undefined } })));

    expect(bare.words).toContain('The change No message v1 · S Totals were off');
    expect(bare.words).not.toMatch(/Review:|See what changed|Open the review page|whole message/);
    expect(none.words).toContain('The change CodePipeline does not name a revision for this run.');
    expect(none.words).toContain(`Run ${RUN.executionId}, asked`);
    expect(none.body).not.toContain('class="well text"');
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
        const request = waiting({
          run: {
            text: reason,
            reviewUrl: message,
            startedBy: author,
            kind: { type: 'ROLLBACK', automatic: true, proven: false, target: author },
            revisions: [{ name: author, id: reason, message, author, url: reason }],
            serving: [{ name: author, id: reason, message }],
            onReject: { kind: 'GOES_BACK', to: [{ name: author, id: reason, message }] },
          },
          shown: { checks: [{ id: 'a', title: message, reason: author, verdict: 'PASS', observeOnly: false }] },
        });
        const s = scene(
          { ...request, asked: { ...request.asked, pipeline: message, stage: author }, consoleOnly: reason },
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
