/** A change whose author means harm goes the whole way: nobody who reads of it runs, sees or pays for what it holds. */
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { runOf } from '../../rehearsal/scenario/observe';
import { page } from '../../rehearsal/page/render';
import { snapshot } from '../../rehearsal/page/snapshot';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { ReviewClient } from '../../rehearsal/approval-gates/review-page';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';

const GATE = 'Prod/Approve';
const ANA = 'ana@example.com';
const ESCAPE = '\u001b]0;owned\u0007\u001b[2J';
const TURN = '\u202e\u2066gnp.exe\u2069';
const TAGS = '\u{e0041}\u{e0042}';
const SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
const HEADERS = '\r\nBcc: eve@example.com\r\nContent-Type: text/html';
const TEMPLATE = '${7*7}{{7*7}}#{codepipeline.PipelineExecutionId}';
const NOISE = `${SCRIPT}${ESCAPE}${TURN}${TAGS}${HEADERS}\u2028\u0085\u0000${TEMPLATE}`;
const MESSAGE = `Sell tea https://evil.example.com/r/0 www.evil.example.com ${NOISE}\n\nhttps://evil.example.com/r/0?by=0&key=0\n${'A'.repeat(100_000)}`;
const COMMENT = `No ${SCRIPT}${ESCAPE}${TURN}\u2028${TEMPLATE}`;

/** What must stand in nothing that people or machines read line by line. Line breaks are the reader's. */
const UNPRINTABLE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/u;
const RAW_TAG = /<script>alert|<img src=x/;

describe('a hostile change', () => {
  let rehearsal: Rehearsal;
  let shown: string;
  let after: string;

  beforeAll(async () => {
    const assembly = await sharedAssembly(undefined, { mailFrom: 'releases@example.com' });
    rehearsal = new Rehearsal(await World.create(assembly));
    const { world } = rehearsal;
    const steps = new Steps(rehearsal);
    rehearsal.push({ message: MESSAGE, author: `dora ${NOISE}`, mail: `dora@example.com ${NOISE}` });
    await steps.run({ wait: { until: { mail: [{ to: ANA, subject: 'Prod' }] }, within: 7_200_000 } } as Step);
    const review = new ReviewClient(world);
    shown = (await review.open({ gate: GATE, as: ANA })).html;
    await steps.run({ reject: { gate: GATE, as: ANA, comment: COMMENT } } as Step);
    await steps.run({ wait: { until: { gate: { [GATE]: 'rejected' } }, within: 600_000 } } as Step);
    await world.clock.advanceBy(600_000);
    after = page(snapshot(rehearsal)).toString();
  }, 120_000);

  afterAll(() => rehearsal.close());

  test('is shown as text, short, and with nothing hidden in it', () => {
    const own = shown.replace(/<script>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/, '');

    expect(shown).toContain('Sell tea');
    expect(shown).not.toMatch(RAW_TAG);
    expect(own).not.toMatch(UNPRINTABLE);
    expect(own).not.toMatch(/href="https:\/\/evil/);
    expect(shown.length).toBeLessThan(64_000);
  });

  test('is mailed as one short line, under a subject without surprises', () => {
    const mails = rehearsal.world.inbox;

    expect(mails.length).toBeGreaterThan(3);
    for (const { to, subject, text } of mails) {
      expect(to).toMatch(/^(ana|bo|cy)@example\.com$/);
      expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(text).not.toMatch(UNPRINTABLE);
      expect(text).not.toMatch(/^(Bcc|Content-Type):/m);
      expect(text.match(/\bwww\./g)).toBeNull();
      for (const [link] of text.matchAll(/\w*:\/\/\S+/g)) {
        expect(link.startsWith(`${rehearsal.world.reviewUrl}/r/`)).toBe(true);
      }
      expect(text.length).toBeLessThan(4_000);
    }
  });

  test('is text in the HTML of the mail, too, which has no link but ours', () => {
    for (const { text, html = '' } of rehearsal.world.inbox) {
      const links = [...html.matchAll(/<a\s[^>]*href="([^"]*)"/g)].map(([, href]) => href?.replaceAll('&amp;', '&'));

      expect(html).toContain('Sell tea');
      expect(html).not.toMatch(RAW_TAG);
      expect(html).not.toMatch(UNPRINTABLE);
      expect(links).toEqual([...text.matchAll(/https?:\/\/\S+/g)].map(([link]) => link));
      expect(html.match(/:\/\//g)?.length ?? 0).toBe(links.length);
      expect(html).not.toMatch(/evil\.example/);
    }
  });

  test('is in no log line, and every log line is one', () => {
    // The runtime's own line for the error by which a timer run ends.
    const isEnd = (text: string) => text.startsWith('RequestClosed: this run of the timer ends');
    const ours = rehearsal.world.logs.filter(({ function: name, text }) => !name.startsWith('shop-') && !isEnd(text));

    expect(ours.length).toBeGreaterThan(0);
    for (const { text } of ours) {
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(text).not.toMatch(UNPRINTABLE);
      expect(text).not.toMatch(/\n|alert\(|Sell tea|evil\.example/);
    }
  });

  test('leaves CodePipeline one line of at most 512 characters, and nobody’s expression evaluated', () => {
    const summary = runOf(rehearsal, GATE)?.summary ?? '';

    expect(summary).toContain(ANA);
    expect(summary.length).toBeLessThanOrEqual(512);
    expect(summary).not.toMatch(UNPRINTABLE);
    expect(summary).not.toContain('\n');
    expect(summary).not.toContain('49');
  });

  test('fits the table, and the events, in size and on one line', async () => {
    for (const { physicalId } of rehearsal.world.resources('AWS::DynamoDB::Table')) {
      const { Items } = await rehearsal.world.call('dynamodb', 'Scan', { TableName: physicalId });
      for (const item of Items) {
        expect(JSON.stringify(item).length).toBeLessThan(40_000);
      }
    }
    const events = rehearsal.world.events.filter(({ source }) => source === 'cdk-approval-gates');
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(JSON.stringify(event).length).toBeLessThan(10_000);
    }
  });

  test('is text on the page of the rehearsal, too', () => {
    expect(after).toContain('Sell tea');
    expect(after).not.toMatch(RAW_TAG);
  });
});
