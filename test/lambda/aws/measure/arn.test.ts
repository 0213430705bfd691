import { accountOf, functionNameOf, regionOf } from '../../../../lambda/aws/measure/arn';

test('an ARN tells its Region', () => {
  expect(regionOf('arn:aws:lambda:us-east-1:111111111111:function:smoke')).toBe('us-east-1');
});

test.each([
  'shop',
  'arn:aws:s3:::bucket',
  'arn:aws:x:eu west-1:1:y',
  'arn:aws:x:eu-west-1/evil:1:y',
  'arn:aws:x:@eu:1:y',
])('%s has none', (arn) => {
  expect(() => regionOf(arn)).toThrow();
});

test('an ARN tells its account, where it has one', () => {
  expect(accountOf('arn:aws:iam::222222222222:role/reader')).toBe('222222222222');
  expect(accountOf('arn:aws:s3:::bucket')).toBeUndefined();
  expect(accountOf('arn')).toBeUndefined();
  expect(accountOf(undefined)).toBeUndefined();
  expect(accountOf('arn:aws:iam::2222222222221:role/reader')).toBeUndefined();
  expect(accountOf('arn:aws:iam::x222222222222:role/reader')).toBeUndefined();
});

test('the ARN of a function tells its name, of a version as of all', () => {
  expect(functionNameOf('arn:aws:lambda:us-east-1:111111111111:function:smoke')).toBe('smoke');
  expect(functionNameOf('arn:aws:lambda:us-east-1:111111111111:function:smoke:live')).toBe('smoke');
  expect(functionNameOf('smoke')).toBe('');
});
