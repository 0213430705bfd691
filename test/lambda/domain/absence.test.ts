/** An absence: when somebody is away, how an absence is asked for, and which wishes are granted. */
import {
  absenceOf,
  delegatesAmong,
  isAway,
  isPast,
  parseAbsence,
  parseWish,
  wishText,
  type Absence,
} from '../../../lambda/domain/absence';
import { Malformed } from '../../../lambda/domain/parsed';
import { ROW_VERSION } from '../../../lambda/domain/rows';
import { ANA, at, BO, CY, days, hours, person } from '../samples';

const absence: Absence = { person: ANA.id, delegate: BO.id, from: at(hours(1)), until: at(hours(3)), setAt: at(0) };
const endedEarly = { endedAt: at(hours(2)) };
const endedBefore = { endedAt: at(1) };
const endedLate = { endedAt: at(hours(4)) };

describe('at a time, somebody', () => {
  test.each([
    ['before it begins', {}, hours(1) - 1, false, false],
    ['when it begins', {}, hours(1), true, false],
    ['a moment before it ends', {}, hours(3) - 1, true, false],
    ['when it ends', {}, hours(3), false, true],
    ['before the moment at which it was ended early', endedEarly, hours(2) - 1, true, false],
    ['when it was ended early', endedEarly, hours(2), false, true],
    ['when it would have begun but was ended before', endedBefore, hours(1), false, true],
    ['before it begins, though it was ended', endedBefore, 2, false, true],
    ['at its end, though somebody ended it later', endedLate, hours(3), false, true],
  ])('is away or back %s', (_, more, seconds, away, past) => {
    expect(isAway({ ...absence, ...more }, at(seconds))).toBe(away);
    expect(isPast({ ...absence, ...more }, at(seconds))).toBe(past);
  });
});

describe('an absence, as a row', () => {
  const { person: sk, ...rest } = absence;
  const row = { pk: 'absence', sk, v: ROW_VERSION, ttl: 9, ...rest };

  test('is understood, ended or not', () => {
    expect(parseAbsence(row)).toEqual({ ok: true, value: absence });
    expect(parseAbsence(row)).not.toHaveProperty('value.endedAt');
    expect(parseAbsence({ ...row, ...endedEarly })).toEqual({ ok: true, value: { ...absence, ...endedEarly } });
  });

  test.each([
    ['sk', 'ana'],
    ['delegate', undefined],
    ['delegate', `${BO.id}0`],
    ['from', 'now'],
    ['until', undefined],
    ['setAt', '2026-11-23'],
    ['endedAt', 'never'],
  ])('is refused with another %s: %j', (field, value) => {
    expect(parseAbsence({ ...row, [field]: value })).toEqual({
      ok: false,
      problem: `absence: \`${field}\` is missing or not of the expected form`,
    });
  });

  test('is refused in another version', () => {
    expect(parseAbsence({ ...row, v: ROW_VERSION - 1 })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^absence: `v` is not \d+: this row was written by another version/),
    });
  });
});

describe('a wish', () => {
  test.each([
    [`${BO.id} now 2026-12-01`, { delegate: BO.id, until: '2026-12-01' }],
    [`${BO.id} 2026-11-30 2026-12-01`, { delegate: BO.id, from: '2026-11-30', until: '2026-12-01' }],
  ])('is written as it is read: %s', (text, wish) => {
    expect(parseWish(text)).toEqual(wish);
    expect('from' in parseWish(text)).toBe('from' in wish);
    expect(wishText(wish)).toBe(text);
  });

  test.each([
    '',
    `${BO.id}`,
    `${BO.id} now`,
    `${BO.id} now 2026-12-1`,
    `${BO.id} later 2026-12-01`,
    `${BO.id} now now`,
    `x${BO.id} now 2026-12-01`,
    `${BO.id} now 2026-12-01T`,
    `${BO.id} now 2026-12-01\n`,
    `${BO.id.toUpperCase()}g now 2026-12-01`,
  ])('of another form is none: %j', (text) => {
    expect(() => parseWish(text)).toThrow(new Malformed('this is no wish for an absence'));
  });
});

describe('those whom somebody may name', () => {
  const shared = person('team@example.com', { shared: true });
  const guest = person('gil@example.com', { until: at(days(1)) });
  const people = [ANA, BO, CY, shared, guest];
  const may = (...delegates: readonly { readonly id: string }[]) =>
    delegatesAmong(people, { ...ANA, delegates: delegates.map(({ id }) => id) });

  test('are the declared delegates, in their order', () => {
    expect(may(CY, BO)).toEqual([CY, BO]);
    expect(may()).toEqual([]);
    expect(delegatesAmong(people, ANA)).toEqual([]);
  });

  test.each([
    ['a mailbox of several people', shared],
    ['a guest', guest],
    ['the person itself', ANA],
    ['somebody whom nobody declared', person('di@example.com')],
  ])('are never %s', (_, who) => {
    expect(may(who)).toEqual([]);
    expect(may(who, BO)).toEqual([BO]);
  });
});

/** The wish is made at 08:00 on 23 November 2026. */
describe('an absence that is wished for', () => {
  const ana = { ...ANA, delegates: [BO.id] };
  const wished = (more: { delegate?: string; from?: string; until?: string } = {}, now = at(0)) =>
    absenceOf(ana, { delegate: BO.id, until: '2026-11-25', ...more }, [ana, BO, CY], now);
  const granted = (from: string, until: string) => ({
    ok: true,
    value: { person: ANA.id, delegate: BO.id, from, until, setAt: at(0) },
  });
  const refused = (why: string) => ({ ok: false, problem: `absence: ${why}` });
  const LENGTH = 'it has to begin within 90 days, and to last at most 90 days';

  test.each([
    ['from now on until the end of its last day', {}, at(0), '2026-11-26T00:00:00.000Z'],
    ['from a later day on', { from: '2026-11-24' }, '2026-11-24T00:00:00.000Z', '2026-11-26T00:00:00.000Z'],
    ['from today on, which is from now on', { from: '2026-11-23' }, at(0), '2026-11-26T00:00:00.000Z'],
    ['for one day', { from: '2026-11-25' }, '2026-11-25T00:00:00.000Z', '2026-11-26T00:00:00.000Z'],
    ['for the rest of today', { until: '2026-11-23' }, at(0), '2026-11-24T00:00:00.000Z'],
    ['as long as it may last', { until: '2027-02-20' }, at(0), '2027-02-21T00:00:00.000Z'],
    [
      'as long as it may last, from the last day on which it may begin',
      { from: '2027-02-21', until: '2027-05-21' },
      '2027-02-21T00:00:00.000Z',
      '2027-05-22T00:00:00.000Z',
    ],
    [
      'until the last day of February',
      { from: '2027-02-01', until: '2027-02-28' },
      '2027-02-01T00:00:00.000Z',
      '2027-03-01T00:00:00.000Z',
    ],
  ])('is granted %s', (_, wish, from, until) => {
    expect(wished(wish)).toEqual(granted(from, until));
  });

  test.each([
    ['a day before today', { until: '2026-11-22' }, 'its last day is over before it begins'],
    ['a day before its first', { from: '2026-11-25', until: '2026-11-24' }, 'its last day is over before it begins'],
    ['a day longer than it may last', { until: '2027-02-21' }, LENGTH],
    ['too long from a later day on', { from: '2027-02-01', until: '2027-05-02' }, LENGTH],
    ['a beginning that is too far ahead', { from: '2027-02-22', until: '2027-02-23' }, LENGTH],
    ['no day of any calendar', { until: '2026-11-31' }, 'there is no such day'],
    ['a month of no calendar', { from: '2026-13-01' }, 'there is no such day'],
    ['29 February of another year', { from: '2027-02-29', until: '2027-03-02' }, 'there is no such day'],
    ['somebody who was not declared as a delegate', { delegate: CY.id }, 'this person is not one of your delegates'],
    ['nobody who is known', { delegate: '0'.repeat(12) }, 'this person is not one of your delegates'],
  ])('is refused: %s', (_, wish, why) => {
    expect(wished(wish)).toEqual(refused(why));
  });

  test('may last 90 days and no moment more', () => {
    const midnight = '2026-11-23T00:00:00.000Z';
    expect(wished({ until: '2027-02-20' }, midnight)).toMatchObject({ ok: true });
    expect(wished({ from: '2027-02-21', until: '2027-02-21' }, midnight)).toMatchObject({ ok: true });
    expect(wished({ from: '2027-02-22', until: '2027-02-22' }, midnight)).toEqual(refused(LENGTH));
    expect(wished({ from: '2027-01-01', until: '2027-03-31' }, midnight)).toMatchObject({ ok: true });
    expect(wished({ from: '2027-01-01', until: '2027-04-01' }, midnight)).toEqual(refused(LENGTH));
  });
});
