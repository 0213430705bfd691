import fc from 'fast-check';
import { matchesAlias, mayBeArn } from '../../contract/alias';

test.each([
  'arn:aws:sts::111111111111:assumed-role/Release/ana',
  'ARN:aws:iam::111111111111:user/ana',
  'arn*',
  'a*/ana',
  '*/assumed-role/Release/ana',
  '*ana',
])('%s may be an ARN', (alias) => expect(mayBeArn(alias)).toBe(true));

test.each(['ana', 'ana-gh', 'ana@example.com', 'ana*', 'arna*', 'ar', 'assumed-role/Release/ana', 'b*/ana', ''])(
  '%s is none, whatever its stars stand for',
  (alias) => expect(mayBeArn(alias)).toBe(false),
);

test('whoever is known by an ARN has an alias that may be one', () => {
  const arn = fc
    .array(fc.constantFrom('a', 'r', 'n', ':', '/', '-', 'sts', 'role'), { maxLength: 12 })
    .map((parts) => `arn:aws:${parts.join('')}`);
  const alias = fc
    .array(fc.constantFrom('a', 'r', 'n', ':', '*', 'aws', 'role'), { maxLength: 8 })
    .map((p) => p.join(''));
  fc.assert(
    fc.property(arn, alias, (identity, name) => {
      fc.pre(matchesAlias(name, identity));
      expect(mayBeArn(name)).toBe(true);
    }),
  );
});
