/** The page of the rehearsal, without a browser. */
import { pageApp } from '../../page/server';
import { sharedAssembly } from '../support/shared-assembly';
import { Rehearsal } from '../../scenario/rehearsal';
import { World } from '../../world';

const HOST = '127.0.0.1:4400';
const ORIGIN = `http://${HOST}`;

describe('the page', () => {
  let rehearsal: Rehearsal;
  let app: ReturnType<typeof pageApp>;

  beforeAll(async () => {
    rehearsal = new Rehearsal(await World.create(await sharedAssembly()));
    app = pageApp(rehearsal, () => [HOST]);
  }, 120_000);

  afterAll(() => rehearsal.close());

  const get = (headers: Record<string, string> = {}) => app.request('/', { headers: { host: HOST, ...headers } });
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      headers: { host: HOST, origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    });

  test('shows the stages of the pipeline, and that nothing has happened', async () => {
    const response = await get();
    const html = await response.text();

    expect(response.status).toBe(200);
    for (const text of ['shop-release', 'Staging', 'Healthy', 'No mail yet', 'No change has been pushed yet']) {
      expect(html).toContain(text);
    }
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['without an origin', { origin: '' }],
    ['from another site', { origin: 'https://evil.example.com' }],
    ['from another port', { origin: 'http://127.0.0.1:1' }],
    ['from a frame without origin', { origin: 'null' }],
  ])('refuses a post %s', async (_what, headers) => {
    const before = rehearsal.engine().executions.length;

    const response = await post('/push', { message: 'x', pipeline: 'shop-release' }, headers);

    expect(response.status).toBe(403);
    expect(rehearsal.engine().executions).toHaveLength(before);
  });

  test('refuses a name that only resolves to this machine', async () => {
    expect((await get({ host: 'evil.example.com' })).status).toBe(403);
    expect(
      (await post('/skip', { to: 'next' }, { host: 'evil.example.com', origin: 'http://evil.example.com' })).status,
    ).toBe(403);
  });

  test('pushes a change, skips to the gate, and has the mail with a link that works', async () => {
    expect((await post('/push', { message: '<b>Sell</b> tea', pipeline: 'shop-release', kind: 'good' })).status).toBe(
      303,
    );
    for (let turn = 0; turn < 30 && rehearsal.world.inbox.length === 0; turn += 1) {
      expect((await post('/skip', { to: 'next' })).status).toBe(303);
    }

    const html = await (await get()).text();
    expect(html).toContain('&lt;b&gt;Sell&lt;/b&gt; tea');
    expect(html).not.toContain('<b>Sell</b>');
    expect(html).toContain('waits for an answer');
    const link = /href="([^"]*key=[^"]*)"/.exec(html)?.[1]?.replace(/&amp;/g, '&') ?? '';
    expect(link.startsWith(rehearsal.world.reviewUrl)).toBe(true);
    const review = await rehearsal.world.clock.track(fetch(link));
    expect(review.status).toBe(200);
  }, 60_000);

  test('turns an alarm red and green again, and knows no others', async () => {
    const name = 'shop-prod-5xx';

    await post('/alarm', { name, state: 'ALARM' });
    expect(rehearsal.world.alarms.state(name)).toBe('ALARM');
    await post('/alarm', { name, state: 'OK' });
    expect(rehearsal.world.alarms.state(name)).toBe('OK');

    expect((await post('/alarm', { name: 'nobody', state: 'ALARM' })).status).toBe(404);
  });

  test('a skip that takes long ends by itself, and says what waits', async () => {
    const busy = rehearsal.world.clock;
    const again = (): void => void busy.schedule(busy.now() + 1, 'what never ends', again);
    again();
    const began = performance.now();

    await post('/skip', { to: '3600000' });

    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await (await get()).text()).toMatch(/went by; click again to go on\. What waits: \w+\/\w+/);
    busy.pending.filter(({ what }) => what === 'what never ends').forEach((timer) => timer.cancel());
  }, 60_000);

  test('a skip is stopped by its button, and says so', async () => {
    const { clock } = rehearsal.world;
    const again = (): void => void clock.schedule(clock.now() + 1, 'what never ends', again);
    again();

    const skip = post('/skip', { to: '3600000' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await (await get()).text()).toMatch(/Skipping: .* so far/);
    await post('/stop', {});
    await skip;

    expect(await (await get()).text()).toContain('went by; stopped.');
    clock.pending.filter(({ what }) => what === 'what never ends').forEach((timer) => timer.cancel());
  });

  test('lets an hour go by', async () => {
    const before = rehearsal.world.clock.now();

    await post('/skip', { to: '3600000' });

    expect(rehearsal.world.clock.now()).toBe(before + 3_600_000);
  });
});

test('a mail with HTML shows it beside the text: in a frame of its own, where no script runs and the link works', async () => {
  const rehearsal = new Rehearsal(
    await World.create(await sharedAssembly(undefined, { mailFrom: 'releases@example.com' })),
  );
  const app = pageApp(rehearsal, () => [HOST]);
  const get = (path: string) => app.request(path, { headers: { host: HOST } });
  try {
    const { world } = rehearsal;
    rehearsal.push({ message: 'Sell tea' });
    await world.clock.runUntil(() => world.inbox.length > 0);

    const shown = await (await get('/')).text();
    const frame = /<iframe[^>]*>/.exec(shown)?.[0] ?? '';
    expect(frame).toMatch(
      /src="\/mail\/\d"\s+sandbox="allow-popups allow-popups-to-escape-sandbox"\s+title="HTML of mail \d"/,
    );
    const mail = await get('/mail/1');
    expect(mail.headers.get('content-security-policy')).toBe(
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    );
    const link = /href="([^"]*key=[^"]*)"/.exec(await mail.text())?.[1]?.replace(/&amp;/g, '&') ?? '';
    expect(link.startsWith(world.reviewUrl)).toBe(true);
    expect((await world.clock.track(fetch(link))).status).toBe(200);
    expect((await get('/mail/99')).status).toBe(404);
    expect((await get('/')).headers.get('content-security-policy')).toContain("frame-src 'self'");
  } finally {
    await rehearsal.close();
  }
}, 120_000);

test('an app without a workflow has a page, too, and its mails lead where they say', async () => {
  const rehearsal = new Rehearsal(await World.create(await sharedAssembly('examples/native-gate.ts')));
  const app = pageApp(rehearsal, () => [HOST]);
  try {
    rehearsal.push({ message: 'Sell tea' });
    await rehearsal.world.clock.runUntil(() => rehearsal.world.inbox.length > 0);

    const response = await app.request('/', { headers: { host: HOST } });

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('href="https://reviews.example.com/r/');

    const [stage] = rehearsal.engine().executions[0]!.actions.filter(({ token }) => token !== undefined);
    const answer = (as: string) =>
      app.request('/answer', {
        method: 'POST',
        headers: { host: HOST, origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          pipeline: rehearsal.pipelineName,
          stage: stage!.stage,
          action: stage!.action,
          verdict: 'Approved',
          summary: 'looks good',
          as,
        }).toString(),
      });
    expect(await (await answer('ana')).text()).toContain('give an ARN such as');
    expect((await answer('arn:aws:iam::111111111111:user/ana')).status).toBe(303);
    expect(stage).toMatchObject({ status: 'Succeeded', updatedBy: 'arn:aws:iam::111111111111:user/ana' });
    expect(await (await answer('arn:aws:iam::111111111111:user/bo')).text()).toContain('CodePipeline refuses:');
  } finally {
    await rehearsal.close();
  }
}, 60_000);

test('the page says what each rule of a condition found, or waits for', async () => {
  const rehearsal = new Rehearsal(await World.create(await sharedAssembly('examples/stage-conditions.ts')));
  try {
    rehearsal.world.alarms.set('shop-incident', 'ALARM');
    rehearsal.push({ message: 'Sell tea' });
    await rehearsal.world.clock.advanceBy(5 * 60_000);
    const app = pageApp(rehearsal, () => [HOST]);
    const html = await (await app.request('/', { headers: { host: HOST } })).text();

    const said = html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(said).toContain('AlarmIsOk-shop-incident ● running before entry alarm shop-incident is ALARM');
    expect(said).toContain('Lambda-Readiness ✓ succeeded before entry releases are open');
    expect(said).toContain('DeploymentWindow ✓ succeeded on success');
  } finally {
    await rehearsal.close();
  }
}, 120_000);
