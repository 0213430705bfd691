import { page } from '../../page/render';
import { snapshot } from '../../page/snapshot';
import { Rehearsal } from '../../scenario/rehearsal';
import { World } from '../../world';
import { synthesize } from '../scenario/small-app';

test('the journal of the page has a date before the first line of each day', async () => {
  const rehearsal = new Rehearsal(await World.create(synthesize(), { start: '2030-01-07T12:00:00Z' }));
  try {
    rehearsal.push({ message: 'Sell tea' });
    await rehearsal.world.clock.advanceBy(2 * 86_400_000);
    rehearsal.push({ message: 'Sell coffee' });
    await rehearsal.world.clock.settle();

    const html = String(page(snapshot(rehearsal)));
    const journal = /data-part="journal">([\s\S]*?)<\/ol>/.exec(html)?.[1] ?? '';
    expect([...journal.matchAll(/class="day"><b>([^<]+)</g)].map(([, day]) => day)).toEqual([
      expect.stringContaining('9'),
      expect.stringContaining('7'),
    ]);
  } finally {
    await rehearsal.close();
  }
});
