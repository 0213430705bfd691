import { shownBeside } from '../../../lambda/domain/evidence';
import type { ChangeSetView, ReadChangeSet } from '../../../lambda/domain/change-set';
import { changedSince, seenField, whatChanged } from '../../../lambda/review/evidence-seen';
import { sha256 } from '../../../lambda/signing/link-key';
import { form, quietLog, site, wordsOf } from './ask';
import { RUN, SERVING, SHOWN, WAITING, query, scene, waiting } from './fixture';

quietLog();

const before = seenField(WAITING);
const UNKNOWN = ['What this page shows has changed since you opened it.'];
const [alarm, health, latency] = SHOWN.checks;

describe('what is different from what an approver saw', () => {
  test.each([
    [{ run: { revisions: [{ ...RUN.revisions[0]!, id: 'other' }] } }, ['The change itself is a different one now.']],
    [{ run: { serving: [] } }, ['A different version is live there now.']],
    [{ shown: { newerRunWaiting: true } }, ['A newer run is waiting behind this one.']],
    [
      { shown: { checks: [alarm!, { ...health!, verdict: 'FAIL' as const }, latency!] } },
      ['The check “GET https://staging.shop.example.com/health” was “healthy” and is “failing” now.'],
    ],
    [
      { shown: { checks: [...SHOWN.checks, { ...alarm!, id: 'new', title: 'alarm new' }] } },
      ['The check “alarm new” is new and is “healthy” now.'],
    ],
    [
      { run: { serving: [] }, shown: { newerRunWaiting: true } },
      ['A different version is live there now.', 'A newer run is waiting behind this one.'],
    ],
    [{ shown: { evidence: sha256('x') } }, UNKNOWN],
  ])('%j', (more, sentences) => {
    expect(whatChanged(before, waiting(more))).toEqual(sentences);
  });

  test('a newer run that is gone', () => {
    expect(whatChanged(seenField(waiting({ shown: { newerRunWaiting: true } })), WAITING)).toEqual([
      'No newer run is waiting any more.',
    ]);
  });

  test.each([
    '',
    'null',
    '{}',
    '{',
    '["x"]',
    '["x","y",0]',
    '["x","y",0,null]',
    '["x","y",0,"z"]',
    '[1,"y",0,{}]',
    '["x",1,0,{}]',
    `${' '.repeat(4_001)}["x","y",0,{}]`,
  ])('%j from the browser is believed as little as anything else', (field) => {
    expect(whatChanged(field, WAITING)).toEqual(UNKNOWN);
  });

  test('a field of the greatest length is read, and what is no text in it is left out', () => {
    const field = `["x","y",0,{"health":1,"latency":"PASS"}]`.padEnd(4_000);

    expect(whatChanged(field, WAITING)).toEqual([
      'The change itself is a different one now.',
      'A different version is live there now.',
      'The check “alarm shop-staging-5xx” is new and is “healthy” now.',
      'The check “GET https://staging.shop.example.com/health” is new and is “healthy” now.',
      'The check “alarm shop-staging-p99” was “healthy” and is “cannot tell” now.',
    ]);
  });

  test('the page carries it, and is shown again with what changed instead of recording an answer', async () => {
    const s = scene();
    const html = (await site(s).ask({ query: query(s) })).body ?? '';
    const seen = (/name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&quot;', '"');
    const later = waiting({ run: { serving: [SERVING, SERVING] }, shown: { evidence: sha256('new') } });

    const page = await site({ ...s, request: later }).ask({ form: { ...form(s), seen } });

    expect(seen).toBe(before);
    expect(page.statusCode).toBe(409);
    expect(wordsOf(page)).toContain(
      'This has changed since you looked. Nothing was recorded. A different version is live there now. ' +
        'Look again and, if you still want to, answer with the new number.',
    );
  });
});

describe('change sets', () => {
  const read = (id: string, says: string): ReadChangeSet => ({
    kind: 'READ',
    stack: 'shop-prod',
    name: 'release',
    id,
    says,
    changes: [],
    unlisted: 0,
  });
  const unread: ChangeSetView = { kind: 'UNREAD', stack: 'shop-prod', name: 'release', reason: 'no answer' };
  const showing = (...changeSets: ChangeSetView[]) => waiting({ shown: { changeSets } });

  test.each<[string, ChangeSetView, ChangeSetView, string]>([
    [
      'made again',
      read('a', '1 added'),
      read('b', '1 REMOVED (Bucket Pictures)'),
      'The change set of stack “shop-prod / release” was made again. Before: 1 added. Now: 1 REMOVED (Bucket Pictures).',
    ],
    [
      'that could not be read before',
      unread,
      read('b', '1 added'),
      'The change set of stack “shop-prod / release” is another. Before: could not be read: no answer. Now: 1 added.',
    ],
    [
      'that cannot be read any more',
      read('a', '1 added'),
      unread,
      'The change set of stack “shop-prod / release” is another. Before: 1 added. Now: could not be read: no answer.',
    ],
  ])('%s', (_what, then, now, sentence) => {
    expect(whatChanged(seenField(showing(then)), showing(now))).toEqual([sentence]);
    expect(whatChanged(seenField(showing(then)), showing(then))).toEqual(UNKNOWN);
  });

  test('twenty of the longest leave room for the rest of the form, which is read all the same', () => {
    const many = Array.from({ length: 20 }, (_, n) => ({
      ...read(`${n}`, '&'.repeat(400)),
      stack: `${n}-${'s'.repeat(125)}`,
    }));
    const field = seenField(showing(...many));

    expect(field.length).toBeLessThan(4_000);
    expect(whatChanged(field, showing({ ...many[0]!, id: 'other' }))[0]).toContain('was made again');
  });

  test('that somebody approved and that were made again since are told to whoever approved', () => {
    const { changeSets } = shownBeside(false, [], [read('a', '1 added')]);
    const shown = { newerRunWaiting: false, verdicts: [], ...(changeSets === undefined ? {} : { changeSets }) };

    expect(changedSince(shown, showing(read('b', '2 added')))).toEqual([
      'The change set of stack “shop-prod / release” was made again. Before: 1 added. Now: 2 added.',
    ]);
    expect(changedSince(shown, showing(read('a', '1 added')))).toEqual([]);
    expect(changedSince(shown, showing(unread))).toEqual([]);
    expect(changedSince(undefined, showing(read('a', '1 added')))).toEqual([]);
  });

  test('tell of a weaker gate that its giver was not told of', () => {
    const proposed = { policy: SHOWN.policy, hash: 'a', after: 1, weakens: ['quorum 2 → 1'] };
    const request = { ...WAITING, shown: { ...SHOWN, proposed } };

    expect(changedSince(shownBeside(false, []), request)).toEqual([
      'This gate is being weakened, in another way than when you approved.',
    ]);
    expect(changedSince(shownBeside(false, [], undefined, proposed), request)).toEqual([]);
  });

  test.each(['[["x"]]', '[1]', '{}', '[["a","b",1]]', 'null'])('%s from the browser is left out', (sets) => {
    expect(whatChanged(`["x","y",0,{},${sets}]`, showing(read('a', '1 added')))).toContain(
      'The change set of stack “shop-prod / release” is another. Now: 1 added.',
    );
  });
});
