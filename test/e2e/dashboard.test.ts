/** The dashboard of the reference app, over the bundled functions and the roles of its template. */
import type { RecordExport } from '../../contract/record';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { thoroughly } from '../../rehearsal/test/support/thorough';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { DashboardClient } from '../../rehearsal/approval-gates/dashboard';

const GATE = 'Prod/Approve';
const ANA = 'ana@example.com';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let rehearsal: Rehearsal;
let steps: Steps;
let ana: DashboardClient;

beforeEach(async () => {
  rehearsal = new Rehearsal(await World.create(await sharedAssembly()), 'shop-release');
  steps = new Steps(rehearsal);
  ana = new DashboardClient(rehearsal.world, ANA);
});

afterEach(() => rehearsal.close());

const run = (step: object) => steps.run(step as Step);
const later = (milliseconds: number) => rehearsal.world.clock.advanceBy(milliseconds);

async function ask(message: string): Promise<void> {
  rehearsal.push({ message, author: 'dora' });
  await run({ wait: { until: { gate: { [GATE]: 'asks' } }, within: 4 * HOUR } });
  await later(MINUTE);
}

/** Until the whole run has ended. */
async function answer(verdict: 'approve' | 'reject', comment: string): Promise<void> {
  await run({ [verdict]: { gate: GATE, as: ANA, comment } });
  await run({ wait: { until: { run: verdict === 'approve' ? 'Succeeded' : 'Failed' }, within: 4 * HOUR } });
  await later(MINUTE);
}

/** The text of a part of the page. */
function part(html: string, id: string): string {
  const [, found = ''] = new RegExp(`<section[^>]*id="${id}"[^>]*>([\\s\\S]*?)</section>`).exec(html) ?? [];
  return DashboardClient.textOf(found);
}

test('shows what waits, what serves and what was decided, and follows what happens', async () => {
  await ask('Sell tea');
  const first = await ana.signIn();

  expect(first.status).toBe(200);
  expect(part(first.html, 'live-waiting')).toMatch(
    /Waiting 1 .*shop-release › Prod › Approve .*waiting for one approval/,
  );
  expect(part(first.html, 'live-waiting')).toMatch(/Sell tea .*You: no answer yet .*bo@example.com: no answer yet/);
  expect(part(first.html, 'live-decided')).toMatch(/Approved .*Sell tea .*Staging › Healthy by its checks/);

  await ana.settle();
  const followed = await ana.post('/dashboard/look');
  const serving = part(followed.html, 'live-serving');
  expect(serving).toMatch(/shop-release as of just now/);
  expect(serving).toMatch(/Staging Sell tea/);
  expect(serving).toMatch(/Prod waits at Approve no run has passed, as far as CodePipeline knows/);

  await answer('approve', 'Tried it on staging');
  const after = await ana.get('/dashboard');
  expect(part(after.html, 'live-waiting')).toContain('Nothing is waiting.');
  expect(part(after.html, 'live-decided')).toMatch(/Approved .*Sell tea .*Prod › Approve ana@example.com/);
  expect(part(after.html, 'live-decided')).toContain('“Tried it on staging”');
  await later(2 * MINUTE);
  await ana.post('/dashboard/look');
  await ana.settle();
  expect(part((await ana.get('/dashboard')).html, 'live-serving')).toMatch(/Prod Sell tea/);
}, 120_000);

thoroughly('the dashboard in depth')('in depth', () => {
  test('a rejected change does not serve, and the one that waits behind it is named', async () => {
    await ask('Sell tea');
    await answer('approve', '');
    await ask('Sell poison');
    await ana.signIn();
    rehearsal.push({ message: 'Sell coffee', author: 'dora' });
    await later(2 * HOUR);
    await ana.post('/dashboard/look');
    await ana.settle();

    const waiting = await ana.get('/dashboard');
    expect(part(waiting.html, 'live-serving')).toMatch(/Prod waits at Approve Sell tea .*Behind it: Sell coffee/);
    expect(part(waiting.html, 'live-waiting')).toContain('newer run waiting');

    await run({ reject: { gate: GATE, as: ANA, comment: 'Poison is not tea' } });
    await later(5 * MINUTE);
    await ana.post('/dashboard/look');
    await ana.settle();
    const after = await ana.get('/dashboard');
    expect(part(after.html, 'live-decided')).toMatch(/Rejected .*Sell poison .*Prod › Approve ana@example.com/);
    expect(part(after.html, 'live-serving')).toMatch(/Prod [^B]*Sell tea/);
  }, 120_000);

  test('one’s own link is one tap away, and still the only way to answer', async () => {
    await ask('Sell tea');
    const page = await ana.signIn();
    const [, request = ''] = /name="request" value="([0-9a-f]{32})"/.exec(page.html) ?? [];
    const before = rehearsal.world.inbox.length;

    const answered = await ana.post('/dashboard/link', { request });
    expect([answered.status, answered.headers.get('location')]).toEqual([303, '/dashboard?notice=link']);
    await ana.settle();

    const mails = rehearsal.world.inbox.slice(before);
    expect(mails.map(({ to }) => to)).toEqual([ANA]);
    expect(mails[0]?.text).toContain(`/r/${request}?by=`);
    await answer('approve', 'By the second link');
    expect(rehearsal.latest?.execution.status).toBe('Succeeded');
  }, 120_000);

  test('search and filter by pipeline, stage, person, state and time', async () => {
    await ask('Sell tea');
    await answer('reject', 'Too hot');
    await ask('Sell coffee');
    await ana.signIn();
    const found = async (query: string) => {
      const { html } = await ana.get(`/dashboard?${query}`);
      return [part(html, 'live-waiting'), part(html, 'live-decided')].join(' ');
    };

    expect(await found('q=TEA')).toContain('Sell tea');
    expect(await found('q=TEA')).not.toContain('Sell coffee');
    expect(await found('q=too+hot')).toContain('Sell tea');
    expect(await found('state=REJECTED')).toMatch(/^ ?Decided .*Sell tea/);
    expect(await found('state=REJECTED')).not.toContain('Healthy');
    expect(await found('state=WAITING')).not.toContain('Decided');
    expect(await found('stage=Staging')).not.toContain('Prod');
    expect(await found('pipeline=other')).toMatch(/No waiting request matches.*No decision matches/);
    expect(await found('person=000000000000')).toMatch(/No waiting request matches.*No decision matches/);
    expect(await found('from=2029-01-01&to=2029-12-31')).toMatch(/No waiting request matches.*No decision matches/);
    expect(await found('from=2030-01-01&to=2030-12-31')).toMatch(/Sell coffee.*Sell tea/);
  }, 120_000);

  test('the record comes as a table and as a document in a chain', async () => {
    await ask('=Sell tea');
    await answer('approve', 'Yes, "tea"');
    await ana.signIn();

    const csv = await ana.get('/dashboard/record.csv?stage=Prod');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="record-shop.csv"');
    expect(csv.html.split('\r\n')[0]).toBe(
      '"number","time","pipeline","stage","action","change","message","author","outcome","decided by","how","reasons","asked at","not before","fields","hash"',
    );
    expect(csv.html).toContain(`"'=Sell tea"`);
    expect(csv.html).not.toContain('Staging');

    const json = await ana.get('/dashboard/record.json?stage=Prod');
    const { workflow, entries } = JSON.parse(json.html) as RecordExport;
    expect(workflow).toBe('shop');
    // Whatever the page shows: a chain with holes proves nothing.
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.map(({ entry }) => entry.gate.stage)).toContain('Staging');
    entries.slice(1).forEach(({ previous }, index) => expect(previous).toBe(entries[index]?.hash));
  }, 120_000);
});

describe('nobody else', () => {
  test('gets a link to sign in, and the answer does not say so', async () => {
    const eve = new DashboardClient(rehearsal.world, 'eve@example.com');
    const unknown = await eve.post('/dashboard/sign-in', { mail: 'eve@example.com' });
    const known = await ana.post('/dashboard/sign-in', { mail: ANA });
    await ana.settle();

    expect(unknown.html).toBe(known.html);
    expect(rehearsal.world.inbox.filter(({ subject }) => subject.includes('Sign in')).map(({ to }) => to)).toEqual([
      ANA,
    ]);
  });

  test('sees anything, with a link that was used, with no cookie or with another one', async () => {
    await ask('Sell tea');
    const mails = rehearsal.world.inbox.length;
    await ana.signIn();
    const link = new URL(ana.linkIn(mails) ?? '');
    const eve = new DashboardClient(rehearsal.world, 'eve@example.com');

    const again = await eve.post('/dashboard/session', Object.fromEntries(link.searchParams));
    expect(again.status).toBe(303);
    await eve.settle();
    for (const path of ['/dashboard', '/dashboard?turn=3', '/dashboard/record.csv', '/dashboard/record.json']) {
      const seen = await eve.get(path);
      expect(seen.status).toBe(401);
      expect(seen.html).not.toContain('Sell tea');
    }
    expect((await eve.post('/dashboard/look')).status).toBe(401);
    expect((await eve.post('/dashboard/link', { request: '0'.repeat(32) })).status).toBe(401);
  }, 60_000);

  test('sees anything once the session’s owner has signed out', async () => {
    await ana.signIn();
    const copy = new DashboardClient(rehearsal.world, ANA);
    Object.assign(copy, { cookie: Reflect.get(ana, 'cookie') });
    expect((await copy.get('/dashboard')).status).toBe(200);

    await ana.post('/dashboard/sign-out');
    await ana.settle();
    expect((await copy.get('/dashboard')).status).toBe(401);
    expect((await ana.get('/dashboard')).status).toBe(401);
  }, 60_000);

  test('sees anything after eight hours', async () => {
    await ana.signIn();
    await later(8 * HOUR);

    expect((await ana.get('/dashboard')).status).toBe(401);
  }, 60_000);

  test('may post from another site', async () => {
    await ana.signIn();
    const foreign = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' };

    expect((await ana.post('/dashboard/sign-out', {}, foreign)).status).toBe(403);
    expect((await ana.post('/dashboard/look', {}, foreign)).status).toBe(403);
    await ana.settle();
    expect((await ana.get('/dashboard')).status).toBe(200);
  }, 60_000);

  test('who is not declared any more sees anything, from that moment', async () => {
    await ana.signIn();
    const { clock, faults } = rehearsal.world;
    faults.hide('/approval-gates/shop/people/0', clock.now() + HOUR);

    expect((await ana.get('/dashboard')).status).toBe(401);
  }, 60_000);
});

test('a GET changes nothing', async () => {
  await ask('Sell tea');
  await ana.signIn();
  const writes = () => rehearsal.world.calls.filter(({ operation }) => /Put|Update|Delete/.test(operation)).length;
  const before = writes();
  for (const path of ['/dashboard', '/dashboard?q=x', '/dashboard/sign-in', '/dashboard/record.csv', '/dashboard/x']) {
    await ana.get(path);
    await ana.get(path, 'HEAD');
  }

  expect(writes()).toBe(before);
}, 60_000);

test('a page takes five reads', async () => {
  await ask('Sell tea');
  await ana.signIn();
  const reads = () =>
    rehearsal.world.calls.filter(({ operation }) => /Query|GetParametersByPath/.test(operation)).length;
  const before = reads();
  await ana.get('/dashboard');

  expect(reads() - before).toBe(5);
}, 60_000);
