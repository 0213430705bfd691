/** The form by which one person opens a gate alone: who gets it, and what it takes. */
import { form, quietLog, site, wordsOf, wrongNumber } from './ask';
import { BO, EVIDENCE, NOW, PEOPLE, query, RULES, scene, SHOWN, POLICY, vote, waiting } from './fixture';
import type { Invitation } from '../../../lambda/domain/vote';
import type { Shown } from '../../../lambda/domain/request';
import type { PeopleRule } from '../../../contract/policy';

quietLog();

const named = (more: Partial<PeopleRule> = {}) => ({
  ...RULES.GUARDED,
  people: { ...PEOPLE, breakGlass: [BO], ...more },
});
/** Its checks are red, and Bo may open it. */
function request(more: Partial<Shown> = {}, mayBreakGlass: readonly string[] = [BO], rule = named()) {
  const checks = [{ id: 'a', title: 'a', reason: '', verdict: 'FAIL', observeOnly: false }] as const;
  return waiting({ run: { mayBreakGlass }, shown: { checks, ...more }, rule });
}
const sceneOf = (bo: Partial<Invitation> = {}, of = request()) => scene(of, bo);
const emergency = (s: ReturnType<typeof sceneOf>, more: Readonly<Record<string, string>> = {}) =>
  form(s, { verdict: 'BREAK_GLASS', comment: 'Customers are ill', ...more });
const see = (s: ReturnType<typeof sceneOf>) => ({ query: query(s) });

describe('the section', () => {
  test('says what it overrides, and that everybody is told', async () => {
    const s = sceneOf();
    const page = wordsOf(await site(s).ask(see(s)));

    expect(page).toContain('In an emergency Open this gate now, alone');
    expect(page).toContain('without the approvals that it asks for, and without its checks.');
    expect(page).toContain('Everybody who was asked is told that it was you, and why.');
  });

  test('names window and calendars where the gate has them', async () => {
    const policy = { ...POLICY, rule: named(), freezes: ['freeze'] };
    const s = sceneOf({}, request({ policy }));

    expect(wordsOf(await site(s).ask(see(s)))).toContain('and without its deployment window or a change calendar');
  });

  test.each<[string, ReturnType<typeof sceneOf>]>([
    ['whoever the policy does not name', sceneOf({}, request({}, [BO], named({ breakGlass: [] })))],
    ['whoever was named after the request had asked', sceneOf({}, request({}, []))],
    ['a shared mailbox', sceneOf({ shared: true })],
  ])('is not shown to %s, whose answer is refused', async (_, s) => {
    const { ask, store } = site(s);

    expect(wordsOf(await ask(see(s)))).not.toContain('In an emergency');
    const page = await ask({ form: emergency(s) });
    expect(page.statusCode).toBe(422);
    expect(wordsOf(page)).toContain('You cannot open this gate alone.');
    expect(store.puts).toEqual([]);
  });

  test('is shown to whoever has no vote besides, who cannot approve', async () => {
    const s = sceneOf({ excluded: 'wrote this change' });
    const { ask, store } = site(s);
    const page = wordsOf(await ask(see(s)));

    expect(page).toContain('You have no vote on this change: you wrote this change');
    expect(page).toContain('Open this gate now, alone');
    expect(page).not.toContain('Your answer');
    expect((await ask({ form: form(s) })).statusCode).toBe(422);
    expect(store.puts).toEqual([]);
  });
});

describe('an answer', () => {
  test('is recorded although Approve is locked and its giver has no vote, and the page says so', async () => {
    const s = sceneOf({ excluded: 'wrote this change' });
    const { ask, store } = site(s);
    const page = await ask({ form: emergency(s) });

    expect(page.statusCode).toBe(200);
    expect(store.puts).toMatchObject([{ verdict: 'BREAK_GLASS', comment: 'Customers are ill', evidence: EVIDENCE }]);
    expect(wordsOf(page)).toContain('Recorded: you opened it in an emergency.');
    expect(page.body).toContain(`value="BREAK_GLASS@${NOW}"`);
  });

  test.each<[string, Record<string, string>, string, string | undefined]>([
    ['a reason', { comment: ' ' }, 'Say what the emergency is', undefined],
    ['the number', { number: '' }, 'Type the number', undefined],
    ['the right number', { number: 'WRONG' }, 'That is not the number shown', 'WRONG_NUMBER'],
  ])('without %s is not one, and what was typed stays in its form', async (_, more, problem, put) => {
    const s = sceneOf();
    const { ask, store } = site(s);
    const wrong = more['number'] === 'WRONG' ? { number: wrongNumber(s) } : more;
    const page = await ask({ form: emergency(s, wrong) });

    expect(page.statusCode).toBe(422);
    expect(wordsOf(page)).toContain(problem);
    expect(page.body).toContain('<details open>');
    expect(store.puts.map(({ verdict }) => verdict)).toEqual(put === undefined ? [] : [put]);
    const [, answer = ''] = /<form id="answer"([\s\S]*?)<\/form>/.exec(page.body ?? '') ?? [];
    expect(answer).not.toContain('Customers are ill');
  });

  test('to what was shown before is refused with what is different', async () => {
    const s = sceneOf();
    const { ask, store } = site(s);
    const page = await ask({ form: emergency(s, { evidence: 'f'.repeat(64) }) });

    expect(page.statusCode).toBe(409);
    expect(store.puts).toEqual([]);
    expect(wordsOf(page)).toContain('This has changed since you looked. Nothing was recorded.');
  });

  test('that was kept is told as being counted', async () => {
    const s = { ...sceneOf({ excluded: 'wrote this change' }), votes: [vote(BO, 'BREAK_GLASS')] };

    expect(wordsOf(await site(s).ask(see(s)))).toContain('It is counted.');
  });
});

test('before anybody is asked there is nothing to answer, but an emergency may come', async () => {
  const { asking: _, ...watched } = waiting({
    run: { mayBreakGlass: [BO] },
    shown: { ...SHOWN, policy: { ...POLICY, rule: { ...named(), kind: 'AUTOMATED_ELSE_PEOPLE' } } },
  });
  const s = scene(watched);
  const { ask, store } = site(s);
  const page = wordsOf(await ask(see(s)));

  expect(page).toContain('Nobody is asked yet: the checks decide.');
  expect((await ask({ form: form(s) })).statusCode).toBe(422);
  expect((await ask({ form: emergency(s) })).statusCode).toBe(200);
  expect(store.puts.map(({ verdict }) => verdict)).toEqual(['BREAK_GLASS']);
});
