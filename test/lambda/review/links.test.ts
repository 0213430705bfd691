import type { RequestMeta } from '../../../lambda/domain/records';
import { newSeed } from '../../../lambda/signing/link-key';
import { form, quietLog, site } from './ask';
import { ANA, BO, META, REQUEST, query, scene, seedOf } from './fixture';
import type { Ask, Scene } from './fixture';

quietLog();

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
