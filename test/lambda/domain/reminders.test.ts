import fc from 'fast-check';
import { isOwed, remindersOf } from '../../../lambda/domain/reminders';
import { at, GATE, hours, runOf, START } from '../samples';

const sharesOf = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 5 })
  .map((all) => [...all].sort((one, other) => one - other).map((thousandths) => thousandths / 1000));
const request = (length: number) => ({
  asked: { ...GATE, at: START, by: 'NOTIFICATION' } as const,
  asking: { since: START },
  run: runOf({ deadline: at(length) }),
});

test('whenever somebody looks, nobody gets more reminders than have become due, or one before its time', () => {
  const looksAt = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
  fc.assert(
    fc.property(sharesOf, fc.integer({ min: 3600, max: 60 * 86_400 }), looksAt, (shares, length, looks) => {
      const sent: string[] = [];
      for (const look of [...looks].sort((one, other) => one - other)) {
        const seconds = Math.floor(look * length);
        const { due } = remindersOf(request(length), shares, at(seconds));
        if (due !== undefined && isOwed({ sentAt: START, remindedAt: sent.at(-1) as string }, due)) {
          expect(due <= at(seconds)).toBe(true);
          sent.push(at(seconds));
        }
        expect(sent.length).toBeLessThanOrEqual(shares.filter((share) => share * length <= seconds + 0.001).length);
      }
    }),
  );
});

test('somebody who looks again whenever a reminder is due finds each of them', () => {
  fc.assert(
    fc.property(sharesOf, fc.integer({ min: 3600, max: 60 * 86_400 }), (shares, length) => {
      const times: string[] = [];
      for (let { next } = remindersOf(request(length), shares, START); next !== undefined;) {
        times.push(next);
        const found = remindersOf(request(length), shares, next);
        expect(found.due).toBe(next);
        next = found.next;
      }
      expect(times).toHaveLength(shares.length);
    }),
  );
});

test('there is none before people are asked, and one at half of the time where nobody chose', () => {
  const { asking: _asking, ...unasked } = request(hours(24));

  expect(remindersOf(unasked, [0.5], at(hours(13)))).toEqual({});
  expect(remindersOf(request(hours(24)), undefined, at(1))).toEqual({ next: at(hours(12)) });
});
