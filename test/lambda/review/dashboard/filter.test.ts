import fc from 'fast-check';
import type { Delivered } from '../../../../lambda/domain/request';
import {
  isFiltering,
  isTooOld,
  isWanted,
  isWantedEntry,
  parseFilter,
  queryOf,
  STATES,
  type Filter,
} from '../../../../lambda/review/dashboard/filter';
import { ANA, BO, CY, DELIVERED, WAITING } from '../fixture';
import { closing, entry } from './fixture';

const parse = (query: string) => parseFilter(new URLSearchParams(query));
const filter = (more: Partial<Filter>): Filter => ({ text: '', ...more });

test('what is not understood is left out, so that more is shown and never less', () => {
  expect(parse('')).toEqual({ text: '' });
  expect(
    parse('pipeline=a%20b&stage=%3Cb%3E&person=ana&state=MAYBE&from=yesterday&to=2026-02-30&before=-1&x=y'),
  ).toEqual({ text: '' });
  expect(parse(`q=${'x'.repeat(500)}`).text).toHaveLength(100);
  expect(parse('before=0')).toEqual({ text: '' });
  expect(parse('before=1234567890123')).toEqual({ text: '' });
});

test('what is not asked for is no part of a filter', () => {
  expect(Object.keys(parse('pipeline=shop'))).toEqual(['text', 'pipeline']);
});

test('a filter in an address is the same filter again', () => {
  const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true });
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  fc.assert(
    fc.property(
      fc.record({
        text: fc.constantFrom('', 'tea', 'a&b=c', '+ %', 'ü'),
        pipeline: some(fc.constantFrom('shop', 'a.b@c_d-e')),
        stage: some(fc.constantFrom('Prod')),
        person: some(fc.constantFrom(ANA, BO)),
        state: some(fc.constantFrom(...STATES)),
        from: some(day.map((date) => date.toISOString().slice(0, 10))),
        to: some(day.map((date) => date.toISOString().slice(0, 10))),
        before: some(fc.integer({ min: 1, max: 999_999 })),
      }),
      (wanted) => {
        const present = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        expect(parse(queryOf(wanted as Filter))).toEqual(present);
      },
    ),
  );
});

test('where to go on is no filter', () => {
  expect(isFiltering(filter({ before: 5 }))).toBe(false);
  expect(isFiltering(filter({ text: 'x' }))).toBe(true);
  expect(isFiltering(filter({ state: 'WAITING' }))).toBe(true);
});

describe('a request that waits is wanted', () => {
  test.each<[Partial<Filter>, boolean]>([
    [{}, true],
    [{ state: 'WAITING' }, true],
    [{ state: 'APPROVED' }, false],
    [{ pipeline: 'shop-release' }, true],
    [{ pipeline: 'shop' }, false],
    [{ stage: 'Prod' }, true],
    [{ stage: 'Dev' }, false],
    [{ person: BO }, true],
    [{ person: 'ffffffffffff' }, false],
    [{ text: 'BASKET TOTALS' }, true],
    [{ text: 'cyrus' }, true],
    [{ text: '9b1deb4d' }, true],
    [{ text: 'nowhere' }, false],
    [{ from: '2026-11-23' }, true],
    [{ from: '2026-11-24' }, false],
    [{ to: '2026-11-23' }, true],
    [{ to: '2026-11-22' }, false],
    [{ from: '2026-11-23', to: '2026-11-23' }, true],
  ])('%j: %s', (more, wanted) => {
    expect(isWanted(filter(more), WAITING)).toBe(wanted);
  });

  test('of whoever was asked in the place of somebody who is away', () => {
    const handedOver = {
      ...WAITING,
      run: { ...WAITING.run, invited: [ANA] },
      responses: [{ approver: ANA, kind: 'AWAY', delegate: BO }],
    } as const;

    expect(isWanted(filter({ person: BO }), handedOver)).toBe(true);
    expect(isWanted(filter({ person: ANA }), handedOver)).toBe(true);
    expect(isWanted(filter({ person: CY }), handedOver)).toBe(false);
  });

  test('by anybody as long as its run is not known', () => {
    const opened = { id: WAITING.id, phase: 'OPENED', asked: WAITING.asked } as const;

    expect(isWanted(filter({}), opened)).toBe(true);
    expect(isWanted(filter({ person: BO }), opened)).toBe(false);
  });
});

describe('an entry of the record is wanted', () => {
  const bypassed: Delivered = {
    ...DELIVERED,
    overtakenBy: { kind: 'REJECTED', by: 'BYPASS', at: DELIVERED.deliveredAt, summary: 'by eve' },
  };

  test.each<[Partial<Filter>, boolean]>([
    [{}, true],
    [{ state: 'APPROVED' }, true],
    [{ state: 'WAITING' }, false],
    [{ state: 'BYPASSED' }, false],
    [{ stage: 'Prod', pipeline: 'shop-release' }, true],
    [{ stage: 'Dev' }, false],
    [{ person: CY }, true],
    [{ person: 'ffffffffffff' }, false],
    [{ text: 'looks RIGHT' }, true],
    [{ text: 'ana lopez' }, true],
    [{ text: 'bo@EXAMPLE.com' }, true],
    [{ text: 'tried it' }, false],
    [{ text: 'nowhere' }, false],
    [{ from: '2026-11-23', to: '2026-11-23' }, true],
    [{ to: '2026-11-22' }, false],
  ])('%j: %s', (more, wanted) => {
    const { outcome, ...others } = DELIVERED;

    expect(isWantedEntry(filter(more), entry(1, { ...others, outcome: { ...outcome, summary: 'Approved' } }))).toBe(
      wanted,
    );
  });

  test('by what really happened, and as a bypass besides', () => {
    expect(isWantedEntry(filter({ state: 'BYPASSED' }), entry(1, bypassed))).toBe(true);
    expect(isWantedEntry(filter({ state: 'REJECTED' }), entry(1, bypassed))).toBe(true);
    expect(isWantedEntry(filter({ state: 'APPROVED' }), entry(1, bypassed))).toBe(false);
    expect(isWantedEntry(filter({}), entry(1, bypassed))).toBe(true);
  });
});

describe('the closing of a follow-up is wanted', () => {
  const { entry: said, ...row } = closing(2);
  const named = { ...row, entry: { ...said, reviewer: { ...said.reviewer, name: 'Cy Wong' } } };

  test.each<[Partial<Filter>, boolean]>([
    [{}, true],
    [{ state: 'EMERGENCY' }, true],
    [{ state: 'APPROVED' }, false],
    [{ pipeline: 'shop-release', stage: 'Prod' }, true],
    [{ pipeline: 'shop' }, false],
    [{ stage: 'Dev' }, false],
    [{ person: CY }, true],
    [{ person: ANA }, false],
    [{ text: 'FIX was' }, true],
    [{ text: 'cy@example' }, true],
    [{ text: 'cy wong' }, true],
    [{ text: '0123456789abcdef' }, true],
    [{ text: 'approve' }, true],
    [{ text: 'nowhere' }, false],
    [{ from: '2026-11-23', to: '2026-11-23' }, true],
    [{ from: '2026-11-24' }, false],
    [{ state: 'EMERGENCY', stage: 'Dev' }, false],
  ])('%j: %s', (more, wanted) => {
    expect(isWantedEntry(filter(more), named)).toBe(wanted);
  });
});

test('a search ends at its first day', () => {
  expect(isTooOld(filter({ from: '2026-11-23' }), '2026-11-22T23:59:59.999Z')).toBe(true);
  expect(isTooOld(filter({ from: '2026-11-23' }), '2026-11-23T00:00:00.000Z')).toBe(false);
  expect(isTooOld(filter({}), '2000-01-01T00:00:00.000Z')).toBe(false);
});
