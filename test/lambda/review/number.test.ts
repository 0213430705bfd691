import fc from 'fast-check';
import { shownNumber } from '../../../lambda/signing/link-key';
import { form, quietLog, site, wrongNumber } from './ask';
import { BO, EVIDENCE, REQUEST, scene, seedOf } from './fixture';

quietLog();

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
