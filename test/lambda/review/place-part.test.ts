/** What a delegate is told of the places that they have, and everybody else beside their name. */
import type { Response } from '../../../lambda/domain/request';
import { ownPlacePart, placeOf } from '../../../lambda/review/place-part';
import { markupOf } from './ask';
import { ANA, BO, CY, WAITING } from './fixture';

const away = (approver: string, more: Partial<Response> = {}): Response => ({
  approver,
  kind: 'AWAY',
  name: 'Ana Lopez',
  delegate: BO,
  ...more,
});
const FRIDAY = '2026-11-27T17:00:00.000Z';
const own = (responses?: readonly Response[]): string =>
  markupOf(ownPlacePart({ ...WAITING, ...(responses === undefined ? {} : { responses }) }, BO));
const AS_YOURSELF = '<p>You answer as yourself.</p></div>';

test('a delegate is told in whose place they are asked, and until when that one is away', () => {
  expect(own([away(ANA, { until: FRIDAY })])).toBe(
    '<div class="note wait"><p class="text">You are asked in the place of Ana Lopez, who is away until ' +
      `<time datetime="${FRIDAY}">Friday 27 November 2026, 17:00 UTC</time>.</p>${AS_YOURSELF}`,
  );
});

test('of an absence without an end nothing is said of one, and each place has its own sentence', () => {
  expect(own([away(ANA), away(CY, { name: 'Cy <b>\u202e' })])).toBe(
    '<div class="note wait"><p class="text">You are asked in the place of Ana Lopez.</p>' +
      `<p class="text">You are asked in the place of Cy &lt;b&gt;.</p>${AS_YOURSELF}`,
  );
});

test.each<[string, readonly Response[] | undefined]>([
  ['nobody is away', undefined],
  ['somebody else has the place', [away(ANA, { delegate: CY })]],
  ['the place is left to nobody', [{ approver: ANA, kind: 'AWAY', name: 'Ana Lopez' }]],
  ['everybody answered', [{ approver: ANA, kind: 'APPROVED' }]],
])('where %s, nothing is said', (_, responses) => {
  expect(own(responses)).toBe('');
  expect(placeOf(responses, BO)).toBe('');
});

test('beside the name of a delegate stands whose places they have', () => {
  expect(placeOf([away(ANA)], BO)).toBe('in the place of Ana Lopez');
  expect(placeOf([away(ANA), away(CY, { name: 'Cy' })], BO)).toBe('in the place of Ana Lopez and Cy');
  expect(placeOf([away(ANA, { name: 'Ana\nLopez\u202e' })], BO)).toBe('in the place of Ana Lopez');
});
