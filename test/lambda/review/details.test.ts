/** What the page says of windows, groups, fields, starts and change sets, and what it takes back from a browser. */
import type { ReadChangeSet, UnreadChangeSet } from '../../../lambda/domain/change-set';
import { shownBeside } from '../../../lambda/domain/evidence';
import type { Waiting } from '../../../lambda/domain/request';
import { seenField, whatChanged } from '../../../lambda/review/evidence-seen';
import { questionPage, type PageState } from '../../../lambda/review/question-page';
import { effectSection, peopleSection } from '../../../lambda/review/sections';
import { parseSubmitted } from '../../../lambda/review/submitted';
import { filledIn, TICKET } from '../samples';
import { form, quietLog, site, wordsIn, wordsOf } from './ask';
import { ANA, APPROVED, BO, CY, DELIVERED, ONE_OF_THEM, PEOPLE, POLICY, RULES, scene, vote, waiting } from './fixture';
import { stateOf, tagIn } from './page-state';

quietLog();

describe('what an approval does', () => {
  const window = { timeZone: 'UTC', ranges: [{ days: [1, 2], from: 540, to: 960 }] };
  const of = (more: object) => {
    const policy = { ...POLICY, rule: { ...RULES.MANUAL, people: ONE_OF_THEM }, ...more };
    return wordsIn(effectSection(waiting({ shown: { policy } })));
  };

  test('is held back by a window and by calendars, which are named', () => {
    expect(of({})).toContain('Approve Prod goes ahead with this change. Reject');
    expect(of({ window })).toMatch(/Prod goes ahead with this change\. Only in its deployment window: [^.]+\. Reject/);
    expect(of({ freezes: ['xmas', 'fair'] })).toContain(
      'Prod goes ahead with this change. Not while a change calendar is closed: xmas, fair. Reject',
    );
  });
});

describe('who was asked', () => {
  const people = (request: Waiting, votes = [vote(ANA, 'APPROVE')]): string => {
    const { question } = stateOf({}, request, { ...scene(request), votes });
    return wordsIn(peopleSection(question));
  };

  test('is told how many a group that has some still lacks', () => {
    const groups = [{ name: 'Security', quorum: 3, ids: [ANA, BO, CY] }];
    const request = waiting({ rule: { ...RULES.MANUAL, people: { ...PEOPLE, groups } } });

    expect(people(request)).toBe(
      'Who was asked Security 1 of 3 approvals so far. 2 more to go. Ana Lopez approved bo@example.com (you) no answer yet ' +
        'cy@example.com wrote this change no vote',
    );
  });

  test('has beside each approval what was filled in, and nothing beside the others', () => {
    const request = waiting({ rule: { ...RULES.MANUAL, people: { ...PEOPLE, fields: [TICKET] } } });
    const given = [vote(ANA, 'APPROVE', { ...filledIn({ ticket: 'CHG-7' }), comment: 'Fine' })];

    expect(people(request, given)).toBe(
      'Who was asked 1 of 2 approvals so far. Ana Lopez Change ticket: CHG-7 “Fine” approved ' +
        'bo@example.com (you) no answer yet cy@example.com wrote this change no vote',
    );
    const { question } = stateOf({}, request, { ...scene(request), votes: given });
    const paragraphs = String(peopleSection(question)).match(/<p class="small soft text">/g);
    expect(paragraphs).toHaveLength(3);
  });
});

describe('one’s own answer', () => {
  const rule = { kind: 'MANUAL', people: { ...ONE_OF_THEM, startLater: 'ALLOWED' } } as const;
  const page = (votes: ReturnType<typeof vote>[], more: Partial<PageState> = {}, request = waiting({ rule })): string =>
    String(questionPage(stateOf(more, request, { ...scene(request), votes })));
  const starting = (notBefore: string) => vote(BO, 'APPROVE', { details: JSON.stringify({ notBefore }) });
  const startIn = (text: string) => tagIn(text, 'input', 'name="start-date"');
  const start = (value: string) => `<input id="start" name="start-date" type="date" value="${value}">`;

  test('has its start in the form again while that is to come, unless another was typed', () => {
    const later = [starting('2026-11-24T22:00:00.000Z')];

    expect(startIn(page(later))).toBe(start('2026-11-24'));
    expect(startIn(page(later, { start: { date: '2026-11-25', time: '07:00' } }))).toBe(start('2026-11-25'));
    expect(startIn(page(later, { start: { date: '', time: '' } }))).toBe(start(''));
    expect(startIn(page([starting('2026-11-23T09:30:00.000Z')]))).toBe(start(''));
    expect(startIn(page([vote(BO, 'APPROVE')]))).toBe(start(''));
  });

  test('in an emergency is neither good nor bad', () => {
    const text = page([vote(BO, 'BREAK_GLASS')]);

    expect(text).toMatch(/<div class="note wait">\s*<p>\s*<strong>Recorded: you opened it in an emergency\.<\/strong>/);
    expect(text).toContain('<span class="tag wait">opened in an emergency</span>');
  });

  test('that lost its worth because a change set was made again says which, before and now', () => {
    const read = (id: string, says: string): ReadChangeSet => ({
      kind: 'READ',
      stack: 'shop-prod',
      name: 'release',
      id,
      says,
      changes: [],
      unlisted: 0,
    });
    const shown = shownBeside(false, [], [read('a', '1 added')]);
    const request = waiting({ rule, shown: { changeSets: [read('b', '2 added')] } });

    expect(wordsIn(page([vote(BO, 'APPROVE', { current: false, shown })], {}, request))).toContain(
      'Your approval does not count any more. Please look and answer again. The change set of stack “shop-prod / release” ' +
        'was made again. Before: 1 added. Now: 2 added.',
    );
  });

  test.each([
    ['APPROVE@1@1795557600000', { verdict: 'APPROVE', seq: 1, notBefore: new Date(1_795_557_600_000).toISOString() }],
    ['REJECT@1@1795557600000', { verdict: 'REJECT', seq: 1 }],
    ['APPROVE@1', { verdict: 'APPROVE', seq: 1 }],
    ['', undefined],
    [null, undefined],
  ])('as the page sends it, %s, is read as %j', (field, submitted) => {
    expect(parseSubmitted(field)).toEqual(submitted);
  });
});

describe('change sets that an approver saw', () => {
  const unread = (stack: string, reason: string): UnreadChangeSet => ({
    kind: 'UNREAD',
    stack,
    name: 'release',
    reason,
  });
  const showing = (...changeSets: UnreadChangeSet[]) => waiting({ shown: { changeSets } });
  const HERE = 'The change set of stack “b / release” is another.';

  test('are compared by their names, and by what they say', () => {
    const before = seenField(showing(unread('a', 'no answer'), unread('b', 'denied')));

    expect(whatChanged(before, showing(unread('a', 'no answer'), unread('b', 'gone')))).toEqual([
      `${HERE} Before: could not be read: denied. Now: could not be read: gone.`,
    ]);
  });

  test.each(['[["b / release",1,"x"]]', '[["b / release","x",1]]', '[[1,"x","y"]]', '["b / release"]', '[null]', '7'])(
    '%s is not believed to be one',
    (sets) => {
      const [change, serving] = JSON.parse(seenField(waiting())) as [string, string];
      const { checks: _, ...rest } = showing(unread('b', 'gone')).shown;
      const request = waiting({ shown: { ...rest, checks: [] } });

      expect(whatChanged(`["${change}","${serving}",0,{},${sets}]`, request)).toEqual([
        `${HERE} Now: could not be read: gone.`,
      ]);
    },
  );
});

test('a review whose form lacks its fields is asked for them, and its page stays empty', async () => {
  const request = {
    ...DELIVERED,
    outcome: { ...APPROVED, by: 'BREAK_GLASS' },
    followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA] },
  } as const;
  const s = scene(request, { reviewAskedAt: '2026-11-23T09:21:00.000Z' });
  const { by, key, evidence } = form(s);
  const { ask, store } = site(s);
  const page = await ask({ form: { by, key, evidence, verdict: 'REVIEWED' } });

  expect(page.statusCode).toBe(422);
  expect(wordsOf(page)).toContain('Type the number that is shown above the field.');
  expect(wordsOf(page)).toContain('What did you find? (required) Say what you found: it stands in the record.');
  expect((await ask({ form: { by, key, verdict: 'REVIEWED' } })).statusCode).toBe(422);
  expect(store.puts).toEqual([]);
});
