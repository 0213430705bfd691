import fc from 'fast-check';
import { shownNumber } from '../../../lambda/signing/link-key';
import { form, quietLog, site, wordsOf, wrongNumber } from './ask';
import { BO, EVIDENCE, REQUEST, WAITING, query, scene, seedOf } from './fixture';

quietLog();

describe('the typed number', () => {
  test.each([
    [undefined, 'the first wrong number'],
    [0, 'the first wrong number'],
    [2, 'wrong number 3'],
  ])('a wrong one after %s is counted, told, and nothing else', async (wrongNumbers, words) => {
    const s = scene(WAITING, { wrongNumbers });
    const { ask, store } = site(s);

    const page = await ask({ form: form(s, { number: wrongNumber(s), comment: 'keep me' }) });

    expect(page.statusCode).toBe(422);
    expect(wordsOf(page)).toContain(
      `That is not the number shown. It was ${words} on this link; nothing else was recorded.`,
    );
    expect(page.body).toContain('keep me</textarea>');
    expect(store.puts).toMatchObject([{ verdict: 'WRONG_NUMBER', comment: '', evidence: EVIDENCE }]);
  });

  test('a wrong one is counted beside a missing reason', async () => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ form: form(s, { number: wrongNumber(s), verdict: 'REJECT' }) });

    expect(store.puts.map((row) => row.verdict)).toEqual(['WRONG_NUMBER']);
  });

  test('from fifty on a wrong one is told and not counted, and the right one still works', async () => {
    const s = scene(WAITING, { wrongNumbers: 50 });
    const { ask, store } = site(s);

    const page = await ask({ form: form(s, { number: '123' }) });
    expect(page.statusCode).toBe(422);
    expect(wordsOf(page)).toContain('It was wrong number 50 on this link');
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
    const s = scene(WAITING, { wrongNumbers });
    const { ask, store } = site(s);

    await ask({ form: form(s, {}, digits) });

    expect(store.puts.map((row) => row.verdict)).toEqual(taken ? ['APPROVE'] : []);
  });

  test('the forty-ninth is still counted', async () => {
    const s = scene(WAITING, { wrongNumbers: 49 });
    const { ask, store } = site(s);

    await ask({ form: form(s, { number: '123' }) });

    expect(store.puts).toHaveLength(1);
  });

  test('a shorter one that was right before is told apart and not counted', async () => {
    const s = scene(WAITING, { wrongNumbers: 5 });
    const { ask, store } = site(s);

    const page = await ask({ form: form(s) });

    expect(page.statusCode).toBe(422);
    expect(wordsOf(page)).toContain(
      'The number has become longer, because wrong ones were typed on this link. Type the new one.',
    );
    expect(store.puts).toEqual([]);
  });

  test.each([
    [4, 4],
    [5, 6],
    [25, 8],
  ])('after %d wrong ones the page shows %d digits', async (wrongNumbers, digits) => {
    const s = scene(WAITING, { wrongNumbers });

    const { body } = await site(s).ask({ query: query(s) });

    expect(body).toContain(`id="number-shown">${shownNumber(seedOf(s, BO), EVIDENCE, digits)}</strong>`);
  });

  test('the number of another length is wrong, even where its digits begin like the right one', async () => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ form: form(s, { number: shownNumber(seedOf(s, BO), EVIDENCE, 5) }) });

    expect(store.puts.map((row) => row.verdict)).toEqual(['WRONG_NUMBER']);
  });

  test('the fifth wrong one shows the longer number at once', async () => {
    const s = scene(WAITING, { wrongNumbers: 4 });
    const page = await site(s).ask({ form: form(s, { number: wrongNumber(s) }) });

    expect(page.body).toContain(shownNumber(seedOf(s, BO), EVIDENCE, 6));
  });

  test('spaces, hyphens and wide digits are forgiven', async () => {
    const s = scene();
    const { ask, store } = site(s);
    const [a, b, c, d] = shownNumber(seedOf(s, BO), EVIDENCE, 4)
      .split('')
      .map((x) => String.fromCharCode(x.charCodeAt(0) + 0xfee0));

    await ask({ form: form(s, { number: ` ${a}${b} -${c}${d}` }) });

    expect(store.puts.map((row) => row.verdict)).toEqual(['APPROVE']);
  });

  test('whatever junk is typed, with a live link, a vote is never the result', async () => {
    const s = scene();
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('verdict', 'number', 'comment', 'evidence', 'seen', 'submitted'),
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
