import type { PeopleRule } from '../../../contract/policy';
import { judgeStart, offersStart, typedAt } from '../../../lambda/review/start-choice';
import { BO, DEADLINE, invitation, PEOPLE, POLICY, RULES, WAITING, waiting } from './fixture';

const NOW = '2026-11-23T09:30:00.000Z';
const CLOCK = { now: NOW, timeZone: 'Europe/Berlin' };
const ME = invitation(BO, 'bo@example.com', 'A'.repeat(43));
const people: PeopleRule = { ...PEOPLE, startLater: 'ALLOWED' };
const request = waiting({ rule: { kind: 'MANUAL', people } });
const judge = (date: string, time: string, of = request, clock = CLOCK, me = ME) =>
  judgeStart({ request: of, me }, { date, time }, clock);
const problemOf = (...typed: Parameters<typeof judge>) => judge(...typed).problems.map(({ text }) => text)[0];

test('empty fields mean at once, at every gate', () => {
  expect(judge('', ' ')).toEqual({ problems: [] });
  expect(judge('', '', WAITING)).toEqual({ problems: [] });
});

test.each([
  ['2026-11-24', '23:00', '2026-11-24T22:00:00.000Z'],
  [' 2026-11-23', '10:31 ', '2026-11-23T09:31:00.000Z'],
  ['2026-11-24', '23:00:00', '2026-11-24T22:00:00.000Z'],
  ['2026-11-24', '23:00:00.000', '2026-11-24T22:00:00.000Z'],
  // Five minutes before the deadline.
  ['2026-11-25', '09:55', '2026-11-25T08:55:00.000Z'],
])('%s and %s is a time on the clock of the team', (date, time, notBefore) => {
  expect(judge(date, time)).toEqual({ notBefore, problems: [] });
});

test('the clock is that of the time zone', () => {
  const clock = { now: NOW, timeZone: 'UTC' };
  expect(judge('2026-11-24', '23:00', request, clock)).toEqual({ notBefore: '2026-11-24T23:00:00.000Z', problems: [] });
});

test.each([
  ['2026-11-24', '', /^Give both the date and the time of the start, or neither to start at once\.$/],
  ['', '22:00', /^Give both/],
  ['tonight', '22:00', /^Give the start as a date such as 2026-11-27 and a time such as 22:00\.$/],
  ['2026-11-31', '22:00', /^Give the start as a date/],
  ['2026-11-24', '24:00', /^Give the start as a date/],
  ['2026-11-24', '22:00:30', /^Give the start as a date/],
  ['2026-11-24', '2200', /^Give the start as a date/],
  ['+12026-11-24', '22:00', /^Give the start as a date/],
  // A browser says this of two digits for the year.
  ['0026-11-24', '22:00', /^Give the start as a date/],
  // The last day that a machine knows.
  ['+275760-09-13', '00:00', /^Give the start as a date/],
  ['-000001-11-24', '22:00', /^Give the start as a date/],
  [
    '2026-11-23',
    '10:30',
    /^That start is over: it is Monday 23 November 2026, 10:30 in Europe\/Berlin \(09:30 UTC\) now\. Choose a later one/,
  ],
  ['2026-11-22', '22:00', /^That start is over/],
  [
    '2026-11-25',
    '09:56',
    /^That start is too late: .* The latest is Wednesday 25 November 2026, 09:55 in Europe\/Berlin \(08:55 UTC\)\.$/,
  ],
  ['9999-11-25', '09:56', /^That start is too late/],
])('%s and %s is not', (date, time, expected) => {
  expect(judge(date, time).notBefore).toBeUndefined();
  expect(judge(date, time).problems).toEqual([{ field: 'start', text: expect.stringMatching(expected) as string }]);
});

test('an hour that a day does not have, or has twice, has to be chosen otherwise', () => {
  expect(problemOf('2027-03-28', '02:30')).toBe(
    'Clocks in Europe/Berlin are put forward then: 2027-03-28 has no 02:30. Choose another time.',
  );
  expect(problemOf('2027-10-31', '02:30')).toBe(
    'Clocks in Europe/Berlin are put back then: 2027-10-31 has 02:30 twice. Choose another time.',
  );
});

test('shortly before the deadline nothing can start later, and no latest time is named that is over', () => {
  const clock = { now: '2026-11-25T08:57:00.000Z', timeZone: 'Europe/Berlin' };
  expect(problemOf('2026-11-25', '09:58', request, clock)).toBe(
    'Nothing can start later any more, because the gate stops waiting within minutes. Leave both fields empty to start at once.',
  );
});

test('a guest chooses no start at which they have no vote any more', () => {
  const guest = { ...ME, until: '2026-11-24T17:00:00.000Z' };
  expect(judge('2026-11-24', '17:55', request, CLOCK, guest).problems).toEqual([]);
  expect(problemOf('2026-11-24', '22:00', request, CLOCK, guest)).toBe(
    'That start is too late: your time to answer ends soon after. The latest is Tuesday 24 November 2026, 17:55 in Europe/Berlin (16:55 UTC).',
  );
  const lasting = { ...guest, until: '2099-01-01T00:00:00.000Z' };
  expect(problemOf('2026-11-25', '09:56', request, CLOCK, lasting)).toContain('the gate stops waiting soon after');
});

test('a start after which the window stays shut until the end is refused', () => {
  const window = { timeZone: 'UTC', ranges: [{ days: [1, 2], from: 540, to: 960 }] };
  const policy = { ...POLICY, rule: { kind: 'MANUAL', people } as const, window };
  const of = { ...request, shown: { ...request.shown, policy } };

  expect(judge('2026-11-24', '12:00', of).problems).toEqual([]);
  expect(judge('2026-11-23', '23:00', of).problems).toEqual([]);
  expect(problemOf('2026-11-24', '18:00', of)).toBe(
    'That start is too late: the deployment window does not open between then and the end of the time.',
  );
});

test('a gate that does not offer it approves nothing at once for whoever typed a time', () => {
  expect(offersStart(request)).toBe(true);
  for (const other of [WAITING, waiting({ rule: RULES.AUTOMATED })]) {
    expect(offersStart(other)).toBe(false);
    expect(judge('2026-11-24', '23:00', other)).toEqual({
      problems: [{ field: 'answer', text: expect.stringContaining('does not offer a later start') as string }],
    });
  }
});

test('a time that was chosen is typed as it was', () => {
  expect(typedAt('2026-11-24T22:00:00.000Z', 'Europe/Berlin')).toEqual({ date: '2026-11-24', time: '23:00' });
  expect(DEADLINE > NOW).toBe(true);
});
