import fc from 'fast-check';
import {
  detailsOf,
  detailsOver,
  detailsText,
  optionalDetails,
  parseDetails,
} from '../../../lambda/domain/decision-details';
import { Malformed } from '../../../lambda/domain/parsed';
import { at, hours } from '../samples';

const NOT_BEFORE = at(hours(5));
const TEXT = `{"notBefore":"${NOT_BEFORE}"}`;

test('details have one text, and come back from it', () => {
  expect(detailsText({ notBefore: NOT_BEFORE })).toBe(TEXT);
  expect(parseDetails(TEXT, 'APPROVE')).toEqual({ notBefore: NOT_BEFORE });
});

test('where there is nothing to say there is no text', () => {
  expect(detailsText({})).toBeUndefined();
  expect(optionalDetails({}, 'APPROVE')).toEqual({});
  expect(detailsOf({ verdict: 'APPROVE' })).toEqual({});
});

test('a row keeps the text as it was signed', () => {
  expect(optionalDetails({ details: TEXT }, 'APPROVE')).toEqual({ details: TEXT });
  expect(detailsOf({ verdict: 'APPROVE', details: TEXT })).toEqual({ notBefore: NOT_BEFORE });
});

test('what says more than a decision may is over by its bytes, not its letters', () => {
  const empty = detailsText({ fields: { note: '' } })!.length;
  const over = (note: string) => detailsOver({ fields: { note } });

  expect(detailsOver({})).toBe(0);
  expect(over('x'.repeat(1_000 - empty))).toBe(0);
  expect(over('x'.repeat(1_001 - empty))).toBe(1);
  expect(over('é'.repeat(1_000 - empty))).toBe(1_000 - empty);
});

test.each<[string, unknown, RegExp]>([
  ['what is no text', { notBefore: NOT_BEFORE }, /not a text of at most 1000 bytes/],
  ['null', null, /not a text/],
  ['what is too long', `"${'x'.repeat(999)}"`, /not a text of at most 1000 bytes/],
  ['what is not JSON', '{', /not JSON/],
  ['a list', '[]', /`details` is not an object/],
  ['no details', '{}', /empty or not in its canonical form/],
  ['what is not known', `{"notBefore":"${NOT_BEFORE}","unless":"x"}`, /has a field that is not known here/],
  ['a name that every object has', '{"__proto__":1}', /has a field that is not known here/],
  ['what is no time', '{"notBefore":"tonight"}', /`notBefore` is missing or not of the expected form/],
  ['a time that is a number', '{"notBefore":1}', /`notBefore` is missing or not of the expected form/],
  ['a day that does not exist', '{"notBefore":"2026-13-01T00:00:00.000Z"}', /`notBefore` is not a time/],
  ['another spelling of a time', '{"notBefore":"2026-11-23T14:00:00Z"}', /not in its canonical form/],
  ['another spelling of the whole', `{ "notBefore":"${NOT_BEFORE}"}`, /not in its canonical form/],
  [
    'a name that stands twice',
    `{"notBefore":"${NOT_BEFORE}","notBefore":"${NOT_BEFORE}"}`,
    /not in its canonical form/,
  ],
])('%s is refused', (_, text, why) => {
  expect(() => parseDetails(text, 'APPROVE')).toThrow(Malformed);
  expect(() => parseDetails(text, 'APPROVE')).toThrow(why);
});

test.each(['REJECT', 'WRONG_NUMBER', 'REVOKE'] as const)('%s takes effect at once, whatever it says', (verdict) => {
  expect(() => parseDetails(TEXT, verdict)).toThrow(`\`details\` has \`notBefore\`, which is nothing for ${verdict}`);
});

test('whatever is taken is signed as it stands', () => {
  const text = fc.oneof(
    fc.json(),
    fc.date({ noInvalidDate: true }).map((date) => JSON.stringify({ notBefore: date.toISOString() })),
  );
  fc.assert(
    fc.property(text, (details) => {
      try {
        expect(detailsText(parseDetails(details, 'APPROVE'))).toBe(details);
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }),
  );
});
