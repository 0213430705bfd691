/** When a request is looked at again. */
import type { WaitingFacts } from '../../../lambda/domain/facts';
import { plan } from '../../../lambda/domain/plan';
import type { Waiting } from '../../../lambda/domain/request';
import { ANA, at, days, hours, minutes, peopleRule, runOf } from '../samples';
import { ASKING, health, invitation, judged, waiting } from './plan-fixture';

describe('the next look', () => {
  const next = (facts: WaitingFacts, seconds: number) => plan(facts, at(seconds)).next;
  const long = { ...ASKING, run: runOf({ deadline: at(days(7)) }) };

  test('is in six hours at the latest', () => {
    expect(next(waiting({}, long), 10)).toBe(at(10 + hours(6)));
  });

  test('is when a check is due', () => {
    const facts = waiting({ judged: judged('AUTOMATED', [], health('RUNNING', at(70))) });

    expect(next(facts, 10)).toBe(at(70));
    expect(next(waiting({ judged: judged('GUARDED', [], health('RUNNING', at(70))) }, long), 10)).toBe(at(70));
  });

  test('is never sooner than five seconds', () => {
    const facts = waiting({ judged: judged('AUTOMATED', [], health('RUNNING', at(3))) });

    expect(next(facts, 10)).toBe(at(15));
  });

  test('is at the next reminder', () => {
    const facts = waiting(
      { judged: judged('MANUAL', [], health('PASS'), peopleRule({ reminders: [0.1, 0.2] })) },
      ASKING,
    );

    expect(next(facts, 0)).toBe(at(hours(2.4)));
    expect(next(facts, hours(2.4))).toBe(at(hours(4.8)));
    expect(next(facts, hours(4.8))).toBe(at(hours(10.8)));
  });

  test('is at half of the time, to remind', () => {
    expect(next(waiting({}, ASKING), hours(11))).toBe(at(hours(12)));
    expect(next(waiting({}, ASKING), hours(12))).toBe(at(hours(18)));
  });

  test('is a minute after the deadline', () => {
    expect(next(waiting({}, ASKING), hours(23))).toBe(at(days(1) + 60));
  });

  test('is soon for a mailbox that is not confirmed, then less and less soon', () => {
    const invitations = [invitation(ANA, { sentAt: undefined as never, mailbox: 'pending' })];

    expect(next(waiting({ invitations }), 0)).toBe(at(minutes(15)));
    expect(next(waiting({ invitations }, long), minutes(30))).toBe(at(minutes(45)));
    expect(next(waiting({ invitations }, long), hours(4))).toBe(at(hours(6)));
    expect(next(waiting({ invitations }, long), hours(20))).toBe(at(hours(26)));
  });

  describe('of a rollback about which people are asked', () => {
    const rollback = runOf({ deadline: at(days(7)), kind: { type: 'ROLLBACK', automatic: false, proven: false } });
    const elsePeople = judged('AUTOMATED_ELSE_PEOPLE', [], health('INCONCLUSIVE'));

    test('is in five minutes, to see a newer run waiting', () => {
      expect(next(waiting({ judged: elsePeople }, { ...ASKING, run: rollback }), 10)).toBe(at(310));
    });

    test.each<[string, Partial<WaitingFacts>, Partial<Waiting>]>([
      ['a gate of people', { judged: judged('MANUAL') }, { run: rollback }],
      ['a guarded gate', { judged: judged('GUARDED', [], health('INCONCLUSIVE')) }, { run: rollback }],
      [
        'a gate where a no goes back',
        { judged: elsePeople },
        { run: { ...rollback, onReject: { kind: 'GOES_BACK', to: [] } } },
      ],
      ['a standard run', { judged: elsePeople }, { run: { ...rollback, kind: { type: 'STANDARD' } } }],
    ])('is as ever for %s, which steps aside for nobody', (_, facts, request) => {
      expect(next(waiting(facts, { ...ASKING, ...request }), 10)).toBe(at(10 + hours(6)));
    });
  });
});
